import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { IGcpIdentity } from './gcp-identity';
import { GcpPermission } from './gcp-permission';
import { IFluxGcpWorkloadPool } from './gcp-workload-pool';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxCloud, FluxContext, FluxSettings } from '../core/flux-identity';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Grant } from '../core/grant';
import type { Precondition } from './private/forms/text-form';
import { checkUniverse } from './private/forms/universe';
import { grantTo } from './private/grant/grant-to';
import { GcpMember, IdentityKind } from './private/grant/grantee';
import { POOL_OPTIONS } from './private/options';
import { Credential, workloadIdentityObjects, workloadIdentitySettings } from './private/settings/flux-settings';
import { poolMembers } from './private/trust/principals';
import { sameCluster } from './private/trust/same-cluster';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { checkOptions } from '../core/shared/input/options';
import { checkServiceAccounts } from '../core/shared/kubernetes/service-accounts';

/** Options of `FluxGcpPrincipal`. */
export interface FluxGcpPrincipalProps {
  /** The pool that trusts the cluster. */
  readonly pool: IFluxGcpWorkloadPool;
  /** Who holds the roles; at least one. */
  readonly serviceAccounts: FluxServiceAccount[];
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
 * @see https://fluxcd.io/flux/integrations/gcp/#to-kubernetes-service-accounts
 */
@allOrNothing
export class FluxGcpPrincipal extends Construct implements IGcpIdentity {
  /** The cloud this identity lives in. */
  public readonly cloud = FluxCloud.GCP;
  /** Who holds the roles. */
  public readonly serviceAccounts: FluxServiceAccount[];
  private readonly props: FluxGcpPrincipalProps;
  private readonly late: readonly Precondition[];
  private granted?: GcpMember[];

  public constructor(scope: Construct, id: string, props: FluxGcpPrincipalProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxGcpPrincipal', props, POOL_OPTIONS);
    checkServiceAccounts(this, props.serviceAccounts);
    this.late = [...props.pool._late, ...checkUniverse(this, props.universeDomain, props.serviceAccounts, props.pool)];
    this.props = props;
    this.serviceAccounts = [...props.serviceAccounts];
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

  /** Allows the service accounts to do something: see the permissions of each service, such as `ArtifactRegistryPermissions`. */
  public grant(id: string, permission: GcpPermission): Grant {
    const { pool, provider } = this.props;
    this.granted ??= poolMembers(this, pool, this.serviceAccounts);
    return grantTo(this, id, permission, {
      kind: pool.providerName === undefined ? IdentityKind.GKE : IdentityKind.FEDERATED,
      members: this.granted,
      controllers: this.serviceAccounts.some(({ fluxController }) => fluxController !== undefined),
      provider,
      prerequisites: pool._prerequisites,
      late: this.late,
      carriers: [],
    });
  }

  /** Whether the pool takes tokens of the cluster. */
  public trusts(issuer: IClusterIssuer): boolean {
    return sameCluster(this, this.props.pool, { issuer });
  }

  /** What Flux must be told so that the service account acts as itself. */
  public fluxSettings(serviceAccount: FluxServiceAccount, _context: FluxContext): FluxSettings {
    return workloadIdentitySettings(serviceAccount, this.credential);
  }

  /** The credential configuration of each controller, outside GKE's built-in pool. */
  public fluxObjects(_context: FluxContext): any[] {
    return workloadIdentityObjects(this.serviceAccounts, this.credential);
  }

  private get credential(): Credential {
    return { providerName: this.props.pool.providerName, universeDomain: this.props.universeDomain };
  }
}
