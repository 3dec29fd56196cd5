import { readFileSync } from 'fs';
import { join } from 'path';
import { TerraformStack } from 'cdktf';
import { EKS_URL, KEY } from './support';
import { EksAccessPolicy } from '../../lib/aws/eks-access-policy';
import { FluxEcrRepositoryPolicy } from '../../lib/aws/flux-ecr-repository-policy';
import { FluxIamUser } from '../../lib/aws/flux-iam-user';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxKmsKeyPolicy } from '../../lib/aws/flux-kms-key-policy';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { FluxPodIdentityRole } from '../../lib/aws/flux-pod-identity-role';
import { FluxS3BucketPolicy } from '../../lib/aws/flux-s3-bucket-policy';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { EksPermissions } from '../../lib/aws/permissions/eks';
import { KmsPermissions } from '../../lib/aws/permissions/kms';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { Synthesized, synth } from '../support';

/** What the AWS provider cannot change in place, as its documentation says. */
const FORCES_REPLACEMENT: { readonly [type: string]: readonly string[] } = {
  aws_iam_role: ['name', 'name_prefix', 'path'],
  aws_iam_role_policy: ['name', 'role'],
  aws_iam_openid_connect_provider: ['url'],
  aws_eks_access_entry: ['cluster_name', 'principal_arn', 'type'],
  aws_eks_access_policy_association: ['cluster_name', 'principal_arn', 'policy_arn', 'access_scope'],
  aws_eks_pod_identity_association: ['cluster_name', 'namespace', 'service_account'],
  aws_kms_grant: ['key_id', 'grantee_principal', 'operations', 'constraints', 'name'],
  aws_kms_key_policy: ['key_id'],
  aws_ecr_repository_policy: ['repository'],
  aws_s3_bucket_policy: ['bucket'],
  aws_iam_access_key: ['user', 'pgp_key'],
  aws_iam_user_policy: ['name', 'user'],
};

interface Plan {
  readonly replaced: string[];
  readonly updated: string[];
  readonly added: string[];
  readonly removed: string[];
}

/**
 * What Terraform would plan, by resource type. Every attribute of a replaced resource is new, and of an updated one those that
 * are set anew: whatever refers to them changes too. `tainted` is replaced anyway.
 */
function plan(before: Synthesized, after: Synthesized, tainted: string[] = []): Plan {
  const common = Object.keys(after.resources).filter((address) => address in before.resources && !address.startsWith('data.'));
  const replaced = new Set(tainted);
  const setAnew = new Map<string, string[]>();
  const refersToChange = (value: unknown) => {
    const text = JSON.stringify(value) ?? '';
    return [...replaced].some((address) => text.includes(`${address}.`))
      || [...setAnew].some(([address, names]) => names.some((name) => new RegExp(`${address.replace('.', '\\.')}\\.${name}\\b`).test(text)));
  };
  const changed = (address: string) => Object.keys({ ...before.resources[address], ...after.resources[address] }).filter((name) =>
    name !== 'lifecycle' && (refersToChange(after.resources[address][name])
      || JSON.stringify(before.resources[address][name]) !== JSON.stringify(after.resources[address][name])));
  for (let last = ''; last !== JSON.stringify([[...replaced], [...setAnew]]);) {
    last = JSON.stringify([[...replaced], [...setAnew]]);
    for (const address of common) {
      const forced = FORCES_REPLACEMENT[address.split('.')[0]] ?? [];
      setAnew.set(address, changed(address));
      const triggered = refersToChange(after.resources[address].lifecycle?.replace_triggered_by);
      if (triggered || changed(address).some((name) => forced.includes(name))) replaced.add(address);
    }
  }
  const types = (addresses: string[]) => [...new Set(addresses.filter((address) => !address.startsWith('data.')).map((address) => address.split('.')[0]))].sort();
  return {
    replaced: types([...replaced]),
    updated: types(common.filter((address) => !replaced.has(address) && changed(address).length > 0)),
    added: types(Object.keys(after.resources).filter((address) => !(address in before.resources))),
    removed: types(Object.keys(before.resources).filter((address) => !(address in after.resources))),
  };
}

interface Change {
  readonly name?: string;
  readonly podName?: string;
  readonly userName?: string;
  readonly description?: string;
  readonly accounts?: FluxController[];
  readonly podAccounts?: FluxController[];
  readonly issuerUrl?: string;
  readonly green?: boolean;
  readonly statementGrant?: string | null;
  readonly moreGrants?: boolean;
  readonly eksGrant?: string;
  readonly accessKeys?: string[];
  readonly namespaces?: string[];
}

