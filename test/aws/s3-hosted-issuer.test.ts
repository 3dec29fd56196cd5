import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { FluxS3BucketPolicy } from '../../lib/aws/flux-s3-bucket-policy';
import { IS3HostedIssuer, S3HostedIssuer, S3HostedIssuerInBucketProps, S3HostedIssuerProps } from '../../lib/aws/s3-hosted-issuer';
import { ClusterKind } from '../../lib/core/cluster-issuer';
import { Jwks } from '../../lib/core/jwks';
import { addresses, decoded, difference, only, prepare, refused, stack, synth } from '../support';
import { jwksText, signingKey } from '../tokens';

const URL = 'https://acme-oidc.s3.eu-west-1.amazonaws.com';
const OLD = 'https://kubernetes.default.svc.cluster.local';
let keys: string;
let rotated: string;
beforeAll(async () => {
  const [old, now] = await Promise.all([signingKey(), signingKey()]);
  keys = jwksText(old);
  rotated = jwksText(old, now);
});

const props = (overrides: Partial<S3HostedIssuerProps> = {}): S3HostedIssuerProps => ({
  bucketName: 'acme-oidc', region: 'eu-west-1', jwks: Jwks.fromText(keys), previousIssuers: [OLD], ...overrides,
});
const host = (scope: TerraformStack, overrides: Partial<S3HostedIssuerProps> = {}) => new S3HostedIssuer(scope, 'Issuer', props(overrides));
const inBucket = (scope: TerraformStack, overrides: Partial<S3HostedIssuerInBucketProps> = {}) =>
  S3HostedIssuer.inBucket(scope, 'Issuer', { ...props(), ...overrides });

