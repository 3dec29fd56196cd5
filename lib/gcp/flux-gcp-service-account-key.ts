import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { IFluxGcpServiceAccount } from './flux-gcp-service-account';
import { GcpPermission } from './gcp-permission';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxContext, FluxSettings } from '../core/flux-identity';
import { FluxSecret } from '../core/flux-secret';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Grant } from '../core/grant';
import { grantTo } from './private/grant/grant-to';
import type { GcpPrincipal } from './private/grant/grantee';
import { GcpIdentityBase } from './private/identity/gcp-identity-base';
import { checkNewAccount, makeAccount } from './private/identity/google-account';
import { ImportedServiceAccountKey } from './private/identity/imported-service-account-key';
import { KEY_OPTIONS, NEW_ACCOUNT_OPTIONS } from './private/options';
import { AccountKey, checkKeyUse } from './private/settings/account-key';
import { IdentityTrust } from '../core/shared/flux/identity-base';
import { CredentialKind } from '../core/shared/flux/service';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkOptions } from '../core/shared/input/options';

/** Who reads a key. At least one service account or Secret. */
export interface FluxGcpServiceAccountKeyBaseProps {
  /**
   * The controllers that act as the service account; the key is mounted in them.
   *
   * @default - none
   */
  readonly serviceAccounts?: FluxServiceAccount[];
  /**
   * The Secrets that Flux objects read the key from.
   *
   * @default - none
   */
  readonly secrets?: FluxSecret[];
  /**
   * Values that make a new key when they change: for rotation, for example the month. The old key goes when the new one is
   * made; apply the rendered Secrets at once.
   *
   * @default - the key is kept
   */
  readonly keepers?: { readonly [name: string]: string };
  /**
   * The Google provider.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** Options of `FluxGcpServiceAccountKey`. */
export interface FluxGcpServiceAccountKeyProps extends FluxGcpServiceAccountKeyBaseProps {
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
   * The ID of the project.
   *
   * @default - the provider's
   */
  readonly project?: string;
}

/** Options of `FluxGcpServiceAccountKey.fromEmail`. */
export interface FluxGcpServiceAccountKeyFromEmailProps extends FluxGcpServiceAccountKeyBaseProps {
  /** The e-mail of the service account; may be a token. */
  readonly email: string;
}

/**
 * A Google service account by stored key, for clusters whose tokens Google cannot trust. Not for Artifact Registry, and at
 * object level not for remote GKE clusters. Prefer `FluxGcpPrincipal`: it works on every cluster, also one without a public
 * issuer, by uploaded keys.
 *
 * **The key is stored in the Terraform state, and in the rendered Secrets**: encrypt the state, and mark outputs of
 * `FluxManifests.yaml` as sensitive.
 *
 * @see https://fluxcd.io/flux/integrations/gcp/#with-gcp-service-account-keys
 */
@allOrNothing
export class FluxGcpServiceAccountKey extends GcpIdentityBase implements IFluxGcpServiceAccount {
  /** A key for a service account that exists already; nothing else of it is touched. */
  public static fromEmail(scope: Construct, id: string, props: FluxGcpServiceAccountKeyFromEmailProps): IFluxGcpServiceAccount {
    return new ImportedServiceAccountKey(scope, id, props);
  }

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

  public constructor(scope: Construct, id: string, props: FluxGcpServiceAccountKeyProps) {
    super(scope, id);
    checkOptions(this, 'FluxGcpServiceAccountKey', props, { ...KEY_OPTIONS, ...NEW_ACCOUNT_OPTIONS });
    checkKeyUse(this, props);
    this.serviceAccounts = [...props.serviceAccounts ?? []];
    const account = makeAccount(this, props, checkNewAccount(this, props, this.serviceAccounts));
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
