import { TerraformProvider, TerraformResource } from 'cdktf';
import { IConstruct } from 'constructs';
import type { BoundResource, MemberCondition } from './bound-resource';
import { GcpMember } from './grantee';
import { stableText } from './stable-text';
import { shown, ValidationError } from '../../core/shared/validation-error';

/** What one `*_iam_member` resource says. */
export interface MemberClaim {
  readonly role: string;
  readonly resource: BoundResource;
  readonly member: GcpMember;
  readonly condition?: MemberCondition;
  readonly provider?: TerraformProvider;
}

const CLAIMS = new WeakMap<IConstruct, Map<string, TerraformResource>>();

/** Refuses the same member, role and resource a second time in the app. */
export function claimMember(made: TerraformResource, claim: MemberClaim): void {
  const { root } = made.node;
  const claims = CLAIMS.get(root) ?? new Map<string, TerraformResource>();
  CLAIMS.set(root, claims);
  const { title, expression, description } = claim.condition ?? {};
  const key = JSON.stringify([
    // A short name means another resource in another project: there the provider is part of the name.
    claim.resource.key, claim.resource.absolute ? '' : claim.provider?.fqn ?? '',
    stableText(claim.role), claim.member.key, ...[title, expression, description].map((text) => stableText(text ?? '')),
  ]);
  const other = claims.get(key);
  if (other !== undefined && isInTree(other)) {
    throw new ValidationError(made.node.scope, {
      given: `role ${shown(claim.role)} on ${claim.resource.what} for ${shown(claim.member.key)}, which "${other.node.path}" grants already.`,
      allowed: 'the same member, role and resource once',
      why: 'IAM keeps one binding for both: removing one of the grants would revoke the other',
      fix: 'keep one grant, and let both uses rely on it',
    });
  }
  claims.set(key, made);
}

/** Whether the construct still belongs to its app: a grant that was refused is taken out of the tree. */
function isInTree(construct: IConstruct): boolean {
  for (let at: IConstruct = construct; at.node.scope !== undefined; at = at.node.scope) {
    if (at.node.scope.node.tryFindChild(at.node.id) !== at) return false;
  }
  return true;
}
