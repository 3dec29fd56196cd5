import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { AzureCloud } from '../../../lib/azure/azure-cloud';
import { IAzureIdentity } from '../../../lib/azure/azure-identity';
import { AzurePermission } from '../../../lib/azure/azure-permission';
import { FluxAzureApplication } from '../../../lib/azure/flux-azure-application';
import { FluxAzureDecryptRole } from '../../../lib/azure/flux-azure-decrypt-role';
import { FluxAzureFederatedIdentity } from '../../../lib/azure/flux-azure-federated-identity';
import { FluxAzureKubeletIdentity } from '../../../lib/azure/flux-azure-kubelet-identity';
import { AcrPermissions } from '../../../lib/azure/permissions/acr';
import { AksPermissions, AksRole } from '../../../lib/azure/permissions/aks';
import { BlobStoragePermissions } from '../../../lib/azure/permissions/blob-storage';
import { EventHubsPermissions } from '../../../lib/azure/permissions/event-hubs';
import { KeyVaultPermissions } from '../../../lib/azure/permissions/key-vault';
import { FluxSecret } from '../../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../../lib/core/flux-service-account';
import { FluxVersion } from '../../../lib/core/flux-version';
import { RSA_CERTIFICATE } from '../certificates';
import { aks, contextOf, CONTROLLERS, GROUP, holder, MANAGEMENT_GROUP, messageOf, newStack, oidc, ofType, only, RESOURCES, SOURCE, SUBSCRIPTION, synth } from '../support';

const IDENTITIES: { [kind: string]: (stack: TerraformStack) => IAzureIdentity } = {
  'managed': (stack) => holder(stack),
  'application': (stack) => new FluxAzureApplication(stack, 'Images', { displayName: 'flux', certificate: RSA_CERTIFICATE, serviceAccounts: CONTROLLERS }),
  'bucket application': (stack) => new FluxAzureApplication(stack, 'Images', {
    displayName: 'flux', certificate: RSA_CERTIFICATE, secrets: [FluxSecret.bucket('team-a', 'azure')],
  }),
  'sops application': (stack) => new FluxAzureApplication(stack, 'Images', {
    displayName: 'flux', certificate: RSA_CERTIFICATE, secrets: [FluxSecret.sops('team-a', 'azure')],
  }),
  'kubelet': (stack) => FluxAzureKubeletIdentity.lookup(stack, 'Images', {
    issuer: aks(stack), clusterName: 'prod', resourceGroupName: 'flux-prod', serviceAccounts: [SOURCE],
  }),
};
const PRINCIPALS: { [kind: string]: RegExp } = {
  'managed': /^\$\{azurerm_user_assigned_identity\.Images_\w+\.principal_id\}$/,
  'application': /^\$\{azuread_service_principal\.Images_ServicePrincipal_\w+\.object_id\}$/,
  'bucket application': /^\$\{azuread_service_principal\.Images_ServicePrincipal_\w+\.object_id\}$/,
  'sops application': /^\$\{azuread_service_principal\.Images_ServicePrincipal_\w+\.object_id\}$/,
  'kubelet': /^\$\{data\.azurerm_kubernetes_cluster\.Images_\w+\.kubelet_identity\[0\]\.object_id\}$/,
};

const PRIVATE = AzureCloud.custom({
  authorityHost: 'https://login.core.private/', resourceManagerEndpoint: 'https://management.core.private/', tokenAudience: 'https://management.core.private/',
});
const ABOVE = [GROUP, SUBSCRIPTION, MANAGEMENT_GROUP];

