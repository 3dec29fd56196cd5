import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { KEY } from './support';
import { FluxIamUser, FluxIamUserProps } from '../../lib/aws/flux-iam-user';
import { FluxRolePolicies } from '../../lib/aws/flux-role-policies';
import { CodeCommitPermissions } from '../../lib/aws/permissions/code-commit';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { EcrPublicPermissions } from '../../lib/aws/permissions/ecr-public';
import { KmsPermissions } from '../../lib/aws/permissions/kms';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { addresses, difference, only, refused, rendered, resolved, stack, synth } from '../support';

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const KUSTOMIZE = FluxServiceAccount.controller(FluxController.KUSTOMIZE);
const BUCKET = 'arn:aws:s3:::flux-manifests';

function user(scope: TerraformStack, props: Partial<FluxIamUserProps> = {}, id = 'User'): FluxIamUser {
  return new FluxIamUser(scope, id, { name: 'flux', ...props.secrets ? {} : { serviceAccounts: [SOURCE] }, ...props });
}

function flux(props: Partial<FluxIamUserProps>, namespace?: string) {
  const scope = stack();
  const installation = new FluxInstallation(scope, 'Installation', {
    issuer: ClusterIssuer.oidc(scope, 'Kind', { url: 'https://oidc.example.com' }), version: FluxVersion.V2_10, namespace, identities: [user(scope, props)],
  });
  const manifests = rendered(resolved(scope, new FluxManifests(scope, 'Manifests', { installation }).yaml));
  return { manifests, kustomization: rendered(resolved(scope, new FluxKustomization(scope, 'Flux', { installation }).yaml)) };
}

it('is a user with a key and one policy', () => {
  const all = synth((scope) => {
    const provider = new AwsProvider(scope, 'Other', { alias: 'other' });
    const one = user(scope, { serviceAccounts: [SOURCE, KUSTOMIZE], path: '/flux/', permissionsBoundary: 'arn:aws:iam::111122223333:policy/bound', tags: { a: 'b' }, provider });
    one.grant('Bucket', S3Permissions.read(BUCKET));
    one.grant('Key', KmsPermissions.decrypt(KEY));
    one.grant('Fleet', CodeCommitPermissions.pull('arn:aws:codecommit:eu-west-1:111122223333:fleet'));
  });
  const name = `\${${addresses(all, 'aws_iam_user.')[0]}.name}`;
  expect(only(all, 'aws_iam_user')).toEqual({
    name: 'flux', path: '/flux/', permissions_boundary: 'arn:aws:iam::111122223333:policy/bound', tags: { a: 'b' }, provider: 'aws.other',
  });
  expect(only(all, 'aws_iam_access_key')).toEqual({ user: name, provider: 'aws.other' });
  expect(only(all, 'aws_iam_user_policy')).toMatchObject({ user: name, name: 'flux', provider: 'aws.other' });
  expect(JSON.parse(only(all, 'aws_iam_user_policy').policy).Statement.map(({ Action }: any) => Action))
    .toEqual(['codecommit:GitPull', 'kms:Decrypt', 's3:GetObject', 's3:ListBucket']);
});

it('spills past the 2,048 characters of a user, unless more are allowed', () => {
  const build = (quotas?: object) => synth((scope) => {
    const one = user(scope, { quotas });
    for (let index = 0; index < 20; index++) one.grant(`Bucket${index}`, S3Permissions.read(`arn:aws:s3:::a-bucket-with-a-name-that-is-long-${index}`));
  });
  const all = build();
  expect(only(all, 'aws_iam_user_policy').policy.length).toBeLessThanOrEqual(2048);
  expect(addresses(all, 'aws_iam_user_policy_attachment.')).toHaveLength(addresses(all, 'aws_iam_policy.').length);
  expect(addresses(all, 'aws_iam_policy.').length).toBeGreaterThan(0);
  expect(addresses(build({ inlinePolicySize: 10000 }), 'aws_iam_policy.')).toEqual([]);
});

it('puts everything in managed policies where inline ones are forbidden', () => {
  const all = synth((scope) => {
    const provider = new AwsProvider(scope, 'Other', { alias: 'other' });
    user(scope, { policies: FluxRolePolicies.MANAGED, provider }).grant('Bucket', S3Permissions.read(BUCKET));
  });
  expect(addresses(all, 'aws_iam_user_policy.')).toEqual([]);
  expect(only(all, 'aws_iam_user_policy_attachment')).toEqual({
    user: `\${${addresses(all, 'aws_iam_user.')[0]}.name}`, policy_arn: `\${${addresses(all, 'aws_iam_policy.')[0]}.arn}`, provider: 'aws.other',
  });
});

