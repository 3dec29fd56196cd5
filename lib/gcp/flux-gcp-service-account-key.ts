import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { IFluxGcpServiceAccount } from './flux-gcp-service-account';
import { FluxSecret } from '../core/flux-secret';
import { FluxServiceAccount } from '../core/flux-service-account';
import { AccountKeyBase } from './private/identity/account-key-base';
import { checkNewAccount, makeAccount } from './private/identity/google-account';
import { ImportedServiceAccountKey } from './private/identity/imported-service-account-key';
import { KEY_OPTIONS, NEW_ACCOUNT_OPTIONS } from './private/options';
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
 * Guide: docs/gcp.md#keys
 *
 * @see https://fluxcd.io/flux/integrations/gcp/#with-gcp-service-account-keys
 */
@allOrNothing
export class FluxGcpServiceAccountKey extends AccountKeyBase implements IFluxGcpServiceAccount {
  /** A key for a service account that exists already; nothing else of it is touched. */
  public static fromEmail(scope: Construct, id: string, props: FluxGcpServiceAccountKeyFromEmailProps): IFluxGcpServiceAccount {
    return new ImportedServiceAccountKey(scope, id, props);
  }

  public constructor(scope: Construct, id: string, props: FluxGcpServiceAccountKeyProps) {
    super(scope, id, props, (at) => {
      checkOptions(at, 'FluxGcpServiceAccountKey', props, { ...KEY_OPTIONS, ...NEW_ACCOUNT_OPTIONS });
      return () => makeAccount(at, props, checkNewAccount(at, props, props.serviceAccounts ?? []));
    });
  }
}
