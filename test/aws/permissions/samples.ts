import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import * as lib from '../../../lib';
import { AwsPermission } from '../../../lib/aws/aws-permission';
import { EksAccessPolicy } from '../../../lib/aws/eks-access-policy';
import { Row } from '../../misuse/row';
import { KEY } from '../support';

const GIT = 'arn:aws:codecommit:eu-west-1:111122223333:fleet';
const REPOSITORY = 'arn:aws:ecr:eu-west-1:111122223333:repository/apps';
const CLUSTER = 'arn:aws:eks:eu-west-1:111122223333:cluster/staging';
const ROLE = 'arn:aws:iam::111122223333:role/flux';
const BUCKET = 'arn:aws:s3:::manifests';
const PULL = ['ecr:BatchGetImage', 'ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer', 'ecr:ListImages'];
const aws = (scope: TerraformStack) => scope.node.tryFindChild('Aws') as AwsProvider | undefined ?? new AwsProvider(scope, 'Aws', { alias: 'other' });

/** How a method of a permission is used, and what it comes to. */
export interface Sample extends Row {
  /** The IAM actions that it allows with `args` alone. */
  readonly actions: readonly string[];
  /** Arguments that are refused, with a part of the error that says what was given. */
  readonly refused?: ReadonlyArray<readonly [args: any[], given: string]>;
}

/** Every method of every permission that takes something: misuse, support matrix and the permissions' own tests go through them. */
export const SAMPLES: { readonly [method: string]: Sample } = {
  'CodeCommitPermissions.pull': {
    actions: ['codecommit:GitPull'],
    args: () => [GIT],
    refused: [[['https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/fleet'], 'CodeCommit repository ARN']],
  },
  'CodeCommitPermissions.pullAndPush': { actions: ['codecommit:GitPull', 'codecommit:GitPush'], args: () => [GIT] },
  'EcrPermissions.pull': { actions: PULL, args: () => [REPOSITORY] },
  'EcrPermissions.pullThroughCache': { actions: ['ecr:BatchImportUpstreamImage', ...PULL], args: () => [REPOSITORY, {}], spare: 1, optional: () => ({ createRepositories: true }) },
  'EksPermissions.access': {
    actions: ['eks:DescribeCluster'],
    args: () => [CLUSTER, {}],
    spare: 1,
    optional: (s) => ({ accessPolicies: [EksAccessPolicy.VIEW.onCluster()], userName: 'flux', groups: ['flux'], authenticationMode: 'API', provider: aws(s) }),
  },
  'KmsPermissions.decrypt': { actions: ['kms:Decrypt'], args: () => [KEY, {}], spare: 1, optional: () => ({ encryptionContext: { app: 'a' }, describe: true }) },
  'KmsPermissions.decryptByAlias': {
    actions: ['kms:Decrypt'],
    args: () => ['arn:aws:kms:eu-west-1:111122223333:alias/sops', {}],
    spare: 1,
    optional: () => ({ encryptionContext: { app: 'a' }, describe: true }),
  },
  'KmsPermissions.decryptByGrant': { actions: ['kms:Decrypt'], args: () => [KEY, {}], spare: 1, optional: (s) => ({ encryptionContext: { app: 'a' }, provider: aws(s) }) },
  'KmsPermissions.assumeSopsRole': { actions: ['sts:AssumeRole'], args: () => [ROLE] },
  'S3Permissions.read': {
    actions: ['s3:GetObject', 's3:ListBucket'],
    args: () => [BUCKET, {}],
    spare: 1,
    optional: () => ({ prefix: 'a/', sseKmsKeyArn: KEY, locateBucket: false, account: '111122223333' }),
  },
};

/** A permission by each method of every exported class: by its sample, or without arguments where it takes none. */
export function everyPermission(scope: TerraformStack): [method: string, permission: AwsPermission][] {
  return Object.entries(lib).filter(([name]) => name.endsWith('Permissions')).flatMap(([name, type]) => (
    Object.getOwnPropertyNames(type).filter((method) => typeof (type as any)[method] === 'function').flatMap((method): [string, AwsPermission][] => {
      const sample = SAMPLES[`${name}.${method}`];
      if (sample === undefined && (type as any)[method].length > 0) return [];
      const made = (type as any)[method](...sample?.args(scope) ?? []);
      return made instanceof AwsPermission ? [[`${name}.${method}`, made]] : [];
    })
  ));
}
