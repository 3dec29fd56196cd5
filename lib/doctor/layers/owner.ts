import { allowing, statementsOf } from './aws';
import { decideAws } from '../../access/aws-decision';
import { listOf, parseObject } from '../json';
import { Given, Patient, Refusal } from '../patient';

/** Whether owners in other accounts agree, as far as their policies are in the states. */
export function judgeOwner({ states }: Given, { identity, grants }: Pick<Patient, 'identity' | 'grants'>): Refusal | undefined {
  const arns = identity.principals.map((principal) => states.text(principal));
  for (const { owner, rights, service } of grants) {
    if (owner === undefined) continue;
    for (const { actions = [], resources } of rights) {
      for (const resource of resources.map((each) => states.text(each))) {
        const policy = resource === undefined || resource === '*' ? undefined : policyOf(states, resource);
        if (policy === undefined) continue;
        const his = statementsOf(policy).filter(({ Principal }) => isFor(Principal, arns));
        const statements = (effect: string) => his.filter(({ Effect, NotAction }) => Effect === effect && NotAction === undefined).map(allowing);
        const decide = (effect: string, action: string) => decideAws(statements(effect), { action, resource: resource! }).allowed;
        const missing = actions.find((action) => decide('Allow', action) === false || decide('Deny', action) === true);
        if (missing === undefined) continue;
        return {
          layer: 'owner',
          saw: `the policy of ${resource} does not let ${arns[0]} do ${missing}`,
          expected: `the owner agrees (${service})`,
          says: 'because no resource-based policy allows the action',
          fix: 'give the owner the ownerStatements of the grant, and let him apply them',
          page: 'docs/troubleshooting.md#no-resource-based-policy-allows-the-action',
        };
      }
    }
  }
  return undefined;
}

function policyOf(states: Given['states'], resource: string): any {
  const parts = resource.split(':');
  const name = parts.slice(5).join(':');
  const found = states.of('aws_ecr_repository_policy', 'aws_s3_bucket_policy', 'aws_kms_key_policy').find(({ type, values }) => {
    if (type === 'aws_ecr_repository_policy') {
      return parts[2] === 'ecr' && name === `repository/${values.repository}` && (values.registry_id === undefined || values.registry_id === parts[4]);
    }
    if (type === 'aws_s3_bucket_policy') return parts[2] === 's3' && name.split('/')[0] === values.bucket;
    return parts[2] === 'kms' && [resource, name.replace(/^key\//, '')].includes(values.key_id);
  });
  return parseObject(found?.values.policy);
}

function isFor(principal: any, arns: readonly (string | undefined)[]): boolean {
  const named = [principal, ...listOf(principal?.AWS)];
  return arns.some((arn) => {
    const account = arn?.split(':')[4];
    return account !== undefined && ['*', arn, account, `arn:aws:iam::${account}:root`].some((each) => named.includes(each));
  });
}
