import { Construct } from 'constructs';
import { GcpIdentityBase } from './gcp-identity-base';
import type { GoogleAccount } from './google-account';
import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxContext, FluxSettings } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { Grant } from '../../../core/grant';
import { IdentityTrust } from '../../../core/shared/flux/identity-base';
import { CredentialKind } from '../../../core/shared/flux/service';
import { checkServiceAccounts } from '../../../core/shared/kubernetes/service-accounts';
import type { FluxGcpServiceAccountBaseProps, IFluxGcpServiceAccount } from '../../flux-gcp-service-account';
import type { GcpPermission } from '../../gcp-permission';
import type { IFluxGcpWorkloadPool } from '../../gcp-workload-pool';
import { checkUniverse } from '../forms/universe';
import { grantTo } from '../grant/grant-to';
import type { GcpPrincipal } from '../grant/grantee';
import { workloadIdentityObjects, workloadIdentitySettings } from '../settings/flux-settings';
import { Impersonation } from '../trust/impersonation';
import { checkAudience } from '../trust/object-audience';
import { poolTrust } from '../trust/principals';
import { sameCluster } from '../trust/same-cluster';

/**
 * A Google service account that Kubernetes service accounts impersonate, own or imported.
 *
 * @internal
 */
export abstract class ImpersonatedAccountBase extends GcpIdentityBase implements IFluxGcpServiceAccount {
  /** The Kubernetes service accounts that may impersonate the Google one. */
  public readonly serviceAccounts: FluxServiceAccount[];
  /** The e-mail of the Google service account: plain when it is known at synth. */
  public readonly email: string;
  /** The IAM member of the Google service account. */
  public readonly members: string[];
  /** @internal */
  public readonly _credential = CredentialKind.WORKLOAD_IDENTITY;
  /** @internal */
  public readonly _trust: readonly IdentityTrust[];
  private readonly pool: IFluxGcpWorkloadPool;
  private readonly impersonation: Impersonation;

  /** @param check refuses options of other types; what it returns makes or finds the account */
  protected constructor(scope: Construct, id: string, props: FluxGcpServiceAccountBaseProps, check: (at: Construct) => () => GoogleAccount) {
    super(scope, id);
    const accountOf = check(this);
    const { pool, serviceAccounts, audience, universeDomain } = props;
    checkServiceAccounts(this, serviceAccounts);
    const late = [...checkUniverse(this, universeDomain, serviceAccounts, pool), ...checkAudience(this, audience, serviceAccounts, pool)];
    const account = accountOf();
    this.pool = pool;
    this.serviceAccounts = [...serviceAccounts];
    this._trust = poolTrust(pool, this.serviceAccounts, audience);
    this.email = account.email;
    this.members = [account.member];
    this.impersonation = new Impersonation(this, account, { ...props, late });
    // Last: the pool lets in whom it was told of.
    pool._admit(this, this.serviceAccounts);
  }

  /** @internal */
  public get _principal(): GcpPrincipal {
    return this.impersonation.principal;
  }

  /** What the API server of a GKE cluster calls it: the bare e-mail. */
  public get kubernetesUserNames(): string[] {
    return [this.email];
  }

  /** Allows the service account to do something: see the permissions of each service, such as `CloudKmsPermissions`. */
  public grant(id: string, permission: GcpPermission): Grant {
    return grantTo(this, id, permission);
  }

  /** Whether the pool takes tokens of the cluster. */
  public trusts(issuer: IClusterIssuer): boolean {
    return sameCluster(this, this.pool, { issuer });
  }

  /** What Flux must be told so that the Kubernetes service account impersonates the Google one. */
  public fluxSettings(serviceAccount: FluxServiceAccount, context: FluxContext): FluxSettings {
    return workloadIdentitySettings(this, serviceAccount, this.impersonation.credential, context);
  }

  /** The credential configuration of each controller, outside GKE's built-in pool. */
  public fluxObjects(_context: FluxContext): any[] {
    return workloadIdentityObjects(this.serviceAccounts, this.impersonation.credential);
  }
}
