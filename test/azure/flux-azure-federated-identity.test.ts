import { AzureadProvider } from '@cdktf/provider-azuread/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { aks, AKS_URL, contextOf, federated, messageOf, messagesOf, newStack, oidc, ofType, only, resolved, RESOURCES, SOURCE, SUBSCRIPTION, synth } from './support';
import { AzureCloud } from '../../lib/azure/azure-cloud';
import { FluxAzureFederatedIdentity, FluxAzureFederatedIdentityProps } from '../../lib/azure/flux-azure-federated-identity';
import { AcrPermissions } from '../../lib/azure/permissions/acr';
import { AksPermissions } from '../../lib/azure/permissions/aks';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxContext } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { Jwks } from '../../lib/core/jwks';
import { FluxInstallation } from '../../lib/flux/flux-installation';

const CREDENTIAL = 'azurerm_federated_identity_credential';
const TEAM_A = FluxServiceAccount.of('team-a', 'flux');
const accounts = (number: number) => Array.from({ length: number }, (_, index) => FluxServiceAccount.of('team-a', `flux-${index}`));
const context = (issuer: ClusterIssuer): FluxContext => ({ issuer, version: FluxVersion.V2_10, namespace: 'flux-system' });
const tokenOf = (stack: TerraformStack, name = 'value') => new TerraformVariable(stack, name, { type: 'string' }).stringValue;

const IDS = {
  identityId: `${SUBSCRIPTION}/resourceGroups/ids/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux`,
  clientId: '00000000-0000-0000-0000-0000000000c1',
  principalId: '00000000-0000-0000-0000-0000000000d1',
  tenantId: '00000000-0000-0000-0000-00000000000a',
};

describe('a new identity', () => {
  test('and a credential for its account', () => {
    const stack = newStack();
    const identity = federated(stack, 'Images', { issuers: [aks(stack)], tags: { team: 'platform' } });
    expect(only(stack, 'azurerm_user_assigned_identity')).toEqual({ name: 'flux-images', resource_group_name: 'flux-prod', location: 'westeurope', tags: { team: 'platform' } });
    expect(only(stack, CREDENTIAL)).toEqual({
      name: expect.stringMatching(/^Cluster-flux-system-source-controller-[0-9a-f]{8}$/),
      parent_id: expect.stringMatching(/^\$\{azurerm_user_assigned_identity\.Images_\w+\.id\}$/),
      resource_group_name: expect.stringMatching(/^\$\{azurerm_user_assigned_identity\.Images_\w+\.resource_group_name\}$/),
      issuer: AKS_URL,
      subject: 'system:serviceaccount:flux-system:source-controller',
      audience: ['api://AzureADTokenExchange'],
    });
    expect(resolved(stack, identity.kubernetesUserName)).toBe(resolved(stack, identity.principalId));
    expect(resolved(stack, identity.credentialIds)).toEqual([`\${${CREDENTIAL}.${Object.keys(ofType(stack, CREDENTIAL))[0]}.id}`]);
  });

  test('issuers byte for byte: a slash is kept, and none is added', () => {
    for (const url of ['https://oidc.example.com/kind', 'https://oidc.example.com/kind/']) {
      const stack = newStack();
      federated(stack, 'Images', { issuers: [oidc(stack, 'Cluster', url)] });
      expect(only(stack, CREDENTIAL).issuer).toBe(url);
    }
  });

  test('of values that only Terraform knows', () => {
    const stack = newStack();
    const value = tokenOf(stack);
    federated(stack, 'Images', { name: value, resourceGroupName: value, location: value, issuers: [oidc(stack, 'Cluster', value)], audience: value });
    expect(only(stack, 'azurerm_user_assigned_identity')).toMatchObject({ name: '${var.value}', resource_group_name: '${var.value}', location: '${var.value}' });
    expect(messagesOf(only(stack, 'azurerm_user_assigned_identity'))).toEqual(['identity name', 'resource group name', 'location']);
    expect(messagesOf(only(stack, CREDENTIAL))).toEqual(['issuer', 'audience']);
    expect(only(stack, CREDENTIAL)).toMatchObject({ issuer: '${var.value}', audience: ['${var.value}'] });
  });

  test('with its provider', () => {
    const stack = newStack();
    federated(stack, 'Images', { provider: new AzurermProvider(stack, 'two', { features: [{}], alias: 'two' }) });
    expect(only(stack, 'azurerm_user_assigned_identity').provider).toBe('azurerm.two');
    expect(only(stack, CREDENTIAL).provider).toBe('azurerm.two');
  });
});

