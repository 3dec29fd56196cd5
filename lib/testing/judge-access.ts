import { TerraformStack } from 'cdktf';
import type { Access } from './expect-access';
import { hasBoundary } from './foreign/aws';
import { foreignRights } from './foreign/rights';
import { AllowStatement, decideAws } from '../access/aws-decision';
import { decideRole, RoleFacts } from '../access/role-decision';
import { FluxIdentityBase } from '../core/shared/flux/identity-base';
import { resolved } from '../core/shared/terraform/graph';

/** An answer, and what decides. */
export interface Judgement {
  readonly allowed: boolean | 'unknown';
  readonly because: string;
}

/**
 * Whether the grants of an identity allow a call, as far as nothing else in the app bears on it.
 *
 * @param judged the identities that are judged together: what one has beside another is no riddle
 */
export function judgeAccess(identity: FluxIdentityBase, access: Access, judged: readonly FluxIdentityBase[] = [identity]): Judgement {
  const decision = judgeGrants(identity, access);
  const foreign = foreignRights(identity, judged, access);
  // What only gives more changes a no alone.
  if (foreign === undefined || (decision.allowed !== false && !foreign.takesAway)) return decision;
  return { allowed: 'unknown', because: foreign.why };
}

function judgeGrants(identity: FluxIdentityBase, access: Access): Judgement {
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
