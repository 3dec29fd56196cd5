import { X509Certificate } from 'crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { AzureadProvider } from '@cdktf/provider-azuread/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { Fn, TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { parse } from 'yaml';
import { AKS_ISSUER, SUBSCRIPTION as COMPUTED_SUBSCRIPTION, TENANT, uuidOf } from './computed';
import { objectOf, parseObjects } from './kustomize';
import { describeWith, TERRAFORM } from './programs';
import { evaluate, EvaluateOptions, Evaluation, TerraformError } from './terraform';
import { AksToAzure } from '../../examples/aks-to-azure/stack';
import { AksToRemoteAks } from '../../examples/aks-to-remote-aks/stack';
import { AzureCertificate } from '../../examples/azure-certificate/stack';
import { AzureDevOps } from '../../examples/azure-devops/stack';
import { AzurePrivateCloud } from '../../examples/azure-private-cloud/stack';
import { GkeToAzure } from '../../examples/gke-to-azure/stack';
import {
  AcrPermissions, AksPermissions, AksRole, AzureCertificateSecret, AzureCloud, AzureDevOpsPermissions, AzureDevOpsProvider, AzurePermission,
  BlobHostedIssuer, BlobStoragePermissions,
  ClusterIssuer, FluxAzureApplication,
  FluxAzureDecryptRole, FluxAzureFederatedIdentity, FluxAzureKubeletIdentity, FluxController, FluxManifests,
  FluxSecret, FluxServiceAccount, FluxVersion, Jwks, KeyVaultPermissions,
} from '../../lib';
import { RSA_CERTIFICATE } from '../azure/certificates';
import { fluxOf } from '../support';

const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000001';
const GROUP = `${SUBSCRIPTION}/resourceGroups/flux-prod`;
const MANAGEMENT = '/providers/Microsoft.Management/managementGroups/acme';
const DEFINITIONS = '/providers/Microsoft.Authorization/roleDefinitions';
const PRIVATE_KEY = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n';

// By their numbers, as https://learn.microsoft.com/azure/role-based-access-control/built-in-roles lists them.
const ACR_PULL = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
const BLOB_DATA_READER = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';
const KEY_VAULT_CRYPTO_USER = '12338af0-0e69-4776-bea7-57ae8d297424';
const EVENT_HUBS_DATA_SENDER = '2b629674-e913-4c01-ae53-ef4638d8f975';
const AKS_CLUSTER_USER = '4abbcc35-e782-43d8-92c5-2d3f1bd2253f';
const AKS_RBAC_ADMIN = '3498e952-d568-435e-9b2c-8d77e338d7f7';
const AKS_RBAC_CLUSTER_ADMIN = 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b';

const PUBLIC = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
/** The controllers that between them use every service. */
const CONTROLLERS = [SOURCE, ...[FluxController.KUSTOMIZE, FluxController.NOTIFICATION].map((name) => FluxServiceAccount.controller(name))];

function all(evaluation: Evaluation, type: string): Array<[string, any]> {
  return Object.entries(evaluation.resources).filter(([address]) => address.startsWith(`${type}.`));
}

/** The principal of the identity of that construct, or of the service principal. */
function principal(evaluation: Evaluation, construct: string): string {
  const [address, attributes] = Object.entries(evaluation.resources).find(([each]) =>
    each.startsWith(`azurerm_user_assigned_identity.${construct}_`) || each.startsWith(`azuread_service_principal.${construct}_`))!;
  return address.startsWith('azuread') ? attributes.object_id : attributes.principal_id;
}

function assignments(evaluation: Evaluation): string[] {
  return all(evaluation, 'azurerm_role_assignment').map(([, { role_definition_id: role, scope, principal_id: who }]) => `${who} ${role} ${scope}`).sort();
}

type Variable = (name: string) => string;
/** A text as a value that synth does not know. */
type Later = (text: string) => string;
/** A public key of no cluster. */
const JWK = { ...new X509Certificate(RSA_CERTIFICATE).publicKey.export({ format: 'jwk' }), kid: 'a', use: 'sig', alg: 'RS256' };

function stackOf(fill: (stack: TerraformStack, variable: Variable) => void, options?: EvaluateOptions): Evaluation {
  const stack = new TerraformStack(Testing.app(), 'stack');
  new AzurermProvider(stack, 'Azure', { features: [{}] });
  new AzureadProvider(stack, 'Entra', {});
  fill(stack, (name) => new TerraformVariable(stack, name, { type: 'string' }).stringValue);
  return evaluate(stack, options);
}

/** An identity with one grant. */
function granting(
  permission: (variable: Variable, stack: TerraformStack) => AzurePermission, variables: { [name: string]: unknown } = {},
): Evaluation {
  return stackOf((stack, variable) => {
    const identity = FluxAzureFederatedIdentity.fromIdentityId(stack, 'Identity', {
      issuers: [ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com' })],
      serviceAccounts: CONTROLLERS,
      identityId: `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux`,
      clientId: uuidOf('client'),
      principalId: uuidOf('principal'),
      tenantId: TENANT,
    });
    identity.grant('Grant', permission(variable, stack));
  }, { variables });
}

describeWith([TERRAFORM], 'examples of Azure', () => {
  const REGISTRY = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/acmeregistry`;
  const CONTAINER = `${GROUP}/providers/Microsoft.Storage/storageAccounts/acmeflux/blobServices/default/containers/manifests`;
  const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/acme-flux`;
  const HUB = `${GROUP}/providers/Microsoft.EventHub/namespaces/acme-events/eventhubs/flux`;
  const STAGING = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/staging`;
  const certificates = { variables: { sops_certificate: PUBLIC, team_a_certificate: PUBLIC } };

  it.each<[string, new (scope: any, id: string) => TerraformStack, Array<[string, string, string]>, EvaluateOptions?]>([
    ['flux-azure-aks', AksToAzure, [
      ['Sources', ACR_PULL, REGISTRY], ['Sources', BLOB_DATA_READER, CONTAINER], ['Sops', KEY_VAULT_CRYPTO_USER, VAULT],
      ['Notifications', EVENT_HUBS_DATA_SENDER, HUB], ['TeamA', ACR_PULL, REGISTRY],
    ]],
    ['flux-azure-other', GkeToAzure, [['Sources', ACR_PULL, REGISTRY], ['Sources', BLOB_DATA_READER, CONTAINER], ['TeamA', ACR_PULL, REGISTRY]]],
    ['flux-azure-certificate', AzureCertificate, [['Sops', KEY_VAULT_CRYPTO_USER, VAULT], ['TeamA', BLOB_DATA_READER, CONTAINER]], certificates],
    ['flux-azure-private-cloud', AzurePrivateCloud, [['Sources', ACR_PULL, REGISTRY]]],
    ['flux-azure-remote-cluster', AksToRemoteAks, [
      ['Appliers', AKS_CLUSTER_USER, STAGING], ['Appliers', AKS_RBAC_CLUSTER_ADMIN, STAGING],
      ['TeamA', AKS_CLUSTER_USER, STAGING], ['TeamA', AKS_RBAC_ADMIN, `${STAGING}/namespaces/team-a`],
    ]],
    ['flux-azure-devops', AzureDevOps, []],
  ])('%s: exactly these roles, to exactly these principals', (id, type, expected, options = {}) => {
    const evaluation = evaluate(new type(Testing.app(), id), options);
    expect(assignments(evaluation)).toEqual(expected.map(([who, role, scope]) => `${principal(evaluation, who)} ${SUBSCRIPTION}${DEFINITIONS}/${role} ${scope}`).sort());
  });

  it('flux-azure-aks: each identity trusts its accounts in the cluster, and nobody else', () => {
    const evaluation = evaluate(new AksToAzure(Testing.app(), 'flux-azure-aks'));
    const trusted = all(evaluation, 'azurerm_federated_identity_credential').map(([, { issuer, subject, audience, parent_id: parent }]) => {
      expect([issuer, audience]).toEqual([AKS_ISSUER, ['api://AzureADTokenExchange']]);
      return `${parent.split('/').pop()} ${subject}`;
    });
    expect(trusted.sort()).toEqual([
      'flux-notifications system:serviceaccount:flux-system:notification-controller', 'flux-sops system:serviceaccount:flux-system:kustomize-controller',
      'flux-sources system:serviceaccount:flux-system:image-reflector-controller', 'flux-sources system:serviceaccount:flux-system:source-controller',
      'flux-team-a system:serviceaccount:team-a:flux',
    ]);
    const credential = all(evaluation, 'azurerm_federated_identity_credential').find(([address]) => address.includes('.TeamA_'))![1];
    expect(evaluation.outputs.object_level_credentials).toEqual([credential.id]);
  });

  it('flux-azure-devops: identities join the groups of the project, after they were added to the organization', () => {
    const evaluation = evaluate(new AzureDevOps(Testing.app(), 'flux-azure-devops'));
    const memberships = all(evaluation, 'azuredevops_group_membership');
    expect(memberships).toHaveLength(2);
    for (const [address, { mode, members: [member] }] of memberships) {
      const [entry, entitlement] = all(evaluation, 'azuredevops_service_principal_entitlement').find(([, { descriptor }]) => descriptor === member)!;
      expect(mode).toBe('add');
      expect(entitlement.origin_id).toBe(principal(evaluation, address.includes('Reader') ? 'Reader' : 'Contributor'));
      expect(evaluation.dependencies[address]).toContain(entry);
    }
  });
});

describeWith([TERRAFORM], 'the ID of a role is the one that Azure answers with, so that no plan replaces the assignment', () => {
  const scoped = (guid: string) => `${SUBSCRIPTION}${DEFINITIONS}/${guid}`;
  const REGISTRY = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/acmeregistry`;

  it.each([
    ['subscription', SUBSCRIPTION, scoped(ACR_PULL)],
    ['resource group', GROUP, scoped(ACR_PULL)],
    ['resource', REGISTRY, scoped(ACR_PULL)],
    ['resource in another case', REGISTRY.replace('acmeregistry', 'AcmeRegistry'), scoped(ACR_PULL)],
    ['management group', MANAGEMENT, `${DEFINITIONS}/${ACR_PULL}`],
  ])('at a %s', (_name, scope, expected) => {
    const role = (evaluation: Evaluation) => all(evaluation, 'azurerm_role_assignment').map(([, each]) => [each.role_definition_id, each.scope]);
    expect(role(granting(() => AcrPermissions.pull(scope)))).toEqual([[expected, scope]]);
    expect(role(granting((variable) => AcrPermissions.pull(variable('scope')), { scope }))).toEqual([[expected, scope]]);
  });

  it('at a resource whose ID is a token within text', () => {
    const evaluation = granting((variable) => AcrPermissions.pull(`${SUBSCRIPTION}/resourceGroups/${variable('group')}/providers/Microsoft.ContainerRegistry/registries/${variable('name')}`),
      { group: 'flux-prod', name: 'acmeregistry' });
    expect(assignments(evaluation)).toEqual([`${uuidOf('principal')} ${scoped(ACR_PULL)} ${REGISTRY}`]);
  });

  it('at an attribute of a resource of the stack, which is made before', () => {
    const evaluation = granting((_variable, stack) => AcrPermissions.pull(new ResourceGroup(stack, 'Group', { name: 'flux-prod', location: 'westeurope' }).id));
    const [[address, { role_definition_id: role }]] = all(evaluation, 'azurerm_role_assignment');
    expect(role).toBe(`/subscriptions/${COMPUTED_SUBSCRIPTION}${DEFINITIONS}/${ACR_PULL}`);
    expect(evaluation.dependencies[address]).toEqual([expect.stringMatching(/^azurerm_resource_group\./)]);
  });

  it.each([['plain', false], ['tokens', true]])('of a custom role, scopes %s', (_name, tokens) => {
    const vault = `${GROUP}/providers/Microsoft.KeyVault/vaults/acme-flux`;
    const evaluation = granting((variable, stack) => {
      const role = new FluxAzureDecryptRole(stack, 'Role', { name: 'Flux SOPS', assignableScopes: [tokens ? variable('group') : GROUP] });
      return KeyVaultPermissions.decrypt(tokens ? variable('vault') : vault, { role });
    }, tokens ? { group: GROUP, vault } : {});
    const [[address, role]] = all(evaluation, 'azurerm_role_definition');
    expect([role.scope, role.assignable_scopes]).toEqual([GROUP, [GROUP]]);
    expect(assignments(evaluation)).toEqual([`${uuidOf('principal')} ${scoped(uuidOf(address))} ${vault}`]);
    expect(evaluation.dependencies[all(evaluation, 'azurerm_role_assignment')[0][0]]).toEqual([address]);
  });

  it.each([
    ['its GUID', ACR_PULL.toUpperCase()], ['its ID at the subscription', scoped(ACR_PULL)], ['its ID without one', `${DEFINITIONS}/${ACR_PULL}`],
  ])('of any role, by %s', (_name, role) => {
    const any = (permission: AzurePermission) => granting(() => permission);
    expect(assignments(any(AzurePermission.of(role, REGISTRY)))).toEqual([`${uuidOf('principal')} ${scoped(ACR_PULL)} ${REGISTRY}`]);
    const tokens = granting((variable) => AzurePermission.of(variable('role'), variable('scope')), { role, scope: REGISTRY });
    expect(assignments(tokens).map((each) => each.toLowerCase())).toEqual([`${uuidOf('principal')} ${scoped(ACR_PULL)} ${REGISTRY}`.toLowerCase()]);
  });
});

describeWith([TERRAFORM], 'scopes that only Terraform knows are checked by Terraform', () => {
  const cluster = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/staging`;
  const vault = `${GROUP}/providers/Microsoft.KeyVault/vaults/acme-flux`;
  const storage = `${GROUP}/providers/Microsoft.Storage/storageAccounts/acmeflux`;

  it.each<[string, (scope: string) => AzurePermission, string[], string[]]>([
    ['registries', (scope) => AcrPermissions.pull(scope),
      [`${GROUP}/providers/Microsoft.ContainerRegistry/registries/acmeregistry`, `${GROUP}/providers/microsoft.containerregistry/Registries/acme1`, GROUP, SUBSCRIPTION, MANAGEMENT],
      ['acmeregistry.azurecr.io', `${GROUP}/providers/Microsoft.ContainerRegistry/registries/ab`, `${GROUP}/providers/Microsoft.ContainerRegistry/registries/acmeregistry/`, vault, '/subscriptions/x', '']],
    ['one registry by repositories', (scope) => AcrPermissions.pullRepositories(scope, { prefix: 'team-a/' }),
      [`${GROUP}/providers/Microsoft.ContainerRegistry/registries/acmeregistry`], [GROUP, SUBSCRIPTION, MANAGEMENT]],
    ['blobs', (scope) => BlobStoragePermissions.read(scope),
      [`${storage}/blobServices/default/containers/manifests`, storage, GROUP],
      ['https://acmeflux.blob.core.windows.net/manifests', `${storage}/blobServices/default/containers`]],
    ['keys', (scope) => KeyVaultPermissions.decrypt(scope), [`${vault}/keys/sops`, vault, MANAGEMENT], [`${vault}/keys/sops/versions/1`, 'https://acme-flux.vault.azure.net/']],
    ['clusters', (scope) => AksPermissions.access(scope, { role: AksRole.ADMIN }), [cluster, GROUP], [`${cluster}/namespaces/team-a`, 'https://staging.hcp.westeurope.azmk8s.io:443']],
    ['one cluster by namespaces', (scope) => AksPermissions.access(scope, { role: AksRole.ADMIN, namespaces: ['team-a'] }), [cluster], [GROUP, MANAGEMENT]],
  ])('%s', (_name, permission, accepted, refused) => {
    const apply = (scope: string) => granting((variable) => permission(variable('scope')), { scope });
    for (const scope of accepted) expect(assignments(apply(scope)).length).toBeGreaterThan(0);
    for (const scope of refused) {
      expect(() => apply(scope)).toThrow(TerraformError);
      expect(() => apply(scope)).toThrow(/of stack\/Identity\/Grant must be an Azure resource ID like/);
    }
  });

  it('an access policy: a vault, and nothing above it', () => {
    const apply = (scope: string) => granting((variable) => KeyVaultPermissions.decryptByAccessPolicy(variable('vault')), { vault: scope });
    expect(all(apply(vault), 'azurerm_key_vault_access_policy').map(([, policy]) => [policy.key_vault_id, policy.object_id, policy.tenant_id, policy.key_permissions]))
      .toEqual([[vault, uuidOf('principal'), TENANT, ['Decrypt']]]);
    expect(() => apply(GROUP)).toThrow(/must be an Azure resource ID like/);
  });
});

describeWith([TERRAFORM], 'preconditions are valid whatever a token refers to', () => {
  const REGISTRY = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/acmeregistry`;
  const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/acme-flux`;
  const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux`;
  const guid = uuidOf('guid');
  const cluster = (stack: TerraformStack) => ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com' });
  const imported = (stack: TerraformStack, later: Later = (text) => text) => FluxAzureFederatedIdentity.fromIdentityId(stack, 'Identity', {
    issuers: [cluster(stack)],
    serviceAccounts: CONTROLLERS,
    identityId: later(IDENTITY),
    clientId: later(guid),
    principalId: later(uuidOf('principal')),
    tenantId: later(TENANT),
  });
  const account = (later: Later) => ({
    accountName: later('acmeoidc'),
    resourceGroupName: later('flux'),
    containerName: later('oidc'),
    storageSuffix: later('core.windows.net'),
    jwks: Jwks.fromText(JSON.stringify(JWK)),
    previousIssuers: [],
  });

  /** Each place with a precondition, by what makes it. */
  const SITES: { [site: string]: (stack: TerraformStack, later: Later) => void } = {
    'role assignment': (stack, later) => { imported(stack).grant('Grant', AcrPermissions.pull(later(REGISTRY))); },
    'any role': (stack, later) => { imported(stack).grant('Grant', AzurePermission.of(later(ACR_PULL), later(REGISTRY), { condition: later('true') })); },
    'access policy': (stack, later) => { imported(stack).grant('Grant', KeyVaultPermissions.decryptByAccessPolicy(later(VAULT))); },
    'custom role': (stack, later) => {
      const role = new FluxAzureDecryptRole(stack, 'Role', { name: later('flux'), description: later('flux'), assignableScopes: [later(GROUP)] });
      imported(stack).grant('Grant', KeyVaultPermissions.decrypt(later(VAULT), { role }));
    },
    'namespaces of a cluster': (stack, later) => {
      imported(stack).grant('Grant', AksPermissions.access(later(`${GROUP}/providers/Microsoft.ContainerService/managedClusters/staging`), { role: AksRole.ADMIN, namespaces: ['a'] }));
    },
    'imported identity': (stack, later) => { imported(stack, later).grant('Grant', AcrPermissions.pull(REGISTRY)); },
    'identity found': (stack, later) => {
      FluxAzureFederatedIdentity.lookup(stack, 'Identity', { issuers: [cluster(stack)], serviceAccounts: [SOURCE], name: later('flux'), resourceGroupName: later('ids') });
    },
    'new identity': (stack, later) => {
      new FluxAzureFederatedIdentity(stack, 'Identity', {
        issuers: [ClusterIssuer.oidc(stack, 'Cluster', { url: later('https://oidc.example.com/') })],
        serviceAccounts: [SOURCE],
        audience: later('api://Other'),
        name: later('flux'),
        resourceGroupName: later('ids'),
        location: later('westeurope'),
        tags: { team: later('a') },
      });
    },
    'private cloud': (stack, later) => {
      const azureCloud = AzureCloud.custom({
        authorityHost: later('https://login.core.private/'),
        resourceManagerEndpoint: later('https://management.core.private'),
        tokenAudience: later('a'),
        containerRegistryDnsSuffix: later('azurecr.private'),
      });
      new FluxAzureFederatedIdentity(stack, 'Identity', {
        issuers: [cluster(stack)], serviceAccounts: [SOURCE], name: 'flux', resourceGroupName: 'ids', location: 'westeurope', azureCloud,
      });
    },
    'application': (stack, later) => {
      new FluxAzureApplication(stack, 'App', {
        displayName: later('flux'), certificate: later(PUBLIC), owners: [later(guid)], endDate: later('2027-12-31T00:00:00Z'), serviceAccounts: [SOURCE],
      });
    },
    'nodes': (stack, later) => {
      const issuer = ClusterIssuer.aks(stack, 'Cluster', { name: 'prod', resourceGroupName: 'flux', issuerUrl: AKS_ISSUER });
      FluxAzureKubeletIdentity.fromIds(stack, 'Nodes', { issuer, serviceAccounts: [SOURCE], principalId: later(uuidOf('principal')), clientId: later(guid) })
        .grant('Grant', AcrPermissions.pull(REGISTRY));
      FluxAzureKubeletIdentity.lookup(stack, 'Found', { issuer, serviceAccounts: [SOURCE], clusterName: later('prod'), resourceGroupName: later('flux') });
    },
    'Azure DevOps': (stack, later) => {
      const provider = new AzureDevOpsProvider(stack, 'DevOps', { orgServiceUrl: later('https://dev.azure.com/acme') });
      imported(stack).grant('Grant', AzureDevOpsPermissions.memberOf('acme', later('Readers'), { project: later('fleet'), provider }));
    },
    'hosted issuer': (stack, later) => { new BlobHostedIssuer(stack, 'Issuer', { ...account(later), location: later('westeurope'), replication: later('ZRS') }); },
    'hosted issuer in an account': (stack, later) => { BlobHostedIssuer.inAccount(stack, 'Issuer', account(later)); },
  };

  it.each(Object.keys(SITES))('%s', (site) => {
    const directory = mkdtempSync(join(tmpdir(), 'azure-preconditions-'));
    const file = (text: string) => {
      const path = join(directory, `${readdirSync(directory).length}.txt`);
      writeFileSync(path, text);
      return Fn.file(path);
    };
    const ways: { [way: string]: Later } = {
      'a file': file,
      'literals joined': (text) => Fn.join('', [text.slice(0, 1), text.slice(1)]),
      'literals formatted': (text) => Fn.format('%s%s', [text.slice(0, 1), text.slice(1)]),
    };
    try {
      for (const [way, later] of Object.entries(ways)) {
        const open = () => ({ id: 'x', allow_nested_items_to_be_public: true, https_traffic_only_enabled: true });
        const apply = () => stackOf((stack) => SITES[site](stack, later), { computed: { 'data.azurerm_storage_account': open } });
        // PEM has line ends, which cdktf cannot write into calls of its own.
        if (site === 'application' && way !== 'a file') continue;
        expect(Object.keys(apply().resources).length).toBeGreaterThan(0);
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it.each<[string, string, (stack: TerraformStack, later: Later) => void]>([
    ['a role that may do everything', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', (stack, later) => { imported(stack).grant('Grant', AzurePermission.of(later(''), GROUP)); }],
    ['a name as a role', 'Owner', (stack, later) => { imported(stack).grant('Grant', AzurePermission.of(later(''), GROUP)); }],
    ['a wildcard', `${GROUP}/providers/Microsoft.Web/sites/*`, (stack, later) => { imported(stack).grant('Grant', AzurePermission.of(ACR_PULL, later(''))); }],
    ['the directory above', `${GROUP}/../acme`, (stack, later) => { imported(stack).grant('Grant', AzurePermission.of(ACR_PULL, later(''))); }],
    ['the client ID as principal', guid, (stack, later) => {
      FluxAzureFederatedIdentity.fromIdentityId(stack, 'Identity', {
        issuers: [cluster(stack)], serviceAccounts: [SOURCE], identityId: IDENTITY, clientId: guid, principalId: later(''), tenantId: TENANT,
      });
    }],
    ['an authority without its slash', 'https://login.core.private', (stack, later) => {
      const azureCloud = AzureCloud.custom({ authorityHost: later(''), resourceManagerEndpoint: 'https://a', tokenAudience: 'a' });
      new FluxAzureFederatedIdentity(stack, 'Identity', { issuers: [cluster(stack)], serviceAccounts: [SOURCE], name: 'flux', resourceGroupName: 'ids', location: 'westeurope', azureCloud });
    }],
    ['an end with an offset', '2027-12-31T00:00:00+02:00', (stack, later) => {
      new FluxAzureApplication(stack, 'App', { displayName: 'flux', certificate: RSA_CERTIFICATE, endDate: later(''), serviceAccounts: [SOURCE] });
    }],
    ['a qualified group', '[fleet]\\Readers', (stack, later) => { imported(stack).grant('Grant', AzureDevOpsPermissions.memberOf('acme', later(''))); }],
    ['the organization of another', 'https://dev.azure.com/other', (stack, later) => {
      const provider = new AzureDevOpsProvider(stack, 'DevOps', { orgServiceUrl: later('') });
      imported(stack).grant('Grant', AzureDevOpsPermissions.read('acme', 'fleet', { provider }));
    }],
    ['a storage account in capitals', 'Acme', (stack, later) => { BlobHostedIssuer.inAccount(stack, 'Issuer', { ...account((text) => text), accountName: later('') }); }],
  ])('%s is refused when Terraform knows it', (_name, value, build) => {
    expect(() => stackOf((stack, variable) => build(stack, () => variable('value')), { variables: { value } })).toThrow(/The .* of stack\/.* must be /);
  });

  it('literals arrive as they are', () => {
    const text = 'a${file("/etc/hostname")}%{ if true }b%{ endif }$${c}';
    const evaluation = stackOf((stack) => {
      new FluxAzureFederatedIdentity(stack, 'Identity', {
        issuers: [cluster(stack)], serviceAccounts: [SOURCE], name: 'flux', resourceGroupName: 'ids', location: 'westeurope', tags: { team: text }, audience: text,
      }).grant('Grant', AzurePermission.of(ACR_PULL, GROUP, { condition: text }));
      new FluxAzureApplication(stack, 'App', { displayName: text, certificate: RSA_CERTIFICATE, serviceAccounts: [SOURCE] });
      new FluxAzureDecryptRole(stack, 'Role', { name: text, description: text, assignableScopes: [GROUP] });
      imported(new Construct(stack, 'Nested') as any).grant('Grant', AzureDevOpsPermissions.memberOf('acme', 'a${b}', { project: 'c%{d}' }));
    });
    const one = (type: string) => all(evaluation, type)[0][1];
    expect(one('azurerm_user_assigned_identity').tags).toEqual({ team: text });
    expect(all(evaluation, 'azurerm_federated_identity_credential').map(([, { audience }]) => audience)).toContainEqual([text]);
    expect(one('azurerm_role_assignment').condition).toBe(text);
    expect(one('azuread_application').display_name).toBe(text);
    expect([one('azurerm_role_definition').name, one('azurerm_role_definition').description]).toEqual([text, text]);
    expect([one('data.azuredevops_group').name, one('data.azuredevops_project').name]).toEqual(['a${b}', 'c%{d}']);
  });
});

describeWith([TERRAFORM], 'federated credentials', () => {
  /** Two clusters and three accounts, whose identity is new. */
  function credentials(): Evaluation {
    return stackOf((stack, variable) => {
      const issuers = ['Blue', 'Green'].map((id) => ClusterIssuer.oidc(stack, id, { url: variable(id.toLowerCase()) }));
      const serviceAccounts = [FluxServiceAccount.of('team-a', 'flux'), SOURCE, FluxServiceAccount.controller(FluxController.KUSTOMIZE)];
      new FluxAzureFederatedIdentity(stack, 'Identity', { issuers, serviceAccounts, name: variable('name'), resourceGroupName: variable('group'), location: 'westeurope' });
    }, { variables: { blue: 'https://blue.example.com/', green: 'https://green.example.com', name: 'flux', group: 'flux-prod' } });
  }

  it('are written one after the other, each after all before it', () => {
    const { events, dependencies, resources } = credentials();
    const ours = ({ address }: { address: string }) => address.startsWith('azurerm_federated_identity_credential.');
    const steps = events.filter(ours).map(({ address, phase }) => [address, phase]);
    const order = steps.filter(([, phase]) => phase === 'start').map(([address]) => address);
    expect(new Set(order).size).toBe(6);
    // None starts before the last one is complete.
    expect(steps).toEqual(order.flatMap((address) => [[address, 'start'], [address, 'complete']]));
    order.forEach((address, index) => {
      expect(dependencies[address].filter((each) => ours({ address: each })).sort()).toEqual(order.slice(0, index).sort());
    });
    // Issuers byte for byte, each with each account.
    expect(order.map((address) => `${resources[address].issuer} ${resources[address].subject}`).sort()).toEqual(['https://blue.example.com/', 'https://green.example.com'].flatMap((issuer) =>
      ['flux-system:kustomize-controller', 'flux-system:source-controller', 'team-a:flux'].map((account) => `${issuer} system:serviceaccount:${account}`)));
  });
});

describeWith([TERRAFORM], 'certificates', () => {
  const VALUES = ['plain', 'say "yes"', 'back\\slash\\n', 'two\nlines\n', '${not} %{a} $${b} template', '\u00e9\u4e2d\ud83d\ude00', 'a: b # c', '\ttab', "it's", '{"json": [1]}'];

  type Options = { secret?: AzureCertificateSecret; sendCertificateChain?: boolean; azureCloud?: AzureCloud };
  const application = (certificate: string, options: Options = {}) => (stack: TerraformStack) => {
    const issuer = ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com' });
    const identity = new FluxAzureApplication(stack, 'App', {
      displayName: 'flux', certificate, serviceAccounts: [SOURCE], secrets: [FluxSecret.sops('team-a', 'sops'), FluxSecret.bucket('team-a', 'bucket')], ...options,
    });
    const { yaml } = new FluxManifests(stack, 'Manifests', { installation: fluxOf(stack, { issuer, version: FluxVersion.V2_10, identities: [identity] }) });
    new TerraformOutput(stack, 'manifests', { value: yaml, staticId: true, sensitive: true });
  };

  it.each(VALUES)('sops.azure-kv holds %j', (value) => {
    const host = 'https://login.core.private/';
    const audience = `<${value.replace(/[^!-~]/g, '_')}>`;
    const evaluation = stackOf((stack, variable) => {
      const azureCloud = AzureCloud.custom({ authorityHost: variable('host'), resourceManagerEndpoint: host, tokenAudience: variable('audience') });
      application(variable('certificate'), { secret: AzureCertificateSecret.pem(variable('pem')), sendCertificateChain: true, azureCloud })(stack);
    }, { variables: { certificate: PUBLIC, pem: value, host, audience } });
    const [[address]] = all(evaluation, 'azuread_application');
    const facts = { tenantId: TENANT, clientId: uuidOf(`${address}.client`), clientCertificate: value };
    const objects = parseObjects(evaluation.outputs.manifests);
    const file = objectOf(objects, 'Secret', 'sops', 'team-a').stringData['sops.azure-kv'];
    expect(parse(file)).toEqual({ ...facts, clientCertificateSendChain: true, authorityHost: host });
    expect(JSON.parse(file)).toEqual(parse(file));
    expect(objectOf(objects, 'Secret', 'bucket', 'team-a').stringData).toEqual({ ...facts, clientCertificateSendChain: 'true', authorityHost: host });
    expect(objectOf(objects, 'Secret', 'flux-azure-certificate').stringData).toEqual({ 'cert-and-key': value });
    const environment = objectOf(objects, 'ConfigMap', 'flux-azure-environment').data['environment.json'];
    expect(JSON.parse(environment)).toEqual({ resourceManagerEndpoint: host, tokenAudience: audience });
  });

  it('a private key never gets to Entra ID; the public certificate does', () => {
    const apply = (certificate: string) => stackOf((stack, variable) => application(variable('certificate'))(stack), { variables: { certificate } });
    expect(all(apply(PRIVATE_KEY.split('-----BEGIN PRIVATE')[0]), 'azuread_service_principal_certificate')[0][1].value).toContain('BEGIN CERTIFICATE');
    expect(() => apply(PRIVATE_KEY)).toThrow(TerraformError);
    expect(() => apply(PRIVATE_KEY)).toThrow(/The certificate of stack\/App holds a private key/);
  });
});
