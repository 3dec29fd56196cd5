import { TerraformProvider, TerraformResource } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import type { TerraformCheck } from '../../../core/shared/terraform/check';

/** One IAM member that roles are granted to. */
export interface GcpMember {
  /** Tells the members of one identity apart in addresses; undefined when there is only one, ever. */
  readonly id?: string;
  /** The member, as IAM writes it; may hold tokens that make Terraform create things in order. */
  readonly member: string;
  /** The member as far as it is known at synth, to find doubles. */
  readonly key: string;
}

/** Who an identity is in IAM. */
export interface GcpPrincipal {
  readonly members: readonly GcpMember[];
  /** Whether the members are Kubernetes service accounts themselves, with no Google service account between. */
  readonly isDirect: boolean;
  /** The provider of the identity. */
  readonly provider?: TerraformProvider;
  /** What must exist before IAM knows the members. */
  readonly prerequisites: readonly IConstruct[];
  /** What Terraform checks of the members, where only it knows them. */
  readonly late: readonly TerraformCheck[];
  /** Resources without which no grant of the identity has an effect. */
  readonly carriers: readonly TerraformResource[];
}

/** A principal in one grant. */
export interface GcpGrantee extends GcpPrincipal {
  /** The grant: errors name it, and resources live below it. */
  readonly at: Construct;
}
