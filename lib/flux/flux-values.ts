/** Where the values that only Terraform knows, and all that belong to an identity, come into what a delivery renders. */
export enum FluxValues {
  /** When it is rendered: the text holds them. For whatever Terraform applies itself. */
  RENDERED = 'rendered',
  /**
   * In the cluster: the text holds variables of Flux's `postBuild.substituteFrom` in their place, so that a file in Git is known at
   * synthesis and stays as it is when a role, a client id or a pool is replaced. `runtimeInfo` or `runtimeValues` of the installation
   * has the values.
   */
  SUBSTITUTED = 'substituted',
}