/** Permission, the role's name and GUID as Microsoft publishes them, the scopes it takes, the kinds of identity that can have it. */
const TABLE: Array<{ name: string; grant: (scope: string) => AzurePermission; role: string; scopes: string[]; kinds: string[] }> = [
  {
    name: 'AcrPermissions.pull (AcrPull)',
    grant: (scope) => AcrPermissions.pull(scope),
    role: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
    scopes: [RESOURCES.registry, ...ABOVE],
    kinds: ['managed', 'kubelet'],
  },
  {
    name: 'AcrPermissions.pullRepositories (Container Registry Repository Reader)',
    grant: (scope) => AcrPermissions.pullRepositories(scope),
    role: 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
    scopes: [RESOURCES.registry],
    kinds: ['managed', 'kubelet'],
  },
  {
    name: 'BlobStoragePermissions.read (Storage Blob Data Reader)',
    grant: (scope) => BlobStoragePermissions.read(scope),
    role: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
    scopes: [RESOURCES.container, RESOURCES.account, ...ABOVE],
    kinds: ['managed', 'application', 'bucket application'],
  },
  {
    name: 'KeyVaultPermissions.decrypt (Key Vault Crypto User)',
    grant: (scope) => KeyVaultPermissions.decrypt(scope),
    role: '12338af0-0e69-4776-bea7-57ae8d297424',
    scopes: [RESOURCES.key, RESOURCES.vault, ...ABOVE],
    kinds: ['managed', 'application', 'sops application'],
  },
  {
    name: 'AksPermissions.access (Azure Kubernetes Service Cluster User Role)',
    grant: (scope) => AksPermissions.access(scope),
    role: '4abbcc35-e782-43d8-92c5-2d3f1bd2253f',
    scopes: [RESOURCES.cluster, ...ABOVE],
    kinds: ['managed', 'application'],
  },
  ...([
    ['Reader', AksRole.READER, '7f6c6a51-bcf8-42ba-9220-52d62157d7db'],
    ['Writer', AksRole.WRITER, 'a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb'],
    ['Admin', AksRole.ADMIN, '3498e952-d568-435e-9b2c-8d77e338d7f7'],
    ['Cluster Admin', AksRole.CLUSTER_ADMIN, 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b'],
  ] as Array<[string, AksRole, string]>).map(([title, aksRole, role]) => ({
    name: `AksPermissions.inCluster (Azure Kubernetes Service RBAC ${title})`,
    grant: (scope: string) => AksPermissions.inCluster(scope, aksRole),
    role,
    scopes: [RESOURCES.namespace, RESOURCES.cluster, ...ABOVE],
    kinds: ['managed', 'application'],
  })),
  {
    name: 'EventHubsPermissions.send (Azure Event Hubs Data Sender)',
    grant: (scope) => EventHubsPermissions.send(scope),
    role: '2b629674-e913-4c01-ae53-ef4638d8f975',
    scopes: [RESOURCES.hub, RESOURCES.hubs, ...ABOVE],
    kinds: ['managed', 'application'],
  },
];

describe.each(TABLE)('$name', ({ grant, role, scopes, kinds }) => {
  const cases = scopes.flatMap((scope) => kinds.map((kind) => ({ scope, kind })));

  test.each(cases)('$kind at $scope', ({ scope, kind }) => {
    const stack = newStack();
    IDENTITIES[kind](stack).grant('Access', grant(scope));
    const assignment = only(stack, 'azurerm_role_assignment');
    const prefix = scope === MANAGEMENT_GROUP ? '' : SUBSCRIPTION;
    expect(assignment).toEqual({
      scope,
      role_definition_id: `${prefix}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principal_id: expect.stringMatching(PRINCIPALS[kind]),
      principal_type: 'ServicePrincipal',
    });
  });

  test.each(Object.keys(IDENTITIES).filter((kind) => !kinds.includes(kind)))('not for %s', (kind) => {
    const stack = newStack();
    const identity = IDENTITIES[kind](stack);
    expect(messageOf(() => identity.grant('Access', grant(scopes[0])))).toMatch(/\[stack\/Images\/Access\] permission "\w+" on Azure .*[\s\S]*Fix: /);
    expect(ofType(stack, 'azurerm_role_assignment')).toEqual({});
  });

  test('a scope that only Terraform knows is checked by Terraform, and the role follows its subscription', () => {
    const stack = newStack();
    const scope = new TerraformVariable(stack, 'scope', { type: 'string' }).stringValue;
    holder(stack).grant('Access', grant(scope));
    const assignment = only(stack, 'azurerm_role_assignment');
    const unscoped = `/providers/Microsoft.Authorization/roleDefinitions/${role}`;
    expect(assignment.scope).toBe('${var.scope}');
    expect(assignment.role_definition_id).toBe('${(element(split("/", var.scope), 1) == "subscriptions") '
      + `? join("/", ["", "subscriptions", element(split("/", var.scope), 2), "${unscoped.slice(1)}"]) : "${unscoped}"}`);
    expect(assignment.lifecycle.precondition).toEqual([{
      condition: expect.stringMatching(/^\$\{can\(regex\("\(\?i\)\^\(.*\)\$", var\.scope\)\)\}$/),
      error_message: expect.stringMatching(/of stack\/Images\/Access must be an Azure resource ID like/),
    }]);
    // Terraform's regular expressions agree with JavaScript's on this pattern: it holds nothing that they read differently.
    const pattern = /regex\("\(\?i\)(.*)", var/.exec(assignment.lifecycle.precondition[0].condition)![1];
    scopes.forEach((plain) => expect(plain).toMatch(new RegExp(pattern, 'i')));
    expect('https://acmeflux.blob.core.windows.net/manifests').not.toMatch(new RegExp(pattern, 'i'));
  });

  test('not on a resource of another type, nor on anything that is no ID', () => {
    const stack = newStack();
    const identity = holder(stack);
    const other = [`${GROUP}/providers/Microsoft.Network/virtualNetworks/hub`, 'acme', '', `${scopes[0]}/`, 'https://acme.example.com/',
      `${SUBSCRIPTION}x`, '/subscriptions/acme', '/providers/Microsoft.Management/managementGroups/', `${GROUP}/providers`];
    other.forEach((scope) => {
      const message = messageOf(() => identity.grant('Access', grant(scope)));
      expect(message).toContain('[stack/Images/Access]');
      expect(message).toContain(`scope "${scope}" is not accepted`);
      expect(message).toMatch(/Allowed: an Azure resource ID like "\/subscriptions\/.*; or a token/);
      expect(message).toMatch(/Why: a role assigned anywhere else gives no right/);
    });
    expect(ofType(stack, 'azurerm_role_assignment')).toEqual({});
  });

  test('once for an identity and scope, whatever the case', () => {
    const stack = newStack();
    const identity = holder(stack);
    identity.grant('First', grant(scopes[0]));
    const message = messageOf(() => identity.grant('Second', grant(scopes[0].toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'))));
    expect(message).toMatch(/\[stack\/Images\/Second\] .*"stack\/Images\/First" grants it already/);
    expect(message).toContain('409 (RoleAssignmentExists)');
    expect(message).toContain('remove one of the two grants');
    expect(Object.keys(ofType(stack, 'azurerm_role_assignment'))).toHaveLength(1);
    // Another identity is another principal.
    holder(stack, 'Others', { name: 'flux-others' }).grant('First', grant(scopes[0]));
    expect(Object.keys(ofType(stack, 'azurerm_role_assignment'))).toHaveLength(2);
  });

  test('with the provider of the identity', () => {
    const stack = newStack();
    const provider = new AzurermProvider(stack, 'one', { features: [{}], alias: 'one' });
    holder(stack, 'Images', { provider }).grant('Access', grant(scopes[0]));
    expect(only(stack, 'azurerm_role_assignment').provider).toBe('azurerm.one');
  });
});

test.each([
  ['AcrPermissions.pull', (provider: AzurermProvider) => AcrPermissions.pull(RESOURCES.registry, { provider })],
  ['AcrPermissions.pullRepositories', (provider: AzurermProvider) => AcrPermissions.pullRepositories(RESOURCES.registry, { provider })],
  ['BlobStoragePermissions.read', (provider: AzurermProvider) => BlobStoragePermissions.read(RESOURCES.account, { provider })],
  ['KeyVaultPermissions.decrypt', (provider: AzurermProvider) => KeyVaultPermissions.decrypt(RESOURCES.vault, { provider })],
  ['AksPermissions.access', (provider: AzurermProvider) => AksPermissions.access(RESOURCES.cluster, { provider })],
  ['AksPermissions.inCluster', (provider: AzurermProvider) => AksPermissions.inCluster(RESOURCES.namespace, AksRole.READER, { provider })],
  ['EventHubsPermissions.send', (provider: AzurermProvider) => EventHubsPermissions.send(RESOURCES.hub, { provider })],
  ['AzurePermission.of', (provider: AzurermProvider) => AzurePermission.of('2b629674-e913-4c01-ae53-ef4638d8f975', RESOURCES.hub, { provider })],
])('%s takes a provider, and no misspelt option', (name, permission) => {
  const stack = newStack();
  holder(stack).grant('Access', permission(new AzurermProvider(stack, 'two', { features: [{}], alias: 'two' })));
  expect(only(stack, 'azurerm_role_assignment').provider).toBe('azurerm.two');
  const service = name.split('.')[0] as string;
  const method = name.split('.')[1];
  const all: any = { AcrPermissions, BlobStoragePermissions, KeyVaultPermissions, AksPermissions, EventHubsPermissions, AzurePermission };
  const args = { inCluster: [RESOURCES.namespace, AksRole.READER], of: ['2b629674-e913-4c01-ae53-ef4638d8f975', RESOURCES.hub] }[method] ?? [RESOURCES.registry];
  const message = messageOf(() => holder(newStack()).grant('Access', all[service][method](...args, { providers: [] })));
  expect(message).toContain(`option "providers" of ${name}`);
});

describe('fixes for mistakes that can be told apart', () => {
  test.each([
    [() => AcrPermissions.pull('acmeregistry.azurecr.io'), 'this is a login server'],
    [() => AcrPermissions.pullRepositories(GROUP), 'copy the resource ID'],
    [() => BlobStoragePermissions.read('https://acmeflux.blob.core.windows.net/manifests'), 'with `storage_account_id`'],
    [() => BlobStoragePermissions.read(`${RESOURCES.account}/containers/manifests`), 'blobServices/default'],
    [() => KeyVaultPermissions.decrypt('https://acme-flux.vault.azure.net/keys/sops'), 'this is the URL of a vault or key'],
    [() => KeyVaultPermissions.decrypt(`${RESOURCES.key}/versions/0123`), '`resource_versionless_id`'],
    [() => KeyVaultPermissions.decrypt(`${GROUP}/providers/Microsoft.KeyVault/managedHSMs/acme`), 'managed HSM'],
    [() => AksPermissions.access(`${GROUP}/providers/Microsoft.Kubernetes/connectedClusters/edge`), 'FluxRemoteCluster.generic'],
    [() => AksPermissions.access('https://staging.hcp.westeurope.azmk8s.io'), 'this is the API server'],
    [() => EventHubsPermissions.send('Endpoint=sb://acme-events.servicebus.windows.net/;SharedAccessKeyName=x'), 'this is a connection string or host'],
    [() => EventHubsPermissions.send(`${GROUP}/providers/Microsoft.ServiceBus/namespaces/acme`), 'this is Service Bus'],
    [() => AzurePermission.of('2b629674-e913-4c01-ae53-ef4638d8f975', '/'), 'copy the resource ID'],
  ])('%#: %s', (permission, fix) => {
    const message = messageOf(() => holder(newStack()).grant('Access', permission()));
    expect(message.split('Fix: ')[1]).toContain(fix);
  });

  test('a literal beginning is enough to refuse a scope with tokens', () => {
    const stack = newStack();
    const name = new TerraformVariable(stack, 'name', { type: 'string' }).stringValue;
    const identity = holder(stack);
    expect(messageOf(() => identity.grant('Access', BlobStoragePermissions.read(`https://${name}.blob.core.windows.net/manifests`))))
      .toContain('storage scope "https://<a value known at apply>.blob.core.windows.net/manifests" is not accepted');
    identity.grant('Access', BlobStoragePermissions.read(`${GROUP}/providers/Microsoft.Storage/storageAccounts/${name}`));
    expect(only(stack, 'azurerm_role_assignment').role_definition_id)
      .toContain(`element(split("/", join("", ["${GROUP}/providers/Microsoft.Storage/storageAccounts/", var.name])), 1) == "subscriptions"`);
  });
});

describe('AcrPermissions.pullRepositories', () => {
  test('a prefix becomes a condition', () => {
    const stack = newStack();
    holder(stack).grant('Access', AcrPermissions.pullRepositories(RESOURCES.registry, { prefix: 'team-a/' }));
    expect(only(stack, 'azurerm_role_assignment')).toMatchObject({
      condition: "((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'}) AND "
        + "!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/metadata/read'})) OR "
        + "(@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWithIgnoreCase 'team-a/'))",
      condition_version: '2.0',
    });
  });

  test.each(['team/', 'A--bb/yy/', 'a/b__cc.d/'])('prefix %p is taken', (prefix) => {
    const stack = newStack();
    holder(stack).grant('Access', AcrPermissions.pullRepositories(RESOURCES.registry, { prefix }));
    expect(only(stack, 'azurerm_role_assignment').condition).toContain(`StringStartsWithIgnoreCase '${prefix}'`);
  });

  test.each(['team-a', '/team-a/', 'team-*/', "x') OR ('1'='1/", '', 'a//b/'])('prefix %p is refused', (prefix) => {
    const message = messageOf(() => holder(newStack()).grant('Access', AcrPermissions.pullRepositories(RESOURCES.registry, { prefix })));
    expect(message).toContain(`repository prefix "${prefix}" is not accepted`);
    expect(message).toContain('end the prefix with "/"');
  });

  test('a prefix must be plain', () => {
    const stack = newStack();
    const prefix = new TerraformVariable(stack, 'prefix', { type: 'string' }).stringValue;
    expect(messageOf(() => holder(stack).grant('Access', AcrPermissions.pullRepositories(RESOURCES.registry, { prefix })))).toContain('a plain string');
  });
});

describe('AksPermissions', () => {
  test('access with a role in namespaces', () => {
    const stack = newStack();
    holder(stack).grant('Staging', AksPermissions.access(RESOURCES.cluster, { role: AksRole.ADMIN, namespaces: ['team-b', 'team-a'] }));
    const byScope = Object.fromEntries(Object.values(ofType(stack, 'azurerm_role_assignment')).map((one) => [one.scope, one.role_definition_id.split('/').pop()]));
    expect(byScope).toEqual({
      [RESOURCES.cluster]: '4abbcc35-e782-43d8-92c5-2d3f1bd2253f',
      [`${RESOURCES.cluster}/namespaces/team-a`]: '3498e952-d568-435e-9b2c-8d77e338d7f7',
      [`${RESOURCES.cluster}/namespaces/team-b`]: '3498e952-d568-435e-9b2c-8d77e338d7f7',
    });
  });

  test('access with a role in the whole cluster', () => {
    const stack = newStack();
    holder(stack).grant('Staging', AksPermissions.access(RESOURCES.cluster, { role: AksRole.WRITER }));
    expect(Object.entries(ofType(stack, 'azurerm_role_assignment')).map(([id, one]) => [id.replace(/_\w{8}$/, ''), one.scope, one.role_definition_id.split('/').pop()])).toEqual([
      ['Images_Staging', RESOURCES.cluster, 'a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb'],
      ['Images_Staging_ClusterUser', RESOURCES.cluster, '4abbcc35-e782-43d8-92c5-2d3f1bd2253f'],
    ]);
  });

  test('other roles in other namespaces, by grants of their own', () => {
    const stack = newStack();
    const identity = holder(stack);
    identity.grant('Staging', AksPermissions.access(RESOURCES.cluster, { role: AksRole.ADMIN, namespaces: ['team-a'] }));
    identity.grant('Shared', AksPermissions.inCluster(`${RESOURCES.cluster}/namespaces/shared`, AksRole.READER));
    expect(Object.keys(ofType(stack, 'azurerm_role_assignment'))).toHaveLength(3);
  });

  test('the addresses of namespaces do not depend on the others', () => {
    const addresses = (namespaces: string[]) => {
      const stack = newStack();
      const grant = holder(stack).grant('Staging', AksPermissions.access(RESOURCES.cluster, { role: AksRole.WRITER, namespaces }));
      return grant.addresses;
    };
    expect(addresses(['a', 'b', 'c'])).toEqual(expect.arrayContaining(addresses(['c', 'a'])));
  });

  test.each([
    [{ namespaces: ['team-a'] }, 'namespaces team-a without a role', 'add `role`'],
    [{ role: AksRole.CLUSTER_ADMIN, namespaces: ['team-a'] }, 'AksRole.CLUSTER_ADMIN in namespaces', 'use AksRole.ADMIN'],
    [{ role: AksRole.WRITER, namespaces: [] }, 'an empty list of namespaces', 'leave `namespaces` out'],
    [{ role: AksRole.WRITER, namespaces: ['Team_A'] }, 'namespace "Team_A"', 'exactly as Kubernetes shows it'],
    [{ role: 'owner' as AksRole }, 'option "role" of AksPermissions.access: "owner"', 'pass a constant of AksRole'],
  ])('%p is refused', (options, given, fix) => {
    const stack = newStack();
    const message = messageOf(() => holder(stack).grant('Staging', AksPermissions.access(RESOURCES.cluster, options)));
    expect(message).toContain(given);
    expect(message.split('Fix: ')[1]).toContain(fix);
    expect(ofType(stack, 'azurerm_role_assignment')).toEqual({});
  });

  test('namespaces need a cluster, not something above it', () => {
    const options = { role: AksRole.WRITER, namespaces: ['team-a'] };
    expect(messageOf(() => holder(newStack()).grant('Staging', AksPermissions.access(GROUP, options)))).toContain(`AKS cluster scope "${GROUP}"`);
  });

  test('a refused grant claims nothing', () => {
    const stack = newStack();
    const identity = holder(stack);
    expect(() => identity.grant('Staging', AksPermissions.access(RESOURCES.cluster, { role: AksRole.WRITER, namespaces: ['a', 'B'] }))).toThrow('namespace "B"');
    identity.grant('Staging', AksPermissions.access(RESOURCES.cluster, { role: AksRole.WRITER, namespaces: ['a'] }));
    expect(Object.keys(ofType(stack, 'azurerm_role_assignment'))).toHaveLength(2);
  });
});

describe('KeyVaultPermissions', () => {
  test('an access policy, for decryption only', () => {
    const stack = newStack();
    const provider = new AzurermProvider(stack, 'two', { features: [{}], alias: 'two' });
    const identity = holder(stack);
    const grant = identity.grant('Vault', KeyVaultPermissions.decryptByAccessPolicy(RESOURCES.vault, { provider }));
    expect(identity._grants[0].rights).toEqual([{ role: 'access policy: Decrypt', resources: [RESOURCES.vault] }]);
    expect(grant.addresses).toEqual([expect.stringMatching(/^azurerm_key_vault_access_policy\.Images_Vault_\w+$/)]);
    expect(messageOf(() => identity.grant('Other', KeyVaultPermissions.decryptByAccessPolicy(RESOURCES.vault, { providers: [] } as any)))).toContain('option "providers"');
    expect(only(stack, 'azurerm_key_vault_access_policy')).toEqual({
      provider: 'azurerm.two',
      key_vault_id: RESOURCES.vault,
      tenant_id: expect.stringMatching(/^\$\{azurerm_user_assigned_identity\.Images_\w+\.tenant_id\}$/),
      object_id: expect.stringMatching(PRINCIPALS.managed),
      key_permissions: ['Decrypt'],
    });
  });

  test('an access policy is for one vault, and one for each principal', () => {
    const stack = newStack();
    const identity = holder(stack);
    [RESOURCES.key, GROUP].forEach((scope) => expect(messageOf(() => identity.grant('Vault', KeyVaultPermissions.decryptByAccessPolicy(scope))))
      .toContain(`Key Vault ID "${scope}" is not accepted`));
    identity.grant('Vault', KeyVaultPermissions.decryptByAccessPolicy(RESOURCES.vault));
    expect(messageOf(() => identity.grant('Again', KeyVaultPermissions.decryptByAccessPolicy(RESOURCES.vault)))).toContain('the second would overwrite the first');
  });

  test('an access policy on a vault that only Terraform knows', () => {
    const stack = newStack();
    const vault = new TerraformVariable(stack, 'vault', { type: 'string' }).stringValue;
    holder(stack).grant('Vault', KeyVaultPermissions.decryptByAccessPolicy(vault));
    expect(only(stack, 'azurerm_key_vault_access_policy').lifecycle.precondition[0].condition).toMatch(/^\$\{can\(regex\(/);
  });

  test('a custom role for decryption only', () => {
    const stack = newStack();
    const role = new FluxAzureDecryptRole(stack, 'Decrypt', { name: 'Flux SOPS decrypt', assignableScopes: [GROUP] });
    holder(stack).grant('Vault', KeyVaultPermissions.decrypt(RESOURCES.vault, { role }));
    expect(only(stack, 'azurerm_role_definition')).toEqual({
      name: 'Flux SOPS decrypt',
      scope: GROUP,
      assignable_scopes: [GROUP],
      description: 'Decrypt with keys of Key Vault, for SOPS.',
      permissions: [{ actions: [], data_actions: ['Microsoft.KeyVault/vaults/keys/decrypt/action'] }],
    });
    expect(only(stack, 'azurerm_role_assignment').role_definition_id).toMatch(new RegExp(
      `^${SUBSCRIPTION}/providers/Microsoft\\.Authorization/roleDefinitions/\\$\\{azurerm_role_definition\\.Decrypt_\\w+\\.role_definition_id\\}$`));
  });

  test('a custom role not at a management group, not outside of its scopes', () => {
    const stack = newStack();
    const role = new FluxAzureDecryptRole(stack, 'Decrypt', { name: 'Flux SOPS decrypt', assignableScopes: [GROUP] });
    const identity = holder(stack);
    const atGroup = messageOf(() => identity.grant('Vault', KeyVaultPermissions.decrypt(MANAGEMENT_GROUP, { role })));
    expect(atGroup).toContain(`management group "${MANAGEMENT_GROUP}" for a custom role with data actions`);
    expect(atGroup).toContain('use the built-in role there');
    const outside = messageOf(() => identity.grant('Vault', KeyVaultPermissions.decrypt(SUBSCRIPTION, { role })));
    expect(outside).toContain(`scopes within ${GROUP}`);
    expect(outside).toContain('`assignableScopes` of the role');
    const sibling = messageOf(() => identity.grant('Vault', KeyVaultPermissions.decrypt(RESOURCES.vault.replace('flux-prod', 'flux-prod2'), { role })));
    expect(sibling).toContain('for the custom role "stack/Decrypt"');
    const scope = new TerraformVariable(stack, 'scope', { type: 'string' }).stringValue;
    identity.grant('Vault', KeyVaultPermissions.decrypt(scope, { role }));
    expect(only(stack, 'azurerm_role_assignment').lifecycle.precondition[0].condition).not.toContain('managementGroups');
  });
});

test.each([
  ['a wildcard', `${GROUP}/providers/Microsoft.Web/sites/*`], ['the directory above', `${GROUP}/../acme`], ['the directory above a resource', `${RESOURCES.vault}/../x/y`],
  ['this directory', `${GROUP}/providers/Microsoft.Web/sites/.`], ['a group that azurerm refuses', `${SUBSCRIPTION}/resourceGroups/größe`],
  ['a line end', `${GROUP}\n`], ['a template', `${GROUP}/providers/Microsoft.Web/sites/\${var.x}`],
])('%s is no scope', (_, scope) => {
  expect(messageOf(() => holder(newStack()).grant('Access', AzurePermission.of('2b629674-e913-4c01-ae53-ef4638d8f975', scope)))).toContain('[stack/Images/Access] scope "');
});

test('a wildcard beside a token is no scope', () => {
  const stack = newStack();
  const name = new TerraformVariable(stack, 'name', { type: 'string' }).stringValue;
  const identity = holder(stack);
  ['*', '..', '"'].forEach((part) => expect(messageOf(() => identity.grant('Access', AcrPermissions.pull(`${GROUP}/${part}/${name}`)))).toContain('registry scope "'));
  [`${GROUP}/${name}/*`, `${GROUP}/${name}../x`].forEach((scope) => expect(messageOf(() => identity.grant('Access', AcrPermissions.pull(scope)))).toContain('registry scope "'));
  identity.grant('Access', AcrPermissions.pull(`/providers/microsoft.Management/managementGroups/${name}`));
  expect(() => identity.grant('Other', AcrPermissions.pull(`/providers/${name}`))).not.toThrow();
  // Where a value of several segments stands, none behind it can be told to be a type.
  expect(Object.values(ofType(stack, 'azurerm_role_assignment')).map(({ scope }) => scope)).toContain('/providers/microsoft.Management/managementGroups/${var.name}');
});

test('lower-case types of an ID are spelt as the provider spells them, names as they are', () => {
  const stack = newStack();
  const lower = RESOURCES.container.replace('flux-prod', 'Registries').replace(/resourceGroups|Microsoft.Storage|storageAccounts|blobServices/g, (part) => part.toLowerCase());
  holder(stack).grant('Access', BlobStoragePermissions.read(lower));
  expect(only(stack, 'azurerm_role_assignment').scope).toBe(RESOURCES.container.replace('flux-prod', 'Registries'));
});

describe('AzurePermission.of', () => {
  test.each([
    ['Owner', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'], ['Contributor', 'B24988AC-6180-42A0-AB88-20F7382DD24C'],
    ['User Access Administrator', '/providers/Microsoft.Authorization/roleDefinitions/18d7d88d-d35e-4fb5-a5c3-7773c20a72d9'],
    ['Role Based Access Control Administrator', 'f58310d9-a9f6-439a-9e8d-f62e7b41a168'],
  ])('%s is refused by its GUID', (name, role) => {
    const message = messageOf(() => holder(newStack()).grant('Access', AzurePermission.of(role, GROUP)));
    expect(message).toContain(`(${name}) is not accepted`);
    expect(message.split('Fix: ')[1]).toContain('a custom role');
  });

  test('a condition is literal, and not longer than Azure takes', () => {
    const stack = newStack();
    const identity = holder(stack);
    identity.grant('Access', AzurePermission.of(GUID, RESOURCES.hub, { condition: '@Request[${x}]' }));
    expect(only(stack, 'azurerm_role_assignment').condition).toBe('@Request[$${x}]');
    expect(identity._grants[0].rights).toEqual([{ role: GUID, resources: [RESOURCES.hub], condition: '@Request[${x}]' }]);
    expect(messageOf(() => identity.grant('Long', AzurePermission.of(GUID, RESOURCES.hubs, { condition: 'a'.repeat(8193) })))).toContain('1 to 8192 characters');
  });

  const GUID = '2b629674-e913-4c01-ae53-ef4638d8f975';

  test.each([
    ['a GUID', GUID.toUpperCase(), GUID],
    ['an unscoped ID', `/providers/Microsoft.Authorization/roleDefinitions/${GUID}`, GUID],
    ['the ID of another subscription', `/subscriptions/00000000-0000-0000-0000-000000000002/providers/Microsoft.Authorization/roleDefinitions/${GUID}`, GUID],
  ])('%s', (_, role, guid) => {
    const stack = newStack();
    holder(stack).grant('Access', AzurePermission.of(role, RESOURCES.hub, { condition: '@Request[x] StringEquals \'y\'' }));
    expect(only(stack, 'azurerm_role_assignment')).toMatchObject({
      role_definition_id: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${guid}`,
      condition: '@Request[x] StringEquals \'y\'',
      condition_version: '2.0',
    });
  });

  test('a role that only Terraform knows: its last segment', () => {
    const stack = newStack();
    const role = new TerraformVariable(stack, 'role', { type: 'string' }).stringValue;
    holder(stack).grant('Access', AzurePermission.of(role, RESOURCES.hub));
    expect(only(stack, 'azurerm_role_assignment').role_definition_id)
      .toBe(`${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/\${basename(element(split("|", var.role), 0))}`);
    const [{ condition, error_message: message }] = only(stack, 'azurerm_role_assignment').lifecycle.precondition;
    expect(message).toMatch(/^The role of stack\/Images\/Access must be .* and not Owner, Contributor, User Access Administrator, Role Based Access Control Administrator: /);
    const [form, refused] = /^\$\{can\(regex\("\(\?i\)(.*?)", var\.role\)\) && !can\(regex\("\(\?i\)(.*?)", var\.role\)\)\}$/.exec(condition)!.slice(1).map((text) => new RegExp(text, 'i'));
    const id = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${GUID.toUpperCase()}`;
    [GUID, id, `${id}|${GROUP}`].forEach((given) => expect([form.test(given), refused.test(given)]).toEqual([true, false]));
    ['Reader', `x${GUID}`, `${id}x`].forEach((given) => expect(form.test(given)).toBe(false));
    ['8E3af657-a8ff-443c-a75c-2fe8c4bcb635', `/x/f58310d9-a9f6-439a-9e8d-f62e7b41a168|${GROUP}`].forEach((given) => expect(refused.test(given)).toBe(true));
  });

  test.each(['Reader', '', `{${GUID}}`, `${GUID}0`, `/subscriptions/x/roleDefinitions/${GUID}`])('role %p is refused', (role) => {
    const message = messageOf(() => holder(newStack()).grant('Access', AzurePermission.of(role, RESOURCES.hub)));
    expect(message).toContain(`role "${role}" is not accepted`);
    expect(message).toContain('az role definition list');
  });

  test('what it takes for whom follows the role', () => {
    const pull = AzurePermission.of('7F951DDA-4ed3-4680-a7ca-43fe172d538d', RESOURCES.registry);
    const stack = newStack();
    IDENTITIES.kubelet(stack).grant('Access', pull);
    expect(only(stack, 'azurerm_role_assignment').scope).toBe(RESOURCES.registry);
    expect(messageOf(() => IDENTITIES.application(newStack()).grant('Access', pull))).toContain('Flux has no way to use Azure Container Registry with a static credential');
    expect(messageOf(() => IDENTITIES.kubelet(newStack()).grant('Access', AzurePermission.of(GUID, RESOURCES.hub)))).toContain('every pod of the nodes');
  });
});

describe('grants', () => {
  test('a value that is no permission of Azure', () => {
    const stack = newStack();
    expect(messageOf(() => holder(stack).grant('Access', {} as AzurePermission))).toContain('a value that is no AzurePermission');
    expect(synth(stack).resource.azurerm_role_assignment).toBeUndefined();
  });

  test.each(['Resource', 'Credentials', 'ServicePrincipal', 'Certificate', 'AzureDevOps_acme'])('id %p is the library\'s', (id) => {
    expect(messageOf(() => holder(newStack()).grant(id, AcrPermissions.pull(RESOURCES.registry)))).toContain(`construct id "${id}"`);
  });

  test('a token scope twice is noticed, though every reading of an attribute is a new token', () => {
    const stack = newStack();
    const identity = holder(stack);
    const other = holder(stack, 'Others', { name: 'others' });
    const id = () => (other.node.findChild('Resource') as any).id as string;
    expect(id()).not.toBe(id());
    identity.grant('First', AzurePermission.of('2b629674-e913-4c01-ae53-ef4638d8f975', id()));
    expect(messageOf(() => identity.grant('Second', AzurePermission.of('2b629674-e913-4c01-ae53-ef4638d8f975', id())))).toContain('"stack/Images/First" grants it already');
  });

  test('a token scope twice is noticed in another stack, and two resources whose names differ in case only are two', () => {
    const stack = newStack();
    const second = new TerraformStack(stack.node.scope!, 'second');
    const ids = {
      identityId: `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux`,
      clientId: '00000000-0000-0000-0000-0000000000c1',
      principalId: '00000000-0000-0000-0000-0000000000d1',
      tenantId: '00000000-0000-0000-0000-00000000000a',
    };
    const issuers = [oidc(stack)];
    const [one, two] = [stack, second].map((scope) => FluxAzureFederatedIdentity.fromIdentityId(scope, 'Flux', {
      issuers, serviceAccounts: [FluxServiceAccount.of(scope.node.id, 'flux')], ...ids,
    }));
    const [upper, lower] = ['Hub', 'hub'].map((id) => holder(stack, id, { name: `flux-${id.charCodeAt(0)}` }).node.findChild('Resource') as any);
    const send = (resource: any) => AzurePermission.of('2b629674-e913-4c01-ae53-ef4638d8f975', resource.id);
    one.grant('First', send(upper));
    expect(() => one.grant('Second', send(lower))).not.toThrow();
    expect(messageOf(() => two.grant('First', send(upper)))).toContain('"stack/Flux/First" grants it already');
  });

  test('the order of grants changes nothing, and one more changes no other', () => {
    const render = (ids: string[]) => {
      const stack = newStack();
      const identity = holder(stack);
      const all: { [id: string]: AzurePermission } = {
        Registry: AcrPermissions.pull(RESOURCES.registry),
        Manifests: BlobStoragePermissions.read(RESOURCES.container),
        Vault: KeyVaultPermissions.decrypt(RESOURCES.vault),
      };
      ids.forEach((id) => identity.grant(id, all[id]));
      return synth(stack);
    };
    expect(render(['Registry', 'Manifests', 'Vault'])).toEqual(render(['Vault', 'Registry', 'Manifests']));
    expect(render(['Registry', 'Manifests', 'Vault']).resource.azurerm_role_assignment).toMatchObject(render(['Vault']).resource.azurerm_role_assignment);
  });

  test('others can wait for a grant', () => {
    const stack = newStack();
    const grant = holder(stack).grant('Registry', AcrPermissions.pull(RESOURCES.registry));
    const later = holder(stack, 'Later', { name: 'later', issuers: [oidc(stack, 'Other', 'https://other.example.com')] });
    grant.applyBefore(later.node.findChild('Resource'));
    const [address] = Object.keys(ofType(stack, 'azurerm_role_assignment'));
    expect(Object.entries(ofType(stack, 'azurerm_user_assigned_identity')).find(([id]) => id.startsWith('Later'))![1].depends_on)
      .toEqual([`azurerm_role_assignment.${address}`]);
  });

  test.each<[FluxVersion, AzureCloud, boolean]>([
    [FluxVersion.V2_6, AzureCloud.PUBLIC, true],
    [FluxVersion.V2_7, AzureCloud.CHINA, true],
    [FluxVersion.V2_8, AzureCloud.PUBLIC, false],
    [FluxVersion.V2_10, AzureCloud.PUBLIC, false],
    [FluxVersion.V2_10, PRIVATE, true],
  ])('a registry that refuses ARM tokens, in Flux %s (%#)', (version, azureCloud, isWarned) => {
    const stack = newStack();
    const identity = holder(stack, 'Images', { azureCloud });
    const ids = () => identity._warnings({ ...contextOf(stack), version }).map(({ id }) => id);
    identity.grant('Manifests', BlobStoragePermissions.read(RESOURCES.container));
    expect(ids()).toEqual([]);
    identity.grant('Registry', AcrPermissions.pull(RESOURCES.registry));
    expect(ids()).toEqual(isWarned ? ['azure-acr-arm-token'] : []);
    // The same right by its GUID.
    const own = holder(stack, 'Own', { azureCloud, name: 'own' });
    own.grant('Registry', AzurePermission.of('7f951dda-4ed3-4680-a7ca-43fe172d538d', RESOURCES.registry));
    expect(own._warnings({ ...contextOf(stack), version }).length).toBe(isWarned ? 1 : 0);
  });

  test.each([
    ['US Government', AzureCloud.US_GOVERNMENT, ['azure-aks-lookup-in-public-cloud']],
    ['China', AzureCloud.CHINA, ['azure-aks-lookup-in-public-cloud']],
    ['the public cloud', AzureCloud.PUBLIC, []],
  ])('a lookup of clusters in %s', (_, azureCloud, warnings) => {
    const stack = newStack();
    const identity = holder(stack, 'Images', { azureCloud });
    identity.grant('Namespaces', AksPermissions.inCluster(RESOURCES.cluster, AksRole.READER));
    expect(identity._warnings(contextOf(stack))).toEqual([]);
    identity.grant('Staging', AksPermissions.access(RESOURCES.cluster));
    expect(identity._warnings(contextOf(stack)).map(({ id }) => id)).toEqual(warnings);
  });
});
