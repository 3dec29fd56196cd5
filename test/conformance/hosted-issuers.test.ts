import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { keysOf } from './clouds';
import { describeWith, TERRAFORM } from './programs';
import { evaluate, Evaluation } from './terraform';
import { ClusterIssuer, BlobHostedIssuer, FluxGcpWorkloadPool, GcsHostedIssuer, Jwks, S3HostedIssuer } from '../../lib';
import { jwksText, Loopback, serve, Served, serviceAccountToken, signingKey, SigningKey } from '../tokens';

const URLS = {
  S3HostedIssuer: 'https://acme-oidc.s3.eu-west-1.amazonaws.com',
  GcsHostedIssuer: 'https://storage.googleapis.com/acme-oidc',
  BlobHostedIssuer: 'https://acmeoidc.blob.core.windows.net/oidc',
};

/** A cluster's documents with every host, the names known to Terraform only; and in the Google upload. */
function hosts(jwks: Jwks, build: (stack: TerraformStack) => void = () => {}): TerraformStack {
  const stack = new TerraformStack(Testing.app(), 'hosts');
  new AwsProvider(stack, 'Aws', {});
  new GoogleProvider(stack, 'Google', {});
  new AzurermProvider(stack, 'Azure', { features: [{}] });
  const named = (id: string, value: string) => new TerraformVariable(stack, id, { type: 'string', default: value }).stringValue;
  const common = { jwks, previousIssuers: [] };
  new S3HostedIssuer(stack, 'S3', { ...common, bucketName: named('s3', 'acme-oidc'), region: named('region', 'eu-west-1') });
  new GcsHostedIssuer(stack, 'Gcs', { ...common, bucketName: named('gcs', 'acme-oidc'), location: 'EU' });
  new BlobHostedIssuer(stack, 'Blob', { ...common, accountName: named('blob', 'acmeoidc'), resourceGroupName: 'identity', location: 'westeurope' });
  const kind = ClusterIssuer.oidc(stack, 'Kind', { url: 'https://kubernetes.default.svc.cluster.local', jwks });
  new FluxGcpWorkloadPool(stack, 'Pool', { issuer: kind, poolId: 'kind', namespaces: ['flux-system'] });
  build(stack);
  return stack;
}

/** What the three hosts serve of the evaluated objects. */
function served({ resources }: Evaluation): { [url: string]: Served } {
  const documents: { [url: string]: Served } = {};
  for (const [address, object] of Object.entries(resources)) {
    const { content_type: contentType, cache_control: cacheControl } = object;
    const put = (url: string, content: string) => { documents[url] = { content, contentType, cacheControl }; };
    if (address.startsWith('aws_s3_object.')) put(`https://${object.bucket}.s3.eu-west-1.amazonaws.com/${object.key}`, object.content);
    if (address.startsWith('google_storage_bucket_object.')) put(`https://storage.googleapis.com/${object.bucket}/${object.name}`, object.content);
    if (address.startsWith('azurerm_storage_blob.')) {
      put(`https://${object.storage_account_name}.blob.core.windows.net/${object.storage_container_name}/${object.name}`, object.source_content);
    }
  }
  return documents;
}