/** An app with everything that hangs on an identity. */
function app(change: Change): Synthesized {
  const controllers = (list: FluxController[] | undefined, fallback: FluxController[]) =>
    (list ?? fallback).map((each) => FluxServiceAccount.controller(each));
  return synth((scope: TerraformStack) => {
    const clusterArn = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod';
    const cluster = ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod', issuerUrl: change.issuerUrl ?? EKS_URL, clusterArn });
    const oidcProviders = [new FluxOidcProvider(scope, 'Oidc', { issuer: cluster })];
    if (change.green) oidcProviders.push(new FluxOidcProvider(scope, 'GreenOidc', { issuer: ClusterIssuer.oidc(scope, 'Green', { url: 'https://green.example.com' }) }));
    const role = new FluxIrsaRole(scope, 'Role', {
      name: change.name ?? 'flux',
      description: change.description,
      oidcProviders,
      region: 'eu-west-1',
      serviceAccounts: controllers(change.accounts, [FluxController.KUSTOMIZE, FluxController.NOTIFICATION, FluxController.SOURCE]),
    });
    const permissions = [EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps'), S3Permissions.read('arn:aws:s3:::manifests'), KmsPermissions.decrypt(KEY)];
    role.grant(change.statementGrant ?? 'Apps', permissions[0]);
    if (change.moreGrants) role.grant('More', S3Permissions.read('arn:aws:s3:::more'));
    role.grant(change.eksGrant ?? 'Staging', EksPermissions.access('arn:aws:eks:eu-west-1:111122223333:cluster/staging', { accessPolicies: [change.namespaces === undefined ? EksAccessPolicy.VIEW.onCluster() : EksAccessPolicy.VIEW.onNamespaces(...change.namespaces)] }));
    role.grant('Key', KmsPermissions.decryptByGrant(KEY));
    new FluxEcrRepositoryPolicy(scope, 'Apps', { repositoryArn: 'arn:aws:ecr:eu-west-1:111122223333:repository/apps' }).grant('Role', role, permissions[0]);
    new FluxS3BucketPolicy(scope, 'Manifests', { bucketArn: 'arn:aws:s3:::manifests' }).grant('Role', role, permissions[1]);
    new FluxKmsKeyPolicy(scope, 'Key', { keyArn: KEY }).grant('Role', role, permissions[2]);
    const pod = new FluxPodIdentityRole(scope, 'Pod', { name: change.podName ?? 'pod', issuer: cluster, serviceAccounts: controllers(change.podAccounts, [FluxController.IMAGE_REFLECTOR, FluxController.NOTIFICATION]) });
    pod.grant('Apps', permissions[0]);
    const user = new FluxIamUser(scope, 'User', {
      name: change.userName ?? 'user', accessKeys: change.accessKeys, serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
    });
    user.grant('Manifests', permissions[1]);
  });
}

const { SOURCE, KUSTOMIZE, IMAGE_REFLECTOR, NOTIFICATION, IMAGE_AUTOMATION } = FluxController;
const CHANGES: { readonly [change: string]: readonly [Change, Change] | 'recreated' } = {
  'name of a web identity role': [{}, { name: 'flux-two' }],
  'name of a Pod Identity role': [{}, { podName: 'pod-two' }],
  'name of a user': [{}, { userName: 'user-two' }],
  'description, tags or boundary of a role': [{}, { description: 'Flux' }],
  'one more controller on a web identity role': [{}, { accounts: [SOURCE, KUSTOMIZE, NOTIFICATION, IMAGE_AUTOMATION] }],
  'one controller less on a web identity role': [{}, { accounts: [SOURCE, KUSTOMIZE] }],
  'one more controller on a Pod Identity role': [{}, { podAccounts: [IMAGE_REFLECTOR, NOTIFICATION, IMAGE_AUTOMATION] }],
  'one controller less on a Pod Identity role': [{}, { podAccounts: [IMAGE_REFLECTOR] }],
  'issuer of the cluster': [{}, { issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/ANOTHER' }],
  'one more cluster (blue/green)': [{}, { green: true }],
  'a role deleted and made anew under its name': 'recreated',
  'one more statement grant': [{}, { moreGrants: true }],
  'another id of a statement grant': [{}, { statementGrant: 'Images' }],
  'another id of an EKS grant': [{}, { eksGrant: 'Remote' }],
  'another namespace of an access policy': [{ namespaces: ['a'] }, { namespaces: ['a', 'b'] }],
  'a second access key': [{}, { accessKeys: ['Key', 'Next'] }],
  'the first access key removed': [{ accessKeys: ['Key', 'Next'] }, { accessKeys: ['Next'] }],
};

const TABLE = readFileSync(join(__dirname, '../../docs/aws/rotation-and-renames.md'), 'utf8').split('<!-- plans -->\n')[1].split('<!-- end -->')[0].trim().split('\n').slice(2)
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));

it('documents every change that is tested', () => {
  expect(TABLE.map(([change]) => change)).toEqual(Object.keys(CHANGES));
});

it.each(TABLE)('%s plans what the page says', (change, ...documented) => {
  const steps = CHANGES[change];
  const [before, after] = steps === 'recreated' ? [app({}), app({})] : steps.map(app);
  const tainted = steps === 'recreated' ? Object.keys(after.resources).filter((address) => address.startsWith('aws_iam_role.Role')) : [];
  const { replaced, updated, added, removed } = plan(before, after, tainted);
  const types = (cell: string) => [...cell.matchAll(/`(\w+)`/g)].map((match) => match[1]).sort();
  expect([replaced, updated, added, removed]).toEqual(documented.map(types));
});
