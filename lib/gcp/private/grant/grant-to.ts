import { factsOf } from './permission-facts';
import { Grant } from '../../../core/grant';
import { checkUse } from '../../../core/shared/flux/use';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { makeGrant } from '../../../core/shared/make-grant';
import { GcpPermission } from '../../gcp-permission';
import type { GcpIdentityBase } from '../identity/gcp-identity-base';

/** Ids that identities use below themselves. */
const RESERVED_IDS = /^(Default|Resource|ServiceAccountKey|WorkloadIdentityUser(-.*)?)$/;

/** The one way a permission becomes part of an identity. */
export function grantTo(identity: GcpIdentityBase, id: string, permission: GcpPermission): Grant {
  return makeGrant(identity, id, RESERVED_IDS, (grant) => {
    if (!(permission instanceof GcpPermission)) {
      throw new ValidationError(grant, {
        given: 'a value that is no GcpPermission',
        allowed: 'what ArtifactRegistryPermissions, CloudStoragePermissions and their relatives make, or GcpPermission.of(...)',
        why: 'nothing else says which role on which resource is meant',
        fix: 'pass a permission of the identity\'s own cloud',
      });
    }
    const principal = identity._principal;
    const bound = permission._bind({ at: grant, ...principal });
    const facts = factsOf(permission, bound.rights);
    checkUse(grant, identity, facts);
    identity._addGrant({ grant, ...facts, ...bound });
    bound.made.forEach((resource) => grant._add(resource));
    principal.carriers.forEach((resource) => grant._add(resource));
  });
}
