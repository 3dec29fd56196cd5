import { TerraformResource, TerraformResourceLifecycle } from 'cdktf';
import { IConstruct } from 'constructs';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { lifecycleOf, terraformCheck, TerraformCheck } from '../../../core/shared/terraform/check';
import { addressOf } from '../../../core/shared/terraform/graph';
import { textSize } from '../../../core/shared/terraform/text-size';

/** IAM takes issuers of at most 255 characters; the ARN of their provider adds partition and account. */
const LONGEST_TRUST_VALUE = 320;

/**
 * What Terraform must check of a role, because only it knows; what is known now is checked now.
 *
 * @param trust the trust policy, as JSON
 * @param options.more other conditions
 * @param options.smallest the same with plain values at least as short as what Terraform will know
 */
export function roleConditions(
  at: IConstruct, trust: string, limit: number, plainArn: string | undefined,
  { more = [], smallest = () => trust }: { more?: TerraformCheck[]; smallest?: () => string } = {},
): TerraformResourceLifecycle | undefined {
  const size = textSize(trust);
  const condition = size.fits(limit, LONGEST_TRUST_VALUE);
  // Where the longest values fit, so do those that are known.
  const least = condition === undefined ? size.least : Math.max(size.least, textSize(smallest()).least);
  if (least > limit) {
    throw new ValidationError(at, {
      given: `a trust policy of ${condition === undefined ? '' : 'more than '}${least} characters.`,
      allowed: `at most ${limit} characters`,
      why: 'IAM refuses a longer trust policy (LimitExceeded: ACLSizePerRole)',
      fix: 'split the service accounts or clusters over several roles, or raise the quota with AWS and set `quotas.trustPolicySize`',
    });
  }
  const conditions = [...more];
  if (condition !== undefined) {
    conditions.push({
      condition,
      errorMessage: `The trust policy of ${at.node.path} is longer than AWS allows (${limit} characters). Split the service accounts or clusters over several roles, or raise the quota.`,
    });
  }
  const postcondition = plainArn === undefined ? [] : [terraformCheck(
    `\${self.arn == "${plainArn}"}`,
    `${at.node.path} is not ${plainArn}: the provider works in another account or partition than the options say.`,
  )];
  return lifecycleOf(conditions, postcondition.length === 0 ? {} : { postcondition });
}

/** What changes when a role or user is deleted and made anew: services keep its unique id, though the ARN stays. */
export function recreationOf(principal: TerraformResource): string {
  return `${addressOf(principal)}.unique_id`;
}
