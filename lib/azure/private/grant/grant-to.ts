import { Grant } from '../../../core/grant';
import { checkUse } from '../../../core/shared/flux/use';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { makeGrant } from '../../../core/shared/make-grant';
import { AzurePermission } from '../../azure-permission';
import type { AzureIdentityBase } from '../identity/azure-identity-base';

/** Ids that identities use below themselves. */
const RESERVED_IDS = /^(Default|Resource|Credentials|ServicePrincipal|Certificate|AzureDevOps.*)$/;

/** The one way a permission is given to an identity. */
export function grantTo(identity: AzureIdentityBase, id: string, permission: AzurePermission): Grant {
  return makeGrant(identity, id, RESERVED_IDS, (grant) => {
    if (!(permission instanceof AzurePermission)) {
      throw new ValidationError(grant, {
        given: 'a value that is no AzurePermission',
        allowed: 'what AcrPermissions, BlobStoragePermissions, KeyVaultPermissions and their relatives make, or AzurePermission.of(...)',
        why: 'nothing else says which role on which resource is meant',
        fix: 'pass a permission of the identity\'s own cloud',
      });
    }
    checkUse(grant, identity, permission._facts);
    const bound = permission._bind({ ...identity._principal, at: grant, identity });
    identity._addGrant({ grant, ...permission._facts, ...bound });
    bound.made.forEach((resource) => grant._add(resource));
  });
}