describe('several credentials', () => {
  const make = (issuers: string[], serviceAccounts: FluxServiceAccount[]) => {
    const stack = newStack();
    const clusters = Object.fromEntries(['Blue', 'Green'].map((id) => [id, oidc(stack, id, `https://${id.toLowerCase()}.example.com`)]));
    federated(stack, 'Images', { issuers: issuers.map((id) => clusters[id]), serviceAccounts });
    return ofType(stack, CREDENTIAL);
  };

  test('each issuer with each account, written one after the other', () => {
    const credentials = make(['Blue', 'Green'], [TEAM_A, SOURCE]);
    const chain: string[] = [];
    let next = Object.keys(credentials).find((id) => credentials[id].depends_on === undefined);
    while (next !== undefined) {
      chain.push(next);
      next = Object.keys(credentials).find((id) => JSON.stringify(credentials[id].depends_on) === JSON.stringify([`${CREDENTIAL}.${chain[chain.length - 1]}`]));
    }
    expect(chain.map((id) => `${credentials[id].issuer} ${credentials[id].subject}`)).toEqual([
      'https://blue.example.com system:serviceaccount:flux-system:source-controller',
      'https://blue.example.com system:serviceaccount:team-a:flux',
      'https://green.example.com system:serviceaccount:flux-system:source-controller',
      'https://green.example.com system:serviceaccount:team-a:flux',
    ]);
  });

  test('the order of listing changes nothing', () => {
    expect(make(['Green', 'Blue'], [TEAM_A, SOURCE])).toEqual(make(['Blue', 'Green'], [SOURCE, TEAM_A]));
  });

  test('one more changes no address, no name, and nothing but what its neighbour waits for', () => {
    const few = make(['Blue'], [SOURCE]);
    const many = make(['Green', 'Blue'], [TEAM_A, SOURCE, FluxServiceAccount.controller(FluxController.HELM)]);
    expect(Object.keys(many)).toHaveLength(6);
    for (const [id, { depends_on: _, ...credential }] of Object.entries(few)) {
      expect(many[id]).toMatchObject(credential);
    }
  });

  test('names are told apart and within what Azure takes, however long the accounts are', () => {
    const long = 'a'.repeat(63);
    const stack = newStack();
    federated(stack, 'Images', {
      issuers: [oidc(stack, '_Cluster.of.München')],
      serviceAccounts: [FluxServiceAccount.of(long, `${'b'.repeat(200)}.one`), FluxServiceAccount.of(long, `${'b'.repeat(200)}.two`), FluxServiceAccount.of('a', 'b.c')],
    });
    const names = Object.values(ofType(stack, CREDENTIAL)).map(({ name }) => name);
    expect(new Set(names).size).toBe(3);
    names.forEach((name) => expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/));
  });

  test('twenty fit, the 21st does not', () => {
    const stack = newStack();
    federated(stack, 'Images', { serviceAccounts: accounts(20) });
    expect(Object.keys(ofType(stack, CREDENTIAL))).toHaveLength(20);
    const message = messageOf(() => federated(stack, 'More', { serviceAccounts: accounts(21) }));
    expect(message).toContain('[stack/More] 21 federated credentials (1 issuers times 21 service accounts).');
    expect(message).toContain('at most 20 for one identity');
    expect(message).toContain('split the service accounts over 2 identities of at most 20 each');
    const issuers = Array.from({ length: 21 }, (_, index) => oidc(stack, `C${index}`, `https://${index}.example.com`));
    expect(messageOf(() => federated(stack, 'Many', { issuers }))).toContain('split the issuers over several identities');
    expect(messageOf(() => federated(stack, 'Two', { issuers: issuers.slice(0, 2), serviceAccounts: accounts(11) }))).toContain('over 2 identities of at most 10 each');
  });
});

