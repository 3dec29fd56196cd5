/** Whom the role of a `FluxPodIdentityRole` trusts. */
export enum FluxPodIdentityTrust {
  /** The role's service accounts in their cluster, told by the session tags that EKS sends. */
  SERVICE_ACCOUNTS = 'service-accounts',
  /**
   * Every Pod Identity association of the account: whoever may make associations may use the role. Only this works without
   * session tags.
   */
  ACCOUNT = 'account',
}
