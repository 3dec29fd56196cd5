import { TerraformVariable } from 'cdktf';
import { AzureDevOpsProvider } from '../../../lib/azure/devops-bindings/provider';
import { FluxAzureFederatedIdentity } from '../../../lib/azure/flux-azure-federated-identity';
import { AzureDevOpsOptions, AzureDevOpsPermissions } from '../../../lib/azure/permissions/azure-devops';
import { FluxServiceAccount } from '../../../lib/core/flux-service-account';
import { holder, messageOf, newStack, oidc, ofType, only, SUBSCRIPTION, synth } from '../support';

const ENTITLEMENT = 'azuredevops_service_principal_entitlement';
const GUID = '00000000-0000-0000-0000-00000000000a';
const MEMBERSHIP = 'azuredevops_group_membership';

test.each([
  ['read', 'Readers'] as const,
  ['contribute', 'Contributors'] as const,
])('%s: the entitlement, and membership of %s', (method, group) => {
  const stack = newStack();
  const provider = new AzureDevOpsProvider(stack, 'DevOps', { orgServiceUrl: 'https://dev.azure.com/acme/', alias: 'acme' });
  const identity = holder(stack);
  const grant = identity.grant('Platform', AzureDevOpsPermissions[method]('acme', 'platform', { provider }));
  expect(identity._grants[0].rights).toEqual([{ role: group, resources: ['https://dev.azure.com/acme/platform'] }]);
  const { data } = synth(stack);
  expect(only(stack, ENTITLEMENT)).toEqual({
    origin_id: expect.stringMatching(/^\$\{azurerm_user_assigned_identity\.Images_\w+\.principal_id\}$/),
    origin: 'aad',
    account_license_type: 'express',
    licensing_source: 'account',
    provider: 'azuredevops.acme',
  });
  expect(Object.values(data.azuredevops_project)).toEqual([{ name: 'platform', provider: 'azuredevops.acme' }]);
  expect(Object.values(data.azuredevops_group)).toEqual([{
    name: group, project_id: expect.stringMatching(/^\$\{data\.azuredevops_project\.Images_Platform_Project_\w+\.id\}$/), provider: 'azuredevops.acme',
  }]);
  expect(only(stack, MEMBERSHIP)).toEqual({
    group: expect.stringMatching(/^\$\{data\.azuredevops_group\.Images_Platform_Group_\w+\.descriptor\}$/),
    members: [expect.stringMatching(/^\$\{azuredevops_service_principal_entitlement\.Images_AzureDevOps_acme_\w+\.descriptor\}$/)],
    mode: 'add',
    provider: 'azuredevops.acme',
  });
  expect(grant.addresses).toEqual([`${MEMBERSHIP}.${Object.keys(ofType(stack, MEMBERSHIP))[0]}`, `${ENTITLEMENT}.${Object.keys(ofType(stack, ENTITLEMENT))[0]}`]);
});

test('a group of the organization', () => {
  const stack = newStack();
  const identity = holder(stack);
  identity.grant('All', AzureDevOpsPermissions.memberOf('a', 'Flux readers'));
  expect(identity._grants[0].rights).toEqual([{ role: 'Flux readers', resources: ['https://dev.azure.com/a'] }]);
  expect(Object.values(synth(stack).data.azuredevops_group)).toEqual([{ name: 'Flux readers' }]);
  expect(synth(stack).data.azuredevops_project).toBeUndefined();
});

test('names that only Terraform knows', () => {
  const stack = newStack();
  const value = new TerraformVariable(stack, 'value', { type: 'string' }).stringValue;
  holder(stack).grant('Some', AzureDevOpsPermissions.memberOf('acme', value, { project: value }));
  expect(Object.values<any>(synth(stack).data.azuredevops_group)[0]).toMatchObject({ name: '${var.value}', lifecycle: { precondition: [expect.anything()] } });
  expect(Object.values<any>(synth(stack).data.azuredevops_project)[0].name).toBe('${var.value}');
});

test('literals are literal, in names and in what the provider signs in with', () => {
  const stack = newStack();
  holder(stack).grant('Some', AzureDevOpsPermissions.memberOf('acme', 'a${b}', { project: 'c%{d}' }));
  expect(Object.values<any>(synth(stack).data.azuredevops_group)[0].name).toBe('a$${b}');
  expect(Object.values<any>(synth(stack).data.azuredevops_project)[0].name).toBe('c%%{d}');
  new AzureDevOpsProvider(stack, 'DevOps', { orgServiceUrl: 'https://dev.azure.com/acme', clientSecret: 'pass${word}' });
  expect(synth(stack).provider.azuredevops[0].client_secret).toBe('pass$${word}');
});