describe('an existing identity', () => {
  const trust = (stack: TerraformStack) => ({ issuers: [oidc(stack)], serviceAccounts: [SOURCE] });

  test('by data source', () => {
    const stack = newStack();
    const identity = FluxAzureFederatedIdentity.lookup(stack, 'Images', { ...trust(stack), name: 'flux', resourceGroupName: 'ids' });
    const { data, resource } = synth(stack);
    expect(Object.values(data.azurerm_user_assigned_identity)).toEqual([{ name: 'flux', resource_group_name: 'ids' }]);
    expect(Object.keys(resource)).toEqual([CREDENTIAL]);
    expect(only(stack, CREDENTIAL)).toMatchObject({ parent_id: expect.stringMatching(/^\$\{data\.azurerm_user_assigned_identity\.Images_\w+\.id\}$/), resource_group_name: 'ids' });
    expect(resolved(stack, identity.principalId)).toMatch(/\.principal_id\}$/);
  });

  test('by its IDs: plain YAML before any apply', () => {
    const stack = newStack();
    const identity = FluxAzureFederatedIdentity.fromIdentityId(stack, 'Images', { ...trust(stack), ...IDS });
    expect(Object.keys(synth(stack).resource)).toEqual([CREDENTIAL]);
    expect(only(stack, CREDENTIAL)).toMatchObject({ parent_id: IDS.identityId, resource_group_name: 'ids' });
    expect(identity).toMatchObject({ ...IDS, kubernetesUserName: IDS.principalId });
    expect(identity.fluxSettings(SOURCE, context(aks(stack, 'Aks'))).annotations).toEqual({
      'azure.workload.identity/client-id': IDS.clientId, 'azure.workload.identity/tenant-id': IDS.tenantId,
    });
  });

  test('by an ID that only Terraform knows', () => {
    const stack = newStack();
    const value = tokenOf(stack);
    FluxAzureFederatedIdentity.fromIdentityId(stack, 'Images', { ...trust(stack), identityId: value, clientId: tokenOf(stack, 'client'), principalId: value, tenantId: value });
    expect(only(stack, CREDENTIAL)).toMatchObject({ parent_id: '${var.value}', resource_group_name: '${element(split("/", var.value), 4)}' });
    expect(only(stack, CREDENTIAL).lifecycle.precondition.map(({ condition }: any) => condition)).toContainEqual(expect.stringContaining('(?i)^/subscriptions/'));
  });

  test.each([
    [{ identityId: 'flux' }, 'identity ID "flux"', 'not its client or principal ID'],
    [{ identityId: `${SUBSCRIPTION}/resourceGroups/ids` }, 'identity ID', 'Terraform attribute `id`'],
    [{ identityId: `"${tokenOf(newStack())}"` }, 'identity ID ""<a value known at apply>""', 'Terraform attribute `id`'],
    [{ clientId: 'flux' }, 'client ID "flux"', 'as the Azure portal shows it'],
    [{ principalId: `{${IDS.principalId}}` }, 'principal ID "{', 'as the Azure portal shows it'],
    [{ tenantId: 'acme.onmicrosoft.com' }, 'tenant ID "acme.onmicrosoft.com"', 'as the Azure portal shows it'],
    [{ principalId: IDS.clientId }, 'as client ID and as principal ID', 'az ad sp show --id <client ID>'],
    [{ name: 'x' }, 'option "name" of FluxAzureFederatedIdentity.fromIdentityId', 'correct the spelling'],
  ])('%p is refused', (wrong, given, fix) => {
    const stack = newStack();
    const message = messageOf(() => FluxAzureFederatedIdentity.fromIdentityId(stack, 'Images', { ...trust(stack), ...IDS, ...wrong }));
    expect(message).toContain('[stack/Images] ');
    expect(message).toContain(given);
    expect(message.split('Fix: ')[1]).toContain(fix);
    expect(synth(stack).resource).toBeUndefined();
  });
});

