import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { addressOf, roleOf } from './aws';
import { AWS_MANAGED, AWS_ROWS } from './aws-permissions';
import { allowed, Call, PolicyDocument } from './iam';
import { describeWith, TERRAFORM } from './programs';
import { evaluate, Evaluation } from './terraform';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { FluxRolePolicies } from '../../lib/aws/flux-role-policies';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';

/** A role for every row, once with values known at synth and once with values that only Terraform knows. */
class Rows extends TerraformStack {
  private readonly variables = new Map<string, TerraformVariable>();

  public constructor() {
    super(Testing.app(), 'rows');
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });
    const oidc = new FluxOidcProvider(this, 'Oidc', { issuer: ClusterIssuer.oidc(this, 'Cluster', { url: 'https://oidc.example.com' }) });
    const role = (id: string, policies?: FluxRolePolicies) => new FluxIrsaRole(this, id, {
      oidcProviders: [oidc], serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)], region: 'eu-west-1', policies,
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

const shown = ({ action, resource, context }: Call) => [action, resource, ...(context === undefined ? [] : [JSON.stringify(context)])].join(' ');

/** IAM compares lists as sets; those of values that only Terraform knows cannot be sorted at synth. */
function sortedLists(value: any): any {
  if (Array.isArray(value)) return value.map(sortedLists).sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sortedLists(item)]));
}

describeWith([TERRAFORM], 'what Flux calls in AWS', () => {
  let evaluation: Evaluation;
  beforeAll(() => {
    evaluation = evaluate(new Rows());
  });

  describe.each(AWS_ROWS.map((row, index) => ({ ...row, index })))('$name', ({ index, allowed: yes, denied: no }) => {
    it('has a permission that allows what Flux calls and nothing beside it', () => {
      const { policies } = roleOf(evaluation, `Plain${index}`);
      expect(yes.filter((call) => !allowed(policies, call)).map(shown)).toEqual([]);
      expect(no.filter((call) => allowed(policies, call)).map(shown)).toEqual([]);
      expect(Math.min(yes.length, no.length)).toBeGreaterThan(0);
    });

    it('denies by the resources and conditions of the policy, not for want of an action or by accident', () => {
      const { policies } = roleOf(evaluation, `Plain${index}`);
      const open = (statement: any) => ({ Effect: 'Allow', Action: statement.Action, Resource: '*' });
      const opened = policies.map((policy): PolicyDocument => ({ ...policy, Statement: policy.Statement.map(open) }));
      const actions = new Set(policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action)));
      expect(no.filter((call) => allowed(opened, call) !== actions.has(call.action)).map(shown)).toEqual([]);
    });

    it('comes to the same with values that only Terraform knows, and in managed policies', () => {
      const plain = roleOf(evaluation, `Plain${index}`);
      expect(roleOf(evaluation, `Hidden${index}`).policies.map(sortedLists)).toEqual(plain.policies.map(sortedLists));
      expect(roleOf(evaluation, `Managed${index}`).policies).toEqual(plain.policies);
    });
  });

  it.each(AWS_MANAGED.map(([name, , policy], index) => ({ name, policy, index })))('attaches the policy of AWS for $name', ({ policy, index }) => {
    const { policies, awsManaged } = roleOf(evaluation, `Aws${index}`);
    expect(policies).toEqual([]);
    expect(awsManaged).toEqual([`arn:aws:iam::aws:policy/${policy}`]);
    expect(addressOf(evaluation, 'aws_iam_role_policy_attachment', `Aws${index}/Row/Attachment`)).toBeDefined();
  });
});
