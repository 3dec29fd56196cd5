import { Construct } from 'constructs';
import { GcpGrantee } from './grantee';
import { Grant } from '../../../core/grant';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { makeGrant } from '../../../core/shared/make-grant';
import { GcpPermission } from '../../gcp-permission';

/** Ids that identities use below themselves. */
const RESERVED_IDS = /^(Default|Resource|ServiceAccountKey|WorkloadIdentityUser(-.*)?)$/;

/** The one way a permission becomes part of an identity. */
export function grantTo(identity: Construct, id: string, permission: GcpPermission, to: Omit<GcpGrantee, 'at'>): Grant {
  return makeGrant(identity, id, RESERVED_IDS, (grant) => {
    if (!(permission instanceof GcpPermission)) {
      throw new ValidationError(grant, {
        given: 'a value that is no GcpPermission',
        allowed: 'what ArtifactRegistryPermissions, CloudStoragePermissions and their relatives make, or GcpPermission.of(...)',
        why: 'nothing else says which role on which resource is meant',
        fix: 'pass a permission of the identity\'s own cloud',
      });
    }
    permission._bind({ at: grant, ...to }).forEach((resource) => grant._add(resource));
    to.carriers.forEach((resource) => grant._add(resource));
  });
}