describe('an existing identity in the provider\'s subscription', () => {
  const OTHER = '00000000-0000-0000-0000-000000000002';
  const make = (stack: TerraformStack, provider?: AzurermProvider, more: object = {}) => FluxAzureFederatedIdentity.fromIdentityId(stack, 'Images', {
    issuers: [stack.node.tryFindChild('Cluster') as ClusterIssuer ?? oidc(stack)], serviceAccounts: [SOURCE], ...IDS, provider, ...more,
  });
  const azurerm = (stack: TerraformStack, subscriptionId?: string, alias?: string) => new AzurermProvider(stack, `Azure${alias ?? ''}`, { features: [{}], subscriptionId, alias });

  test.each([['its own', true], ['the stack\'s', false]])('%s provider of another subscription is refused: a namesake would trust Flux', (_name, own) => {
    const stack = newStack();
    // Neither of these is the one that a resource without a provider gets.
    new AzureadProvider(stack, 'Entra', {});
    azurerm(stack, '00000000-0000-0000-0000-000000000001', 'aliased');
    const provider = azurerm(stack, OTHER, own ? 'other' : undefined);
    const message = messageOf(() => make(stack, own ? provider : undefined));
    expect(message).toContain(`with an azurerm provider of subscription "${OTHER}" is not accepted`);
    expect(message).toContain('a namesake of the identity there would trust Flux');
    expect(stack.node.tryFindChild('Images')).toBeUndefined();
  });

  test('also when the provider comes later', () => {
    const stack = newStack();
    make(stack);
    azurerm(stack, OTHER);
    expect(messageOf(() => synth(stack))).toContain(`provider of subscription "${OTHER}"`);
  });

  test('the same subscription, whatever its case, and one that nobody knows', () => {
    for (const subscription of ['00000000-0000-0000-0000-000000000001', undefined]) {
      const stack = newStack();
      azurerm(stack, subscription);
      make(stack);
      expect(only(stack, CREDENTIAL)).toMatchObject({ parent_id: IDS.identityId, resource_group_name: 'ids' });
      expect(only(stack, CREDENTIAL).lifecycle).toBeUndefined();
    }
  });

  test('is compared by Terraform where one of the two is a token', () => {
    const stack = newStack();
    azurerm(stack, tokenOf(stack));
    make(stack);
    expect(only(stack, CREDENTIAL).lifecycle.precondition).toEqual([{
      condition: '${(lower("00000000-0000-0000-0000-000000000001") == lower(var.value))}',
      error_message: expect.stringContaining('The identity ID of stack/Images must be of the subscription of its azurerm provider'),
    }]);
  });

  test('IDs are spelt as the provider spells them', () => {
    const stack = newStack();
    const identity = make(stack, undefined, { identityId: IDS.identityId.replace('resourceGroups', 'resourcegroups').replace('Microsoft.ManagedIdentity', 'microsoft.managedidentity') });
    expect(identity.identityId).toBe(IDS.identityId);
    expect(only(stack, CREDENTIAL).parent_id).toBe(IDS.identityId);
  });

  test('all IDs by tokens are checked by Terraform, also where a role is assigned', () => {
    const stack = newStack();
    const [identityId, clientId, principalId, tenantId] = ['id', 'client', 'principal', 'tenant'].map((name) => tokenOf(stack, name));
    make(stack, undefined, { identityId, clientId, principalId, tenantId }).grant('Registry', AcrPermissions.pull(RESOURCES.registry));
    const expected = ['client ID', 'principal ID', 'tenant ID', 'principal ID', 'identity ID'];
    expect(messagesOf(only(stack, CREDENTIAL))).toEqual(expected);
    expect(messagesOf(only(stack, 'azurerm_role_assignment'))).toEqual(expected);
  });
});

