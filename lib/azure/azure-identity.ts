import { AzurePermission } from './azure-permission';
import { IFluxIdentity } from '../core/flux-identity';
import { Grant } from '../core/grant';

/** An identity in Azure. */
export interface IAzureIdentity extends IFluxIdentity {
  /** The object ID of its service principal: what roles are assigned to. Not the client ID. */
  readonly principalId: string;
  /** The client ID, also called application ID: what Flux signs in as. */
  readonly clientId: string;
  /** Its user name in the Kubernetes RBAC of AKS clusters: the principal ID. */
  readonly kubernetesUserName: string;

  /**
   * Allows the identity to do something.
   *
   * @param id names the grant; adding or removing one never renames another
   * @param permission what is allowed, for example `AcrPermissions.pull(...)`
   */
  grant(id: string, permission: AzurePermission): Grant;
}
