import { Report } from './report';

const AKS = 'flux-azure-aks';
const DEVOPS = 'flux-azure-devops';
const GKE_AZURE = 'flux-azure-other';
const SOURCE = 'source-controller';
const KUSTOMIZE = 'kustomize-controller';
const CLIENT = 'azure.workload.identity/client-id';
const TENANT = 'azure.workload.identity/tenant-id';
const USE = 'azure.workload.identity/use';
const AZURE_ENV = /^AZURE_/;

/** Azure: from AKS, and from clusters elsewhere. */
export const AZURE_REPORTS: readonly Report[] = [
  {
    what: 'the subject of the federated credential is of the namespace flux',
    world: AKS,
    done: (c) => { c.resource('azurerm_federated_identity_credential', KUSTOMIZE).subject = 'system:serviceaccount:flux:kustomize-controller'; },
    verdict: 'refused',
    layer: 'trust',
    names: /system:serviceaccount:flux:/,
  },
  {
    what: 'the subject is in another case',
    world: AKS,
    done: (c) => { c.resource('azurerm_federated_identity_credential', KUSTOMIZE).subject = 'system:serviceaccount:flux-system:Kustomize-Controller'; },
    verdict: 'refused',
    layer: 'trust',
    names: /Kustomize-Controller/,
  },
  {
    what: 'the issuer of the federated credential lost its slash',
    world: AKS,
    done: (c) => c.edit(c.resource('azurerm_federated_identity_credential', KUSTOMIZE), 'issuer', (text) => text.replace(/\/$/, '')),
    verdict: 'refused',
    layer: 'trust anchor',
    names: /issuer|oic\.prod-aks/,
  },
  {
    what: 'the audience of the federated credential is that of the cloud in China',
    world: AKS,
    done: (c) => { c.resource('azurerm_federated_identity_credential', KUSTOMIZE).audience = ['api://AzureADTokenExchangeChina']; },
    verdict: 'refused',
    layer: 'trust',
    names: /AzureADTokenExchangeChina/,
  },
  {
    what: 'the annotation holds the object id in place of the client id',
    world: AKS,
    done: (c) => { c.annotations('flux-system', KUSTOMIZE)[CLIENT] = c.resource('azurerm_user_assigned_identity', 'flux-sops').principal_id; },
    verdict: 'refused',
    layer: 'settings',
    names: /client-id/,
  },
  {
    what: 'the tenant id of the annotation is of the tenant for tests',
    world: AKS,
    done: (c) => { c.annotations('team-a', 'flux')[TENANT] = '99999999-9999-9999-9999-999999999999'; },
    verdict: 'refused',
    layer: 'settings',
    names: /99999999-/,
  },
  {
    what: 'the label of the pods was lost',
    world: AKS,
    done: (c) => {
      delete c.template(KUSTOMIZE).metadata.labels[USE];
      c.pods(KUSTOMIZE).forEach(({ metadata }) => { delete metadata.labels[USE]; });
      c.podsWithout(KUSTOMIZE, AZURE_ENV);
    },
    verdict: 'refused',
    layer: 'settings',
    names: /workload\.identity\/use/,
  },
  {
    what: 'the label says "True"',
    world: AKS,
    done: (c) => {
      c.template(KUSTOMIZE).metadata.labels[USE] = 'True';
      c.pods(KUSTOMIZE).forEach(({ metadata }) => { metadata.labels[USE] = 'True'; });
      c.podsWithout(KUSTOMIZE, AZURE_ENV);
    },
    verdict: 'refused',
    layer: 'settings',
    names: /workload\.identity\/use/,
  },
  {
    what: 'the webhook was down when the pods came',
    world: AKS,
    done: (c) => c.podsWithout(KUSTOMIZE, AZURE_ENV),
    verdict: 'refused',
    layer: 'pod',
    names: /AZURE_/,
  },
  {
    what: 'the webhook is told to skip the container',
    world: AKS,
    done: (c) => {
      c.template(KUSTOMIZE).metadata.annotations['azure.workload.identity/skip-containers'] = 'manager';
      c.podsWithout(KUSTOMIZE, AZURE_ENV);
    },
    verdict: 'refused',
    layer: 'settings',
    names: /skip-containers/,
  },
  {
    what: 'a client secret from before stands in the Deployment: the environment comes first',
    world: AKS,
    done: (c) => {
      c.env(KUSTOMIZE, 'AZURE_CLIENT_ID', '77777777-7777-7777-7777-777777777777');
      c.env(KUSTOMIZE, 'AZURE_CLIENT_SECRET', 'x');
    },
    verdict: 'refused',
    layer: 'settings',
    names: /AZURE_CLIENT_/,
  },
  {
    what: 'the identity was made anew; the annotations are of the dead one',
    world: AKS,
    done: (c) => {
      const values = c.resource('azurerm_user_assigned_identity', 'flux-sops');
      values.client_id = '88888888-8888-8888-8888-888888888888';
    },
    verdict: 'refused',
    layer: 'settings',
    names: /88888888-/,
  },
  {
    what: 'the role was assigned to the client id in place of the object id',
    world: AKS,
    done: (c) => {
      const { client_id: client, principal_id: principal } = c.resource('azurerm_user_assigned_identity', 'flux-sops');
      c.resource('azurerm_role_assignment', principal).principal_id = client;
    },
    verdict: 'refused',
    layer: 'permission',
    names: /role|assign/i,
  },
  {
    what: 'the role is on the registry of the tests',
    world: AKS,
    done: (c) => {
      const { principal_id: principal } = c.resource('azurerm_user_assigned_identity', 'flux-team-a');
      c.edit(c.resource('azurerm_role_assignment', principal), 'scope', (text) => text.replace('acmeregistry', 'acmetestregistry'));
    },
    verdict: 'refused',
    layer: 'permission',
    names: /acme/,
  },
  {
    what: 'an assignment on a scope whose name begins like the right one',
    world: AKS,
    done: (c) => {
      const { principal_id: principal } = c.resource('azurerm_user_assigned_identity', 'flux-team-a');
      c.edit(c.resource('azurerm_role_assignment', principal), 'scope', (text) => text.replace(/registries\/acmeregistry$/, 'registries/acme'));
    },
    verdict: 'refused',
    layer: 'permission',
    names: /acme/,
  },
  {
    what: 'Contributor on the storage account in place of Storage Blob Data Reader',
    world: AKS,
    done: (c) => {
      const values = c.resource('azurerm_role_assignment', 'Microsoft.Storage');
      values.role_definition_name = 'Contributor';
      values.role_definition_id = '/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c';
    },
    verdict: 'cannot tell',
    layer: 'permission',
    names: /b24988ac|Contributor/,
  },
  {
    what: 'the vault is in the mode of access policies, as its own stack says',
    world: AKS,
    done: (c) => c.add('azurerm_key_vault', {
      id: '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/flux-prod/providers/Microsoft.KeyVault/vaults/acme-flux',
      name: 'acme-flux',
      enable_rbac_authorization: false,
      rbac_authorization_enabled: false,
      access_policy: [],
    }),
    verdict: 'refused',
    layer: 'owner',
    names: /acme-flux/,
  },
  {
    what: 'the firewall of the vault is on, as its own stack says',
    world: AKS,
    done: (c) => c.add('azurerm_key_vault', {
      id: '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/flux-prod/providers/Microsoft.KeyVault/vaults/acme-flux',
      name: 'acme-flux',
      enable_rbac_authorization: true,
      public_network_access_enabled: false,
      network_acls: [{ bypass: 'None', default_action: 'Deny', ip_rules: [], virtual_network_subnet_ids: [] }],
    }),
    verdict: 'cannot be seen',
    layer: 'owner',
    names: /acme-flux/,
  },
  {
    what: 'the twenty-first federated credential was refused; the apply stopped there',
    world: AKS,
    done: (c) => c.lose('azurerm_federated_identity_credential', KUSTOMIZE),
    verdict: 'refused',
    layer: 'trust',
    names: /federated/i,
  },
  {
    what: 'an OCIRepository of Container Registry without a provider',
    world: AKS,
    done: (c) => c.apply('OCIRepository', 'flux-system', 'plain', { url: 'oci://acmeregistry.azurecr.io/apps' }),
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'a GitRepository of Azure DevOps without a provider or a secret',
    world: DEVOPS,
    done: (c) => c.apply('GitRepository', 'flux-system', 'fleet', { url: 'https://dev.azure.com/acme/platform/_git/fleet' }),
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'off AKS: somebody took the token volume for a relict',
    world: GKE_AZURE,
    done: (c) => c.specs(SOURCE).forEach((spec) => {
      const gone = spec.volumes.filter(({ projected }: any) => JSON.stringify(projected ?? '').includes('AzureADTokenExchange'))
        .map(({ name }: { name: string }) => name);
      spec.volumes = spec.volumes.filter(({ name }: { name: string }) => !gone.includes(name));
      spec.containers.forEach((container: any) => {
        container.volumeMounts = container.volumeMounts.filter(({ name }: { name: string }) => !gone.includes(name));
      });
    }),
    verdict: 'refused',
    layer: 'settings',
    names: /token|volume|mount/i,
  },
  {
    what: 'off AKS: the authority is that of the US Government',
    world: GKE_AZURE,
    done: (c) => c.env(SOURCE, 'AZURE_AUTHORITY_HOST', 'https://login.microsoftonline.us/'),
    verdict: 'refused',
    layer: 'settings',
    names: /login\.microsoftonline\.us/,
  },
];
