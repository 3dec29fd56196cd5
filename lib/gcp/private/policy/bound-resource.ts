import { TerraformProvider, TerraformResource, TerraformResourceLifecycle } from 'cdktf';
import { Construct } from 'constructs';
import type { TerraformCheck } from '../../../core/shared/terraform/check';

/** A role for a member, as every `*_iam_member` resource takes it. */
export interface MemberConfig {
  readonly role: string;
  readonly member: string;
  readonly provider?: TerraformProvider;
  readonly lifecycle?: TerraformResourceLifecycle;
}

/** A condition, as the `*_iam_member` resources that take one spell it. */
export interface MemberCondition {
  readonly title: string;
  readonly expression: string;
  readonly description?: string;
}

/** A resource that roles are granted on, after its name was checked. */
export interface BoundResource {
  /** What it is, for errors. */
  readonly what: string;
  /** Its full name; may be a token. */
  readonly name: string;
  /** Its name as far as it is known at synth, to find doubles. */
  readonly key: string;
  /** Whether the key names it without the help of the provider's project and location. */
  readonly absolute: boolean;
  /** Whether Google takes conditions there. */
  readonly takesConditions: boolean;
  /** What Terraform checks of the name, where only it knows it. */
  readonly late: readonly TerraformCheck[];
  /** Makes the `*_iam_member` resource. */
  member(scope: Construct, id: string, config: MemberConfig, condition?: MemberCondition): TerraformResource;
}
