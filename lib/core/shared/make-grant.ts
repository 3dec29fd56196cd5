import { Construct } from 'constructs';
import { Grant } from '../grant';
import { attempt } from './input/all-or-nothing';
import { checkId } from './input/construct-ids';
import { refuse } from './input/validation-error';
import { synthesisBegan } from './terraform/synthesis';

/**
 * The frame of every `grant`: checks the id and the time, and leaves nothing behind when the permission is refused.
 *
 * @param reserved ids that the identity uses itself
 * @param fill makes what the permission comes to, below the grant
 */
export function makeGrant(identity: Construct, id: string, reserved: RegExp, fill: (grant: Grant) => void): Grant {
  checkId(identity, id, reserved);
  if (synthesisBegan(identity)) {
    refuse(identity, `grant "${id}" after synthesis began.`, 'what is granted before', 'what was written by then, policies and reports of access, would lack it, silently',
      'grant where the identity is made, and not in an Aspect or a Lazy');
  }
  const grant = Grant._make(identity, id);
  attempt(grant, () => fill(grant));
  return grant;
}
