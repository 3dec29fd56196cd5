import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Aspects, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { eks, KEY, role } from './support';
import { AwsPermission } from '../../lib/aws/aws-permission';
import { EksAccessPolicy } from '../../lib/aws/eks-access-policy';
import { FluxEcrRepositoryPolicy } from '../../lib/aws/flux-ecr-repository-policy';
import { FluxIamUser } from '../../lib/aws/flux-iam-user';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { EksPermissions } from '../../lib/aws/permissions/eks';
import { KmsPermissions } from '../../lib/aws/permissions/kms';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { S3HostedIssuer } from '../../lib/aws/s3-hosted-issuer';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { Jwks } from '../../lib/core/jwks';
import { addresses, decoded, only, refused, stack, synth } from '../support';

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const OBJECT = FluxServiceAccount.of('apps', 'flux');
const own = (actions: string[], resources = ['*'], conditions?: any) => (scope: TerraformStack) => role(scope).grant('X', AwsPermission.of({ actions, resources, conditions }));
const JWK = Jwks.fromText(JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', alg: 'ES256', kid: 'a', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' }] }));
const hosted = (scope: TerraformStack, id: string, path?: string) => S3HostedIssuer.inBucket(scope, id, { bucketName: 'acme-oidc', region: 'eu-west-1', jwks: JWK, previousIssuers: [], path });
const source = (statement: object) => (scope: TerraformStack) => new FluxEcrRepositoryPolicy(scope, 'P', {
  repositoryArn: 'arn:aws:ecr:eu-west-1:111122223333:repository/apps', sourcePolicyDocuments: [JSON.stringify({ Statement: [statement] })],
});

