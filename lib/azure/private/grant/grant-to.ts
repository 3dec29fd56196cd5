import { Construct } from 'constructs';
import type { AzureGrantee, AzureService } from './grantee';
import { FluxSecretUse } from '../../../core/flux-secret';
import { Grant } from '../../../core/grant';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { makeGrant } from '../../../core/shared/make-grant';
import { AzurePermission } from '../../azure-permission';

/** Ids that identities use below themselves. */
const RESERVED_IDS = /^(Default|Resource|Credentials|ServicePrincipal|Certificate|AzureDevOps.*)$/;

/** The object-level Secret that a service's Flux objects read a certificate from. */
const SECRET_OF: { readonly [service in AzureService]?: FluxSecretUse } = { 'blob': FluxSecretUse.BUCKET, 'key-vault': FluxSecretUse.SOPS };

/** The one way a permission is given to an identity. */
export function grantTo(id: string, permission: AzurePermission, to: Omit<AzureGrantee, 'at'>): Grant {
  return makeGrant(to.identity, id, RESERVED_IDS, (grant) => {
    if (!(permission instanceof AzurePermission)) {
      throw new ValidationError(grant, {
        given: 'a value that is no AzurePermission',
        allowed: 'what AcrPermissions, BlobStoragePermissions, KeyVaultPermissions and their relatives make, or AzurePermission.of(...)',
        why: 'nothing else says which role on which resource is meant',
        fix: 'pass a permission of the identity\'s own cloud',
      });
    }
    checkService(grant, permission._service, to);
    permission._bind({ at: grant, ...to }).forEach((resource) => grant._add(resource));
  });
}

/** Refuses what Flux has no way to use with this kind of identity. */
function checkService(grant: Construct, service: AzureService, to: Omit<AzureGrantee, 'at'>): void {
  const refuse = (given: string, allowed: string, why: string, fix: string): never => {
    throw new ValidationError(grant, { given, allowed, why, fix });
  };
  if (to.kind === 'kubelet' && service !== 'acr') {
    refuse(`a permission other than on a container registry for the kubelet identity "${to.identity.node.path}".`,
      'AcrPermissions',
      'Flux supports the identity of the nodes for container registries only, and every pod of the nodes would have the permission too',
      'grant it to a FluxAzureFederatedIdentity');
  }
  if (to.kind !== 'application') return;
  if (service === 'acr') {
    refuse(`a permission on a container registry for the application "${to.identity.node.path}".`,
      'permissions on other services',
      'Flux does not sign in to Azure Container Registry with a certificate',
      'grant it to a FluxAzureFederatedIdentity, or on AKS to a FluxAzureKubeletIdentity');
  }
  if (to.serviceAccounts.length > 0 || service === 'other') return;
  const use = SECRET_OF[service];
  if (use === undefined) {
    refuse(`a permission on ${NAMES[service]} for the application "${to.identity.node.path}", which has object-level Secrets only.`,
      'BlobStoragePermissions and KeyVaultPermissions',
      'Flux reads certificates from Secrets of its objects for Buckets and for SOPS decryption only',
      'give the application the controller in `serviceAccounts`, or grant it to a FluxAzureFederatedIdentity');
  } else if (!to.secrets.some((secret) => secret.use === use)) {
    refuse(`a permission on ${NAMES[service]} for the application "${to.identity.node.path}", none of whose Secrets is one of FluxSecret.${use}.`,
      `an application with a FluxSecret.${use}, or with a controller`,
      'no Flux object would ever use the permission',
      `add FluxSecret.${use}(namespace, name) to \`secrets\``);
  }
}

const NAMES: { readonly [service in AzureService]: string } = {
  'acr': 'a container registry',
  'aks': 'an AKS cluster',
  'blob': 'Blob Storage',
  'devops': 'Azure DevOps',
  'event-hubs': 'Event Hubs',
  'key-vault': 'Key Vault',
  'other': 'another service',
};