describe('several identities', () => {
  test('two of one plain name in a resource group are refused, however it is written', () => {
    const stack = newStack();
    federated(stack, 'One');
    const message = messageOf(() => federated(stack, 'Two', { name: 'FLUX-images', resourceGroupName: 'Flux-Prod' }));
    expect(message).toContain('managed identity "Flux-Prod/FLUX-images" a second time; "stack/One" is the first.');
    expect(message).toContain('list them all in `serviceAccounts` of the first');
    federated(stack, 'Elsewhere', { resourceGroupName: 'flux-dev' });
  });

  test('another provider may be another subscription, and what only Terraform knows another name', () => {
    const stack = newStack();
    const issuers = [oidc(stack)];
    federated(stack, 'One', { issuers });
    ['other', 'third'].forEach((alias) => federated(stack, alias, { issuers, provider: new AzurermProvider(stack, `For ${alias}`, { features: [{}], alias }) }));
    const name = new TerraformVariable(stack, 'name', { type: 'string' }).stringValue;
    ['A', 'B'].forEach((id) => federated(stack, id, { issuers, name }));
    federated(new TerraformStack(stack.node.scope!, 'second'), 'One', { issuers });
  });
});

test('names with a part that only Terraform knows, and as many tags as Azure takes', () => {
  const stack = newStack();
  const value = tokenOf(stack);
  const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`tag${index}`, '']));
  federated(stack, 'Images', { resourceGroupName: `a(${value})_b`, location: `west ${value} 2`, tags });
  expect(only(stack, 'azurerm_user_assigned_identity')).toMatchObject({ resource_group_name: 'a(${var.value})_b', location: 'west ${var.value} 2', tags });
});

test('literals are literal', () => {
  const stack = newStack();
  const mark = 'a${var.x}%{if}$';
  federated(stack, 'Images', { tags: { 'a${x}': mark }, audience: mark, issuers: [oidc(stack, 'Cluster', 'https://oidc.example.com/${x}')] });
  const escaped = 'a$${var.x}%%{if}$';
  expect(only(stack, 'azurerm_user_assigned_identity').tags).toEqual({ 'a$${x}': escaped });
  expect(only(stack, CREDENTIAL)).toMatchObject({ audience: [escaped], issuer: 'https://oidc.example.com/$${x}' });
});

describe('several constructs for one existing identity', () => {
  const half = (stack: TerraformStack, id: string, names: string[], more: object = {}) => FluxAzureFederatedIdentity.fromIdentityId(stack, id, {
    issuers: [stack.node.tryFindChild('Cluster') as ClusterIssuer ?? oidc(stack)], ...IDS, serviceAccounts: names.map((name) => FluxServiceAccount.of('team-a', name)), ...more,
  });
  const names = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `flux-${from + index}`);

  test('the same credential twice is refused, however the ID is written, and takes no place', () => {
    const stack = newStack();
    half(stack, 'A', ['a']);
    const message = messageOf(() => half(stack, 'B', ['b', 'a'], { identityId: IDS.identityId.replace('/ids/', '/IDS/') }));
    expect(message).toContain('a second federated credential of issuer "stack/Cluster" and account "team-a/a"');
    expect(message).toContain('"stack/A/Credentials/');
    expect(stack.node.tryFindChild('B')).toBeUndefined();
    expect(() => half(stack, 'B', ['b'])).not.toThrow();
  });

  test('20 together, not 21', () => {
    const stack = newStack();
    half(stack, 'A', names(0, 12));
    expect(messageOf(() => half(stack, 'B', names(12, 21)))).toContain('federated credential 21 of identity');
    expect(() => half(stack, 'B', names(12, 20))).not.toThrow();
    expect(() => half(stack, 'Other', names(12, 21), { identityId: `${IDS.identityId}-2` })).not.toThrow();
  });
});

