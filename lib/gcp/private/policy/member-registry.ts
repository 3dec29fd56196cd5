import { TerraformProvider, TerraformResource, TerraformStack } from 'cdktf';
import type { BoundResource, MemberCondition } from './bound-resource';
import { claim, valueKey } from '../../../core/shared/input/once-per-app';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { GcpMember } from '../grant/grantee';

/** What one `*_iam_member` resource says. */
export interface MemberClaim {
  readonly role: string;
  readonly resource: BoundResource;
  readonly member: GcpMember;
  readonly condition?: MemberCondition;
  readonly provider?: TerraformProvider;
}

/** Refuses the same member, role and resource a second time in the app. */
export function claimMember(made: TerraformResource, { role, resource, member, condition, provider }: MemberClaim): void {
  const other = claim(made, [
    // A short name means another resource in another project: there the provider is part of the name.
    'IAM member', resource.key, resource.absolute ? '' : (provider ?? TerraformStack.of(made)).node.path,
    valueKey(made, role), member.key,
    condition && JSON.stringify([condition.title, condition.expression, condition.description ?? ''].map((text) => valueKey(made, text))),
  ].join('\n'));
  if (other === undefined) return;
  throw new ValidationError(made.node.scope, {
    given: `role ${shown(role)} on ${resource.what} for ${shown(member.key)}, which "${other.node.path}" grants already.`,
    allowed: 'the same member, role and resource once',
    why: 'IAM keeps one binding for both: removing one of the grants would revoke the other',
    fix: 'keep one grant, and let both uses rely on it',
  });
}
