import { TerraformStack, TerraformVariable } from 'cdktf';
import { BlobHostedIssuer, BlobHostedIssuerInAccountProps, BlobHostedIssuerProps } from '../../lib/azure/blob-hosted-issuer';
import { ClusterKind } from '../../lib/core/cluster-issuer';
import { Jwks } from '../../lib/core/jwks';
import { addresses, decoded, difference, only, refusal, refused, stack, synth } from '../support';
import { jwksText, signingKey } from '../tokens';

const URL = 'https://acmeoidc.blob.core.windows.net/oidc';
const OLD = 'https://kubernetes.default.svc.cluster.local';
let keys: string;
let rotated: string;
beforeAll(async () => {
  const [old, now] = await Promise.all([signingKey(), signingKey()]);
  keys = jwksText(old);
  rotated = jwksText(old, now);
});

const existing = (overrides: Partial<BlobHostedIssuerInAccountProps> = {}): BlobHostedIssuerInAccountProps => ({
  accountName: 'acmeoidc', resourceGroupName: 'identity', jwks: Jwks.fromText(keys), previousIssuers: [OLD], ...overrides,
});
const host = (scope: TerraformStack, overrides: Partial<BlobHostedIssuerProps> = {}) =>
  new BlobHostedIssuer(scope, 'Issuer', { ...existing(), location: 'westeurope', ...overrides });