describe('a bucket of its own', () => {
  it.each([[undefined, { prevent_destroy: true }, undefined], [true, undefined, true]])('is destroyed only where that is allowed: %s', (allowDestroy, lifecycle, forced) => {
    const bucket = only(synth((scope) => { host(scope, { allowDestroy }); }), 'aws_s3_bucket');
    expect([bucket.lifecycle, bucket.force_destroy]).toEqual([lifecycle, forced]);
  });

  it('has its policy to itself', () => {
    const scope = stack();
    host(scope);
    const { given } = refused(() => new FluxS3BucketPolicy(scope, 'Policy', { bucketArn: 'arn:aws:s3:::acme-oidc' }));
    expect(given).toContain('"test/Issuer" is the first');
    const other = stack();
    new FluxS3BucketPolicy(other, 'Policy', { bucketArn: 'arn:aws:s3:::acme-oidc', sourcePolicyDocuments: [] });
    expect(refused(() => host(other)).given).toContain('"test/Policy" is the first');
    expect(other.node.tryFindChild('Issuer')).toBeUndefined();
  });

  it('is versioned, open to bucket policies only, and holds the two documents', () => {
    const all = synth((scope) => { host(scope, { tags: { team: 'platform' } }); });
    const bucket = addresses(all, 'aws_s3_bucket.')[0];
    const reference = `\${${bucket}.bucket}`;
    expect(addresses(all).map((address) => address.replace(/_[0-9A-F]{8}$/, ''))).toEqual([
      'aws_s3_bucket.Issuer', 'aws_s3_bucket_policy.Issuer_Policy', 'aws_s3_bucket_public_access_block.Issuer_PublicAccess',
      'aws_s3_bucket_versioning.Issuer_Versioning', 'aws_s3_object.Issuer_Discovery', 'aws_s3_object.Issuer_Jwks',
    ]);
    expect(only(all, 'aws_s3_bucket')).toEqual({ bucket: 'acme-oidc', tags: { team: 'platform' }, lifecycle: { prevent_destroy: true } });
    expect(only(all, 'aws_s3_bucket_versioning')).toEqual({ bucket: reference, versioning_configuration: { status: 'Enabled' } });
    expect(only(all, 'aws_s3_bucket_public_access_block')).toEqual({
      bucket: reference, block_public_acls: true, ignore_public_acls: true, block_public_policy: false, restrict_public_buckets: false,
    });
    const document = {
      bucket: reference,
      content_type: 'application/json',
      cache_control: 'public, max-age=300',
      server_side_encryption: 'AES256',
      tags: { team: 'platform' },
      depends_on: addresses(all, 'aws_s3_bucket_versioning.'),
    };
    const { content: discovery, ...configuration } = only(all, 'aws_s3_object', 'Discovery');
    expect(configuration).toEqual({ ...document, key: '.well-known/openid-configuration' });
    expect(JSON.parse(discovery)).toEqual({
      issuer: URL,
      jwks_uri: `${URL}/openid/v1/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
    const { content: jwks, ...set } = only(all, 'aws_s3_object', 'Jwks');
    expect(set).toEqual({ ...document, key: 'openid/v1/jwks' });
    expect(JSON.parse(jwks).keys.map(({ kid }: any) => kid)).toEqual(JSON.parse(keys).keys.map(({ kid }: any) => kid));
  });

  it('lets everyone read these two objects over TLS, and nobody do anything without', () => {
    const all = synth((scope) => { host(scope); });
    const { policy, depends_on: before } = only(all, 'aws_s3_bucket_policy');
    expect(before).toEqual(addresses(all, 'aws_s3_bucket_public_access_block.'));
    expect(decoded(policy).Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: ['arn:aws:s3:::acme-oidc/.well-known/openid-configuration', 'arn:aws:s3:::acme-oidc/openid/v1/jwks'],
        Condition: { Bool: { 'aws:SecureTransport': 'true' } },
      },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: ['arn:aws:s3:::acme-oidc', 'arn:aws:s3:::acme-oidc/*'],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]);
  });

  it('is an issuer of a cluster elsewhere, and says what the API server needs', () => {
    const issuer = host(stack(), { previousIssuers: [OLD, 'kubernetes/serviceaccount'] });
    expect(issuer.kind).toBe(ClusterKind.OTHER);
    expect(issuer.issuerUrl).toBe(URL);
    expect(issuer.jwksUri).toBe(`${URL}/openid/v1/jwks`);
    expect(issuer.apiServerFlags).toEqual([
      `--service-account-issuer=${URL}`,
      `--service-account-issuer=${OLD}`,
      '--service-account-issuer=kubernetes/serviceaccount',
      `--service-account-jwks-uri=${URL}/openid/v1/jwks`,
    ]);
    expect(host(stack(), { previousIssuers: [] }).apiServerFlags).toHaveLength(2);
  });

  it('knows the hosts and ARNs of the other partitions', () => {
    const china = host(stack(), { region: 'cn-north-1' });
    expect(china.issuerUrl).toBe('https://acme-oidc.s3.cn-north-1.amazonaws.com.cn');
    expect(china.publicReadPolicy).toContain('"arn:aws-cn:s3:::acme-oidc/openid/v1/jwks"');
    const gov = host(stack(), { region: 'us-gov-west-1' });
    expect(gov.issuerUrl).toBe('https://acme-oidc.s3.us-gov-west-1.amazonaws.com');
    expect(gov.publicReadPolicy).toContain('"arn:aws-us-gov:s3:::acme-oidc/');
    const scope = stack();
    const region = new TerraformVariable(scope, 'Region', {}).stringValue;
    expect(host(scope, { region, partition: 'aws-cn' }).issuerUrl).toBe(`https://acme-oidc.s3.${region}.amazonaws.com.cn`);
  });

  it('takes a name that only Terraform knows', () => {
    const all = synth((scope) => { host(scope, { bucketName: new TerraformVariable(scope, 'Bucket', {}).stringValue }); });
    expect(decoded(only(all, 'aws_s3_object', 'Discovery').content)).toMatchObject({
      issuer: '<https://var.Bucket.s3.eu-west-1.amazonaws.com>', jwks_uri: '<https://var.Bucket.s3.eu-west-1.amazonaws.com/openid/v1/jwks>',
    });
    expect(decoded(only(all, 'aws_s3_bucket_policy').policy).Statement[0].Resource).toEqual([
      '<arn:aws:s3:::var.Bucket/.well-known/openid-configuration>', '<arn:aws:s3:::var.Bucket/openid/v1/jwks>',
    ]);
  });

  it('changes one object when a key is added, and nothing else', () => {
    const before = synth((scope) => { host(scope); });
    const after = synth((scope) => { host(scope, { jwks: Jwks.fromText(rotated) }); });
    expect(difference(before, after)).toEqual({ added: [], removed: [], changed: addresses(before, 'aws_s3_object.Issuer_Jwks') });
    const kids = (all: typeof before) => JSON.parse(only(all, 'aws_s3_object', 'Jwks').content).keys.map(({ kid }: any) => kid);
    expect(kids(after)).toEqual(expect.arrayContaining(kids(before)));
  });

  it('is published before IAM is told about the issuer', () => {
    const all = synth((scope) => { new FluxOidcProvider(scope, 'Oidc', { issuer: host(scope) }); });
    expect(only(all, 'aws_iam_openid_connect_provider')).toMatchObject({
      url: URL, depends_on: expect.arrayContaining([...addresses(all, 'aws_s3_object.'), ...addresses(all, 'aws_s3_bucket_policy.')]),
    });
  });

  it('is published before IAM is told about the issuer in another stack', () => {
    const app = Testing.app();
    const [documents, trust] = [new TerraformStack(app, 'documents'), new TerraformStack(app, 'trust')];
    new FluxOidcProvider(trust, 'Oidc', { issuer: host(documents) });
    prepare(app);
    expect(trust.dependencies).toContain(documents);
  });
});

describe('a bucket that exists', () => {
  it('gets the two documents and keeps its policy, which its owner completes', () => {
    let issuer: IS3HostedIssuer;
    const all = synth((scope) => { issuer = inBucket(scope, { path: 'clusters/prod' }); });
    expect(issuer!.issuerUrl).toBe(`${URL}/clusters/prod`);
    expect(addresses(all, '').map((address) => address.split('.')[0])).toEqual(['aws_s3_object', 'aws_s3_object']);
    expect(only(all, 'aws_s3_object', 'Discovery')).toMatchObject({ bucket: 'acme-oidc', key: 'clusters/prod/.well-known/openid-configuration' });
    expect(only(all, 'aws_s3_object', 'Jwks')).toMatchObject({ bucket: 'acme-oidc', key: 'clusters/prod/openid/v1/jwks' });
    expect(JSON.parse(issuer!.publicReadPolicy)).toEqual({
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: ['arn:aws:s3:::acme-oidc/clusters/prod/.well-known/openid-configuration', 'arn:aws:s3:::acme-oidc/clusters/prod/openid/v1/jwks'],
        Condition: { Bool: { 'aws:SecureTransport': 'true' } },
      }],
    });
  });

  const block = (scope: TerraformStack, bucket: string, blockPublicPolicy: boolean, restrictPublicBuckets: boolean) =>
    new S3BucketPublicAccessBlock(scope, 'Block', { bucket, blockPublicPolicy, restrictPublicBuckets });

  it.each<[string, (bucket: S3Bucket) => [string, string]]>([
    ['its name', () => ['acme-oidc', 'acme-oidc']],
    ['an attribute and its name', (bucket) => [bucket.id, 'acme-oidc']],
    ['two attributes', (bucket) => [bucket.id, bucket.bucket]],
  ])('is refused when public access is blocked for it by %s, before or after the issuer', (_, references) => {
    for (const first of [true, false]) {
      const message = refused(() => synth((scope) => {
        const [blocked, given] = references(new S3Bucket(scope, 'Bucket', { bucket: 'acme-oidc' }));
        if (first) block(scope, blocked, true, true);
        inBucket(scope, { bucketName: given });
        if (!first) block(scope, blocked, true, true);
      }));
      expect(message.given).toContain('for which "test/Block" sets block_public_policy = true and restrict_public_buckets = true, is not accepted.');
      expect(message.fix).toContain('set both to false for this bucket (the ACL settings may stay on)');
    }
  });

  it('is refused for the one setting that is on', () => {
    expect(refused(() => synth((scope) => {
      block(scope, 'acme-oidc', false, true);
      inBucket(scope);
    })).given).toContain('"test/Block" sets restrict_public_buckets = true, is not');
  });

  it('is taken when its public access is not blocked, or that of another bucket is', () => {
    for (const [bucket, on] of [['acme-oidc', false], ['other', true]] as const) {
      const all = synth((scope) => {
        block(scope, bucket, on, on);
        inBucket(scope);
      });
      expect(only(all, 'aws_s3_object', 'Jwks').cache_control).toBe('public, max-age=300');
    }
  });
});