describeWith([TERRAFORM], 'hosted issuers', () => {
  const SUBJECT = 'system:serviceaccount:flux-system:source-controller';
  let old: SigningKey;
  let now: SigningKey;
  const phases: { [phase: string]: { internet: Loopback; uploaded: string } } = {};
  beforeAll(async () => {
    [old, now] = await Promise.all([signingKey(), signingKey('ES256')]);
    const oldKeys = Jwks.fromText(jwksText(old));
    const newKeys = Jwks.fromText(JSON.stringify(now.jwk));
    for (const [phase, jwks] of Object.entries({ before: oldKeys, meanwhile: oldKeys.and(newKeys), after: newKeys })) {
      const evaluation = evaluate(hosts(jwks));
      const [, { oidc }] = Object.entries(evaluation.resources).find(([address]) => address.startsWith('google_iam_workload_identity_pool_provider.'))!;
      phases[phase] = { internet: await serve(served(evaluation)), uploaded: oidc.jwks_json };
    }
  });
  afterAll(async () => Promise.all(Object.values(phases).map(async ({ internet }) => internet.close())));

  const token = async (issuer: string, key: SigningKey) =>
    serviceAccountToken({ issuer, key, namespace: 'flux-system', account: 'source-controller', audience: 'sts.amazonaws.com', pod: 'source-controller-0' });

  it.each(Object.entries(URLS))('%s: its documents lead to the keys, by discovery', async (_, issuer) => {
    const { internet } = phases.before;
    const { payload } = await jwtVerify(await token(issuer, old), await keysOf(issuer, internet), { issuer, audience: 'sts.amazonaws.com' });
    expect(payload.sub).toBe(SUBJECT);
    for (const path of ['.well-known/openid-configuration', 'openid/v1/jwks']) {
      const { headers } = await fetch(internet.at(`${issuer}/${path}`));
      expect(headers.get('content-type')).toBe('application/json');
      expect(Number(/max-age=(\d+)/.exec(headers.get('cache-control')!)![1])).toBeLessThanOrEqual(300);
    }
    await expect(keysOf(`${issuer}/`, internet)).rejects.toThrow('is the one of');
  });

  it.each(Object.entries(URLS))('%s: tokens of both keys verify while one takes over from the other', async (_, issuer) => {
    const verifies = async (phase: string, key: SigningKey) =>
      jwtVerify(await token(issuer, key), await keysOf(issuer, phases[phase].internet), { issuer }).then(() => true, () => false);
    expect([await verifies('before', old), await verifies('before', now)]).toEqual([true, false]);
    expect([await verifies('meanwhile', old), await verifies('meanwhile', now)]).toEqual([true, true]);
    expect([await verifies('after', old), await verifies('after', now)]).toEqual([false, true]);
  });

  it('the upload to Google: tokens of both keys verify while one takes over from the other', async () => {
    const verifies = async (phase: string, key: SigningKey) =>
      jwtVerify(await token('https://kubernetes.default.svc.cluster.local', key), createLocalJWKSet(JSON.parse(phases[phase].uploaded))).then(() => true, () => false);
    expect([await verifies('before', old), await verifies('before', now)]).toEqual([true, false]);
    expect([await verifies('meanwhile', old), await verifies('meanwhile', now)]).toEqual([true, true]);
    expect([await verifies('after', old), await verifies('after', now)]).toEqual([false, true]);
    // Google refuses keys with other members.
    for (const { keys } of Object.values(phases).map(({ uploaded }) => JSON.parse(uploaded))) {
      for (const key of keys) expect(Object.keys(key).every((member) => ['kty', 'alg', 'use', 'kid', 'n', 'e', 'x', 'y', 'crv'].includes(member))).toBe(true);
    }
  });

  it('Terraform refuses a discovery document of another URL where only it knows the URL', () => {
    const withDocument = (issuer: string) => () => evaluate(hosts(Jwks.fromText(jwksText(old)), (stack) => {
      new S3HostedIssuer(stack, 'Own', {
        bucketName: new TerraformVariable(stack, 'own', { type: 'string', default: 'acme-own' }).stringValue,
        region: 'eu-west-1',
        jwks: Jwks.fromText(jwksText(old)),
        previousIssuers: [],
        discoveryDocument: JSON.stringify({ issuer, jwks_uri: `${issuer}/openid/v1/jwks` }),
      });
    }));
    expect(withDocument('https://acme-own.s3.eu-west-1.amazonaws.com')).not.toThrow();
    expect(withDocument('https://elsewhere.s3.eu-west-1.amazonaws.com')).toThrow('The discovery document is the one of https://elsewhere.s3.eu-west-1.amazonaws.com');
  });

  it.each<[string, any, string]>([
    ['google_storage_bucket', { public_access_prevention: 'enforced', uniform_bucket_level_access: true }, 'prevents public access (public_access_prevention is "enforced")'],
    ['google_storage_bucket', { public_access_prevention: 'inherited', uniform_bucket_level_access: false }, 'Set uniform_bucket_level_access = true.'],
    ['azurerm_storage_account', { allow_nested_items_to_be_public: false, https_traffic_only_enabled: true }, '(allow_nested_items_to_be_public is false)'],
    ['azurerm_storage_account', { allow_nested_items_to_be_public: true, https_traffic_only_enabled: false }, 'Set https_traffic_only_enabled = true.'],
  ])('Terraform refuses an existing %s with %j', (type, bad, message) => {
    const open: { [type: string]: object } = {
      google_storage_bucket: { public_access_prevention: 'inherited', uniform_bucket_level_access: true },
      azurerm_storage_account: { id: '/subscriptions/x', allow_nested_items_to_be_public: true, https_traffic_only_enabled: true },
    };
    const existing = (attributes: object) => () => {
      const read = Object.entries({ ...open, [type]: { ...open[type], ...attributes } });
      const computed = Object.fromEntries(read.map(([each, values]) => [`data.${each}`, () => values]));
      evaluate(hosts(Jwks.fromText(jwksText(old)), (stack) => {
        const common = { jwks: Jwks.fromText(jwksText(old)), previousIssuers: [] };
        GcsHostedIssuer.inBucket(stack, 'OwnGcs', { ...common, bucketName: 'acme-own' });
        BlobHostedIssuer.inAccount(stack, 'OwnBlob', { ...common, accountName: 'acmeown', resourceGroupName: 'identity' });
      }), { computed });
    };
    expect(existing({})).not.toThrow();
    expect(existing(bad)).toThrow(message);
  });
});
