import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { IGcpIdentity } from './gcp-identity';
import { IFluxGcpWorkloadPool } from './gcp-workload-pool';
import { FluxServiceAccount } from '../core/flux-service-account';
import { checkNewAccount, makeAccount } from './private/identity/google-account';
import { ImpersonatedAccountBase } from './private/identity/impersonated-account-base';
import { ImportedServiceAccount } from './private/identity/imported-service-account';
import { NEW_ACCOUNT_OPTIONS, POOL_OPTIONS } from './private/options';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkOptions } from '../core/shared/input/options';

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
 * Guide: docs/gcp.md#identities
 *
 * @see https://fluxcd.io/flux/integrations/gcp/#to-gcp-service-accounts
 */
@allOrNothing
export class FluxGcpServiceAccount extends ImpersonatedAccountBase implements IFluxGcpServiceAccount {
  /**
   * A service account that exists already. The Kubernetes service accounts are added to those that may impersonate it, and
   * grants to its roles; nothing else of it is touched.
   */
  public static fromEmail(scope: Construct, id: string, props: FluxGcpServiceAccountFromEmailProps): IFluxGcpServiceAccount {
    return new ImportedServiceAccount(scope, id, props);
  }

  public constructor(scope: Construct, id: string, props: FluxGcpServiceAccountProps) {
    super(scope, id, props, (at) => {
      checkOptions(at, 'FluxGcpServiceAccount', props, { ...POOL_OPTIONS, ...NEW_ACCOUNT_OPTIONS });
      return () => makeAccount(at, props, checkNewAccount(at, props, props.serviceAccounts));
    });
  }
}