describe('a document of the caller', () => {
  const document = (issuer: string, jwksUri = `${issuer}/openid/v1/jwks`) => JSON.stringify({ issuer, jwks_uri: jwksUri, extra: '${no template}' });

  it('is published as it is', () => {
    const all = synth((scope) => { host(scope, { discoveryDocument: document(URL) }); });
    expect(decoded(only(all, 'aws_s3_object', 'Discovery').content)).toEqual(JSON.parse(document(URL)));
  });

  it('must be of this issuer', () => {
    expect(refused(() => host(stack(), { discoveryDocument: document(OLD) })).given).toBe(`[test/Issuer] a discovery document whose "issuer" is "${OLD}".`);
    expect(refused(() => host(stack(), { discoveryDocument: document(`${URL}/`) })).given).toContain('another only by its trailing slash');
    expect(refused(() => host(stack(), { discoveryDocument: document(URL, 'https://10.0.0.1/openid/v1/jwks') }))).toMatchObject({
      given: '[test/Issuer] a discovery document whose "jwks_uri" is "https://10.0.0.1/openid/v1/jwks".',
      why: 'clouds would fetch the keys from there, and that is not where they are published',
      fix: expect.stringContaining('--service-account-jwks-uri'),
    });
  });

  it('is compared by Terraform where only Terraform knows the URL', () => {
    const all = synth((scope) => { host(scope, { bucketName: new TerraformVariable(scope, 'Bucket', {}).stringValue, discoveryDocument: document(URL) }); });
    const { precondition: [{ condition, error_message: message }] } = only(all, 'aws_s3_object', 'Discovery').lifecycle;
    expect(condition).toBe('${("https://${var.Bucket}.s3.eu-west-1.amazonaws.com" == "https://acme-oidc.s3.eu-west-1.amazonaws.com")}');
    expect(message).toBe(`The discovery document is the one of ${URL}, and is to be published somewhere else.`);
  });
});

