import { TerraformStack, TerraformVariable } from 'cdktf';
import { ClusterKind } from '../../lib/core/cluster-issuer';
import { Jwks } from '../../lib/core/jwks';
import { GcsHostedIssuer, GcsHostedIssuerInBucketProps, GcsHostedIssuerProps } from '../../lib/gcp/gcs-hosted-issuer';
import { addresses, decoded, difference, only, refused, stack, synth } from '../support';
import { jwksText, signingKey } from '../tokens';

const URL = 'https://storage.googleapis.com/acme-oidc';
const OLD = 'https://kubernetes.default.svc.cluster.local';
let keys: string;
let rotated: string;
beforeAll(async () => {
  const [old, now] = await Promise.all([signingKey(), signingKey('ES256')]);
  keys = jwksText(old);
  rotated = jwksText(old, now);
});

const host = (scope: TerraformStack, overrides: Partial<GcsHostedIssuerProps> = {}) =>
  new GcsHostedIssuer(scope, 'Issuer', { bucketName: 'acme-oidc', location: 'EU', jwks: Jwks.fromText(keys), previousIssuers: [OLD], ...overrides });
const inBucket = (scope: TerraformStack, overrides: Partial<GcsHostedIssuerInBucketProps> = {}) =>
  GcsHostedIssuer.inBucket(scope, 'Issuer', { bucketName: 'acme-oidc', jwks: Jwks.fromText(keys), previousIssuers: [OLD], ...overrides });
const names = (all: any) => addresses(all).map((address) => address.replace(/_[0-9A-F]{8}$/, ''));

