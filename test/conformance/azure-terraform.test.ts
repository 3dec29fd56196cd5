import { AzureadProvider } from '@cdktf/provider-azuread/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
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
  AcrPermissions, AksPermissions, AksRole, AzureCertificateSecret, AzureCloud, AzurePermission, BlobStoragePermissions,
  ClusterIssuer, FluxAzureApplication,
  FluxAzureDecryptRole, FluxAzureFederatedIdentity, FluxController, FluxManifests, FluxSecret, FluxServiceAccount, FluxVersion, KeyVaultPermissions,
} from '../../lib';
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

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);

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
      serviceAccounts: [SOURCE],
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
  const certificates = { variables: { sops_certificate: 'public', team_a_certificate: 'public' } };

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
    ['resource in another case', REGISTRY.replace('resourceGroups', 'RESOURCEGROUPS'), scoped(ACR_PULL)],
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
    expect(() => apply(GROUP)).toThrow(/must be an ID like/);
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
    const evaluation = stackOf((stack, variable) => {
      const azureCloud = AzureCloud.custom({ authorityHost: variable('host'), resourceManagerEndpoint: variable('endpoint'), tokenAudience: `<${variable('audience')}>` });
      application(variable('certificate'), { secret: AzureCertificateSecret.pem(variable('pem')), sendCertificateChain: true, azureCloud })(stack);
    }, { variables: { certificate: 'public', pem: value, host, endpoint: value, audience: value } });
    const [[address]] = all(evaluation, 'azuread_application');
    const facts = { tenantId: TENANT, clientId: uuidOf(`${address}.client`), clientCertificate: value };
    const objects = parseObjects(evaluation.outputs.manifests);
    const file = objectOf(objects, 'Secret', 'sops', 'team-a').stringData['sops.azure-kv'];
    expect(parse(file)).toEqual({ ...facts, clientCertificateSendChain: true, authorityHost: host });
    expect(JSON.parse(file)).toEqual(parse(file));
    expect(objectOf(objects, 'Secret', 'bucket', 'team-a').stringData).toEqual({ ...facts, clientCertificateSendChain: 'true', authorityHost: host });
    expect(objectOf(objects, 'Secret', 'flux-azure-certificate').stringData).toEqual({ 'cert-and-key': value });
    const environment = objectOf(objects, 'ConfigMap', 'flux-azure-environment').data['environment.json'];
    expect(JSON.parse(environment)).toEqual({ resourceManagerEndpoint: value, tokenAudience: `<${value}>` });
  });

  it('a private key never gets to Entra ID; the public certificate does', () => {
    const apply = (certificate: string) => stackOf((stack, variable) => application(variable('certificate'))(stack), { variables: { certificate } });
    expect(all(apply(PRIVATE_KEY.split('-----BEGIN PRIVATE')[0]), 'azuread_service_principal_certificate')[0][1].value).toContain('BEGIN CERTIFICATE');
    expect(() => apply(PRIVATE_KEY)).toThrow(TerraformError);
    expect(() => apply(PRIVATE_KEY)).toThrow(/The certificate of stack\/App holds a private key/);
  });
});
