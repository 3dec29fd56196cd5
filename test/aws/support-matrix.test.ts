import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { TerraformStack } from 'cdktf';
import { eks, KEY } from './support';
import { IAwsIdentity } from '../../lib/aws/aws-identity';
import { AwsPermission } from '../../lib/aws/aws-permission';
import { FluxIamUser } from '../../lib/aws/flux-iam-user';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxNodeRole } from '../../lib/aws/flux-node-role';
import { FluxPodIdentityRole } from '../../lib/aws/flux-pod-identity-role';
import { CodeCommitPermissions } from '../../lib/aws/permissions/code-commit';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { EcrPublicPermissions } from '../../lib/aws/permissions/ecr-public';
import { EksPermissions } from '../../lib/aws/permissions/eks';
import { KmsPermissions } from '../../lib/aws/permissions/kms';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { stack } from '../support';

const LIB = join(__dirname, '../../lib/aws');
const README = readFileSync(join(LIB, 'README.md'), 'utf8');
const CONTROLLERS = [FluxController.KUSTOMIZE, FluxController.SOURCE].map((name) => FluxServiceAccount.controller(name));
const CLUSTER_ARN = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod';

/** A permission of each service. */
const SERVICES: { [service: string]: () => AwsPermission } = {
  'ecr': () => EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps'),
  'ecr-public': () => EcrPublicPermissions.pull(),
  's3': () => S3Permissions.read('arn:aws:s3:::flux-manifests'),
  'kms': () => KmsPermissions.decrypt(KEY),
  'eks': () => EksPermissions.access(CLUSTER_ARN),
  'codecommit': () => CodeCommitPermissions.pull('arn:aws:codecommit:eu-west-1:111122223333:fleet'),
};

/** An identity of each kind at each level; those that cannot be made are refused. */
const KINDS: { [kind: string]: { [level: string]: (scope: TerraformStack) => IAwsIdentity } } = {
  'workload identity': {
    controller: (scope) => new FluxIrsaRole(scope, 'Id', { oidcProviders: [eks(scope).oidc], serviceAccounts: CONTROLLERS }),
    object: (scope) => new FluxIrsaRole(scope, 'Id', { oidcProviders: [eks(scope).oidc], serviceAccounts: [FluxServiceAccount.of('apps', 'flux')] }),
  },
  'Pod Identity': {
    controller: (scope) => pod(scope, ...CONTROLLERS),
    object: (scope) => pod(scope, FluxServiceAccount.of('apps', 'flux')),
  },
  'static credential': {
    controller: (scope) => new FluxIamUser(scope, 'Id', { name: 'flux', serviceAccounts: CONTROLLERS }),
    object: (scope) => new FluxIamUser(scope, 'Id', { name: 'flux', secrets: [FluxSecret.bucket('apps', 's3'), FluxSecret.sops('apps', 'kms')] }),
  },
  'node': { node: (scope) => new FluxNodeRole(scope, 'Id', { roleArn: 'arn:aws:iam::111122223333:role/nodes' }) },
};

function pod(scope: TerraformStack, ...serviceAccounts: FluxServiceAccount[]) {
  const cluster = ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://x.example.com', clusterArn: CLUSTER_ARN });
  return new FluxPodIdentityRole(scope, 'Id', { cluster, serviceAccounts });
}

function accepts(make: (scope: TerraformStack) => IAwsIdentity, permission: AwsPermission): boolean {
  try {
    make(stack()).grant('Grant', permission);
    return true;
  } catch (error: any) {
    if (error.name !== 'ValidationError') throw error;
    return false;
  }
}

/** The table, row by row. */
const [HEADER, , ...ROWS] = README.split('<!-- support matrix -->\n')[1].split('<!-- end -->')[0].trim().split('\n')
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));

it('has a column for each kind of identity and a row for each service', () => {
  expect(HEADER).toEqual(['service', ...Object.keys(KINDS)]);
  expect(ROWS.map(([service]) => service)).toEqual(Object.keys(SERVICES));
});

it('has a service for each file of permissions', () => {
  const files = readdirSync(join(LIB, 'permissions')).filter((file) => /\.ts$/.test(file) && !/\.d\.ts$/.test(file)).map((file) => file.replace(/\.ts$/, ''));
  expect(files.map((file) => file.replace('code-commit', 'codecommit')).sort()).toEqual(Object.keys(SERVICES).sort());
});

it.each(ROWS)('%s is as the table says', (service, ...cells) => {
  const code = Object.values(KINDS).map((levels) =>
    Object.keys(levels).filter((level) => accepts(levels[level], SERVICES[service]())).join(', ') || '-');
  expect(cells).toEqual(code);
});

it('names every permission and every class of the folder', () => {
  const sources = [...readdirSync(LIB), ...readdirSync(join(LIB, 'permissions')).map((file) => `permissions/${file}`)].filter((file) => /(?<!\.d)\.ts$/.test(file));
  const missing = sources.flatMap((file) => {
    const source = readFileSync(join(LIB, file), 'utf8');
    const type = /export class (\w+)/.exec(source)?.[1];
    if (type === undefined || /^Eks(Scoped)?AccessPolicy$/.test(type)) return [];
    const methods = [...source.matchAll(/^ {2}public static (?!_|readonly)(\w+)/gm)].map((match) => match[1]);
    return [type, ...(file.startsWith('permissions/') ? methods : [])].filter((name) => !README.includes(name));
  });
  expect(missing).toEqual([]);
});
