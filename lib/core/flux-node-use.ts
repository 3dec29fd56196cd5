/** What the identity of the nodes may be granted. */
export enum FluxNodeUse {
  /** What Flux tests with it: container registries. */
  TESTED = 'tested',
  /**
   * Also what Flux does not test at node level: buckets, keys, Git and remote clusters. It may work, and every pod of the nodes
   * has each of these rights too.
   */
  UNTESTED = 'untested',
}
