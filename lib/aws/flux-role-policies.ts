/** Where the statements of an identity go. */
export enum FluxRolePolicies {
  /** One inline policy; past its limit, managed policies beside it. */
  INLINE = 'inline',
  /** Customer managed policies only, for organizations that forbid inline policies. */
  MANAGED = 'managed',
}

/**
 * Limits of IAM that an account can have raised, or that other owners of the same role share.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export interface FluxRoleQuotas {
  /**
   * Characters of the trust policy; up to 4,096 on request.
   *
   * @default 2048
   */
  readonly trustPolicySize?: number;
  /**
   * Characters of all inline policies of the role together. Give less if others put inline policies on the role.
   *
   * @default 10240
   */
  readonly inlinePolicySize?: number;
  /**
   * Characters of one managed policy.
   *
   * @default 6144
   */
  readonly managedPolicySize?: number;
  /**
   * Managed policies attached to the role; up to 20 on request.
   *
   * @default 10
   */
  readonly managedPolicies?: number;
}
