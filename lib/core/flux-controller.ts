/**
 * A Flux controller: the name of its Deployment and of its Kubernetes service account.
 *
 * @see https://fluxcd.io/flux/components/
 */
export enum FluxController {
  /** Fetches Git repositories, OCI artifacts, Helm charts and buckets. */
  SOURCE = 'source-controller',
  /** Applies manifests, decrypts SOPS secrets, reaches remote clusters. */
  KUSTOMIZE = 'kustomize-controller',
  /** Installs Helm releases, also in remote clusters. */
  HELM = 'helm-controller',
  /** Sends notifications and commit statuses. */
  NOTIFICATION = 'notification-controller',
  /** Scans container registries for tags. */
  IMAGE_REFLECTOR = 'image-reflector-controller',
  /** Commits image updates to Git. */
  IMAGE_AUTOMATION = 'image-automation-controller',
  /** Watches and generates artifacts (Flux 2.7 and later). */
  SOURCE_WATCHER = 'source-watcher',
}