it.each<[string, (scope: TerraformStack) => unknown, string, string]>([
  ['an action that is nearly everything', own(['s3:*t*']), 'action "s3:*t*"', 'list the actions'],
  ['an action of two letters', own(['s3:Ge*']), 'action "s3:Ge*"', 'list the actions'],
  ['a resource that is no ARN', own(['sqs:SendMessage'], ['queue']), 'resource "queue"', 'pass the ARN'],
  ['an operator that is none', own(['sqs:SendMessage'], ['*'], { StringEqual: { 'aws:SourceVpc': ['vpc-1'] } }), 'condition operator "StringEqual"', 'correct the spelling'],
  ['a character that IAM takes in no policy', own(['sqs:SendMessage'], ['*'], { StringEquals: { 'aws:PrincipalTag/team': ['Zürich→Genf'] } }), '(U+2192) in a statement', 'wildcard'],
  ['a forged list among conditions', own(['sqs:SendMessage'], ['*'], { StringEquals: { 'aws:SourceAccount': ['#{TfToken[TOKEN.987654321]}'] } }), 'value of condition StringEquals "aws:SourceAccount"', 'Fn.element'],
  ['a forged token among conditions', (scope) => role(scope).grant('Own', AwsPermission.of({
    actions: ['sqs:SendMessage'], resources: ['*'], conditions: { StringEquals: { 'aws:SourceAccount': ['${TfToken[TOKEN.987654321]}'] } },
  })), 'value of condition StringEquals "aws:SourceAccount"', 'pass text'],
  ['an empty encryption context', (scope) => role(scope).grant('K', KmsPermissions.decrypt(KEY, { encryptionContext: {} })), 'an empty encryption context', 'leave the option out'],
  ['an empty encryption context of a KMS grant', (scope) => role(scope).grant('K', KmsPermissions.decryptByGrant(KEY, { encryptionContext: {} })), 'an empty encryption context', 'leave the option out'],
  ['an empty prefix', (scope) => role(scope).grant('B', S3Permissions.read('arn:aws:s3:::manifests', { prefix: '' })), 'prefix ""', 'leave it out for the whole bucket'],
  ['quotes around the token of a prefix', (scope) => role(scope).grant('B', S3Permissions.read('arn:aws:s3:::manifests', { prefix: `"${new TerraformVariable(scope, 'late', {}).stringValue}"` })), 'prefix ""<a value known at apply>""', 'spec.prefix'],
  ['an IAM variable as prefix', (scope) => role(scope).grant('B', S3Permissions.read('arn:aws:s3:::manifests', { prefix: '${aws:username}/' })), 'prefix "${aws:username}/"', 'spec.prefix'],
  ['an access policy called like a member of every object', () => EksAccessPolicy.of('constructor'), 'access policy "constructor"', 'list-access-policies'],
  ['a repository of another service', (scope) => role(scope).grant('A', EcrPermissions.pull('arn:aws:codeartifact:eu-west-1:111122223333:repository/a')), 'ECR repository ARN', 'copy the ARN'],
  ['a key of every region', (scope) => role(scope).grant('K', KmsPermissions.decrypt('arn:aws:kms:*:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab')), 'KMS key ARN', 'copy the ARN'],
  ['a SOPS role of AWS itself', (scope) => role(scope).grant('K', KmsPermissions.assumeSopsRole('arn:aws:iam::aws:role/sops')), 'IAM role ARN', 'copy the ARN'],
  ['a key that a template is part of', (scope) => role(scope).grant('K', KmsPermissions.decrypt(`${new TerraformVariable(scope, 'late', {}).stringValue}%{x}`)), 'KMS key ARN', 'copy the ARN'],
  ['an encryption context that begins with a wildcard', (scope) => role(scope).grant('K', KmsPermissions.decrypt(KEY, { encryptionContext: { '*a': 'x' } })), 'encryption context "*a"', 'in .sops.yaml'],
  ['an encryption context that only Terraform knows', (scope) => role(scope).grant('K', KmsPermissions.decrypt(KEY, { encryptionContext: new TerraformVariable(scope, 'late', {}).value })),
    'encryption context "" = ', 'in .sops.yaml'],
  ...['arn:aws:iam::1234:policy/b', 'arn:aws:iam::111122223333:xpolicy/b', 'arn:aws:iam::111122223333:policy/b c'].map((arn): [string, (scope: TerraformStack) => unknown, string, string] => (
    [`the boundary ${arn}`, (scope) => role(scope, 'R', { permissionsBoundary: arn }), `permissions boundary "${arn}"`, 'copy the ARN']
  )),
  ['an account of 13 digits', (scope) => role(scope, 'R', { account: '1111222233334' }), 'account "1111222233334"', 'change the account'],
  ['a partition that AWS does not have', (scope) => role(scope, 'R', { partition: 'aws-gov', oidcProviders: [eks(scope).oidc] }), 'partition "aws-gov"', 'change the partition'],
  ['an ARN of a partition that AWS does not have', (scope) => role(scope).grant('A', EcrPermissions.pull('arn:aws-gov:ecr:us-gov-west-1:111122223333:repository/a')), 'ECR repository ARN', 'copy the ARN'],
  ['a description beyond Latin-1', (scope) => role(scope, 'R', { description: 'a → b' }), 'role description', 'change the role description'],
  ['a tag with a character that AWS refuses', (scope) => role(scope, 'R', { tags: { 'a*b': 'c' } }), 'tag "a*b"', 'change the tags'],
  ['a tag in two spellings', (scope) => role(scope, 'R', { tags: { Team: 'a', team: 'b' } }), 'tag "team" in two spellings', 'change the tags'],
  ...['', 'x'.repeat(129)].map((key): [string, (scope: TerraformStack) => unknown, string, string] => (
    [`a tag of ${key.length} characters`, (scope) => role(scope, 'R', { tags: { [key]: 'c' } }), `tag "${key}"`, 'change the tags']
  )),
  ['a tag of AWS', (scope) => role(scope, 'R', { tags: { 'aws:team': 'c' } }), 'tag "aws:team"', 'change the tags'],
  ['a value of a tag that is too long', (scope) => role(scope, 'R', { tags: { team: 'x'.repeat(257) } }), 'of tag "team"', 'change the tags'],
  ['a thumbprint with colons', (scope) => new FluxOidcProvider(scope, 'O', { issuer: eks(scope).issuer, thumbprints: ['aa:bb'] }), 'thumbprint "aa:bb"', 'leave `thumbprints` out'],
  ['a source statement with another Effect', source({ Effect: 'allow', Principal: '*', Action: 'ecr:BatchGetImage' }), 'the Effect "allow"', 'as it is on the resource'],
  ['a source statement about nobody', source({ Effect: 'Allow', Action: 'ecr:BatchGetImage' }), 'without "Principal"', 'as it is on the resource'],
  ['a source statement of nothing', source({ Effect: 'Allow', Principal: '*' }), 'without "Action"', 'as it is on the resource'],
  ['two roles of one name', (scope) => [role(scope, 'A', { name: 'flux' }), role(scope, 'B', { name: 'Flux', path: '/x/' })], 'role name "Flux" a second time; "test/A" has it', 'another name'],
  ['two users of one name', (scope) => ['A', 'B'].map((id) => new FluxIamUser(scope, id, { name: 'flux', serviceAccounts: [SOURCE] })), 'user name "flux" a second time', 'another name'],
  ['two clusters in one bucket', (scope) => [hosted(scope, 'A'), hosted(scope, 'B')], 'bucket "acme-oidc" a second time; "test/A" publishes there', '`path` for each cluster'],
  ['two clusters at one path', (scope) => [hosted(scope, 'A', 'x'), hosted(scope, 'B', 'x')], 'bucket "acme-oidc" and path "x" a second time', '`path` for each cluster'],
  ['an audience with a comma', (scope) => new FluxOidcProvider(scope, 'O', { issuer: eks(scope).issuer, audience: 'a,b' }), 'audience "a,b"', 'choose another name'],
])('%s is refused', (_name, action, given, fix) => {
  const error = refused(() => action(stack()));
  expect(error.given).toContain(given);
  expect(error.fix).toContain(fix);
});

