import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxCloud, FluxContext, FluxSettings } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { Grant } from '../../../core/grant';
import { FluxIdentityBase } from '../../../core/shared/flux/identity-base';
import type { IAwsIdentity } from '../../aws-identity';
import type { AwsPermission } from '../../aws-permission';
import type { AwsPrincipal } from '../grant/grantee';

/**
 * What every identity of AWS is, own and imported: grants and the policies of resources read it through here.
 *
 * @internal
 */
export abstract class AwsIdentityBase extends FluxIdentityBase implements IAwsIdentity {
  /** The cloud this identity lives in. */
  public readonly cloud = FluxCloud.AWS;
  /** The ARN of the role or user. */
  public abstract readonly arn: string;
  /**
   * The role or user as IAM knows it.
   *
   * @internal
   */
  public abstract readonly _principal: AwsPrincipal;

  /** @internal */
  public get _principals(): readonly string[] {
    return [this.arn];
  }

  /** Allows the identity to do something: see the permissions of each service, such as `EcrPermissions`. */
  public abstract grant(id: string, permission: AwsPermission): Grant;

  /** Whether AWS accepts tokens of this cluster for this identity. */
  public abstract trusts(issuer: IClusterIssuer): boolean;

  /** What Flux must be told so that the service account acts as this identity. */
  public abstract fluxSettings(serviceAccount: FluxServiceAccount, context: FluxContext): FluxSettings;

  /** The Kubernetes objects that must exist for this identity beside its service accounts. */
  public abstract fluxObjects(context: FluxContext): any[];
}