test('one entitlement for an identity and organization, whatever the order of grants', () => {
  const render = (projects: string[]) => {
    const stack = newStack();
    const identity = holder(stack);
    projects.forEach((project) => identity.grant(project, AzureDevOpsPermissions.read('acme', project)));
    return synth(stack).resource;
  };
  const two = render(['one', 'two']);
  expect(Object.keys(two[ENTITLEMENT])).toHaveLength(1);
  expect(Object.keys(two[MEMBERSHIP])).toHaveLength(2);
  expect(render(['two', 'one'])).toEqual(two);
  expect(two[MEMBERSHIP]).toMatchObject(render(['one'])[MEMBERSHIP]);
  expect(two[ENTITLEMENT]).toEqual(render(['two'])[ENTITLEMENT]);
});

test('each organization has its own', () => {
  const stack = newStack();
  const identity = holder(stack);
  ['acme', 'other'].forEach((organization) => identity.grant(organization, AzureDevOpsPermissions.read(organization, 'platform', {
    provider: new AzureDevOpsProvider(stack, organization, { orgServiceUrl: `https://dev.azure.com/${organization}`, alias: organization }),
  })));
  expect(Object.values(ofType(stack, ENTITLEMENT)).map(({ provider }) => provider).sort()).toEqual(['azuredevops.acme', 'azuredevops.other']);
});

test('a wait before a fresh principal is added', () => {
  const stack = newStack();
  holder(stack).grant('Platform', AzureDevOpsPermissions.read('acme', 'platform', { waitSeconds: 30 }));
  const [wait] = Object.keys(ofType(stack, 'terraform_data'));
  expect(only(stack, 'terraform_data')).toEqual({
    triggers_replace: { principal: expect.stringMatching(/\.principal_id\}$/) },
    provisioner: [{ 'local-exec': { command: 'sleep 30' } }],
  });
  expect(only(stack, ENTITLEMENT).depends_on).toEqual([`terraform_data.${wait}`]);
});

test.each([1, 600])('a wait of %i seconds is taken', (waitSeconds) => {
  const stack = newStack();
  holder(stack).grant('Platform', AzureDevOpsPermissions.read('acme', 'platform', { waitSeconds }));
  expect(only(stack, 'terraform_data').provisioner).toEqual([{ 'local-exec': { command: `sleep ${waitSeconds}` } }]);
});

test('the same group twice, also by another construct for the same principal', () => {
  const stack = newStack();
  const issuers = [oidc(stack)];
  const ids = {
    identityId: `${SUBSCRIPTION}/resourceGroups/ids/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux`,
    clientId: '00000000-0000-0000-0000-0000000000c1',
    principalId: '00000000-0000-0000-0000-0000000000d1',
    tenantId: '00000000-0000-0000-0000-00000000000a',
  };
  const [one, two] = ['One', 'Two'].map((id) => FluxAzureFederatedIdentity.fromIdentityId(stack, id, {
    issuers, serviceAccounts: [FluxServiceAccount.of(id.toLowerCase(), 'flux')], ...ids,
  }));
  one.grant('Platform', AzureDevOpsPermissions.read('acme', 'platform'));
  const message = messageOf(() => two.grant('Platform', AzureDevOpsPermissions.memberOf('Acme', 'readers', { project: 'Platform' })));
  expect(message).toContain('Azure DevOps group "Acme/Platform/readers" a second time: "stack/One/Platform" grants it already.');
  expect(messageOf(() => two.grant('Other', AzureDevOpsPermissions.read('acme', 'other')))).toContain('Azure DevOps entitlement in organization "acme" a second time');
  expect(two.node.tryFindChild('Other')).toBeUndefined();
});

