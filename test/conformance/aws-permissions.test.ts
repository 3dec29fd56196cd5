import { readdirSync } from 'fs';
import { join } from 'path';
import { roleOf } from './aws';
import { AWS_MANAGED, AWS_ROWS, AwsRows } from './aws-permissions';
import { allowed, Call, PolicyDocument } from './iam';
import { describeWith, TERRAFORM } from './programs';
import { evaluate, Evaluation } from './terraform';

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
    evaluation = evaluate(new AwsRows());
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
  });
});

const PERMISSIONS = join(__dirname, '..', '..', 'lib', 'aws', 'permissions');

it.each(readdirSync(PERMISSIONS).filter((file) => /(?<!\.d)\.ts$/.test(file)))('%s has a row for each of its permissions', (file) => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const permissions = Object.entries<any>(require(join(PERMISSIONS, file))).flatMap(([name, type]) =>
    Object.getOwnPropertyNames(type).filter((method) => typeof type[method] === 'function').map((method) => `${name}.${method}(`));
  const rows = [...AWS_ROWS, ...AWS_MANAGED.map(([, permission]) => ({ permission }))].map(({ permission }) => String(permission));
  expect(permissions.length).toBeGreaterThan(0);
  expect(permissions.filter((permission) => !rows.some((row) => row.includes(permission)))).toEqual([]);
});
