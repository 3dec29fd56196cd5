import { TerraformStack, TerraformVariable } from 'cdktf';
import { AwsPermission } from '../../../lib/aws/aws-permission';
import { CodeCommitPermissions } from '../../../lib/aws/permissions/code-commit';
import { EcrPermissions } from '../../../lib/aws/permissions/ecr';
import { EcrPublicPermissions } from '../../../lib/aws/permissions/ecr-public';
import { KmsPermissions } from '../../../lib/aws/permissions/kms';
import { S3Permissions } from '../../../lib/aws/permissions/s3';
import { addresses, only, synth } from '../../support';
import { bucket, KEY, role, statements } from '../support';

const REPOSITORY = 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/*';
const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:ListImages'];
const ECR_TOKEN = { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' };
const ALIAS = 'arn:aws:kms:eu-west-1:111122223333:alias/sops';
const FLEET = 'arn:aws:codecommit:eu-west-1:111122223333:fleet';

const variable = (stack: TerraformStack) => new TerraformVariable(stack, 'input', { type: 'string' }).stringValue;

type Row = [name: string, permission: AwsPermission | ((stack: TerraformStack) => AwsPermission), statements: any[]];

const TABLE: Row[] = [
  ['ECR pull', EcrPermissions.pull(REPOSITORY), [{ Effect: 'Allow', Action: PULL, Resource: REPOSITORY }, ECR_TOKEN]],
  ['ECR pull, token', (stack) => EcrPermissions.pull(variable(stack)), [{ Effect: 'Allow', Action: PULL, Resource: '<var.input>' }, ECR_TOKEN]],
  [
    'ECR pull, token inside an ARN',
    (stack) => EcrPermissions.pull(`arn:aws:ecr:eu-west-1:${variable(stack)}:repository/apps/*`),
    [{ Effect: 'Allow', Action: PULL, Resource: '<arn:aws:ecr:eu-west-1:var.input:repository/apps/*>' }, ECR_TOKEN],
  ],
  ['ECR pull-through cache', EcrPermissions.pullThroughCache(REPOSITORY), [
    { Effect: 'Allow', Action: PULL, Resource: REPOSITORY },
    { Effect: 'Allow', Action: 'ecr:BatchImportUpstreamImage', Resource: REPOSITORY },
    ECR_TOKEN,
  ]],
  ['ECR pull-through cache that creates', EcrPermissions.pullThroughCache(REPOSITORY, { createRepositories: true }), [
    { Effect: 'Allow', Action: PULL, Resource: REPOSITORY },
    { Effect: 'Allow', Action: ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository', 'ecr:TagResource'], Resource: REPOSITORY },
    ECR_TOKEN,
  ]],
  ['public ECR', EcrPublicPermissions.pull(), [
    { Effect: 'Allow', Action: 'ecr-public:GetAuthorizationToken', Resource: '*' },
    {
      Effect: 'Allow',
      Action: 'sts:GetServiceBearerToken',
      Resource: '*',
      Condition: { StringEquals: { 'sts:AWSServiceName': 'ecr-public.amazonaws.com' } },
    },
  ]],
  ['S3 read', S3Permissions.read('arn:aws:s3:::flux-manifests'), [
    { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::flux-manifests/*' },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::flux-manifests' },
  ]],
  ['S3 read, prefix', S3Permissions.read('arn:aws:s3:::flux-manifests', { prefix: 'clusters/prod/' }), [
    { Effect: 'Allow', Action: 's3:GetObject', Resource: ['arn:aws:s3:::flux-manifests/.sourceignore', 'arn:aws:s3:::flux-manifests/clusters/prod/*'] },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::flux-manifests' },
  ]],
  ['S3 read, SSE-KMS and no region', S3Permissions.read('arn:aws:s3:::flux-manifests', { sseKmsKeyArn: KEY, locateBucket: true }), [
    {
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: KEY,
      Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
    },
    { Effect: 'Allow', Action: 's3:GetBucketLocation', Resource: 'arn:aws:s3:::flux-manifests' },
    { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::flux-manifests/*' },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::flux-manifests' },
  ]],
  ['S3 read, all from tokens', (stack) => S3Permissions.read(bucket(stack).arn, { prefix: `${bucket(stack, 'Other').id}/`, sseKmsKeyArn: variable(stack) }), [
    {
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: '<var.input>',
      Condition: { StringEquals: { 'kms:ViaService': '<s3.element(split(":", var.input), 3).amazonaws.com>' } },
    },
    { Effect: 'Allow', Action: 's3:GetObject', Resource: ['<aws_s3_bucket.Bucket.arn/.sourceignore>', '<aws_s3_bucket.Bucket.arn/aws_s3_bucket.Other.id/*>'] },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: '<aws_s3_bucket.Bucket.arn>' },
  ]],
  ['KMS decrypt', KmsPermissions.decrypt(KEY), [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY }]],
  ['KMS decrypt, multi-region key', KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab'), [
    { Effect: 'Allow', Action: 'kms:Decrypt', Resource: 'arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab' },
  ]],
  ['KMS decrypt, token', (stack) => KmsPermissions.decrypt(variable(stack)), [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '<var.input>' }]],
  [
    'KMS decrypt, context and describe',
    KmsPermissions.decrypt(KEY, { encryptionContext: { team: 'a', Environment: 'prod' }, describe: true }),
    [
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: KEY,
        Condition: { StringEquals: { 'kms:EncryptionContext:Environment': 'prod', 'kms:EncryptionContext:team': 'a' } },
      },
      { Effect: 'Allow', Action: 'kms:DescribeKey', Resource: KEY },
    ],
  ],
  ['KMS decrypt, context from a token', (stack) => KmsPermissions.decrypt(KEY, { encryptionContext: { team: variable(stack) } }), [
    { Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY, Condition: { StringEquals: { 'kms:EncryptionContext:team': '<var.input>' } } },
  ]],
  ['KMS decrypt by alias', KmsPermissions.decryptByAlias(ALIAS, { encryptionContext: { team: 'a' }, describe: true }), [
    {
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: 'arn:aws:kms:eu-west-1:111122223333:key/*',
      Condition: { StringEquals: { 'kms:EncryptionContext:team': 'a', 'kms:RequestAlias': 'alias/sops' } },
    },
    {
      Effect: 'Allow',
      Action: 'kms:DescribeKey',
      Resource: 'arn:aws:kms:eu-west-1:111122223333:key/*',
      Condition: { StringEquals: { 'kms:RequestAlias': 'alias/sops' } },
    },
  ]],
  ['KMS decrypt by alias, token', (stack) => KmsPermissions.decryptByAlias(variable(stack)), [
    {
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: '<arn:element(split(":", var.input), 1):kms:element(split(":", var.input), 3):element(split(":", var.input), 4):key/*>',
      Condition: { StringEquals: { 'kms:RequestAlias': '<element(split(":", var.input), 5)>' } },
    },
  ]],
  ['SOPS role', KmsPermissions.assumeSopsRole('arn:aws:iam::111122223333:role/teams/sops'), [
    { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::111122223333:role/teams/sops' },
  ]],
  ['SOPS role, token', (stack) => KmsPermissions.assumeSopsRole(variable(stack)), [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '<var.input>' }]],
  ['CodeCommit pull', CodeCommitPermissions.pull(FLEET), [{ Effect: 'Allow', Action: 'codecommit:GitPull', Resource: FLEET }]],
  ['CodeCommit pull and push', CodeCommitPermissions.pullAndPush(FLEET), [
    { Effect: 'Allow', Action: ['codecommit:GitPull', 'codecommit:GitPush'], Resource: FLEET },
  ]],
  ['CodeCommit, token', (stack) => CodeCommitPermissions.pullAndPush(variable(stack)), [
    { Effect: 'Allow', Action: ['codecommit:GitPull', 'codecommit:GitPush'], Resource: '<var.input>' },
  ]],
  ['own statements', AwsPermission.of(
    { actions: ['s3:PutObject', 's3:GetObject'], resources: ['arn:aws:s3:::b/*', 'arn:aws:s3:::a/*'] },
    {
      actions: ['s3:Get*'],
      resources: ['*'],
      conditions: { StringLike: { 's3:prefix': ['b/*', 'a/*'] }, Bool: { 'aws:SecureTransport': ['true'], 'aws:MultiFactorAuthPresent': ['false'] } },
    },
  ), [
    {
      Effect: 'Allow',
      Action: 's3:Get*',
      Resource: '*',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false', 'aws:SecureTransport': 'true' }, StringLike: { 's3:prefix': ['a/*', 'b/*'] } },
    },
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'] },
  ]],
  ['own statements, policy variable and token', (stack) => AwsPermission.of({
    actions: ['s3:GetObject'], resources: ['arn:aws:s3:::teams/${aws:PrincipalTag/team}/*', `${variable(stack)}/*`],
  }), [
    { Effect: 'Allow', Action: 's3:GetObject', Resource: ['<var.input/*>', 'arn:aws:s3:::teams/${aws:PrincipalTag/team}/*'] },
  ]],
];

test.each(TABLE)('%s', (_, permission, expected) => {
  const byAction = (a: any, b: any) => String(a.Action) < String(b.Action) ? -1 : 1;
  expect([...statements(permission)].sort(byAction)).toEqual([...expected].sort(byAction));
});

test.each<[string, AwsPermission, string, string]>([
  ['aws-cn', EcrPermissions.pull('arn:aws-cn:ecr:cn-north-1:111122223333:repository/apps'), '', 'arn:aws-cn:ecr:cn-north-1:111122223333:repository/apps'],
  ['aws-us-gov', S3Permissions.read('arn:aws-us-gov:s3:::flux-manifests'), 's3:ListBucket', 'arn:aws-us-gov:s3:::flux-manifests'],
  ['aws-us-gov', KmsPermissions.decryptByAlias('arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/sops'), 'kms:Decrypt',
    'arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/*'],
])('partition %s', (partition, permission, action, resource) => {
  const found = statements(permission, { partition });
  expect(found.filter((statement) => [statement.Action].flat().some((each) => action === '' || each === action)).map(({ Resource }) => Resource)).toContain(resource);
});

test('decryption through S3 in China has the Chinese service name', () => {
  const key = 'arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const found = statements(S3Permissions.read('arn:aws-cn:s3:::flux-manifests', { sseKmsKeyArn: key }), { partition: 'aws-cn' });
  expect(found.find(({ Action }) => Action === 'kms:Decrypt').Condition).toEqual({ StringEquals: { 'kms:ViaService': 's3.cn-north-1.amazonaws.com.cn' } });
});

test.each<[string, AwsPermission, string]>([
  ['aws', EcrPermissions.readAll(), 'AmazonEC2ContainerRegistryReadOnly'],
  ['aws-cn', EcrPermissions.readAll(), 'AmazonEC2ContainerRegistryReadOnly'],
  ['aws', EcrPublicPermissions.readAll(), 'AmazonElasticContainerRegistryPublicReadOnly'],
  ['aws', S3Permissions.readAll(), 'AmazonS3ReadOnlyAccess'],
  ['aws-us-gov', S3Permissions.readAll(), 'AmazonS3ReadOnlyAccess'],
])('AWS-managed policies in partition %s', (partition, permission, name) => {
  const arn = `arn:${partition}:iam::aws:policy/${name}`;
  const all = synth((stack) => {
    const images = role(stack, 'Images', { partition });
    images.grant('All', permission);
    expect(images._grants.map(({ rights }) => rights)).toEqual([[{ role: arn, resources: ['*'] }]]);
  });
  expect(only(all, 'aws_iam_role_policy_attachment')).toEqual({
    policy_arn: arn,
    role: expect.stringMatching(/^\$\{aws_iam_role\.Images_\w+\.name\}$/),
  });
  expect(addresses(all, 'aws_iam_role_policy.')).toEqual([]);
});

test('equal actions and conditions merge, across grants, whatever the order of calls', () => {
  const grants: Array<[string, AwsPermission]> = [
    ['B', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/b')],
    ['A', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/a')],
    ['Again', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/a')],
    ['Key', KmsPermissions.decrypt(KEY, { encryptionContext: { team: 'a' } })],
    ['OtherKey', KmsPermissions.decrypt(KEY, { encryptionContext: { team: 'b' } })],
  ];
  const policy = (order: typeof grants) => only(synth((stack) => {
    const images = role(stack);
    order.forEach(([id, permission]) => images.grant(id, permission));
  }), 'aws_iam_role_policy').policy;
  expect(JSON.parse(policy(grants)).Statement).toEqual([
    { Effect: 'Allow', Action: PULL, Resource: ['arn:aws:ecr:eu-west-1:111122223333:repository/a', 'arn:aws:ecr:eu-west-1:111122223333:repository/b'] },
    ECR_TOKEN,
    { Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY, Condition: { StringEquals: { 'kms:EncryptionContext:team': 'a' } } },
    { Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY, Condition: { StringEquals: { 'kms:EncryptionContext:team': 'b' } } },
  ]);
  expect(policy([...grants].reverse())).toBe(policy(grants));
});

test('values that only Terraform knows keep their places, however many tokens were made before', () => {
  const policy = (tokensBefore: number) => only(synth((stack) => {
    const [first, second] = [bucket(stack, 'First'), bucket(stack, 'Second')];
    for (let index = 0; index < tokensBefore; index++) void String(first.arn);
    const images = role(stack);
    images.grant('A', KmsPermissions.decryptByAlias(first.arn));
    images.grant('B', S3Permissions.read(first.arn));
    images.grant('C', KmsPermissions.decryptByAlias(second.arn));
    images.grant('D', S3Permissions.read(second.arn));
  }), 'aws_iam_role_policy').policy;
  const texts = new Set(Array.from({ length: 12 }, (_, count) => policy(count)));
  expect(texts.size).toBe(1);
});
