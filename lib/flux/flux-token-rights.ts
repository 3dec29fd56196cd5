/**
 * Who may ask Kubernetes for tokens of service accounts (`create` on `serviceaccounts/token`), which object-level identity needs.
 *
 * @see https://fluxcd.io/flux/installation/configuration/multitenancy/#flux-object-level-workload-identity-rbac
 */
export enum FluxTokenRights {
  /**
   * What the installation grants stays: from Flux 2.6 to 2.9 the controllers may ask for the token of any account of the
   * cluster, which is as good as cluster-admin.
   */
  AS_INSTALLED = 'as-installed',
  /**
   * The cluster-wide rule is taken away (Flux 2.6 to 2.9): the controllers may ask only for tokens of the accounts that
   * `FluxManifests` renders a Role for. Apply those manifests first.
   */
  PER_ACCOUNT = 'per-account',
}
