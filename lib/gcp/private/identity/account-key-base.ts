import { Construct } from 'constructs';
import { GcpIdentityBase } from './gcp-identity-base';
import type { GoogleAccount } from './google-account';
import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxContext, FluxSettings } from '../../../core/flux-identity';
import { FluxSecret } from '../../../core/flux-secret';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { Grant } from '../../../core/grant';
import { IdentityTrust } from '../../../core/shared/flux/identity-base';
import { CredentialKind } from '../../../core/shared/flux/service';
import type { IFluxGcpServiceAccount } from '../../flux-gcp-service-account';
import type { FluxGcpServiceAccountKeyBaseProps } from '../../flux-gcp-service-account-key';
import type { GcpPermission } from '../../gcp-permission';
import { grantTo } from '../grant/grant-to';
import type { GcpPrincipal } from '../grant/grantee';
import { AccountKey, checkKeyUse } from '../settings/account-key';

/**
 * A Google service account by stored key, own or imported.
 *
 * @internal
 */
export abstract class AccountKeyBase extends GcpIdentityBase implements IFluxGcpServiceAccount {
  /** The controllers that act as the service account. */
  public readonly serviceAccounts: FluxServiceAccount[];
  /** The e-mail of the Google service account. */
  public readonly email: string;
  /** The IAM member of the Google service account. */
  public readonly members: string[];
  /** @internal */
  public readonly _credential = CredentialKind.STATIC;
  /** @internal */
  public readonly _trust: readonly IdentityTrust[] = [];
  private readonly key: AccountKey;

  /** @param check refuses options of other types; what it returns makes or finds the account */
  protected constructor(scope: Construct, id: string, props: FluxGcpServiceAccountKeyBaseProps, check: (at: Construct) => () => GoogleAccount) {
    super(scope, id);
    const accountOf = check(this);
    checkKeyUse(this, props);
    this.serviceAccounts = [...props.serviceAccounts ?? []];
    const account = accountOf();
    this.email = account.email;
    this.members = [account.member];
    this.key = new AccountKey(this, account, props);
  }

  /** @internal */
  public get _principal(): GcpPrincipal {
    return this.key.principal;
  }

  /** @internal */
  public get _secrets(): readonly FluxSecret[] {
    return this.key.secrets;
  }

  /** What the API server of a GKE cluster calls it: the bare e-mail. */
  public get kubernetesUserNames(): string[] {
    return [this.email];
  }

  /** Allows the service account to do something: see the permissions of each service, such as `CloudStoragePermissions`. */
  public grant(id: string, permission: GcpPermission): Grant {
    return grantTo(this, id, permission);
  }

  /** A key is taken wherever it comes from. */
  public trusts(_issuer: IClusterIssuer): boolean {
    return true;
  }

  /** What Flux must be told so that the controller finds the key. */
  public fluxSettings(serviceAccount: FluxServiceAccount, _context: FluxContext): FluxSettings {
    return this.key.settings(serviceAccount);
  }

  /** The Secrets that hold the key. */
  public fluxObjects(context: FluxContext): any[] {
    return this.key.objects(context);
  }
}