describe('bad input', () => {
  it.each(['${file("/etc/hostname")}', '$', '.', '"'])('%j beside a value that only Terraform knows is no part of a name', (text) => {
    const late = (scope: TerraformStack) => text + new TerraformVariable(scope, 'Late', {}).stringValue;
    for (const make of [host, inBucket]) {
      expect(refused(() => { const scope = stack(); make(scope, { bucketName: late(scope) }); }).given).toContain('bucket name "');
      if (text !== '.') expect(refused(() => { const scope = stack(); make(scope, { region: late(scope) }); }).given).toContain('region "');
    }
  });

  it.each<[string, Partial<S3HostedIssuerInBucketProps>, string, string]>([
    ['a name with dots', { bucketName: 'oidc.acme.example' }, 'bucket name "oidc.acme.example"', 'use a bucket without dots, for example "oidc-acme-example"'],
    ['an ARN', { bucketName: 'arn:aws:s3:::acme-oidc' }, 'bucket name "arn:aws:s3:::acme-oidc"', 'pass the name of the bucket, not its ARN or URL'],
    ['a short name', { bucketName: 'ab' }, 'bucket name "ab"', 'not its ARN or URL'],
    ['a zone', { region: 'eu-west-1a' }, 'region "eu-west-1a"', 'pass the region of the bucket'],
    ['an unknown partition', { partition: 'aws-eu' }, 'partition "aws-eu"', 'the region tells'],
    ['a path with slashes around it', { path: '/clusters/prod/' }, 'path "/clusters/prod/"', 'pass for example "clusters/prod"'],
    ['a path that leaves the bucket', { path: '../x' }, 'path "../x"', 'pass for example "clusters/prod"'],
    ['the new issuer among them', { previousIssuers: [URL] }, `previousIssuers "${URL}"`, 'pass the "issuer" that'],
    ['a password', { previousIssuers: ['https://me:s3cret@oidc.example.com'] }, 'previousIssuers "https://<not shown: it could be a secret>@oidc.example.com"', 'pass the "issuer" that'],
    ['one twice', { previousIssuers: [OLD, OLD] }, `previousIssuers "${OLD}"`, 'pass the "issuer" that'],
    ['an empty one', { previousIssuers: [''] }, 'previousIssuers ""', 'pass the "issuer" that'],
    ['more tags than an object takes', { tags: Object.fromEntries([...Array(11).keys()].map((n) => [`t${n}`, 'x'])) }, '11 tags.', 'pass fewer tags'],
    ['no key', { jwks: Jwks.fromText() }, 'a JWKS without a key', 'kubectl get --raw /openid/v1/jwks'],
    ['an unknown option', { bucket: 'x' } as any, 'option "bucket" of S3HostedIssuer.inBucket', 'correct the spelling'],
  ])('refuses %s', (_, overrides, given, fix) => {
    const message = refused(() => inBucket(stack(), overrides));
    expect(message.given).toContain(`[test/Issuer] ${given}`);
    expect(message.fix).toContain(fix);
  });

  it('says why a name with dots fails', () => {
    expect(refused(() => host(stack(), { bucketName: 'oidc.acme.example' })).why).toContain('its certificate covers no name with a further dot');
  });

  it('takes no path in a bucket of its own', () => {
    expect(refused(() => host(stack(), { path: 'x' } as any)).given).toContain('option "path" of S3HostedIssuer');
  });
});
