import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxCloud, FluxContext, FluxSettings } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { Grant } from '../../../core/grant';
import { FluxIdentityBase } from '../../../core/shared/flux/identity-base';
import type { IGcpIdentity } from '../../gcp-identity';
import type { GcpPermission } from '../../gcp-permission';
import type { GcpPrincipal } from '../grant/grantee';

/**
 * What every identity of Google Cloud is, own and imported.
 *
 * @internal
 */
export abstract class GcpIdentityBase extends FluxIdentityBase implements IGcpIdentity {
  /** The cloud this identity lives in. */
  public readonly cloud = FluxCloud.GCP;
  /** The IAM members that roles are granted to. */
  public abstract readonly members: string[];
  /** What the API server of a GKE cluster calls the identity. */
  public abstract readonly kubernetesUserNames: string[];
  /**
   * Who it is in IAM.
   *
   * @internal
   */
  public abstract readonly _principal: GcpPrincipal;

  /** @internal */
  public get _principals(): readonly string[] {
    return this._principal.members.map(({ member }) => member);
  }

  /** Allows the identity to do something: see the permissions of each service, such as `ArtifactRegistryPermissions`. */
  public abstract grant(id: string, permission: GcpPermission): Grant;

  /** Whether Google accepts tokens of this cluster for this identity. */
  public abstract trusts(issuer: IClusterIssuer): boolean;

  /** What Flux must be told so that the service account acts as this identity. */
  public abstract fluxSettings(serviceAccount: FluxServiceAccount, context: FluxContext): FluxSettings;

  /** The Kubernetes objects that must exist for this identity beside its service accounts. */
  public abstract fluxObjects(context: FluxContext): any[];
}