describe('what Flux is told', () => {
  it('is the key, as environment from a Secret, for a controller', () => {
    const { manifests, kustomization } = flux({ region: 'eu-west-1' });
    expect(manifests).toContain('name: source-controller-aws-access-key\n  namespace: flux-system');
    expect(manifests).toMatch(/stringData:\n {2}accesskey: "<aws_iam_access_key\.User_AccessKeys_Key_\w+\.id>"\n {2}secretkey: "<aws_iam_access_key\.User_AccessKeys_Key_\w+\.secret>"/);
    for (const [name, key] of [['AWS_ACCESS_KEY_ID', 'accesskey'], ['AWS_SECRET_ACCESS_KEY', 'secretkey']]) {
      expect(kustomization.replace(/\n\s+/g, ' ')).toContain(`- name: ${name} valueFrom: secretKeyRef: name: source-controller-aws-access-key key: ${key}`);
    }
    expect(kustomization.replace(/\n\s+/g, ' ')).toContain('- name: AWS_REGION value: eu-west-1');
    expect(kustomization).toMatch(/cdktf-flux-identity\/aws: "<aws_iam_access_key\.\w+\.id>"/);
    expect(kustomization).not.toContain('.secret');
  });

  it('is Secrets with the keys that Bucket and SOPS read', () => {
    const { manifests, kustomization } = flux({ secrets: [FluxSecret.sops('apps', 'sops'), FluxSecret.bucket('apps', 'bucket')] });
    expect(manifests).toMatch(/name: bucket\n {2}namespace: apps\ntype: Opaque\nstringData:\n {2}accesskey: .+\n {2}secretkey: /);
    expect(manifests).toMatch(/name: sops\n {2}namespace: apps\ntype: Opaque\nstringData:\n {2}sops\.aws-kms: "aws_access_key_id: .+aws_secret_access_key: /);
    expect(kustomization).not.toContain('AWS_');
  });

  it('is no Secret when the key is encrypted for its holder, and the same environment', () => {
    const { manifests, kustomization } = flux({ pgpKey: 'keybase:flux' });
    expect(manifests).not.toContain('Secret');
    expect(kustomization).toContain('name: source-controller-aws-access-key');
    const all = synth((scope) => user(scope, { pgpKey: 'keybase:flux' }));
    expect(only(all, 'aws_iam_access_key').pgp_key).toBe('keybase:flux');
    const scope = stack();
    expect(resolved(scope, user(scope, { pgpKey: 'keybase:flux' }).secretAccessKey)).toMatch(/\.encrypted_secret\}$/);
    expect(resolved(scope, user(scope, { name: 'plain' }, 'Plain').secretAccessKey)).toMatch(/\.secret\}$/);
  });

  it('takes public keys as old and new packets begin them, and leaves to Terraform what only it knows', () => {
    for (const bytes of [[0x98, 0x33], [0x99, 0x01], [0xc6, 0x33]]) user(stack(), { pgpKey: `${Buffer.from([...bytes, 1, 2]).toString('base64')}\n` });
    const key = only(synth((scope) => user(scope, { pgpKey: new TerraformVariable(scope, 'key', { type: 'string' }).stringValue })), 'aws_iam_access_key');
    expect(key.pgp_key).toBe('${var.key}');
    expect(key.lifecycle.precondition).toEqual([{
      condition: '${can(regex("^(keybase:[A-Za-z0-9_.-]+|(m|x[g-v])[A-Za-z0-9+/=[:space:]]*)$", var.key))}',
      error_message: expect.stringContaining('test/User: pgpKey is not a PGP public key'),
    }]);
  });

  it('follows Flux to another namespace', () => {
    const { manifests } = flux({ serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE, 'flux-two')] }, 'flux-two');
    expect(manifests).toContain('name: source-controller-aws-access-key\n  namespace: flux-two');
  });
});

describe('rotation', () => {
  const keys = (...accessKeys: string[]) => {
    let id = '';
    const all = synth((scope) => { id = resolved(scope, user(scope, { accessKeys }).accessKeyId); });
    return { all, id };
  };

  it('makes the second key, hands it out, and leaves the first alone until its name goes', () => {
    const [first, both, second] = [keys('Old'), keys('Old', 'New'), keys('New')];
    const [oldKey, newKey] = ['Old', 'New'].map((name) => expect.stringMatching(new RegExp(`^aws_iam_access_key\\.User_AccessKeys_${name}_`)));
    expect(difference(first.all, both.all)).toEqual({ added: [newKey], removed: [], changed: [] });
    expect(difference(both.all, second.all)).toEqual({ added: [], removed: [oldKey], changed: [] });
    expect(both.id).toMatch(/AccessKeys_New/);
    expect(second.id).toBe(both.id);
  });
});

