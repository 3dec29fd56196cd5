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
import type { GcpPrincipal } from './private/grant/grantee';
import { GcpIdentityBase } from './private/identity/gcp-identity-base';
import { checkNewAccount, makeAccount } from './private/identity/google-account';
import { ImportedServiceAccount } from './private/identity/imported-service-account';
import { NEW_ACCOUNT_OPTIONS, POOL_OPTIONS } from './private/options';
import { workloadIdentityObjects, workloadIdentitySettings } from './private/settings/flux-settings';
import { Impersonation } from './private/trust/impersonation';
import { checkAudience } from './private/trust/object-audience';
import { poolTrust } from './private/trust/principals';
import { sameCluster } from './private/trust/same-cluster';
import { IdentityTrust } from '../core/shared/flux/identity-base';
import { CredentialKind } from '../core/shared/flux/service';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkOptions } from '../core/shared/input/options';
import { checkServiceAccounts } from '../core/shared/kubernetes/service-accounts';

/** A Google service account that Kubernetes service accounts impersonate. */
export interface IFluxGcpServiceAccount extends IGcpIdentity {
  /** The e-mail of the Google service account. */
  readonly email: string;
}

/** What impersonated identities have in common. */
export interface FluxGcpServiceAccountBaseProps {
  /** The pool that trusts the cluster. */
  readonly pool: IFluxGcpWorkloadPool;
  /** The Kubernetes service accounts that may impersonate the Google one; at least one. */
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
   * The Google provider.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** Options of `FluxGcpServiceAccount`. */
export interface FluxGcpServiceAccountProps extends FluxGcpServiceAccountBaseProps {
  /** The id of the service account: 6 to 30 of a-z, 0-9 and `-`, beginning with a letter; may be a token. */
  readonly accountId: string;
  /**
   * The name that people read, at most 100 characters.
   *
   * @default - none
   */
  readonly displayName?: string;
  /**
   * A description, at most 256 characters.
   *
   * @default - none
   */
  readonly description?: string;
  /**
   * The ID of the project. With a plain one the e-mail is known at synth, so that rendered YAML can be committed before any
   * apply. It need not be the project of the pool.
   *
   * @default - the provider's
   */
  readonly project?: string;
}

/** Options of `FluxGcpServiceAccount.fromEmail`. */
export interface FluxGcpServiceAccountFromEmailProps extends FluxGcpServiceAccountBaseProps {
  /** The e-mail of the service account; may be a token. */
  readonly email: string;
}

/**
 * A Google service account that Kubernetes service accounts impersonate: for services that take no direct principals, and where
 * roles are given to service accounts by rule. Prefer `FluxGcpPrincipal`.
 *
 * Each Kubernetes service account becomes a `roles/iam.workloadIdentityUser` of exactly this service account.
 *
 * @see https://fluxcd.io/flux/integrations/gcp/#to-gcp-service-accounts
 */
@allOrNothing
export class FluxGcpServiceAccount extends GcpIdentityBase implements IFluxGcpServiceAccount {
  /**
   * A service account that exists already. The Kubernetes service accounts are added to those that may impersonate it, and
   * grants to its roles; nothing else of it is touched.
   */
  public static fromEmail(scope: Construct, id: string, props: FluxGcpServiceAccountFromEmailProps): IFluxGcpServiceAccount {
    return new ImportedServiceAccount(scope, id, props);
  }

  /** The Kubernetes service accounts that may impersonate the Google one. */
  public readonly serviceAccounts: FluxServiceAccount[];
  /** The e-mail of the Google service account: plain when `project` and `accountId` are. */
  public readonly email: string;
  /** The IAM member of the Google service account. */
  public readonly members: string[];
  /** @internal */
  public readonly _credential = CredentialKind.WORKLOAD_IDENTITY;
  /** @internal */
  public readonly _trust: readonly IdentityTrust[];
  private readonly pool: IFluxGcpWorkloadPool;
  private readonly impersonation: Impersonation;

  public constructor(scope: Construct, id: string, props: FluxGcpServiceAccountProps) {
    super(scope, id);
    checkOptions(this, 'FluxGcpServiceAccount', props, { ...POOL_OPTIONS, ...NEW_ACCOUNT_OPTIONS });
    checkServiceAccounts(this, props.serviceAccounts);
    const late = [
      ...checkUniverse(this, props.universeDomain, props.serviceAccounts, props.pool),
      ...checkAudience(this, props.audience, props.serviceAccounts, props.pool),
    ];
    const checked = checkNewAccount(this, props, props.serviceAccounts);
    this.pool = props.pool;
    this.serviceAccounts = [...props.serviceAccounts];
    this._trust = poolTrust(props.pool, this.serviceAccounts, props.audience);
    const account = makeAccount(this, props, checked);
    this.email = account.email;
    this.members = [account.member];
    this.impersonation = new Impersonation(this, account, { ...props, late });
    // Last: the pool lets in whom it was told of.
    this.pool._admit(this, this.serviceAccounts);
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
