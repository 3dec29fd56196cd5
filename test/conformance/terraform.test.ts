import { DataAwsEksCluster } from '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Backend, TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { ACCOUNT, EKS_ISSUER } from './computed';
import { describeWith, TERRAFORM } from './programs';
import { evaluate, TerraformError } from './terraform';

function stackOf(fill: (stack: TerraformStack) => void): TerraformStack {
  const stack = new TerraformStack(Testing.app(), 'harness');
  new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
  new S3Backend(stack, { bucket: 'states', key: 'harness' });
  fill(stack);
  return stack;
}

describeWith([TERRAFORM], 'evaluate', () => {
  it('evaluates references to resources and data sources, and gives sensitive outputs', () => {
    const { outputs, resources, dependencies } = evaluate(stackOf((stack) => {
      const cluster = new DataAwsEksCluster(stack, 'Cluster', { name: 'prod' });
      const role = new IamRole(stack, 'Role', { name: 'flux', assumeRolePolicy: cluster.identity.get(0).oidc.get(0).issuer });
      new IamRole(stack, 'Later', { name: 'later', assumeRolePolicy: '{}', dependsOn: [role] });
      new TerraformOutput(stack, 'arn', { value: role.arn, sensitive: true });
    }));
    expect(outputs.arn).toBe(`arn:aws:iam::${ACCOUNT}:role/flux`);
    expect(resources['aws_iam_role.Role'].assume_role_policy).toBe(EKS_ISSUER);
    expect(dependencies['aws_iam_role.Later']).toEqual(expect.arrayContaining(['aws_iam_role.Role', 'data.aws_eks_cluster.Cluster']));
  });

  it('takes variables, and computed attributes by type and by address', () => {
    const { outputs } = evaluate(stackOf((stack) => {
      const name = new TerraformVariable(stack, 'name', { type: 'string', default: 'unused' });
      const first = new IamRole(stack, 'First', { name: name.stringValue, assumeRolePolicy: '{}' });
      const second = new IamRole(stack, 'Second', { name: 'second', assumeRolePolicy: '{}' });
      new TerraformOutput(stack, 'all', { value: [first.name, first.createDate, second.name, second.createDate] });
    }), {
      variables: { name: 'flux' },
      computed: { 'aws_iam_role': () => ({ create_date: 'today', name: 'loses to the argument' }), 'aws_iam_role.Second': () => ({ name: 'wins' }) },
    });
    expect(outputs.all).toEqual(['flux', 'today', 'wins', 'today']);
  });

  it.each([
    ['precondition', '${length(aws_iam_role.First.arn) < 5}'],
    ['postcondition', '${length(self.arn) < 5}'],
  ])('throws what a failed %s says, and nothing when it holds', (kind, condition) => {
    const stack = (holds: boolean) => stackOf((scope) => {
      new IamRole(scope, 'First', { name: 'first', assumeRolePolicy: '{}' });
      new IamRole(scope, 'Role', {
        name: 'flux', assumeRolePolicy: '{}', lifecycle: { [kind]: [{ condition: holds ? condition.replace('<', '>') : condition, errorMessage: 'The ARN is too long.' }] },
      });
    });
    expect(() => evaluate(stack(false))).toThrow(TerraformError);
    expect(() => evaluate(stack(false))).toThrow(/The ARN is too long\./);
    expect(evaluate(stack(true)).resources['aws_iam_role.Role'].name).toBe('flux');
  });

  it('applies on what an earlier evaluation left, and tells what happened in which order', () => {
    const stack = (description: string) => stackOf((scope) => {
      const first = new IamRole(scope, 'First', { name: 'first', description, assumeRolePolicy: '{}' });
      new IamRole(scope, 'Second', { name: 'second', assumeRolePolicy: '{}', lifecycle: { replaceTriggeredBy: [`${first.terraformResourceType}.${first.friendlyUniqueId}.description`] } });
      new IamRole(scope, 'Third', { name: 'third', assumeRolePolicy: '{}' });
    });
    const before = evaluate(stack('a'));
    expect(before.events.filter(({ phase }) => phase === 'complete').map(({ address, action }) => `${action} ${address}`).sort())
      .toEqual(['create aws_iam_role.First', 'create aws_iam_role.Second', 'create aws_iam_role.Third']);
    const { events } = evaluate(stack('b'), { after: before });
    expect(events.filter(({ phase }) => phase === 'complete').map(({ address, action }) => `${action} ${address}`))
      .toEqual(['delete aws_iam_role.Second', 'update aws_iam_role.First', 'create aws_iam_role.Second']);
  });

  it('gives the inputs of modules', () => {
    const { resources } = evaluate(JSON.stringify({
      module: { m: { source: 'a/b/c', version: '1.0.0', given: '${aws_iam_role.Role.arn}' } }, resource: { aws_iam_role: { Role: { name: 'flux' } } },
    }));
    expect(resources['module.m']).toEqual({ source: 'a/b/c', version: '1.0.0', given: `arn:aws:iam::${ACCOUNT}:role/flux` });
  });

  it('refuses what it would get wrong', () => {
    expect(() => evaluate(JSON.stringify({ ephemeral: { random_password: { p: {} } } }))).toThrow('cannot evaluate a stack with "ephemeral" blocks');
    expect(() => evaluate(JSON.stringify({ output: { o: { value: '${aws_iam_role.None.arn}' } } }))).toThrow(/undeclared resource/);
  });
});