describe('bad input', () => {
  test.each<[Partial<FluxAzureFederatedIdentityProps>, string, string]>([
    [{ name: 'ab' }, 'identity name "ab"', 'change the identity name'],
    [{ name: '-flux' }, 'identity name "-flux"', 'change the identity name'],
    [{ name: 'a'.repeat(129) }, 'identity name "aaa', 'change the identity name'],
    [{ resourceGroupName: 'flux.' }, 'resource group name "flux."', 'pass its name, not its ID'],
    [{ resourceGroupName: '/subscriptions/x/resourceGroups/flux' }, 'resource group name "/sub', 'pass its name, not its ID'],
    ...['', '!westeurope', 'westeurope!'].map((location): [Partial<FluxAzureFederatedIdentityProps>, string, string] => [{ location }, `location "${location}"`, 'change the location']),
    [{ issuers: [] }, 'no issuer.', 'pass `issuers: [cluster]`'],
    [{ serviceAccounts: [] }, 'no service account.', 'pass `serviceAccounts'],
    [{ serviceAccounts: [TEAM_A, FluxServiceAccount.of('team-a', 'flux')] }, 'service account "team-a/flux" twice.', 'pass `serviceAccounts'],
    [{ audience: '' }, 'audience ""', 'or leave it out'],
    ...['resourceGroupName', 'location'].flatMap((option) => [`"${tokenOf(newStack())}`, `${tokenOf(newStack())}"`].map((text): [Partial<FluxAzureFederatedIdentityProps>, string, string] => (
      [{ [option]: text }, '<a value known at apply>', option === 'location' ? 'change the location' : 'pass its name']
    ))),
    [{ resourceGroupName: 'größe' }, 'resource group name "größe"', 'pass its name'],
    [{ resourceGroupName: 'a/../b' }, 'resource group name "a/../b"', 'pass its name'],
    [{ audience: 'api://Other,api://Second' }, 'audience "api://Other,api://Second"', 'choose another audience'],
    [{ tags: { 'a<b': 'c' } }, 'tag name "a<b"', 'choose another name'],
    [{ tags: { a: 'b'.repeat(257) } }, 'value of tag a "bbb', 'shorten the value'],
    [{ tags: { Team: 'a', team: 'b' } }, 'tag "team" in two spellings', 'remove one'],
    [{ tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, ''])) }, '51 tags.', 'leave some out'],
    [{ audiences: 'api://Other' } as any, 'option "audiences" of FluxAzureFederatedIdentity', 'correct the spelling'],
  ])('%p is refused', (props, given, fix) => {
    const stack = newStack();
    const issuer = oidc(stack);
    const message = messageOf(() => federated(stack, 'Images', { issuers: [issuer], ...props }));
    expect(message).toContain('[stack/Images] ');
    expect(message).toContain(given);
    expect(message.split('Fix: ')[1]).toContain(fix);
    expect(synth(stack).resource).toBeUndefined();
  });

  test('an issuer twice, as itself or as its URL', () => {
    const stack = newStack();
    const [one, two] = [oidc(stack, 'One'), oidc(stack, 'Two')];
    const message = messageOf(() => federated(stack, 'Images', { issuers: [one, two] }));
    expect(message).toContain('issuer "stack/Two" ("https://oidc.example.com/kind"), which "stack/One" is already.');
    expect(message).toContain('make one ClusterIssuer for each cluster');
    expect(messageOf(() => federated(stack, 'Others', { issuers: [one, one] }))).toContain('which "stack/One" is already');
  });

  test('an issuer that is too long for Azure', () => {
    const stack = newStack();
    const issuers = [oidc(stack, 'Long', `https://oidc.example.com/${'a'.repeat(576)}`)];
    expect(messageOf(() => federated(stack, 'Images', { issuers }))).toContain('issuer of 601 characters');
  });

  test('another audience on AKS', () => {
    const stack = newStack();
    const issuers = [aks(stack)];
    federated(stack, 'Objects', { name: 'flux-objects', issuers, serviceAccounts: [TEAM_A], audience: 'api://Other' }).node.tryRemoveChild('Credentials');
    expect(messageOf(() => federated(stack, 'Images', { issuers, audience: 'api://Other' }))).toContain('the webhook of AKS mounts tokens for that audience only');
    federated(stack, 'Same', { issuers, audience: 'api://AzureADTokenExchange' });
    expect(only(stack, CREDENTIAL).audience).toEqual(['api://AzureADTokenExchange']);
  });
});