describe('a bucket of its own', () => {
  it('is versioned, has uniform access, and two public folders with one document each', () => {
    const all = synth((scope) => { host(scope, { project: 'acme-prod', labels: { team: 'platform' } }); });
    const bucket = `\${${addresses(all, 'google_storage_bucket.')[0]}.name}`;
    expect(names(all)).toEqual([
      'google_storage_bucket.Issuer', 'google_storage_bucket_object.Issuer_Discovery', 'google_storage_bucket_object.Issuer_Jwks',
      'google_storage_managed_folder.Issuer_DiscoveryFolder', 'google_storage_managed_folder.Issuer_JwksFolder',
      'google_storage_managed_folder_iam_member.Issuer_DiscoveryReader', 'google_storage_managed_folder_iam_member.Issuer_JwksReader',
    ]);
    expect(only(all, 'google_storage_bucket')).toEqual({
      lifecycle: { prevent_destroy: true },
      name: 'acme-oidc',
      location: 'EU',
      project: 'acme-prod',
      labels: { team: 'platform' },
      uniform_bucket_level_access: true,
      public_access_prevention: 'inherited',
      versioning: { enabled: true },
    });
    const { content, ...object } = only(all, 'google_storage_bucket_object', 'Discovery');
    expect(object).toEqual({ bucket, name: '.well-known/openid-configuration', content_type: 'application/json', cache_control: 'public, max-age=300' });
    expect(JSON.parse(content)).toEqual({
      issuer: URL,
      jwks_uri: `${URL}/openid/v1/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
    expect(only(all, 'google_storage_bucket_object', 'Jwks')).toMatchObject({ bucket, name: 'openid/v1/jwks', content_type: 'application/json', cache_control: 'public, max-age=300' });
    for (const [id, name] of [['Discovery', '.well-known/'], ['Jwks', 'openid/v1/']]) {
      expect(only(all, 'google_storage_managed_folder', id)).toEqual({ bucket, name });
      expect(only(all, 'google_storage_managed_folder_iam_member', id)).toEqual({
        bucket, managed_folder: `\${${addresses(all, `google_storage_managed_folder.Issuer_${id}`)[0]}.name}`, role: 'roles/storage.objectViewer', member: 'allUsers',
      });
    }
  });

  it('is an issuer of a cluster elsewhere, and says what the API server needs', () => {
    const issuer = host(stack());
    expect(issuer).toMatchObject({ kind: ClusterKind.OTHER, issuerUrl: URL, jwksUri: `${URL}/openid/v1/jwks` });
    expect(issuer.apiServerFlags).toEqual([
      `--service-account-issuer=${URL}`, `--service-account-issuer=${OLD}`, `--service-account-jwks-uri=${URL}/openid/v1/jwks`,
    ]);
  });

  it('takes a name that only Terraform knows', () => {
    const all = synth((scope) => { host(scope, { bucketName: new TerraformVariable(scope, 'Bucket', {}).stringValue }); });
    expect(decoded(only(all, 'google_storage_bucket_object', 'Discovery').content).issuer).toBe('<https://storage.googleapis.com/var.Bucket>');
  });

  it('changes the documents, and nothing else, when a key is added', () => {
    const before = synth((scope) => { host(scope); });
    const after = synth((scope) => { host(scope, { jwks: Jwks.fromText(rotated) }); });
    // The discovery document too: it names the algorithms.
    expect(difference(before, after)).toEqual({ added: [], removed: [], changed: addresses(before, 'google_storage_bucket_object.') });
  });
});

describe('a bucket that exists', () => {
  it('is checked by Terraform, and only its two folders are touched', () => {
    const all = synth((scope) => { inBucket(scope, { path: 'clusters/prod' }); });
    expect(names(all).filter((name) => /bucket\./.test(name))).toEqual(['data.google_storage_bucket.Issuer_Bucket']);
    const { name, lifecycle } = only(all, 'data.google_storage_bucket');
    expect(name).toBe('acme-oidc');
    expect(lifecycle.postcondition.map(({ condition }: any) => condition)).toEqual([
      '${self.public_access_prevention != "enforced"}', '${self.uniform_bucket_level_access}',
    ]);
    expect(lifecycle.postcondition[0].error_message).toContain('(public_access_prevention is "enforced"): no cloud could read the issuer\'s documents. Set it to "inherited".');
    expect(lifecycle.postcondition[1].error_message).toContain('Set uniform_bucket_level_access = true.');
    expect(only(all, 'google_storage_bucket_object', 'Jwks')).toMatchObject({
      bucket: `\${${addresses(all, 'data.google_storage_bucket')[0]}.name}`, name: 'clusters/prod/openid/v1/jwks',
    });
    expect(only(all, 'google_storage_managed_folder', 'Discovery').name).toBe('clusters/prod/.well-known/');
    expect(JSON.parse(only(all, 'google_storage_bucket_object', 'Discovery').content).issuer).toBe(`${URL}/clusters/prod`);
  });
});

describe('two issuers in one place', () => {
  const PLACE = /each would overwrite the documents of the other, and clouds would take the tokens of one cluster for those of the other/;
  const other = { bucketName: 'acme-oidc', previousIssuers: [] };

  it('are refused: a bucket made twice, a path used twice', () => {
    const scope = stack();
    host(scope);
    const jwks = Jwks.fromText(rotated);
    const made = refused(() => new GcsHostedIssuer(scope, 'Other', { ...other, jwks, location: 'EU' }));
    expect(made.given).toBe('[test/Other] the place "gs://acme-oidc", where "test/Issuer" publishes its documents.');
    expect(made.why).toMatch(PLACE);
    expect(refused(() => GcsHostedIssuer.inBucket(scope, 'Other', { ...other, jwks })).why).toMatch(PLACE);
    GcsHostedIssuer.inBucket(scope, 'A', { ...other, jwks, path: 'a' });
    expect(refused(() => GcsHostedIssuer.inBucket(scope, 'B', { ...other, jwks, path: 'a' })).given).toContain('the place "gs://acme-oidc/a", where "test/A"');
    expect(() => GcsHostedIssuer.inBucket(scope, 'C', { ...other, jwks, path: 'c' })).not.toThrow();
  });
});

describe('destruction', () => {
  it('is refused by Terraform, because whoever takes the name is the fleet', () => {
    const bucket = only(synth((scope) => { host(scope); }), 'google_storage_bucket');
    expect(bucket.lifecycle).toEqual({ prevent_destroy: true });
    expect(bucket.force_destroy).toBeUndefined();
  });

  it('can be allowed: then with the versions that rotation left', () => {
    const bucket = only(synth((scope) => { host(scope, { allowDestroy: true }); }), 'google_storage_bucket');
    expect(bucket.lifecycle).toBeUndefined();
    expect(bucket.force_destroy).toBe(true);
  });
});

describe('names and labels that Google takes', () => {
  it('are those of domains, and of any script', () => {
    const bucketName = `${'manifests'.repeat(4)}.${'teams'.repeat(6)}.example.com`;
    expect(host(stack(), { bucketName, labels: { 'team_a-1': 'x', 'größe': '' }, project: 'projects/acme-prod' }).issuerUrl).toBe(`https://storage.googleapis.com/${bucketName}`);
  });
});

describe('bad input', () => {
  it.each<[string, Partial<GcsHostedIssuerProps>, string, string]>([
    ['a URI', { bucketName: 'gs://acme-oidc' }, 'bucket name "gs://acme-oidc"', 'pass the name of the bucket, not its gs:// or https:// URL'],
    ['no location', { location: '' }, 'location ""', 'set `location`'],
    ['the document of another issuer', { discoveryDocument: `{"issuer":"${OLD}"}` }, `a discovery document whose "issuer" is "${OLD}".`, '--service-account-issuer'],
    ['a label in upper case', { labels: { Team: 'a' } }, 'label key "Team"', 'write the key in lower case'],
    ['a label value in upper case', { labels: { team: 'A b' } }, 'label value "A b"', 'write the value in lower case'],
    ['many labels', { labels: Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`l${index}`, 'a'])) }, '65 labels.', 'drop some'],
    ['a project', { project: 'Acme' }, 'project "Acme"', 'copy it from the resource'],
    ['a path', { path: 'x' } as any, 'option "path" of GcsHostedIssuer', 'correct the spelling'],
  ])('refuses %s', (_, overrides, given, fix) => {
    const message = refused(() => host(stack(), overrides));
    expect(message.given).toContain(`[test/Issuer] ${given}`);
    expect(message.fix).toContain(fix);
  });

  it('refuses a path with slashes around it', () => {
    expect(refused(() => inBucket(stack(), { path: 'x/' }))).toMatchObject({ given: '[test/Issuer] path "x/" is not accepted.', fix: 'pass for example "clusters/prod"' });
  });
});