it.each<[string, (scope: TerraformStack) => unknown]>([
  ['a boundary that AWS manages', (scope) => role(scope, 'R', { permissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess' })],
  ['the longest tags, and one that is nearly of AWS', (scope) => role(scope, 'R', { tags: { ['x'.repeat(128)]: 'y'.repeat(256), 'my-aws:team': 'a' } })],
  ['tags of a bucket in two spellings', (scope) => new S3HostedIssuer(scope, 'I', { bucketName: 'acme-oidc', region: 'eu-west-1', jwks: JWK, previousIssuers: [], tags: { Team: 'a', team: 'b' } })],
  ['an encryption context that is nearly of AWS', (scope) => role(scope).grant('K', KmsPermissions.decrypt(KEY, { encryptionContext: { 'my-aws:team': 'a' } }))],
  ['a name that only Terraform knows behind a long path', (scope) => role(scope, 'R', { path: `/${'x'.repeat(195)}/`, name: new TerraformVariable(scope, 'late', {}).stringValue })],
  ['ARNs of a partition and an account that only Terraform knows', (scope) => {
    const late = new TerraformVariable(scope, 'late', {}).stringValue;
    const one = role(scope, 'R', { account: '111122223333' });
    one.grant('A', EcrPermissions.pull(`arn:${late}:ecr:eu-west-1:111122223333:repository/a`));
    one.grant('B', EksPermissions.access(`arn:aws:eks:eu-west-1:${late}:cluster/b`, { authenticationMode: 'API' }));
  }],
  ['repositories of every region', (scope) => role(scope).grant('A', EcrPermissions.pull('arn:aws:ecr:*:111122223333:repository/apps/*'))],
  ['actions with digits and wildcards', own(['route53:ListHostedZones', 'iam:GetContextKeysForPrincipalPolicy2', 's3:Get*'])],
  ['operators with their prefixes and suffixes', own(['sqs:SendMessage'], ['*'], { 'ForAnyValue:StringLikeIfExists': { 'aws:TagKeys': ['a*'] }, 'Null': { 'aws:TokenIssueTime': ['false'] } })],
  ['roles of one name in two accounts', (scope) => [role(scope, 'A', { name: 'flux' }), role(scope, 'B', { name: 'flux', provider: new AwsProvider(scope, 'P', { alias: 'p' }) })]],
  ['clusters at two paths of a bucket', (scope) => [hosted(scope, 'A', 'x'), hosted(scope, 'B', 'y')]],
  ['the partition of the European Sovereign Cloud', (scope) => role(scope, 'R', { partition: 'aws-eusc' })],
])('%s is accepted', (_name, action) => {
  expect(() => action(stack())).not.toThrow();
});

it('keys behind S3 go by the hosts of their partition', () => {
  const via = (partition: string, region: string) => decoded(only(synth((scope) => {
    role(scope, 'R', { partition }).grant('B', S3Permissions.read(`arn:${partition}:s3:::manifests`, { sseKmsKeyArn: KEY.replace('aws', partition).replace('eu-west-1', region) }));
  }), 'aws_iam_role_policy').policy).Statement[0].Condition.StringEquals['kms:ViaService'];
  expect(via('aws-eusc', 'eusc-de-east-1')).toBe('s3.eusc-de-east-1.amazonaws.eu');
  expect(via('aws-cn', 'cn-north-1')).toBe('s3.cn-north-1.amazonaws.com.cn');
});

it('a prefix that opens its neighbours is warned of, each grant\'s by itself', () => {
  const scope = stack();
  const images = role(scope);
  const grant = (id: string, prefix?: string) => images.grant(id, S3Permissions.read('arn:aws:s3:::manifests', { prefix }));
  const late = new TerraformVariable(scope, 'team', { type: 'string' }).stringValue;
  ['team-a/', undefined, `${late}/`].forEach((prefix, index) => grant(`Closed${index}`, prefix));
  const context = { issuer: eks(scope, 'X').issuer, version: FluxVersion.V2_10, namespace: 'flux-system' };
  expect(images._warnings(context)).toEqual([]);
  grant('Open', 'team-a');
  grant('Late', `clusters/${late}`);
  expect(images._warnings(context)).toEqual([
    { id: 'aws-s3-open-prefix:test/Images/Open', message: expect.stringContaining('"team-a-other/..."') },
    { id: 'aws-s3-open-prefix:test/Images/Late', message: expect.stringMatching(/the prefix "clusters\/.*ends without "\/" that is known at synth/) },
  ]);
});

it('what makes repositories is asked of the registry, not of a repository', () => {
  const scope = stack();
  const cache = EcrPermissions.pullThroughCache('arn:aws:ecr:eu-west-1:444455556666:repository/ghcr/*', { createRepositories: true });
  const grant = role(scope, 'R', { account: '111122223333', name: 'flux' }).grant('C', cache);
  const statements = decoded(grant.ownerStatements!);
  expect(Object.keys(statements)).toEqual(['arn:aws:ecr:eu-west-1:444455556666:registry', 'arn:aws:ecr:eu-west-1:444455556666:repository/ghcr/*']);
  const actions = Object.values<any>(statements).map((list) => list.flatMap(({ Action }: any) => Action));
  expect(actions[0]).toEqual(['ecr:CreateRepository', 'ecr:TagResource']);
  expect(actions[1]).not.toContain('ecr:CreateRepository');
  expect(statements['arn:aws:ecr:eu-west-1:444455556666:registry'][0].Resource).toBe('arn:aws:ecr:eu-west-1:444455556666:repository/ghcr/*');
});

it('the policy of a repository gets nothing that works in the registry\'s only', () => {
  const text = only(synth((scope) => {
    const repositoryArn = 'arn:aws:ecr:eu-west-1:111122223333:repository/ghcr/flux';
    new FluxEcrRepositoryPolicy(scope, 'P', { repositoryArn }).grant('R', role(scope), EcrPermissions.pullThroughCache(repositoryArn, { createRepositories: true }));
  }), 'aws_ecr_repository_policy').policy;
  expect(text).toContain('ecr:BatchImportUpstreamImage');
  expect(text).not.toMatch(/CreateRepository|TagResource/);
});

it('a trust policy that is too long for sure is refused before anything is made', () => {
  const scope = stack();
  const oidcProviders = ['blue', 'green', 'red', 'black'].map((name) => new FluxOidcProvider(scope, name, {
    issuer: ClusterIssuer.oidc(scope, `${name}-cluster`, { url: `https://oidc.${name}.clusters.example.com/with/a/path/that/is/longer/than/most` }),
  }));
  const serviceAccounts = [FluxController.SOURCE, FluxController.KUSTOMIZE, FluxController.IMAGE_REFLECTOR]
    .map((name) => FluxServiceAccount.controller(name));
  expect(refused(() => role(scope, 'R', { oidcProviders, serviceAccounts, region: 'eu-west-1' })).given).toMatch(/a trust policy of more than \d+ characters/);
});

it('a role that an Aspect renames is refused by Terraform before it is made', () => {
  const scope = new TerraformStack(Testing.app(), 'test');
  new AwsProvider(scope, 'Aws', { region: 'eu-west-1' });
  role(scope, 'R', { name: 'flux', account: '111122223333' });
  const roles = (): any[] => Object.values(JSON.parse(Testing.synth(scope, true)).resource.aws_iam_role);
  expect(roles()[0].lifecycle.precondition).toBeUndefined();
  Aspects.of(scope).add({ visit: (node) => { if (node instanceof IamRole) node.name = 'acme-flux'; } });
  const [made] = roles();
  expect(made.name).toBe('acme-flux');
  expect(made.lifecycle.precondition).toEqual([{ condition: expect.stringContaining('false'), error_message: expect.stringContaining('was renamed after arn:aws:iam::111122223333:role/flux') }]);
});

it('literals stay literal in every slot', () => {
  const text = '${file("/etc/hostname")}';
  const all = synth((scope) => {
    const one = role(scope, 'R', { description: text });
    one.grant('K', KmsPermissions.decryptByGrant(KEY, { encryptionContext: { app: text } }));
  });
  expect(only(all, 'aws_iam_role').description).toBe('$${file("/etc/hostname")}');
  expect(only(all, 'aws_kms_grant').constraints).toEqual([{ encryption_context_subset: { app: '$${file("/etc/hostname")}' } }]);
});

describe('an audience of one\'s own', () => {
  const build = (version: FluxVersion, kind: 'eks' | 'other', account: FluxServiceAccount) => {
    const scope = stack();
    const issuer = kind === 'eks' ? eks(scope).issuer : ClusterIssuer.oidc(scope, 'Kind', { url: 'https://oidc.example.com' });
    const oidc = new FluxOidcProvider(scope, 'Oidc', { issuer, audience: 'aws.flux.example.com' });
    const one = new FluxIrsaRole(scope, 'R', { oidcProviders: [oidc], serviceAccounts: [account], region: 'eu-west-1', name: 'flux', account: '111122223333' });
    return { scope, one, settings: () => one.fluxSettings(account, { issuer, version, namespace: 'flux-system' }) };
  };

  it('is in the provider and in the trust policy', () => {
    const all = synth((scope) => {
      const oidc = new FluxOidcProvider(scope, 'Oidc', { issuer: eks(scope).issuer, audience: 'aws.flux.example.com' });
      role(scope, 'R', { oidcProviders: [oidc] });
    });
    expect(only(all, 'aws_iam_openid_connect_provider').client_id_list).toEqual(['aws.flux.example.com']);
    expect(only(all, 'aws_iam_role').assume_role_policy).toContain(':aud":"aws.flux.example.com"');
    expect(addresses(all, 'aws_iam_openid_connect_provider.')).toHaveLength(1);
  });

  it('is what Flux asks for: by annotation from 2.10 on, by the webhook of EKS, in the token of a controller elsewhere', () => {
    expect(build(FluxVersion.V2_10, 'other', OBJECT).settings().annotations).toMatchObject({ 'credential.auth.fluxcd.io/audiences': 'aws.flux.example.com' });
    expect(build(FluxVersion.V2_6, 'eks', SOURCE).settings().annotations).toMatchObject({ 'eks.amazonaws.com/audience': 'aws.flux.example.com' });
    expect(build(FluxVersion.V2_6, 'other', SOURCE).settings().tokens).toEqual([{ path: 'aws-token', audience: 'aws.flux.example.com' }]);
  });

  it('is an error at object level before', () => {
    expect(refused(build(FluxVersion.V2_9, 'other', OBJECT).settings).allowed).toBe('Flux 2.10 and later');
  });
});

test.each<[string, (token: string) => string]>([
  ['an expression', (token) => `${token}\${file("/etc/hostname")}`], ['a quote', (token) => `${token}"`], ['a backslash', (token) => `\\${token}`],
  ['a mark that would escape the value', (token) => `$${token}`], ['a space', (token) => `${token} x`],
])('%s beside the token of an ARN would leave the expression that checks it', (_, around) => {
  const scope = stack();
  const value = around(new TerraformVariable(scope, 'late', { type: 'string' }).stringValue);
  for (const arn of [value, `arn:aws:ecr:eu-west-1:111122223333:repository/${value}`, `arn:aws:ecr:eu-west-1:${value}:repository/apps`]) {
    expect(refused(() => role(scope, `R${arn.length}`).grant('Apps', EcrPermissions.pull(arn))).given).toContain('ECR repository ARN');
  }
});
