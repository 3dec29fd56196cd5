import { TerraformProvider } from 'cdktf';
import { FluxRolePolicies, FluxRoleQuotas } from './flux-role-policies';

/** Options of every new role, however its pods come to it. */
export interface FluxRoleBaseProps {
  /**
   * The name of the role: 1 to 64 of letters, digits and `+=,.@_-`; may be a token.
   *
   * @default - Terraform generates one
   */
  readonly name?: string;
  /**
   * The path of the role, beginning and ending in `/`. Path and name together have at most 200 characters.
   *
   * @default /
   */
  readonly path?: string;
  /**
   * A description, at most 1,000 characters.
   *
   * @default - none
   */
  readonly description?: string;
  /**
   * The ARN of the policy that bounds the role, yours or one that AWS manages; may be a token.
   *
   * @default - none
   */
  readonly permissionsBoundary?: string;
  /**
   * The longest session in seconds, 3600 to 43200.
   *
   * @default 3600
   */
  readonly maxSessionDuration?: number;
  /**
   * Tags of the role, of its managed policies and of its Pod Identity associations, at most 50.
   *
   * @default - none
   */
  readonly tags?: { readonly [key: string]: string };
  /**
   * The partition of the account: `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, or one of `aws-iso`, `aws-iso-b`, `aws-iso-e`, `aws-iso-f`.
   *
   * @default aws
   */
  readonly partition?: string;
  /**
   * Whether statements go into an inline policy or into managed ones.
   *
   * @default FluxRolePolicies.INLINE
   */
  readonly policies?: FluxRolePolicies;
  /**
   * IAM limits, where they differ from AWS's defaults.
   *
   * @default - AWS's defaults
   */
  readonly quotas?: FluxRoleQuotas;
  /**
   * The AWS provider (the account of the role, and of the cluster with EKS Pod Identity).
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}
