import { TerraformStack } from 'cdktf';
import type { Access } from './expect-access';
import { foreignRights, hasBoundary } from './foreign-rights';
import { AllowStatement, decideAws } from '../access/aws-decision';
import { decideRole, RoleFacts } from '../access/role-decision';
import { FluxIdentityBase } from '../core/shared/flux/identity-base';
import { resolved } from '../core/shared/terraform/graph';

/** Whether the grants of an identity allow a call. */
export function judgeAccess(identity: FluxIdentityBase, access: Access): { allowed: boolean | 'unknown'; because: string } {
  const foreign = foreignRights(identity);
  if (foreign !== undefined) return { allowed: 'unknown', because: foreign };
  const stack = TerraformStack.of(identity);
  const plain = <T>(value: T): T => JSON.parse(JSON.stringify(resolved(stack, value) ?? null));
  const rights = identity._grants.flatMap((each) => each.rights.map((right) => ({ ...plain(right), service: each.service })));
  if (!('action' in access && 'resource' in access)) return decideRole(rights as RoleFacts[], plain(access), identity.cloud);
  const statements = rights.filter((right) => right.actions !== undefined)
    .map(({ actions, resources, condition }): AllowStatement => ({ actions: actions!, resources, conditions: condition ?? undefined }));
  const decision = decideAws(statements, plain(access));
  const managed = rights.find((right) => right.actions === undefined && right.role !== undefined);
  if (decision.allowed === true && hasBoundary(identity)) return { allowed: 'unknown', because: 'the permissions boundary of the role may forbid it' };
  if (decision.allowed === true || managed === undefined) return decision;
  return { allowed: 'unknown', because: `AWS keeps what is in the managed policy ${managed.role}` };
}
