import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { KEY } from './support';
import { AwsPermission } from '../../lib/aws/aws-permission';
import { FluxNodeRole, FluxNodeRoleFromArnProps } from '../../lib/aws/flux-node-role';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { EcrPublicPermissions } from '../../lib/aws/permissions/ecr-public';
import { KmsPermissions } from '../../lib/aws/permissions/kms';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxNodeUse } from '../../lib/core/flux-node-use';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { addresses, only, refused, stack, synth } from '../support';

const NODES = 'arn:aws:iam::111122223333:role/eks/nodes';
const PULL = EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*');
const nodes = (scope: TerraformStack, props: Partial<FluxNodeRoleFromArnProps> = {}) => FluxNodeRole.fromRoleArn(scope, 'Nodes', { roleArn: NODES, ...props });

it('adds a policy of its own to the role, and nothing else', () => {
  const all = synth((scope) => nodes(scope, { provider: new AwsProvider(scope, 'Other', { alias: 'other' }) }).grant('Apps', PULL));
  expect(addresses(all)).toHaveLength(1);
  const { role, name, provider, policy } = only(all, 'aws_iam_role_policy');
  expect({ role, provider }).toEqual({ role: 'nodes', provider: 'aws.other' });
  expect(name).toMatch(/^flux-test-Nodes-[0-9a-f]{8}$/);
  expect(policy).toContain('ecr:GetAuthorizationToken');
});

it('takes the AWS-managed policy, and a role that only Terraform knows', () => {
  const all = synth((scope) => nodes(scope, { roleArn: new TerraformVariable(scope, 'nodes', { type: 'string' }).stringValue }).grant('All', EcrPermissions.readAll()));
  expect(only(all, 'aws_iam_role_policy_attachment')).toEqual({ role: '${basename(var.nodes)}', policy_arn: 'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly' });
});

it('tells Flux nothing, on EKS only', () => {
  const scope = stack();
  const identities = [nodes(scope)];
  const issuer = ClusterIssuer.eks(scope, 'Eks', { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/X' });
  expect(new FluxKustomization(scope, 'Flux', { installation: new FluxInstallation(scope, 'FluxInstallation', { issuer, version: FluxVersion.V2_10, identities }) }).yaml).not.toContain('patches');
  const kind = ClusterIssuer.oidc(scope, 'Kind', { url: 'https://oidc.example.com' });
  expect(refused(() => new FluxKustomization(scope, 'Other', { installation: new FluxInstallation(scope, 'OtherInstallation', { issuer: kind, version: FluxVersion.V2_10, identities }) })).given).toContain('does not trust the issuer');
});

it.each<[string, (scope: TerraformStack) => unknown, string, string]>([
  ['SOPS', (scope) => nodes(scope).grant('Key', KmsPermissions.decrypt(KEY)), 'permission "decrypt" on AWS KMS for the identity of the nodes', 'FluxNodeUse.UNTESTED'],
  ['public ECR', (scope) => nodes(scope).grant('Public', EcrPublicPermissions.pull()), 'permission "pull" on public Amazon ECR for the identity of the nodes', 'workload identity'],
  ['anything of your own', (scope) => nodes(scope).grant('X', AwsPermission.of({ actions: ['sqs:SendMessage'], resources: ['*'] })), 'a permission of your own for the identity of the nodes', 'FluxNodeUse.UNTESTED'],
  ['a role name', (scope) => nodes(scope, { roleArn: 'nodes' }), 'IAM role ARN "nodes"', 'copy the ARN'],
  ['a role of another account', (scope) => nodes(scope, { account: '444455556666' }).grant('Apps', PULL), 'a grant on a role of account 111122223333 from account 444455556666', 'provider alias'],
  ['a misspelt option', (scope) => nodes(scope, { name: 'x' } as any), 'option "name" of FluxNodeRole.fromRoleArn', 'correct the spelling'],
])('refuses %s', (_name, action, given, fix) => {
  const error = refused(() => action(stack()));
  expect(error.given).toContain(given);
  expect(error.fix).toContain(fix);
});

it('takes what Flux does not test when that is said', () => {
  const all = synth((scope) => {
    const any = nodes(scope, { use: FluxNodeUse.UNTESTED });
    any.grant('Key', KmsPermissions.decrypt(KEY));
    any.grant('X', AwsPermission.of({ actions: ['sqs:SendMessage'], resources: ['*'] }));
  });
  expect(JSON.parse(only(all, 'aws_iam_role_policy').policy).Statement.map(({ Action }: any) => Action)).toEqual(['kms:Decrypt', 'sqs:SendMessage']);
  expect(refused(() => nodes(stack(), { use: 'all' as any })).given).toContain('option "use" of FluxNodeRole.fromRoleArn: "all"');
});
