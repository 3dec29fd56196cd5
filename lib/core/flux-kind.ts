/**
 * A kind of Flux object that reaches a cloud. (Remote clusters of Kustomizations and HelmReleases: see `FluxRemoteCluster`.)
 *
 * @see https://fluxcd.io/flux/integrations/
 */
export enum FluxKind {
  /** Azure DevOps; AWS CodeCommit from Flux 2.9. */
  GIT_REPOSITORY = 'GitRepository',
  /** Container registries. */
  OCI_REPOSITORY = 'OCIRepository',
  /** Helm charts in container registries (`type: oci`), at controller level only. */
  HELM_REPOSITORY = 'HelmRepository',
  /** Object storage. */
  BUCKET = 'Bucket',
  /** Tags in container registries. */
  IMAGE_REPOSITORY = 'ImageRepository',
  /** Commits to the repository of a GitRepository, with that object's fields. */
  IMAGE_UPDATE_AUTOMATION = 'ImageUpdateAutomation',
  /** SOPS decryption. */
  KUSTOMIZATION = 'Kustomization',
  /** A notification Provider of type `azuredevops`. */
  AZURE_DEVOPS_PROVIDER = 'Provider/azuredevops',
  /** A notification Provider of type `azureeventhub`. */
  AZURE_EVENT_HUB_PROVIDER = 'Provider/azureeventhub',
  /** A notification Provider of type `googlepubsub`. */
  GOOGLE_PUBSUB_PROVIDER = 'Provider/googlepubsub',
  /** Tags in a container registry, for the Flux Operator's ResourceSets. */
  RESOURCE_SET_INPUT_PROVIDER = 'ResourceSetInputProvider',
}
