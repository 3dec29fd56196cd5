import { FluxCloud } from '../core/flux-identity';
import { FluxKind } from '../core/flux-kind';
import { ROLES } from './private/policy/roles';
import { RemoteKind } from '../core/shared/flux/kinds';
import { CredentialKind, Level, RoleContents, ServiceRows } from '../core/shared/flux/service';

const GUIDE = 'https://fluxcd.io/flux/integrations/azure/';

/** Where Flux uses access without a stored credential: the same for every service. */
const SECRETLESS = { [CredentialKind.WORKLOAD_IDENTITY]: ['controller', 'object'] } as const satisfies { [kind in CredentialKind]?: readonly Level[] };

/** A built-in role: what its definition holds of what Flux needs, actions and data actions alike. */
function role(category: string, ...permissions: string[]): RoleContents {
  return { permissions, page: `https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/${category}`, read: '2026-08-22' };
}

const REGISTRY = { kinds: [FluxKind.OCI_REPOSITORY, FluxKind.HELM_REPOSITORY, FluxKind.IMAGE_REPOSITORY, FluxKind.RESOURCE_SET_INPUT_PROVIDER] };
const SOPS = { kinds: [FluxKind.KUSTOMIZATION] };
const REMOTE = { kinds: [RemoteKind.KUSTOMIZATION, RemoteKind.HELM_RELEASE] };
const GIT = [FluxKind.GIT_REPOSITORY, FluxKind.RESOURCE_SET_INPUT_PROVIDER];
const GIT_WRITE = { kinds: [...GIT, FluxKind.IMAGE_UPDATE_AUTOMATION, FluxKind.AZURE_DEVOPS_PROVIDER] };

/** The services of Azure that Flux reaches: one row of facts each, by the GUIDs of their roles. */
export const SERVICES = {
  'acr': {
    name: 'Azure Container Registry',
    cloud: FluxCloud.AZURE,
    rights: [ROLES.ACR_PULL, ROLES.ACR_REPOSITORY_READER],
    verbs: { pull: REGISTRY, pullRepositories: REGISTRY },
    levels: { ...SECRETLESS, [CredentialKind.NODE]: ['node'] },
    hosts: ['*.azurecr.io', '*.azurecr.us', '*.azurecr.cn'],
    inputTypes: ['ACRArtifactTag'],
    roles: {
      [ROLES.ACR_PULL]: role('containers', 'Microsoft.ContainerRegistry/registries/pull/read'),
      [ROLES.ACR_REPOSITORY_READER]: role(
        'containers', 'Microsoft.ContainerRegistry/registries/repositories/content/read', 'Microsoft.ContainerRegistry/registries/repositories/metadata/read',
      ),
    },
    docs: `${GUIDE}#for-azure-container-registry`,
  },
  'blob': {
    name: 'Azure Blob Storage',
    cloud: FluxCloud.AZURE,
    rights: [ROLES.BLOB_DATA_READER],
    verbs: { read: { kinds: [FluxKind.BUCKET] } },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller', 'object'] },
    hosts: ['*.blob.core.windows.net', '*.blob.core.usgovcloudapi.net', '*.blob.core.chinacloudapi.cn'],
    roles: {
      [ROLES.BLOB_DATA_READER]: role(
        'storage', 'Microsoft.Storage/storageAccounts/blobServices/containers/read', 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
      ),
    },
    docs: `${GUIDE}#for-azure-blob-storage`,
  },
  'key-vault': {
    name: 'Azure Key Vault',
    cloud: FluxCloud.AZURE,
    rights: [ROLES.KEY_VAULT_CRYPTO_USER],
    verbs: { decrypt: SOPS, decryptByAccessPolicy: SOPS },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller', 'object'] },
    hosts: ['*.vault.azure.net', '*.vault.usgovcloudapi.net', '*.vault.azure.cn'],
    roles: { [ROLES.KEY_VAULT_CRYPTO_USER]: role('security', 'Microsoft.KeyVault/vaults/keys/decrypt/action') },
    docs: `${GUIDE}#for-azure-key-vault`,
  },
  'aks': {
    name: 'Azure Kubernetes Service',
    cloud: FluxCloud.AZURE,
    rights: [ROLES.AKS_CLUSTER_USER, ROLES.AKS_RBAC_READER, ROLES.AKS_RBAC_WRITER, ROLES.AKS_RBAC_ADMIN, ROLES.AKS_RBAC_CLUSTER_ADMIN],
    verbs: { access: REMOTE, inCluster: REMOTE },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller'] },
    hosts: ['*.azmk8s.io', '*.cx.aks.containerservice.azure.us', '*.cx.prod.service.azk8s.cn'],
    // What Flux needs inside of a cluster is up to what it applies: the roles of Azure RBAC for Kubernetes stay unknown.
    roles: {
      [ROLES.AKS_CLUSTER_USER]: role(
        'containers', 'Microsoft.ContainerService/managedClusters/read', 'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action',
      ),
    },
    docs: `${GUIDE}#for-azure-kubernetes-service`,
  },
  'event-hubs': {
    name: 'Azure Event Hubs',
    cloud: FluxCloud.AZURE,
    rights: [ROLES.EVENT_HUBS_DATA_SENDER],
    verbs: { send: { kinds: [FluxKind.AZURE_EVENT_HUB_PROVIDER] } },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller'] },
    hosts: ['*.servicebus.windows.net', '*.servicebus.usgovcloudapi.net', '*.servicebus.chinacloudapi.cn'],
    // The definition says "*/send/action".
    roles: { [ROLES.EVENT_HUBS_DATA_SENDER]: role('analytics', 'Microsoft.EventHub/namespaces/messages/send/action') },
    docs: `${GUIDE}#for-azure-event-hubs`,
  },
  'devops': {
    name: 'Azure DevOps',
    cloud: FluxCloud.AZURE,
    rights: [],
    verbs: { read: { kinds: GIT }, contribute: GIT_WRITE, memberOf: GIT_WRITE },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller'] },
    hosts: ['dev.azure.com'],
    inputTypes: ['AzureDevOpsBranch', 'AzureDevOpsTag', 'AzureDevOpsPullRequest'],
    docs: `${GUIDE}#for-azure-devops`,
  },
} satisfies ServiceRows;