describe('warnings', () => {
  const ids = (stack: TerraformStack, issuer: ClusterIssuer, serviceAccounts = [SOURCE], other = issuer) => (
    federated(stack, `Images${stack.node.children.length}`, { name: `flux-${stack.node.children.length}`, issuers: [issuer], serviceAccounts })
      ._warnings(contextOf(stack, other)).map(({ id }) => id)
  );

  test('object level on AKS, once for an installation whatever the identity', () => {
    const stack = newStack();
    const cluster = aks(stack);
    const warn = (serviceAccounts: FluxServiceAccount[]) => federated(stack, `I${serviceAccounts.length}`, { name: `flux-${serviceAccounts.length}`, issuers: [cluster], serviceAccounts })
      ._warnings(contextOf(stack));
    const [one] = warn([TEAM_A]);
    expect(one).toMatchObject({ id: 'azure-aks-object-level-unstable', message: expect.stringMatching(/https:\/\/github\.com\/fluxcd\/flux2\/issues\/5359.*`credentialIds`/) });
    expect(warn([TEAM_A, SOURCE])).toEqual([one]);
    expect(ids(stack, cluster)).toEqual([]);
    expect(ids(stack, oidc(stack, 'Oidc'), [TEAM_A])).toEqual([]);
    // Another cluster that the identity trusts is not this installation's.
    expect(ids(stack, oidc(stack, 'Kind', 'https://kind.example.com'), [TEAM_A], cluster)).toEqual([]);
  });

  test('can be acknowledged by the ids that they have', () => {
    const stack = newStack();
    const identity = federated(stack, 'Images', { issuers: [aks(stack)], serviceAccounts: [TEAM_A], azureCloud: AzureCloud.CHINA });
    identity.grant('Staging', AksPermissions.access(RESOURCES.cluster));
    identity.grant('Registry', AcrPermissions.pull(RESOURCES.registry));
    const inFlux = { ...contextOf(stack), version: FluxVersion.V2_7 };
    const acknowledgeWarnings = identity._warnings(inFlux).map(({ id }) => id);
    expect(acknowledgeWarnings.sort()).toEqual(['azure-acr-arm-token', 'azure-aks-lookup-in-public-cloud', 'azure-aks-object-level-unstable']);
    const flux = new FluxInstallation(stack, 'Flux', { issuer: inFlux.issuer, version: inFlux.version, identities: [identity], acknowledgeWarnings });
    expect(flux.warnings.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledgeWarnings));
  });
});

