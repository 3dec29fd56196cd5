import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { Call } from './iam';
import { AwsPermission } from '../../lib/aws/aws-permission';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { FluxRolePolicies } from '../../lib/aws/flux-role-policies';
import { CodeCommitPermissions } from '../../lib/aws/permissions/code-commit';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { EcrPublicPermissions } from '../../lib/aws/permissions/ecr-public';
import { EksPermissions } from '../../lib/aws/permissions/eks';
import { KmsPermissions } from '../../lib/aws/permissions/kms';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';

/** One integration of Flux with AWS: what is granted, the calls that Flux then makes, and calls that it must not get through. */
export interface Row {
  readonly name: string;
  /** Made with each ARN (and prefix) passed through `value`, which leaves it plain or hides it from synth. */
  readonly permission: (value: (text: string) => string) => AwsPermission;
  readonly allowed: readonly Call[];
  /** Each differs from an allowed one in one thing. */
  readonly denied: readonly Call[];
}

const repository = (name: string, region = 'eu-west-1', account = '111122223333') => `arn:aws:ecr:${region}:${account}:repository/${name}`;
const key = (id: string, region = 'eu-west-1', account = '111122223333') => `arn:aws:kms:${region}:${account}:key/${id}`;
const KEY = key('1234abcd-12ab-34cd-56ef-1234567890ab');
const OTHER_KEY = key('99999999-12ab-34cd-56ef-1234567890ab');
const ALIAS = 'arn:aws:kms:eu-west-1:111122223333:alias/sops';
const BUCKET = 'arn:aws:s3:::flux-manifests';
const FLEET = 'arn:aws:codecommit:eu-west-1:111122223333:fleet';
const STAGING = 'arn:aws:eks:eu-west-1:111122223333:cluster/staging';
const SOPS_ROLE = 'arn:aws:iam::444455556666:role/sops';

/** Calls of one action, or of several, on resources. */
function calls(actions: string | readonly string[], resources: string | readonly string[], context?: Call['context']): Call[] {
  return [actions].flat().flatMap((action) => [resources].flat().map((resource) => ({ action, resource, context })));
}

const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:ListImages'];
const NOT_OURS = [repository('other/web'), repository('apps'), repository('apps/web', 'eu-central-1'), repository('apps/web', 'eu-west-1', '444455556666')];

