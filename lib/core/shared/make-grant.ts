import { Construct } from 'constructs';
import { Grant } from '../grant';
import { attempt } from './input/all-or-nothing';
import { checkId } from './input/construct-ids';

/**
 * The frame of every `grant`: checks the id, and leaves nothing behind when the permission is refused.
 *
 * @param reserved ids that the identity uses itself
 * @param fill makes what the permission comes to, below the grant
 */
export function makeGrant(identity: Construct, id: string, reserved: RegExp, fill: (grant: Grant) => void): Grant {
  checkId(identity, id, reserved);
  const grant = Grant._make(identity, id);
  attempt(grant, () => fill(grant));
  return grant;
}