describe('Flux settings', () => {
  const settings = (kind: 'aks' | 'other', account: FluxServiceAccount, azureCloud?: AzureCloud, audience?: string) => {
    const stack = newStack();
    const issuer = kind === 'aks' ? aks(stack) : oidc(stack);
    const identity = FluxAzureFederatedIdentity.fromIdentityId(stack, 'Images', { issuers: [issuer], serviceAccounts: [account], ...IDS, azureCloud, audience });
    expect(identity.trusts(issuer)).toBe(true);
    expect(identity.trusts(oidc(stack, 'Another', 'https://other.example.com'))).toBe(false);
    return { settings: identity.fluxSettings(account, context(issuer)), objects: identity.fluxObjects(context(issuer)) };
  };
  const annotations = { 'azure.workload.identity/client-id': IDS.clientId, 'azure.workload.identity/tenant-id': IDS.tenantId };
  const env = (authority = 'https://login.microsoftonline.com/') => [
    { name: 'AZURE_AUTHORITY_HOST', value: authority },
    { name: 'AZURE_CLIENT_ID', value: IDS.clientId },
    { name: 'AZURE_FEDERATED_TOKEN_FILE', value: '/var/run/service-account/azure-token' },
    { name: 'AZURE_TENANT_ID', value: IDS.tenantId },
  ];
  const tokens = [{ path: 'azure-token', audience: 'api://AzureADTokenExchange' }];

  test('AKS, controller level', () => {
    expect(settings('aks', SOURCE)).toEqual({ settings: { annotations, podLabels: { 'azure.workload.identity/use': 'true' }, stamp: IDS.clientId }, objects: [] });
  });

  test('elsewhere, controller level', () => {
    expect(settings('other', SOURCE)).toEqual({ settings: { env: env(), tokens, stamp: IDS.clientId }, objects: [] });
  });

  test.each(['aks', 'other'] as const)('%s, object level: both annotations', (kind) => {
    expect(settings(kind, TEAM_A)).toEqual({ settings: { annotations }, objects: [] });
  });

  test.each(['aks', 'other'] as const)('%s, object level with another audience: an annotation, from 2.10', (kind) => {
    expect(settings(kind, TEAM_A, undefined, 'api://Other').settings).toEqual({ annotations: { ...annotations, 'credential.auth.fluxcd.io/audiences': 'api://Other' } });
    const stack = newStack();
    const issuer = oidc(stack);
    const identity = FluxAzureFederatedIdentity.fromIdentityId(stack, 'Images', { issuers: [issuer], serviceAccounts: [TEAM_A], ...IDS, audience: 'api://Other' });
    const message = messageOf(() => identity.fluxSettings(TEAM_A, { ...context(issuer), version: FluxVersion.V2_9 }));
    expect(message).toContain('[stack/Images] audience "api://Other" for object-level account "team-a/flux" in Flux 2.9.');
    expect(only(stack, CREDENTIAL).audience).toEqual(['api://Other']);
  });

  test('another audience', () => {
    expect(settings('other', SOURCE, undefined, 'api://Other').settings.tokens).toEqual([{ path: 'azure-token', audience: 'api://Other' }]);
  });

  test.each([
    [AzureCloud.US_GOVERNMENT, 'https://login.microsoftonline.us/'],
    [AzureCloud.CHINA, 'https://login.chinacloudapi.cn/'],
  ])('other clouds %#', (cloud, authority) => {
    expect(settings('other', SOURCE, cloud).settings.env).toEqual(env(authority));
  });

  test('a private cloud: its file on every controller, from a ConfigMap', () => {
    const cloud = AzureCloud.custom({
      authorityHost: 'https://login.core.private/',
      resourceManagerEndpoint: 'https://management.core.private/',
      tokenAudience: 'https://management.core.private/',
      containerRegistryDnsSuffix: 'azurecr.private',
    });
    const file = { name: 'AZURE_ENVIRONMENT_FILEPATH', value: '/var/run/azure-environment/environment.json' };
    const mounts = [{ name: 'azure-environment', mountPath: '/var/run/azure-environment', configMapName: 'flux-azure-environment' }];
    const objects = [{
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'flux-azure-environment', namespace: 'flux-system' },
      data: {
        'environment.json': '{"resourceManagerEndpoint":"https://management.core.private/","tokenAudience":"https://management.core.private/","containerRegistryDNSSuffix":"azurecr.private"}',
      },
    }];
    expect(settings('other', SOURCE, cloud)).toEqual({ settings: { env: [...env('https://login.core.private/'), file], tokens, mounts, stamp: IDS.clientId }, objects });
    expect(settings('aks', SOURCE, cloud)).toEqual({
      settings: { annotations, podLabels: { 'azure.workload.identity/use': 'true' }, env: [file], mounts, stamp: IDS.clientId }, objects,
    });
  });
});

describe('several clusters and accounts at once', () => {
  const EC_KEY = '{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","kid":"a","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}';

  test('a cluster whose keys Entra does not take is refused, also as the second', () => {
    const stack = newStack();
    const other = ClusterIssuer.oidc(stack, 'Other', { url: 'https://other.example.com', jwks: Jwks.fromText(EC_KEY) });
    expect(messageOf(() => federated(stack, 'Images', { issuers: [oidc(stack), other] }))).toContain('Microsoft Entra');
  });

  test('an audience is refused as soon as one account is a controller of an AKS cluster', () => {
    const stack = newStack();
    expect(messageOf(() => federated(stack, 'Images', { issuers: [aks(stack)], audience: 'own', serviceAccounts: [TEAM_A, SOURCE] })))
      .toContain('the webhook of AKS mounts tokens for that audience only');
  });

  test('two constructs of one URL are one issuer', () => {
    const stack = newStack();
    const twins = ['One', 'Two'].map((id) => ClusterIssuer.oidc(stack, id, { url: 'https://same.example.com' }));
    expect(messageOf(() => federated(stack, 'Images', { issuers: twins }))).toContain('https://same.example.com');
  });
});
