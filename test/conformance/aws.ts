import { PolicyDocument } from './iam';
import { Evaluation } from './terraform';

/** A role as Terraform would make it. */
export interface EvaluatedRole {
  readonly address: string;
  readonly arn: string;
  readonly name: string;
  readonly trust: PolicyDocument;
  /** The role's policies, inline and customer managed, parsed. */
  readonly policies: PolicyDocument[];
  /** Attached policies that AWS manages. */
  readonly awsManaged: string[];
}

/** The role of the construct with that path below its stack, such as `Images`. */
export function roleOf(evaluation: Evaluation, path: string): EvaluatedRole {
  const address = addressOf(evaluation, 'aws_iam_role', path);
  const { arn, name, assume_role_policy: trust } = evaluation.resources[address];
  const attached = resources(evaluation, 'aws_iam_role_policy_attachment').filter(({ role }) => role === name).map(({ policy_arn: policyArn }) => policyArn);
  const managed = resources(evaluation, 'aws_iam_policy').filter((policy) => attached.includes(policy.arn));
  const inline = resources(evaluation, 'aws_iam_role_policy').filter(({ role }) => role === name);
  return {
    address,
    arn,
    name,
    trust: JSON.parse(trust),
    policies: [...inline, ...managed].map(({ policy }) => JSON.parse(policy)),
    awsManaged: attached.filter((policyArn) => !managed.some((policy) => policy.arn === policyArn)),
  };
}

/** The address of the one resource of a type whose construct path begins so. */
export function addressOf(evaluation: Evaluation, type: string, path: string): string {
  // Ids of `Resource` are left out of the address, which ends in a hash.
  const form = new RegExp(`^${type}\\.${path.replace(/\//g, '_')}_[0-9A-F]{8}$`);
  const found = Object.keys(evaluation.resources).filter((address) => form.test(address));
  if (found.length !== 1) throw new Error(`${found.length} resources ${type} at ${path} among ${Object.keys(evaluation.resources).join(', ')}`);
  return found[0];
}

function resources(evaluation: Evaluation, type: string): any[] {
  return Object.entries(evaluation.resources).filter(([address]) => address.startsWith(`${type}.`)).map(([, attributes]) => attributes);
}