describe('bad input', () => {
  it.each<[string, (scope: TerraformStack) => unknown, string, string]>([
    ['nobody', (scope) => user(scope, { serviceAccounts: [] }), 'no service account and no Secret', 'pass controllers'],
    ['an object-level account', (scope) => user(scope, { serviceAccounts: [FluxServiceAccount.of('apps', 'flux')] }), 'object-level service account "apps/flux" for an access key', 'FluxSecret.bucket'],
    ['a notification Provider', (scope) => user(scope, { secrets: [FluxSecret.provider('apps', 'hook')] }), 'Secret "apps/hook" of a notification Provider', 'remove it'],
    ['a Secret twice', (scope) => user(scope, { secrets: [FluxSecret.bucket('a', 'b'), FluxSecret.sops('a', 'b')] }), 'Secret "a/b" twice', 'need different names'],
    ['a controller twice', (scope) => user(scope, { serviceAccounts: [SOURCE, SOURCE] }), 'service account "flux-system/source-controller" twice', 'remove one'],
    ['three keys', (scope) => user(scope, { accessKeys: ['A', 'B', 'C'] }), '3 access keys', 'remove the oldest name'],
    ['no key', (scope) => user(scope, { accessKeys: [] }), '0 access keys', 'remove the oldest name'],
    ['a key without a name for an address', (scope) => user(scope, { accessKeys: ['2026'] }), 'construct id "2026"', 'choose a fixed id'],
    ['a key twice', (scope) => user(scope, { accessKeys: ['A', 'A'] }), 'access key "A" twice', 'remove the oldest name'],
    ['a bad name', (scope) => user(scope, { name: 'flux user' }), 'user name "flux user"', 'change the user name'],
    ['a bad path', (scope) => user(scope, { path: 'flux' }), 'user path "flux"', 'change the user path'],
    // The first bytes of packets as `gpg --export-secret-keys` and `--export` begin them.
    ...[[0x95, 0x01], [0x97, 0x00], [0xc5, 0x9d]].map((bytes): [string, (scope: TerraformStack) => unknown, string, string] => (
      [`a private PGP key (${bytes})`, (scope) => user(scope, { pgpKey: Buffer.from([...bytes, 1, 2, 3]).toString('base64') }), '`pgpKey` with a private key', 'gpg --export']
    )),
    ['an armored private PGP key', (scope) => user(scope, { pgpKey: '-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQ' }), '`pgpKey` with a private key', 'gpg --export'],
    ['an armored public PGP key', (scope) => user(scope, { pgpKey: '-----BEGIN PGP PUBLIC KEY BLOCK-----\nmQ' }), '`pgpKey` in another form', 'gpg --export'],
    ['a PGP key with quotes around its token', (scope) => user(scope, { pgpKey: `"${new TerraformVariable(scope, 'key', {}).stringValue}"` }), '`pgpKey` in another form', 'gpg --export'],
    ['a PGP key that is text', (scope) => user(scope, { pgpKey: 'my-key' }), '`pgpKey` in another form', 'gpg --export'],
    ['a quota of roles', (scope) => user(scope, { quotas: { trustPolicySize: 4096 } as any }), 'option "trustPolicySize" of FluxUserQuotas', 'correct the spelling'],
    ['a misspelt option', (scope) => user(scope, { userName: 'x' } as any), 'option "userName" of FluxIamUser', 'correct the spelling'],
    ['ECR', (scope) => user(scope).grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps')), 'permission "pull" on Amazon ECR for an identity by static credential', 'workload identity'],
    ['all of ECR', (scope) => user(scope).grant('Apps', EcrPermissions.readAll()), 'permission "readAll" on Amazon ECR for an identity by static credential', 'workload identity'],
    ['public ECR', (scope) => user(scope).grant('Apps', EcrPublicPermissions.pull()), 'permission "pull" on public Amazon ECR for an identity by static credential', 'workload identity'],
    ['CodeCommit at object level', (scope) => user(scope, { secrets: [FluxSecret.bucket('a', 'b')] })
      .grant('Fleet', CodeCommitPermissions.pull('arn:aws:codecommit:eu-west-1:111122223333:fleet')), 'permission "pull" on AWS CodeCommit for an identity by static credential of Secret a/b (FluxSecret.bucket)', 'FluxController.SOURCE'],
    ['SOPS for the Secret of Buckets', (scope) => user(scope, { secrets: [FluxSecret.bucket('a', 'b')] }).grant('Key', KmsPermissions.decrypt(KEY)),
      'permission "decrypt" on AWS KMS for an identity by static credential of Secret a/b (FluxSecret.bucket)', 'FluxController.KUSTOMIZE'],
    ['a bucket for the Secret of SOPS', (scope) => user(scope, { secrets: [FluxSecret.sops('a', 'b')] }).grant('B', S3Permissions.read(BUCKET)),
      'permission "read" on Amazon S3 for an identity by static credential of Secret a/b (FluxSecret.sops)', 'FluxController.SOURCE'],
    ['a reserved grant id', (scope) => user(scope).grant('AccessKeys', KmsPermissions.decrypt(KEY)), 'construct id "AccessKeys"', 'choose an id'],
  ])('%s', (_name, action, given, fix) => {
    const error = refused(() => action(stack()));
    expect(error.given).toContain(given);
    expect(error.fix).toContain(fix);
  });
});

it('has a plain ARN when account and name are plain', () => {
  expect(user(stack(), { account: '111122223333', path: '/flux/' }).arn).toBe('arn:aws:iam::111122223333:user/flux/flux');
});

it('works from every cluster', () => {
  expect(user(stack()).trusts(ClusterIssuer.oidc(stack(), 'Kind', { url: 'https://oidc.example.com' }))).toBe(true);
});
