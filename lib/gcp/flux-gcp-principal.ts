import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { IGcpIdentity } from './gcp-identity';
import { GcpPermission } from './gcp-permission';
import { IFluxGcpWorkloadPool } from './gcp-workload-pool';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxContext, FluxSettings } from '../core/flux-identity';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Grant } from '../core/grant';
import { checkUniverse } from './private/forms/universe';
import { grantTo } from './private/grant/grant-to';
import { GcpMember, GcpPrincipal } from './private/grant/grantee';
import { GcpIdentityBase } from './private/identity/gcp-identity-base';
import { POOL_OPTIONS } from './private/options';
import { Credential, workloadIdentityObjects, workloadIdentitySettings } from './private/settings/flux-settings';
import { checkAudience } from './private/trust/object-audience';
import { poolMembers, poolTrust } from './private/trust/principals';
import { sameCluster } from './private/trust/same-cluster';
import { IdentityTrust } from '../core/shared/flux/identity-base';
import { CredentialKind } from '../core/shared/flux/service';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkOptions } from '../core/shared/input/options';
import { checkServiceAccounts } from '../core/shared/kubernetes/service-accounts';
import type { TerraformCheck } from '../core/shared/terraform/check';

/** Options of `FluxGcpPrincipal`. */
export interface FluxGcpPrincipalProps {
  /** The pool that trusts the cluster. */
  readonly pool: IFluxGcpWorkloadPool;
  /** Who holds the roles; at least one. */
  readonly serviceAccounts: FluxServiceAccount[];
  /**
   * The audience of the tokens of object-level service accounts, in place of the provider's name: for API servers that have that name
   * among their own audiences. From Flux 2.10, with pools of their own; one of the pool's `allowedAudiences`. May be a token.
   *
   * @default - what Flux asks for: the provider's name
   */
  readonly audience?: string;
  /**
   * The universe of the token service, for controllers outside GKE's built-in pool; may be a token.
   *
   * @default googleapis.com
   */
  readonly universeDomain?: string;
  /**
   * The Google provider for the IAM members.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/**
 * Kubernetes service accounts that hold roles themselves, with no Google service account between: the simplest identity, and
 * the one to prefer. Each grant is one IAM member for each service account.
 *
 * Guide: docs/gcp.md#identities
 *
 * @see https://fluxcd.io/flux/integrations/gcp/#to-kubernetes-service-accounts
 */
@allOrNothing
export class FluxGcpPrincipal extends GcpIdentityBase implements IGcpIdentity {
  /** Who holds the roles. */
  public readonly serviceAccounts: FluxServiceAccount[];
  /** @internal */
  public readonly _credential = CredentialKind.WORKLOAD_IDENTITY;
  /** @internal */
  public readonly _trust: readonly IdentityTrust[];
  private readonly props: FluxGcpPrincipalProps;
  private readonly late: readonly TerraformCheck[];
  private grantees?: GcpMember[];

  public constructor(scope: Construct, id: string, props: FluxGcpPrincipalProps) {
    super(scope, id);
    checkOptions(this, 'FluxGcpPrincipal', props, POOL_OPTIONS);
    checkServiceAccounts(this, props.serviceAccounts);
    this.late = [
      ...props.pool._late,
      ...checkUniverse(this, props.universeDomain, props.serviceAccounts, props.pool),
      ...checkAudience(this, props.audience, props.serviceAccounts, props.pool),
    ];
    this.props = props;
    this.serviceAccounts = [...props.serviceAccounts];
    this._trust = poolTrust(props.pool, this.serviceAccounts, props.audience);
    props.pool._admit(this, this.serviceAccounts);
  }

  /** The IAM member of each service account. */
  public get members(): string[] {
    return this.serviceAccounts.map((account) => this.props.pool.memberOf(account));
  }

  /** What the API server of a GKE cluster calls each service account: the whole member. */
  public get kubernetesUserNames(): string[] {
    return this.serviceAccounts.map((account) => this.props.pool.kubernetesUserNameOf(account));
  }

  /** @internal */
  public get _principal(): GcpPrincipal {
    const { pool, provider } = this.props;
    this.grantees ??= poolMembers(this, pool, this.serviceAccounts);
    return { members: this.grantees, isDirect: true, provider, prerequisites: pool._prerequisites, late: this.late, carriers: [] };
  }

  /** Allows the service accounts to do something: see the permissions of each service, such as `ArtifactRegistryPermissions`. */
  public grant(id: string, permission: GcpPermission): Grant {
    return grantTo(this, id, permission);
  }

  /** Whether the pool takes tokens of the cluster. */
  public trusts(issuer: IClusterIssuer): boolean {
    return sameCluster(this, this.props.pool, { issuer });
  }

  /** What Flux must be told so that the service account acts as itself. */
  public fluxSettings(serviceAccount: FluxServiceAccount, context: FluxContext): FluxSettings {
    return workloadIdentitySettings(this, serviceAccount, this.credential, context);
  }

  /** The credential configuration of each controller, outside GKE's built-in pool. */
  public fluxObjects(_context: FluxContext): any[] {
    return workloadIdentityObjects(this.serviceAccounts, this.credential);
  }

  private get credential(): Credential {
    return { providerName: this.props.pool.providerName, universeDomain: this.props.universeDomain, audience: this.props.audience };
  }
}
