/** The objects that a patch is for. All fields but the selectors are regular expressions that must match as a whole. */
export interface FluxPatchTarget {
  /**
   * The API group.
   *
   * @default - any
   */
  readonly group?: string;
  /**
   * The API version.
   *
   * @default - any
   */
  readonly version?: string;
  /**
   * The kind.
   *
   * @default - any
   */
  readonly kind?: string;
  /**
   * The name.
   *
   * @default - any
   */
  readonly name?: string;
  /**
   * The namespace.
   *
   * @default - any
   */
  readonly namespace?: string;
  /**
   * A Kubernetes label selector.
   *
   * @default - any labels
   */
  readonly labelSelector?: string;
  /**
   * A Kubernetes annotation selector.
   *
   * @default - any annotations
   */
  readonly annotationSelector?: string;
}

/**
 * A kustomize patch of your own.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/
 */
export interface FluxPatch {
  /** One strategic-merge patch or one list of JSON patch operations, as YAML or JSON; may hold tokens. No URL with user and password. */
  readonly patch: string;
  /**
   * The objects that it is for.
   *
   * @default - the object that a strategic-merge patch names itself
   */
  readonly target?: FluxPatchTarget;
}