/** Every integration that `FluxIrsaRole` serves. */
export const AWS_ROWS: readonly Row[] = [
  {
    name: 'ECR: pull and list tags',
    permission: (value) => EcrPermissions.pull(value(repository('apps/*'))),
    allowed: [...calls(PULL, [repository('apps/web'), repository('apps/team/web')]), ...calls('ecr:GetAuthorizationToken', '*')],
    denied: [
      ...calls(PULL, NOT_OURS),
      ...calls(['ecr:PutImage', 'ecr:InitiateLayerUpload', 'ecr:BatchDeleteImage', 'ecr:DescribeImages', 'ecr:BatchImportUpstreamImage'], repository('apps/web')),
      ...calls('ecr-public:GetAuthorizationToken', '*'),
    ],
  },
  {
    name: 'ECR: one repository',
    permission: (value) => EcrPermissions.pull(value(repository('apps'))),
    allowed: [...calls(PULL, repository('apps')), ...calls('ecr:GetAuthorizationToken', '*')],
    denied: calls(PULL, [repository('apps/web'), repository('apps2')]),
  },
  {
    name: 'ECR: pull-through cache',
    permission: (value) => EcrPermissions.pullThroughCache(value(repository('ghcr/*'))),
    allowed: [...calls([...PULL, 'ecr:BatchImportUpstreamImage'], repository('ghcr/fluxcd/flux')), ...calls('ecr:GetAuthorizationToken', '*')],
    denied: [...calls([...PULL, 'ecr:BatchImportUpstreamImage'], repository('apps/web')), ...calls(['ecr:CreateRepository', 'ecr:TagResource'], repository('ghcr/fluxcd/flux'))],
  },
  {
    name: 'ECR: pull-through cache that creates repositories',
    permission: (value) => EcrPermissions.pullThroughCache(value(repository('ghcr/*')), { createRepositories: true }),
    allowed: calls([...PULL, 'ecr:BatchImportUpstreamImage', 'ecr:CreateRepository', 'ecr:TagResource'], repository('ghcr/fluxcd/flux')),
    denied: calls([...PULL, 'ecr:BatchImportUpstreamImage', 'ecr:CreateRepository', 'ecr:TagResource'], repository('apps/web')),
  },
  {
    name: 'ECR public',
    permission: () => EcrPublicPermissions.pull(),
    allowed: [
      ...calls('ecr-public:GetAuthorizationToken', '*'),
      ...calls('sts:GetServiceBearerToken', '*', { 'sts:AWSServiceName': 'ecr-public.amazonaws.com' }),
    ],
    denied: [
      ...calls('sts:GetServiceBearerToken', '*', { 'sts:AWSServiceName': 'codeartifact.amazonaws.com' }),
      ...calls('sts:GetServiceBearerToken', '*'),
      ...calls(['ecr:GetAuthorizationToken', 'ecr-public:PutImage'], '*'),
    ],
  },
  {
    name: 'S3: a whole bucket',
    permission: (value) => S3Permissions.read(value(BUCKET)),
    allowed: [...calls('s3:ListBucket', BUCKET), ...calls('s3:GetObject', [`${BUCKET}/.sourceignore`, `${BUCKET}/clusters/prod/a.yaml`])],
    denied: [
      ...calls('s3:ListBucket', ['arn:aws:s3:::other', `${BUCKET}-2`]),
      ...calls('s3:GetObject', ['arn:aws:s3:::other/a.yaml', `${BUCKET}-2/a.yaml`]),
      ...calls(['s3:PutObject', 's3:DeleteObject'], `${BUCKET}/clusters/prod/a.yaml`),
      ...calls('s3:GetBucketLocation', BUCKET),
    ],
  },
  {
    name: 'S3: a prefix',
    permission: (value) => S3Permissions.read(value(BUCKET), { prefix: value('clusters/prod/') }),
    // HEAD bucket carries no prefix, the listing does.
    allowed: [
      ...calls('s3:ListBucket', BUCKET),
      ...calls('s3:ListBucket', BUCKET, { 's3:prefix': 'clusters/prod/' }),
      ...calls('s3:GetObject', [`${BUCKET}/.sourceignore`, `${BUCKET}/clusters/prod/a.yaml`, `${BUCKET}/clusters/prod/deep/b.yaml`]),
    ],
    denied: [
      ...calls('s3:GetObject', [`${BUCKET}/clusters/dev/a.yaml`, `${BUCKET}/a.yaml`, `${BUCKET}/clusters/production/a.yaml`, 'arn:aws:s3:::other/clusters/prod/a.yaml']),
      ...calls('s3:ListBucket', 'arn:aws:s3:::other'),
    ],
  },
  {
    name: 'S3: a Bucket without region',
    permission: (value) => S3Permissions.read(value(BUCKET), { locateBucket: true }),
    allowed: calls(['s3:GetBucketLocation', 's3:ListBucket'], BUCKET),
    denied: calls(['s3:GetBucketLocation', 's3:ListBucket'], 'arn:aws:s3:::other'),
  },
  {
    name: 'S3: objects encrypted with a KMS key',
    permission: (value) => S3Permissions.read(value(BUCKET), { sseKmsKeyArn: value(KEY) }),
    allowed: [...calls('s3:GetObject', `${BUCKET}/a.yaml`), ...calls('kms:Decrypt', KEY, { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' })],
    denied: [
      ...calls('kms:Decrypt', KEY),
      ...calls('kms:Decrypt', KEY, { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' }),
      ...calls('kms:Decrypt', KEY, { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' }),
      ...calls('kms:Decrypt', OTHER_KEY, { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' }),
    ],
  },
  {
    name: 'SOPS: a KMS key',
    permission: (value) => KmsPermissions.decrypt(value(KEY)),
    allowed: [...calls('kms:Decrypt', KEY), ...calls('kms:Decrypt', KEY, { 'kms:EncryptionContext:team': 'a' })],
    denied: [
      ...calls('kms:Decrypt', [OTHER_KEY, KEY.replace('eu-west-1', 'eu-central-1'), KEY.replace('111122223333', '444455556666')]),
      ...calls(['kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey', 'kms:CreateGrant'], KEY),
    ],
  },
  {
    name: 'SOPS: a KMS key with encryption context and describe',
    permission: (value) => KmsPermissions.decrypt(value(KEY), { encryptionContext: { Team: value('a'), App: 'web' }, describe: true }),
    allowed: [...calls('kms:Decrypt', KEY, { 'kms:EncryptionContext:Team': 'a', 'kms:EncryptionContext:App': 'web' }), ...calls('kms:DescribeKey', KEY)],
    denied: [
      ...calls('kms:Decrypt', KEY),
      ...calls('kms:Decrypt', KEY, { 'kms:EncryptionContext:Team': 'a' }),
      ...calls('kms:Decrypt', KEY, { 'kms:EncryptionContext:Team': 'b', 'kms:EncryptionContext:App': 'web' }),
      ...calls('kms:Decrypt', OTHER_KEY, { 'kms:EncryptionContext:Team': 'a', 'kms:EncryptionContext:App': 'web' }),
      ...calls('kms:DescribeKey', OTHER_KEY),
    ],
  },
  {
    name: 'SOPS: a KMS key by its alias',
    permission: (value) => KmsPermissions.decryptByAlias(value(ALIAS)),
    allowed: calls('kms:Decrypt', [KEY, OTHER_KEY], { 'kms:RequestAlias': 'alias/sops' }),
    denied: [
      ...calls('kms:Decrypt', KEY),
      ...calls('kms:Decrypt', KEY, { 'kms:RequestAlias': 'alias/other' }),
      ...calls('kms:Decrypt', [KEY.replace('eu-west-1', 'eu-central-1'), KEY.replace('111122223333', '444455556666')], { 'kms:RequestAlias': 'alias/sops' }),
    ],
  },
  {
    name: 'SOPS: a role named beside the key',
    permission: (value) => KmsPermissions.assumeSopsRole(value(SOPS_ROLE)),
    allowed: calls('sts:AssumeRole', SOPS_ROLE),
    denied: [...calls('sts:AssumeRole', [`${SOPS_ROLE}2`, SOPS_ROLE.replace('444455556666', '111122223333')]), ...calls('sts:TagSession', SOPS_ROLE)],
  },
  {
    name: 'SOPS: a KMS key by a grant of its owner',
    permission: (value) => KmsPermissions.decryptByGrant(value(KEY), { encryptionContext: { Team: 'a' } }),
    allowed: calls('kms:Decrypt', KEY, { 'kms:EncryptionContext:Team': 'a' }),
    denied: [
      ...calls('kms:Decrypt', KEY),
      ...calls('kms:Decrypt', [OTHER_KEY, KEY.replace('eu-west-1', 'eu-central-1')], { 'kms:EncryptionContext:Team': 'a' }),
    ],
  },
  {
    name: 'EKS: a remote cluster',
    permission: (value) => EksPermissions.access(value(STAGING)),
    allowed: calls('eks:DescribeCluster', STAGING),
    denied: [
      ...calls('eks:DescribeCluster', [`${STAGING}-2`, STAGING.replace('eu-west-1', 'eu-central-1')]),
      ...calls(['eks:ListClusters', 'eks:CreateAccessEntry'], STAGING),
    ],
  },
  {
    name: 'CodeCommit: GitRepository',
    permission: (value) => CodeCommitPermissions.pull(value(FLEET)),
    allowed: calls('codecommit:GitPull', FLEET),
    denied: [...calls('codecommit:GitPush', FLEET), ...calls('codecommit:GitPull', [`${FLEET}2`, FLEET.replace('eu-west-1', 'eu-central-1')])],
  },
  {
    name: 'CodeCommit: ImageUpdateAutomation',
    permission: (value) => CodeCommitPermissions.pullAndPush(value(FLEET)),
    allowed: calls(['codecommit:GitPull', 'codecommit:GitPush'], FLEET),
    denied: [...calls(['codecommit:GitPull', 'codecommit:GitPush'], `${FLEET}2`), ...calls('codecommit:DeleteBranch', FLEET)],
  },
];

/** Grants of AWS's own policies, by what is attached. */
export const AWS_MANAGED: ReadonlyArray<readonly [string, () => AwsPermission, string]> = [
  ['ECR', () => EcrPermissions.readAll(), 'AmazonEC2ContainerRegistryReadOnly'],
  ['ECR public', () => EcrPublicPermissions.readAll(), 'AmazonElasticContainerRegistryPublicReadOnly'],
  ['S3', () => S3Permissions.readAll(), 'AmazonS3ReadOnlyAccess'],
];

/** Roles for row n: `Plain<n>`, `Hidden<n>` (its values known to Terraform only), `Managed<n>`; `Aws<n>` for AWS's own policies. */
export class AwsRows extends TerraformStack {
  private readonly variables = new Map<string, TerraformVariable>();

  public constructor() {
    super(Testing.app(), 'rows');
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });
    const oidc = new FluxOidcProvider(this, 'Oidc', { issuer: ClusterIssuer.oidc(this, 'Cluster', { url: 'https://oidc.example.com' }) });
    const role = (id: string, policies?: FluxRolePolicies) => new FluxIrsaRole(this, id, {
      oidcProviders: [oidc], serviceAccounts: [FluxController.SOURCE, FluxController.KUSTOMIZE].map((name) => FluxServiceAccount.controller(name)), region: 'eu-west-1', policies,
    });
    AWS_ROWS.forEach(({ permission }, index) => {
      role(`Plain${index}`).grant('Row', permission((text) => text));
      role(`Hidden${index}`).grant('Row', permission((text) => this.hide(text)));
      role(`Managed${index}`, FluxRolePolicies.MANAGED).grant('Row', permission((text) => text));
    });
    AWS_MANAGED.forEach(([, permission], index) => role(`Aws${index}`).grant('Row', permission()));
  }

  private hide(text: string): string {
    const variable = this.variables.get(text) ?? new TerraformVariable(this, `value${this.variables.size}`, { type: 'string', default: text });
    this.variables.set(text, variable);
    return variable.stringValue;
  }
}
