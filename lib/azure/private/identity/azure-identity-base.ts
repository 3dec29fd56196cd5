import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxCloud, FluxContext, FluxSettings } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { Grant } from '../../../core/grant';
import { FluxIdentityBase, IdentityWarning } from '../../../core/shared/flux/identity-base';
import { WarningId } from '../../../core/shared/flux/warning-ids';
import { AzureCloud } from '../../azure-cloud';
import type { IAzureIdentity } from '../../azure-identity';
import type { AzurePermission } from '../../azure-permission';
import { SERVICES } from '../../services';
import type { AzurePrincipal } from '../grant/grantee';
import { environmentObjects } from '../settings/flux-settings';

/**
 * What every identity of Azure is, own and imported: grants read it through here.
 *
 * @internal
 */
export abstract class AzureIdentityBase extends FluxIdentityBase implements IAzureIdentity {
  /** The cloud this identity lives in. */
  public readonly cloud = FluxCloud.AZURE;
  /** The object ID of the service principal. */
  public abstract readonly principalId: string;
  /** The client ID. */
  public abstract readonly clientId: string;
  /**
   * The service principal as Azure knows it.
   *
   * @internal
   */
  public abstract readonly _principal: AzurePrincipal;

  /** @internal */
  public get _principals(): readonly string[] {
    return [this.principalId];
  }

  /** The user name in the Kubernetes RBAC of AKS clusters: the principal ID. */
  public get kubernetesUserName(): string {
    return this.principalId;
  }

  /** Allows the identity to do something: see the permissions of each service, such as `AcrPermissions`. */
  public abstract grant(id: string, permission: AzurePermission): Grant;

  /** Whether Azure accepts tokens of this cluster for this identity. */
  public abstract trusts(issuer: IClusterIssuer): boolean;

  /** What Flux must be told so that the service account acts as this identity. */
  public abstract fluxSettings(serviceAccount: FluxServiceAccount, context: FluxContext): FluxSettings;

  /** The ConfigMap of a private cloud; none in the others. */
  public fluxObjects(context: FluxContext): any[] {
    return environmentObjects(this._principal.azureCloud, context);
  }

  /** @internal */
  public _warnings(_context: FluxContext): IdentityWarning[] {
    const { azureCloud } = this._principal;
    const looksUp = this._grants.some(({ service, verb }) => service === SERVICES.aks && verb === 'access');
    if (!looksUp || (azureCloud !== AzureCloud.US_GOVERNMENT && azureCloud !== AzureCloud.CHINA)) return [];
    return [{
      id: WarningId.AKS_LOOKUP,
      message: 'Flux looks AKS clusters up at the endpoint of the public cloud: in this cloud give FluxRemoteCluster.aks both `address` and `caCertificate`.',
    }];
  }
}
