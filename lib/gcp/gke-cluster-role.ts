/**
 * An IAM role that gives rights inside GKE clusters, for all namespaces. For less, leave it out and bind the identity's
 * `kubernetesUserNames` by Kubernetes RBAC in the remote cluster.
 *
 * Guide: docs/gcp.md#remote-gke-clusters
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/iam
 */
export class GkeClusterRole {
  /** Read most objects, Secrets excepted: `roles/container.viewer`. */
  public static readonly VIEWER = new GkeClusterRole('roles/container.viewer');
  /** Change the objects of workloads, but no RBAC: `roles/container.developer`. */
  public static readonly DEVELOPER = new GkeClusterRole('roles/container.developer');
  /** Change everything in the cluster, and the cluster itself: `roles/container.admin`. */
  public static readonly ADMIN = new GkeClusterRole('roles/container.admin');

  /**
   * Another role, mostly a custom one with permissions `container.*`.
   *
   * @param role `roles/<name>`, `projects/<project>/roles/<id>` or `organizations/<number>/roles/<id>`; may be a token
   */
  public static of(role: string): GkeClusterRole {
    return new GkeClusterRole(role);
  }

  /** The name of the IAM role. */
  public readonly role: string;

  private constructor(role: string) {
    this.role = role;
  }
}