describe('bad input', () => {
  test.each<[string, () => ReturnType<typeof AzureDevOpsPermissions.read>, string, string]>([
    ['a URL as organization', () => AzureDevOpsPermissions.read('https://dev.azure.com/acme', 'platform'), 'organization "https://dev.azure.com/acme"', 'pass "acme"'],
    ['no organization', () => AzureDevOpsPermissions.read('', 'platform'), 'organization ""', 'pass "acme"'],
    ['a URL as project', () => AzureDevOpsPermissions.read('acme', 'https://dev.azure.com/acme/platform'), 'project "https', 'neither its URL'],
    ['no project', () => AzureDevOpsPermissions.read('acme', ''), 'project ""', 'neither its URL'],
    ['a qualified group', () => AzureDevOpsPermissions.memberOf('acme', '[platform]\\Readers'), 'group "[platform]', 'the project in `project`'],
    ['a stakeholder', () => AzureDevOpsPermissions.read('acme', 'platform', { license: 'stakeholder' }), 'Azure DevOps license "stakeholder"', 'pass a constant of the licenses of Azure DevOps: express'],
    ...[0, 601, 1.5].map((waitSeconds): [string, () => ReturnType<typeof AzureDevOpsPermissions.read>, string, string] => (
      [`a wait of ${waitSeconds}`, () => AzureDevOpsPermissions.read('acme', 'platform', { waitSeconds }), `a wait of ${waitSeconds} seconds`, 'pass for example 30']
    )),
    ['an option', () => AzureDevOpsPermissions.read('acme', 'platform', { licence: 'express' } as AzureDevOpsOptions), 'option "licence" of AzureDevOpsPermissions.read', 'spelling'],
  ])('%s', (_, permission, given, fix) => {
    const stack = newStack();
    const message = messageOf(() => holder(stack).grant('Platform', permission()));
    expect(message).toContain('[stack/Images/Platform] ');
    expect(message).toContain(given);
    expect(message.split('Fix: ')[1]).toContain(fix);
    expect(ofType(stack, ENTITLEMENT)).toEqual({});
  });

  test('an organization that only Terraform knows', () => {
    const stack = newStack();
    const value = new TerraformVariable(stack, 'value', { type: 'string' }).stringValue;
    expect(messageOf(() => holder(stack).grant('Platform', AzureDevOpsPermissions.read(value, 'platform')))).toContain('a plain string');
  });

  test('the provider of another organization', () => {
    const stack = newStack();
    const provider = new AzureDevOpsProvider(stack, 'DevOps', { orgServiceUrl: 'https://dev.azure.com/other' });
    const message = messageOf(() => holder(stack).grant('Platform', AzureDevOpsPermissions.read('acme', 'platform', { provider })));
    expect(message).toContain('organization "acme" with the provider of "https://dev.azure.com/other"');
    expect(message).toContain('an alias for each organization');
  });

  test('the provider of an organization that only Terraform knows', () => {
    const stack = newStack();
    const orgServiceUrl = new TerraformVariable(stack, 'url', { type: 'string' }).stringValue;
    holder(stack).grant('Platform', AzureDevOpsPermissions.read('acme', 'platform', { provider: new AzureDevOpsProvider(stack, 'DevOps', { orgServiceUrl }) }));
    expect(only(stack, ENTITLEMENT).lifecycle.precondition).toEqual([{
      condition: '${can(regex("(?i)^https://([^/]+/acme|acme[.]visualstudio[.]com)/?$", var.url))}', error_message: expect.stringContaining('a provider of "https://dev.azure.com/acme"'),
    }]);
  });

  test('other options in one organization', () => {
    const identity = holder(newStack());
    identity.grant('One', AzureDevOpsPermissions.read('acme', 'one'));
    const message = messageOf(() => identity.grant('Two', AzureDevOpsPermissions.read('acme', 'two', { license: 'advanced' })));
    expect(message).toContain('another `license` than the grant that made "stack/Images/AzureDevOps_acme".');
    expect(message).toContain('pass the same `license` to each');
  });
});

describe('AzureDevOpsProvider', () => {
  test('what it renders', () => {
    const stack = newStack();
    new AzureDevOpsProvider(stack, 'DevOps', { orgServiceUrl: 'https://dev.azure.com/acme', tenantId: GUID, clientId: GUID, useOidc: true, oidcTokenFilePath: '/t', useCli: false, alias: 'a' });
    expect(synth(stack).provider.azuredevops).toEqual([{ alias: 'a', org_service_url: 'https://dev.azure.com/acme', tenant_id: GUID, client_id: GUID, use_oidc: true, oidc_token_file_path: '/t', use_cli: false }]);
    expect(synth(stack).terraform.required_providers.azuredevops.source).toBe('microsoft/azuredevops');
  });

  test.each([{ clientId: 'c' }, { tenantId: 'acme.onmicrosoft.com' }])('%p is no GUID', (ids) => {
    expect(messageOf(() => new AzureDevOpsProvider(newStack(), 'DevOps', { orgServiceUrl: 'https://dev.azure.com/acme', ...ids }))).toContain('the provider refuses other forms');
  });

  test.each(['acme', 'https://user:pass@dev.azure.com/acme', 'http://dev.azure.com/acme', 'https://dev.azure.com/acme/platform/_git/fleet', 'https://dev.azure.com/ac\u200bme'])('URL %p is refused', (orgServiceUrl) => {
    const message = messageOf(() => new AzureDevOpsProvider(newStack(), 'DevOps', { orgServiceUrl }));
    expect(message).toContain(`organization URL "${orgServiceUrl.replace('user:pass', '<not shown: it could be a secret>')}"`);
    expect(message).toContain('pass the URL without project');
  });
});
