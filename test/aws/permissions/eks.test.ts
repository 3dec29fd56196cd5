import { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { EksAccessPolicy } from '../../../lib/aws/eks-access-policy';
import { FluxIamUser } from '../../../lib/aws/flux-iam-user';
import { FluxIrsaRole } from '../../../lib/aws/flux-irsa-role';
import { EksAccessOptions, EksPermissions } from '../../../lib/aws/permissions/eks';
import { FluxController } from '../../../lib/core/flux-controller';
import { FluxSecret } from '../../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../../lib/core/flux-service-account';
import { addresses, difference, only, refused, stack, synth, synthesized } from '../../support';
import { eks, role } from '../support';

const STAGING = 'arn:aws:eks:eu-west-1:111122223333:cluster/staging';
const { CLUSTER_ADMIN, EDIT, VIEW } = EksAccessPolicy;

const access = (options?: EksAccessOptions, clusterArn = STAGING) => synth((scope) => role(scope).grant('Staging', EksPermissions.access(clusterArn, options)));
const madeHere = (scope: TerraformStack) =>
  new EksCluster(scope, 'Made', { name: 'made', roleArn: 'arn:aws:iam::111122223333:role/cluster', vpcConfig: { subnetIds: [] } });

describe('EksPermissions.access', () => {
  it('allows the one call on the cluster, without a principal', () => {
    expect(JSON.parse(only(access(), 'aws_iam_role_policy').policy).Statement).toEqual([{ Effect: 'Allow', Action: 'eks:DescribeCluster', Resource: STAGING }]);
  });

  it('makes the identity a user named after its ARN, whatever the session is called', () => {
    const all = access();
    const arn = `\${${addresses(all, 'aws_iam_role.')[0]}.arn}`;
    expect(only(all, 'aws_eks_access_entry')).toMatchObject({ cluster_name: 'staging', principal_arn: arn, user_name: arn, region: 'eu-west-1' });
    expect(only(all, 'aws_eks_access_entry').kubernetes_groups).toEqual([]); // left out, EKS would keep groups that were taken away
    expect(addresses(all, 'aws_eks_access_policy_association.')).toEqual([]);
  });

  it('takes a user name and groups', () => {
    expect(only(access({ userName: 'my-iam:flux', groups: ['flux-system:deployers', 'apps'] }), 'aws_eks_access_entry'))
      .toMatchObject({ user_name: 'my-iam:flux', kubernetes_groups: ['apps', 'flux-system:deployers'] });
  });

  it('scopes access policies to the cluster or to namespaces, and makes them after the entry', () => {
    const accessPolicies = [EDIT.onNamespaces('jobs', 'apps', 'jobs'), VIEW.onCluster(), EksAccessPolicy.of('AmazonEKSNewPolicy').onCluster()];
    const all = access({ accessPolicies });
    expect(access({ accessPolicies: [...accessPolicies].reverse() }).text).toBe(all.text);
    const entry = addresses(all, 'aws_eks_access_entry.')[0];
    expect(addresses(all, 'aws_eks_access_policy_association.').map((address) => all.resources[address])).toEqual([
      ['AmazonEKSEditPolicy', { type: 'namespace', namespaces: ['apps', 'jobs'] }],
      ['AmazonEKSNewPolicy', { type: 'cluster' }],
      ['AmazonEKSViewPolicy', { type: 'cluster' }],
    ].map(([name, scope]) => ({
      cluster_name: `\${${entry}.cluster_name}`,
      principal_arn: `\${${entry}.principal_arn}`,
      policy_arn: `arn:aws:eks::aws:cluster-access-policy/${name}`,
      access_scope: scope,
      region: 'eu-west-1',
      lifecycle: { replace_triggered_by: [`${entry}.access_entry_arn`] },
    })));
  });

  it('is replaced when the role is made anew under its ARN', () => {
    const all = access();
    expect(only(all, 'aws_eks_access_entry').lifecycle.replace_triggered_by).toEqual([`${addresses(all, 'aws_iam_role.')[0]}.unique_id`]);
  });

  it('knows no unique id of a role that is made elsewhere', () => {
    const all = synth((scope) => {
      FluxIrsaRole.fromRoleArn(scope, 'Role', {
        roleArn: 'arn:aws:iam::111122223333:role/flux', oidcProviders: [eks(scope).oidc], serviceAccounts: [FluxServiceAccount.of('edge', 'flux')],
      }).grant('Staging', EksPermissions.access(STAGING));
    });
    expect(only(all, 'aws_eks_access_entry').lifecycle).not.toHaveProperty('replace_triggered_by');
    expect(only(all, 'aws_eks_access_entry').principal_arn).toBe('arn:aws:iam::111122223333:role/flux');
  });

  it('asks for an authentication mode with entries, by lookup', () => {
    const all = access();
    const lookup = addresses(all, 'data.aws_eks_cluster.')[0];
    expect(all.resources[lookup]).toEqual({ name: 'staging', region: 'eu-west-1' });
    const [{ condition, error_message: message }] = only(all, 'aws_eks_access_entry').lifecycle.precondition;
    expect(condition).toBe(`\${contains(["API", "API_AND_CONFIG_MAP"], ${lookup}.access_config[0].authentication_mode)}`);
    expect(message).toContain('set access_config.authentication_mode of the cluster to API_AND_CONFIG_MAP');
  });

  it('asks nobody when the mode is given', () => {
    const all = access({ authenticationMode: 'API_AND_CONFIG_MAP' });
    expect(addresses(all, 'data.aws_eks_cluster.')).toEqual([]);
    expect(only(all, 'aws_eks_access_entry').lifecycle).not.toHaveProperty('precondition');
  });

  it('works on a cluster of the same app', () => {
    const all = synth((scope) => {
      const cluster = madeHere(scope);
      role(scope, 'Images', { account: '111122223333' }).grant('Made', EksPermissions.access(cluster.arn, {
        authenticationMode: cluster.accessConfig.authenticationMode, accessPolicies: [CLUSTER_ADMIN.onCluster()],
      }));
    });
    const made = addresses(all, 'aws_eks_cluster.')[0];
    expect(addresses(all, 'data.')).toEqual([]);
    const { cluster_name: name, region, lifecycle } = only(all, 'aws_eks_access_entry');
    expect({ name, region }).toEqual({ name: `\${element(split("cluster/", ${made}.arn), 1)}`, region: undefined });
    expect(lifecycle.precondition[0].condition).toMatch(new RegExp(`^\\$\\{contains\\(.*${made}\\.access_config\\S*\\.authentication_mode\\)\\}$`));
  });

  it('hands the provider of the cluster on, and names the policies of its partition', () => {
    const all = synth((scope) => {
      const provider = new AwsProvider(scope, 'Cn', { alias: 'cn' });
      role(scope, 'Role', { partition: 'aws-cn' }).grant('Cluster', EksPermissions.access('arn:aws-cn:eks:cn-north-1:111122223333:cluster/edge', {
        accessPolicies: [EksAccessPolicy.of('arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSViewPolicy').onCluster()], provider,
      }));
    });
    for (const type of ['aws_eks_access_entry', 'aws_eks_access_policy_association', 'data.aws_eks_cluster']) expect(only(all, type).provider).toBe('aws.cn');
    expect(only(all, 'aws_eks_access_policy_association').policy_arn).toBe('arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSViewPolicy');
    expect(only(all, 'aws_iam_role_policy')).not.toHaveProperty('provider');
  });

  it('keeps its addresses when policies come and go', () => {
    const [one, two] = [access({ accessPolicies: [VIEW.onCluster()] }), access({ accessPolicies: [EDIT.onNamespaces('apps'), VIEW.onCluster()] })];
    expect(difference(one, two)).toEqual({ added: [expect.stringContaining('AmazonEKSEditPolicy')], removed: [], changed: [] });
  });

  it('lets others wait for entry and policies', () => {
    const grant = role(stack()).grant('Staging', EksPermissions.access(STAGING, { accessPolicies: [VIEW.onCluster()] }));
    expect(grant.addresses.map((address) => address.split('.')[0])).toEqual(['aws_eks_access_entry', 'aws_eks_access_policy_association', 'aws_iam_role_policy']);
  });

  it('serves a user with an access key at controller level', () => {
    const all = synth((scope) => new FluxIamUser(scope, 'User', { name: 'u', serviceAccounts: [FluxServiceAccount.controller(FluxController.HELM)] })
      .grant('Staging', EksPermissions.access(STAGING)));
    expect(only(all, 'aws_eks_access_entry').principal_arn).toMatch(/^\$\{aws_iam_user\.User_\w+\.arn\}$/);
  });
});

describe('bad input', () => {
  const grant = (options: any, clusterArn = STAGING, props = {}) => (scope: TerraformStack) =>
    role(scope, 'Images', props).grant('Staging', EksPermissions.access(clusterArn, options));
  const keyAtObjectLevel = (scope: TerraformStack) =>
    new FluxIamUser(scope, 'User', { name: 'u', secrets: [FluxSecret.bucket('apps', 's')] }).grant('Staging', EksPermissions.access(STAGING));

  it.each<[string, (scope: TerraformStack) => unknown, string, string]>([
    ...['system:masters', 'eks:x', 'aws:x', 'amazon:x', 'iam:x'].map((userName): [string, (scope: TerraformStack) => unknown, string, string] =>
      [`user name ${userName}`, grant({ userName }), `Kubernetes user name "${userName}"`, 'use a name of your own']),
    ['an empty user name', grant({ userName: '' }), 'Kubernetes user name ""', 'use a name of your own'],
    ['a group of the system', grant({ groups: ['apps', 'system:masters'] }), 'Kubernetes group "system:masters"', 'bind it to a Role in the cluster'],
    ['namespace scope without namespaces', () => EDIT.onNamespaces(), 'access policy "AmazonEKSEditPolicy" on no namespace', 'use onCluster()'],
    ['namespaces with cluster scope', () => (EDIT as any).onCluster('apps'), 'access policy "AmazonEKSEditPolicy" on the cluster with namespaces', 'use onNamespaces'],
    ['a namespace that is none', () => EDIT.onNamespaces('team_a'), 'namespace "team_a"', 'exactly as Kubernetes shows it'],
    ['a policy without scope', grant({ accessPolicies: [EDIT] }), 'a value of type EksAccessPolicy as item 1', 'EksAccessPolicy.X.onCluster() or .onNamespaces(...)'],
    ['a policy twice', grant({ accessPolicies: [EDIT.onNamespaces('a'), EDIT.onNamespaces('b')] }), 'access policy "AmazonEKSEditPolicy" twice', 'name all namespaces'],
    ['an IAM policy', () => EksAccessPolicy.of('arn:aws:iam::aws:policy/AmazonEKSClusterPolicy'), 'access policy "arn:aws:iam::aws:policy/', 'list-access-policies'],
    ['a mode with text around its token', (s) => grant({ authenticationMode: `${new TerraformVariable(s, 'mode', {}).stringValue}%{x}` })(s), 'authentication mode "<a value known at apply>%{x}"', 'API_AND_CONFIG_MAP'],
    ['a group of EKS with a token in its name', (s) => grant({ groups: [`system:${new TerraformVariable(s, 'group', {}).stringValue}`] })(s), 'group "system:<a value known at apply>"', 'bind it to a Role'],
    ['a mode without entries', grant({ authenticationMode: 'CONFIG_MAP' }), 'authentication mode "CONFIG_MAP"', 'API_AND_CONFIG_MAP'],
    ['a cluster name', grant({}, 'staging'), 'EKS cluster ARN "staging"', 'this is a name; pass the ARN'],
    ['a misspelt option', grant({ group: 'x' }), 'option "group" of EksPermissions.access', 'correct the spelling'],
    ['a cluster of another account', grant({}, STAGING.replace('111122223333', '444455556666'), { account: '111122223333' }),
      `cluster ${STAGING.replace('111122223333', '444455556666')} for an identity of account 111122223333`, 'make a FluxIrsaRole in account 444455556666'],
    ['a cluster of another partition', grant({}, 'arn:aws-cn:eks:cn-north-1:111122223333:cluster/x'), 'partition "aws-cn"', 'partition of its resources'],
    ['an access key at object level', keyAtObjectLevel, 'permission "access" on Amazon EKS for an identity by static credential of Secret apps/s', 'FluxController.KUSTOMIZE'],
  ])('%s', (_name, action, given, fix) => {
    const error = refused(() => action(stack()));
    expect(error.given).toContain(given);
    expect(error.fix).toContain(fix);
  });

  it('refuses the same cluster and identity twice, and leaves nothing of the second', () => {
    const scope = stack();
    const one = role(scope);
    one.grant('Staging', EksPermissions.access(STAGING));
    const before = synthesized(scope).text;
    const { given, fix } = refused(() => one.grant('Again', EksPermissions.access(STAGING, { groups: ['more'] })));
    expect(given).toBe(`[test/Images/Again] cluster "${STAGING}" a second time for the same identity; "test/Images/Staging" has its access entry.`);
    expect(fix).toContain('into one grant');
    expect(synthesized(scope).text).toBe(before);
  });

  it('tells clusters and roles apart, and knows a cluster by its attribute', () => {
    const scope = stack();
    const cluster = madeHere(scope);
    const [one, two] = [role(scope, 'One'), role(scope, 'Two')];
    one.grant('A', EksPermissions.access(cluster.arn));
    two.grant('A', EksPermissions.access(cluster.arn));
    one.grant('B', EksPermissions.access(STAGING));
    expect(refused(() => one.grant('C', EksPermissions.access(cluster.arn))).given).toContain('a second time for the same identity; "test/One/A"');
  });

  it('allows after a refusal what was refused for another reason', () => {
    const one = role(stack());
    refused(() => one.grant('Staging', EksPermissions.access(STAGING, { accessPolicies: [EDIT.onCluster(), EDIT.onCluster()] })));
    expect(() => one.grant('Staging', EksPermissions.access(STAGING, { accessPolicies: [EDIT.onCluster()] }))).not.toThrow();
  });
});