describe('an account of its own', () => {
  it('is versioned, answers over TLS only, and has one container whose blobs are public', () => {
    const all = synth((scope) => { host(scope, { tags: { team: 'platform' } }); });
    const [account] = addresses(all, 'azurerm_storage_account.');
    const [container] = addresses(all, 'azurerm_storage_container.');
    expect(addresses(all).map((address) => address.replace(/_[0-9A-F]{8}$/, ''))).toEqual([
      'azurerm_storage_account.Issuer', 'azurerm_storage_blob.Issuer_Discovery', 'azurerm_storage_blob.Issuer_Jwks', 'azurerm_storage_container.Issuer_Container',
    ]);
    expect(only(all, 'azurerm_storage_account')).toEqual({
      name: 'acmeoidc',
      resource_group_name: 'identity',
      location: 'westeurope',
      account_kind: 'StorageV2',
      account_tier: 'Standard',
      account_replication_type: 'LRS',
      allow_nested_items_to_be_public: true,
      https_traffic_only_enabled: true,
      min_tls_version: 'TLS1_2',
      blob_properties: { versioning_enabled: true },
      tags: { team: 'platform' },
      lifecycle: { prevent_destroy: true },
    });
    expect(only(all, 'azurerm_storage_container')).toEqual({ name: 'oidc', storage_account_id: `\${${account}.id}`, container_access_type: 'blob' });
    const blob = {
      storage_account_name: `\${${account}.name}`,
      storage_container_name: `\${${container}.name}`,
      type: 'Block',
      content_type: 'application/json',
      cache_control: 'public, max-age=300',
    };
    const { source_content: discovery, ...document } = only(all, 'azurerm_storage_blob', 'Discovery');
    expect(document).toEqual({ ...blob, name: '.well-known/openid-configuration' });
    expect(JSON.parse(discovery)).toEqual({
      issuer: URL,
      jwks_uri: `${URL}/openid/v1/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
    const { source_content: jwks, ...set } = only(all, 'azurerm_storage_blob', 'Jwks');
    expect(set).toEqual({ ...blob, name: 'openid/v1/jwks' });
    expect(JSON.parse(jwks).keys).toHaveLength(1);
  });

  it('is an issuer of a cluster elsewhere, and says what the API server needs', () => {
    const issuer = host(stack(), { containerName: 'prod', storageSuffix: 'core.chinacloudapi.cn', replication: 'ZRS' });
    const url = 'https://acmeoidc.blob.core.chinacloudapi.cn/prod';
    expect(issuer).toMatchObject({ kind: ClusterKind.OTHER, issuerUrl: url, jwksUri: `${url}/openid/v1/jwks` });
    expect(issuer.apiServerFlags).toEqual([
      `--service-account-issuer=${url}`, `--service-account-issuer=${OLD}`, `--service-account-jwks-uri=${url}/openid/v1/jwks`,
    ]);
  });

  it('takes names that only Terraform knows', () => {
    const all = synth((scope) => { host(scope, { accountName: new TerraformVariable(scope, 'Account', {}).stringValue }); });
    expect(decoded(only(all, 'azurerm_storage_blob', 'Discovery').source_content).issuer).toBe('<https://var.Account.blob.core.windows.net/oidc>');
  });

  it('changes one blob when a key is added, and nothing else', () => {
    const before = synth((scope) => { host(scope); });
    const after = synth((scope) => { host(scope, { jwks: Jwks.fromText(rotated) }); });
    expect(difference(before, after)).toEqual({ added: [], removed: [], changed: addresses(before, 'azurerm_storage_blob.Issuer_Jwks') });
  });
});

it('lets the account be destroyed only where that was said', () => {
  const all = synth((scope) => { host(scope, { allowDestroy: true }); });
  expect(only(all, 'azurerm_storage_account').lifecycle).toBeUndefined();
});

it('checks by Terraform what only it knows', () => {
  const all = synth((scope) => {
    const value = new TerraformVariable(scope, 'Value', {}).stringValue;
    host(scope, { accountName: value, resourceGroupName: value, containerName: value, storageSuffix: value, location: value, replication: value });
  });
  expect(only(all, 'azurerm_storage_account').lifecycle.precondition.map(({ error_message: message }: any) => /^The (.*) of test/.exec(message)![1]))
    .toEqual(['account name', 'resource group name', 'container name', 'storage suffix', 'location', 'replication']);
});

it('takes literals for what they are', () => {
  const all = synth((scope) => { host(scope, { tags: { team: '${var.x}' } }); });
  expect(only(all, 'azurerm_storage_account').tags).toEqual({ team: '$${var.x}' });
});

describe('two issuers', () => {
  const second = (scope: TerraformStack, overrides: object = {}) => () => BlobHostedIssuer.inAccount(scope, 'Second', { ...existing(), ...overrides });

  it('have a container each', () => {
    const scope = stack();
    host(scope);
    expect(refusal(second(scope))).toContain('[test/Second] container "https://acmeoidc.blob.core.windows.net/oidc" a second time; "test/Issuer" publishes its documents there.');
    second(scope, { containerName: 'second' })();
  });

  it('cannot both make the account', () => {
    const scope = stack();
    host(scope);
    expect(refusal(() => new BlobHostedIssuer(scope, 'Second', { ...existing(), location: 'westeurope', containerName: 'second' })))
      .toContain('storage account "acmeoidc" a second time; "test/Issuer" is the first.');
  });

  it('of one account that only Terraform knows are noticed too', () => {
    const scope = stack();
    const account = new TerraformVariable(scope, 'Account', {});
    host(scope, { accountName: account.stringValue });
    expect(refusal(second(scope, { accountName: account.stringValue }))).toContain('a second time');
  });
});

describe('an account that exists', () => {
  it('is checked by Terraform, and gets one container', () => {
    const all = synth((scope) => { BlobHostedIssuer.inAccount(scope, 'Issuer', existing()); });
    const [account] = addresses(all, 'data.azurerm_storage_account.');
    expect(addresses(all, 'azurerm_storage_account.')).toEqual([]);
    const { lifecycle, ...lookup } = only(all, 'data.azurerm_storage_account');
    expect(lookup).toEqual({ name: 'acmeoidc', resource_group_name: 'identity' });
    expect(lifecycle.postcondition.map(({ condition }: any) => condition)).toEqual(['${self.allow_nested_items_to_be_public}', '${self.https_traffic_only_enabled}']);
    expect(lifecycle.postcondition[0].error_message).toContain('(allow_nested_items_to_be_public is false): no cloud could read the issuer\'s documents. Set it to true.');
    expect(lifecycle.postcondition[1].error_message).toContain('Set https_traffic_only_enabled = true.');
    expect(only(all, 'azurerm_storage_container').storage_account_id).toBe(`\${${account}.id}`);
    expect(only(all, 'azurerm_storage_blob', 'Jwks').storage_account_name).toBe(`\${${account}.name}`);
  });
});

describe('bad input', () => {
  it.each<[string, Partial<BlobHostedIssuerProps>, string, string]>([
    ['an account with a dash', { accountName: 'acme-oidc' }, 'account name "acme-oidc"', 'not its ID or URL'],
    ['no resource group', { resourceGroupName: '' }, 'resource group name ""', 'pass its name, not its ID'],
    ['the $web container', { containerName: '$web' }, 'container name "$web"', 'a container of the issuer\'s own'],
    ['a whole host', { storageSuffix: 'https://core.windows.net' }, 'storage suffix "https://core.windows.net"', 'without "blob." before it'],
    ['a tier with the replication', { replication: 'Standard_LRS' }, 'replication "Standard_LRS"', 'without the tier'],
    ['the document of another issuer', { discoveryDocument: `{"issuer":"${URL}/"}` }, `a discovery document whose "issuer" is "${URL}/", another only by its trailing slash.`, 'in both places'],
    ['a path', { path: 'x' } as any, 'option "path" of BlobHostedIssuer', 'correct the spelling'],
  ])('refuses %s', (_, overrides, given, fix) => {
    const message = refused(() => host(stack(), overrides));
    expect(message.given).toContain(`[test/Issuer] ${given}`);
    expect(message.fix).toContain(fix);
  });
});
