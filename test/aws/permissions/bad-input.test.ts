import { TerraformVariable, Token } from 'cdktf';
import { AwsPermission } from '../../../lib/aws/aws-permission';
import { CodeCommitPermissions } from '../../../lib/aws/permissions/code-commit';
import { EcrPermissions } from '../../../lib/aws/permissions/ecr';
import { EcrPublicPermissions } from '../../../lib/aws/permissions/ecr-public';
import { KmsPermissions } from '../../../lib/aws/permissions/kms';
import { S3Permissions } from '../../../lib/aws/permissions/s3';
import { FluxServiceAccount } from '../../../lib/core/flux-service-account';
import { addresses, prepare, refusal, refused, stack, synthesized } from '../../support';
import { KEY, role } from '../support';

const BUCKET = 'arn:aws:s3:::flux-manifests';
const own = (statement: any) => AwsPermission.of(statement);
const S3_GET = { actions: ['s3:GetObject'], resources: ['*'] };

test.each<[AwsPermission, given: string, fix: string]>([
  // ECR
  [EcrPermissions.pull('111122223333.dkr.ecr.eu-west-1.amazonaws.com/apps'), 'ECR repository ARN "111122223333.dkr.ecr.eu-west-1.amazonaws.com/apps"', 'this is a repository URL; pass the ARN'],
  [EcrPermissions.pull('arn:aws:ecr-public::111122223333:repository/apps'), 'ECR repository ARN "arn:aws:ecr-public::', 'EcrPublicPermissions.pull()'],
  [EcrPermissions.pull(BUCKET), 'ECR repository ARN "arn:aws:s3:::flux-manifests"', 'copy the ARN from the resource'],
  [EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:apps'), 'ECR repository ARN', 'copy the ARN'],
  [EcrPermissions.pull('arn:aws:ecr::111122223333:repository/apps'), 'ECR repository ARN', 'copy the ARN'],
  [EcrPermissions.pull('arn:aws:ecr:eu-west-1:1234:repository/apps'), 'ECR repository ARN', 'copy the ARN'],
  [EcrPermissions.pull('*'), 'ECR repository ARN "*"', 'copy the ARN'],
  [EcrPermissions.pull(''), 'ECR repository ARN ""', 'copy the ARN'],
  [EcrPermissions.pull(undefined as any), 'ECR repository ARN nothing', 'copy the ARN'],
  [EcrPermissions.pull(7 as any), 'ECR repository ARN 7', 'copy the ARN'],
  [EcrPermissions.pull('arn:aws-cn:ecr:cn-north-1:111122223333:repository/apps'), 'of partition "aws-cn" for an identity of partition "aws"', 'one identity for each partition'],
  [EcrPermissions.pullThroughCache(BUCKET), 'ECR repository ARN', 'copy the ARN'],
  // S3
  [S3Permissions.read(`${BUCKET}/clusters/*`), `S3 bucket ARN "${BUCKET}/clusters/*"`, 'this is an ARN of objects; pass the bucket\'s ARN, and the path as the option `prefix`'],
  [S3Permissions.read('s3://flux-manifests/clusters'), 'S3 bucket ARN "s3://flux-manifests/clusters"', 'this is a URI'],
  [S3Permissions.read('flux-manifests'), 'S3 bucket ARN "flux-manifests"', 'copy the ARN'],
  [S3Permissions.read('arn:aws:s3:::*'), 'S3 bucket ARN "arn:aws:s3:::*"', 'copy the ARN'],
  [S3Permissions.read('arn:aws-us-gov:s3:::flux-manifests'), 'of partition "aws-us-gov"', 'one identity for each partition'],
  [S3Permissions.read(BUCKET, { prefix: 'clusters/*' }), 'prefix "clusters/*"', 'what stands in `spec.prefix`'],
  [S3Permissions.read(BUCKET, { prefix: 'cluster?/' }), 'prefix "cluster?/"', 'what stands in `spec.prefix`'],
  [S3Permissions.read(BUCKET, { prefix: '/clusters' }), 'prefix "/clusters"', 'what stands in `spec.prefix`'],
  [S3Permissions.read(BUCKET, { sseKmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:alias/s3' }), 'KMS key ARN', 'an alias is no resource of kms:Decrypt'],
  [S3Permissions.read(BUCKET, { sseKmsKeyArn: KEY.replace('arn:aws:', 'arn:aws-cn:') }), 'of partition "aws-cn"', 'one identity for each partition'],
  // KMS
  [KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:alias/sops'), 'KMS key ARN "arn:aws:kms:eu-west-1:111122223333:alias/sops"', 'use KmsPermissions.decryptByAlias'],
  [KmsPermissions.decrypt('alias/sops'), 'KMS key ARN "alias/sops"', 'the alias\'s ARN to KmsPermissions.decryptByAlias'],
  [KmsPermissions.decrypt('1234abcd-12ab-34cd-56ef-1234567890ab'), 'KMS key ARN "1234abcd', 'this is a key ID; pass the ARN'],
  [KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:key/*'), 'KMS key ARN', 'copy the ARN'],
  [KmsPermissions.decrypt(BUCKET), 'KMS key ARN "arn:aws:s3:::flux-manifests"', 'copy the ARN'],
  [KmsPermissions.decryptByAlias(KEY), `KMS alias ARN "${KEY}"`, 'this is a key; use KmsPermissions.decrypt'],
  [KmsPermissions.decryptByAlias('arn:aws-cn:kms:cn-north-1:111122223333:alias/sops'), 'of partition "aws-cn"', 'one identity for each partition'],
  [KmsPermissions.decrypt(KEY, { encryptionContext: { 'aws:s3:arn': 'x' } }), 'encryption context "aws:s3:arn" = "x"', 'exactly as `context` in .sops.yaml has them'],
  [KmsPermissions.decrypt(KEY, { encryptionContext: { '': 'x' } }), 'encryption context "" = "x"', 'exactly as `context`'],
  [KmsPermissions.decrypt(KEY, { encryptionContext: { 'a*': 'x' } }), 'encryption context "a*" = "x"', 'exactly as `context`'],
  [KmsPermissions.decryptByAlias('arn:aws:kms:eu-west-1:111122223333:alias/sops', { encryptionContext: { 'Aws:x': 'y' } }), 'encryption context "Aws:x"', 'exactly as `context`'],
  [KmsPermissions.assumeSopsRole('arn:aws:iam::111122223333:user/sops'), 'IAM role ARN "arn:aws:iam::111122223333:user/sops"', 'copy the ARN'],
  [KmsPermissions.assumeSopsRole('arn:aws-cn:iam::111122223333:role/sops'), 'of partition "aws-cn"', 'one identity for each partition'],
  // CodeCommit
  [CodeCommitPermissions.pull('https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/fleet'), 'CodeCommit repository ARN "https://git-codecommit', 'this is a URL; pass the ARN'],
  [CodeCommitPermissions.pullAndPush('arn:aws:codecommit:eu-west-1:111122223333:*'), 'CodeCommit repository ARN', 'copy the ARN'],
  [CodeCommitPermissions.pull('arn:aws-cn:codecommit:cn-north-1:111122223333:fleet'), 'of partition "aws-cn"', 'one identity for each partition'],
  // own statements
  [AwsPermission.of(), 'no statement.', 'pass { actions: [...], resources: [...] }'],
  [own({ actions: [], resources: ['*'] }), 'action nothing', 'list the actions'],
  [own({ actions: ['*'], resources: ['*'] }), 'action "*"', 'list the actions'],
  [own({ actions: ['s3:GetObject', 's3:*'], resources: ['*'] }), 'action "s3:*"', 'list the actions'],
  [own({ actions: ['s3:**'], resources: ['*'] }), 'action "s3:**"', 'list the actions'],
  [own({ actions: ['s3:?*'], resources: ['*'] }), 'action "s3:?*"', 'list the actions'],
  [own({ actions: ['GetObject'], resources: ['*'] }), 'action "GetObject"', 'list the actions'],
  [own({ actions: ['s3:GetObject'], resources: [] }), 'resources []', 'name the resources'],
  [own({ actions: ['s3:GetObject'], resources: [''] }), 'resources [""]', 'name the resources'],
  [own({ ...S3_GET, conditions: { StringEquals: { 'aws:x': 'abc' } } }), 'condition StringEquals "aws:x" with "abc"', 'write { StringEquals: { "aws:x": ["<value>"] } }'],
  [own({ ...S3_GET, resources: ['from arn:aws:s3:::b/*'] }), 'resource "from arn:aws:s3:::b/*"', 'pass the ARN'],
  [own({ ...S3_GET, resources: ['arn:aws:s3:::b/*\n'] }), 'resource "arn:aws:s3:::b/*\n"', 'pass the ARN'],
  [own({ ...S3_GET, conditions: { StringEquals: { 'aws:x': [7] } } }), 'condition StringEquals "aws:x" with [7]', 'write { StringEquals'],
  [own({ ...S3_GET, conditions: { StringEquals: { 'aws:x': [] } } }), 'condition StringEquals "aws:x" with []', 'write { StringEquals'],
  // unknown options, as plain JavaScript passes them
  [own({ actions: ['s3:GetObject'], resources: Token.asList('${var.arns}') }), 'option "resources" of AwsStatement: a list that only Terraform knows', 'Fn.element(list, 0)'],
  [own({ ...S3_GET, conditions: { StringEquals: { 'aws:SourceVpc': Token.asList('${var.vpcs}') } } }), 'condition StringEquals "aws:SourceVpc" with', 'write {'],
  [own({ ...S3_GET, effect: 'Deny' }), 'option "effect" of AwsStatement', 'correct the spelling, or remove it'],
  [EcrPermissions.pullThroughCache('arn:aws:ecr:eu-west-1:111122223333:repository/a', { create: true } as any), 'option "create" of EcrPermissions.pullThroughCache', 'correct the spelling'],
  [S3Permissions.read(BUCKET, { kmsKeyArn: KEY } as any), 'option "kmsKeyArn" of S3Permissions.read', 'correct the spelling'],
  [S3Permissions.read(BUCKET, { toString: 'x' } as any), 'option "toString" of S3Permissions.read', 'correct the spelling'],
  [KmsPermissions.decrypt(KEY, { context: {} } as any), 'option "context" of KmsPermissions', 'correct the spelling'],
  [KmsPermissions.decryptByAlias('arn:aws:kms:eu-west-1:111122223333:alias/sops', { role: 'x' } as any), 'option "role" of KmsPermissions', 'correct the spelling'],
  // no permission at all
  [{ statements: [] } as any, 'a value that is no AwsPermission', 'pass a permission of the identity\'s own cloud'],
  [undefined as any, 'a value that is no AwsPermission', 'pass a permission of the identity\'s own cloud'],
])('%#: refused', (permission, given, fix) => {
  const images = role(stack());
  const error = refused(() => images.grant('Grant', permission));
  expect(error.given).toContain('[test/Images/Grant] ');
  expect(error.given).toContain(given);
  expect(error.fix).toContain(fix);
});

test('a token inside an ARN does not hide what is wrong around it', () => {
  const test = stack();
  const account = new TerraformVariable(test, 'account', {}).stringValue;
  expect(refused(() => role(test).grant('Key', KmsPermissions.decrypt(`arn:aws:kms:eu-west-1:${account}:alias/sops`))).given)
    .toBe('[test/Images/Key] KMS key ARN "arn:aws:kms:eu-west-1:<a value known at apply>:alias/sops" is not accepted.');
});

test.each(['aws-cn', 'aws-us-gov'])('public ECR is refused in partition %s', (partition) => {
  const images = role(stack(), 'Images', { partition });
  for (const permission of [EcrPublicPermissions.pull(), EcrPublicPermissions.readAll()]) {
    const error = refused(() => images.grant('Public', permission));
    expect(error.given).toBe(`[test/Images/Public] public ECR for an identity of partition "${partition}" is not accepted.`);
    expect(error.fix).toContain('mirror them in private ECR');
  }
});

test('a refused permission leaves nothing behind, and its id is free again', () => {
  const test = stack();
  const images = role(test);
  refusal(() => images.grant('Apps', EcrPermissions.pull('apps')));
  expect(images.node.tryFindChild('Apps')).toBeUndefined();
  images.grant('Apps', S3Permissions.read(BUCKET));
  expect(addresses(synthesized(test))).toHaveLength(2);
});

describe('session names at object level', () => {
  const long = FluxServiceAccount.of('a-namespace-of-25-letters', 'image-automation'); // 25 + 16: 11 are left for the region
  const grant = (permission: AwsPermission, account = long) => () => role(stack(), 'Team', { serviceAccounts: [account] }).grant('Grant', permission);

  test('64 characters pass, 65 name the region they come from', () => {
    grant(EcrPermissions.pull('arn:aws:ecr:eu-cent-1:111122223333:repository/a'))();
    const error = refused(grant(EcrPermissions.pull('arn:aws:ecr:eu-central-1:111122223333:repository/a')));
    expect(error.given).toBe('[test/Team/Grant] session name "image-automation.a-namespace-of-25-letters.eu-central-1.fluxcd.io" (65 characters), '
      + 'made of service account "a-namespace-of-25-letters/image-automation" and region "eu-central-1".');
    expect(error.allowed).toBe('at most 64 characters: 52 for account name, namespace and region together');
    expect(error.fix).toContain('a region with a shorter name than "eu-central-1"');
  });

  test.each<[string, AwsPermission]>([
    ['ap-southeast-1', KmsPermissions.decrypt(KEY.replace('eu-west-1', 'ap-southeast-1'))],
    ['ap-southeast-2', KmsPermissions.decryptByAlias('arn:aws:kms:ap-southeast-2:111122223333:alias/sops')],
    ['ap-southeast-3', CodeCommitPermissions.pull('arn:aws:codecommit:ap-southeast-3:111122223333:fleet')],
  ])('region %s', (region, permission) => expect(refusal(grant(permission))).toContain(`region "${region}"`));

  test('public ECR is in us-east-1', () => {
    const longer = FluxServiceAccount.of('a-namespace-of-25-letters', 'image-automation-xx-flux');
    expect(refusal(grant(EcrPublicPermissions.pull(), longer))).toContain('region "us-east-1"');
    expect(refusal(grant(EcrPublicPermissions.readAll(), longer))).toContain('region "us-east-1"');
  });

  test('an S3 ARN names no region, and a controller on EKS no session', () => {
    grant(S3Permissions.read(BUCKET))();
    role(stack()).grant('Apps', EcrPermissions.pull('arn:aws:ecr:ap-southeast-1:111122223333:repository/a'));
  });
});

describe('across accounts', () => {
  const warnings = (permission: AwsPermission, props: object) => {
    const test = stack();
    const images = role(test, 'Images', props);
    images.grant('Shared', permission);
    prepare(test.node.root); // the resource's policy may come later in the app: said when the tree is complete
    return test.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => type === '@cdktf/warn').map(({ data }) => String(data));
  };
  const shared = EcrPermissions.pull('arn:aws:ecr:eu-west-1:444455556666:repository/shared/apps');

  test('a warning names the statement that the other side needs', () => {
    expect(warnings(shared, { account: '111122223333' })).toEqual([
      'Grant "test/Images/Shared" is on resources that are not in account 111122223333. Both sides must allow it: '
      + 'the policy of arn:aws:ecr:eu-west-1:444455556666:repository/shared/apps needs '
      + '[{"Effect":"Allow","Principal":{"AWS":"<the identity\'s ARN>"},"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer","ecr:ListImages"]}]. '
      + 'The grant\'s `ownerStatements` holds it for an output. [id: aws-owner-policy:test/Images/Shared]',
    ]);
    expect(warnings(shared, { account: '111122223333', name: 'images' })[0]).toContain('"Principal":{"AWS":"arn:aws:iam::111122223333:role/images"}');
  });

  test('no warning within the account, or when the account is not known', () => {
    expect(warnings(shared, {})).toEqual([]);
    expect(warnings(EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps'), { account: '111122223333' })).toEqual([]);
  });

  test('CodeCommit lets nobody in from outside', () => {
    const images = role(stack(), 'Images', { account: '111122223333' });
    const error = refused(() => images.grant('Fleet', CodeCommitPermissions.pull('arn:aws:codecommit:eu-west-1:444455556666:fleet')));
    expect(error.given).toContain('arn:aws:codecommit:eu-west-1:444455556666:fleet for an identity of account 111122223333');
    expect(error.fix).toContain('make a role in the owner\'s account');
  });
});
