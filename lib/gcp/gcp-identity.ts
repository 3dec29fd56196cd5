import { GcpPermission } from './gcp-permission';
import { IFluxIdentity } from '../core/flux-identity';
import { Grant } from '../core/grant';

/** An identity in Google Cloud. */
export interface IGcpIdentity extends IFluxIdentity {
  /**
   * The IAM members that roles are granted to: one for each service account of a direct principal, one in all for a Google
   * service account.
   */
  readonly members: string[];

  /**
   * What the API server of a GKE cluster calls the identity: the subjects (`kind: User`) for RoleBindings and
   * ClusterRoleBindings in clusters that Flux reaches with `GkePermissions.access`. The bare e-mail of a service account,
   * the whole member of a direct principal.
   */
  readonly kubernetesUserNames: string[];

  /**
   * Allows the identity to do something.
   *
   * @param id names the grant; adding or removing one never renames another
   * @param permission what is allowed, for example `ArtifactRegistryPermissions.pull(...)`
   */
  grant(id: string, permission: GcpPermission): Grant;
}
