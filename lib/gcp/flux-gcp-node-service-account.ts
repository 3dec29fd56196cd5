import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { IFluxGcpServiceAccount } from './flux-gcp-service-account';
import { GcpPermission } from './gcp-permission';
import { ClusterKind, IClusterIssuer } from '../core/cluster-issuer';
import { FluxContext, FluxSettings } from '../core/flux-identity';
import { FluxNodeUse } from '../core/flux-node-use';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Grant } from '../core/grant';
import { grantTo } from './private/grant/grant-to';
import type { GcpPrincipal } from './private/grant/grantee';
import { GcpIdentityBase } from './private/identity/gcp-identity-base';
import { existingAccount, GoogleAccount } from './private/identity/google-account';
import { IdentityTrust } from '../core/shared/flux/identity-base';
import { CredentialKind } from '../core/shared/flux/service';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { NODE_USE } from '../core/shared/input/common-options';
import { PROVIDER, TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';

/** Options of `FluxGcpNodeServiceAccount.fromEmail`. */
export interface FluxGcpNodeServiceAccountFromEmailProps {
  /** The e-mail of the service account of the nodes, the default compute account too; may be a token. */
  readonly email: string;
  /**
   * What the service account may be granted: by default what Flux tests, which is Artifact Registry.
   *
   * @default FluxNodeUse.TESTED
   */
  readonly use?: FluxNodeUse;
  /**
   * The Google provider for the IAM members.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/**
 * The Google service account that the nodes of a GKE cluster have already, for Flux objects that pull from Artifact Registry: the
 * only use that Flux tests at node level. Every pod of the nodes gets the right. It works on node pools without Workload Identity;
 * Autopilot always has it, and needs a `FluxGcpPrincipal`.
 *
 * Flux needs no configuration but `spec.provider: gcp` on each OCIRepository, HelmRepository of type oci and ImageRepository.
 *
 * Guide: docs/gcp.md#identities
 *
 * @see https://fluxcd.io/flux/integrations/gcp/#at-the-node-level
 */
@allOrNothing
export class FluxGcpNodeServiceAccount extends GcpIdentityBase implements IFluxGcpServiceAccount {
  /** The service account of the nodes of a cluster, by its e-mail. */
  public static fromEmail(scope: Construct, id: string, props: FluxGcpNodeServiceAccountFromEmailProps): FluxGcpNodeServiceAccount {
    return new FluxGcpNodeServiceAccount(scope, id, props);
  }

  /** None: whatever runs on the node is the service account. */
  public readonly serviceAccounts: FluxServiceAccount[] = [];
  /** The e-mail of the service account of the nodes. */
  public readonly email: string;
  /** The IAM member of the service account of the nodes. */
  public readonly members: string[];
  /** @internal */
  public readonly _credential = CredentialKind.NODE;
  /** @internal */
  public readonly _trust: readonly IdentityTrust[] = [];
  private readonly account: GoogleAccount;
  private readonly use: FluxNodeUse;
  private readonly provider?: TerraformProvider;

  private constructor(scope: Construct, id: string, props: FluxGcpNodeServiceAccountFromEmailProps) {
    super(scope, id);
    checkOptions(this, 'FluxGcpNodeServiceAccount.fromEmail', props, {
      email: TEXT,
      use: NODE_USE.optional,
      provider: PROVIDER.optional,
    });
    this.account = existingAccount(this, props.email, this.serviceAccounts);
    this.email = this.account.email;
    this.members = [this.account.member];
    this.use = props.use ?? FluxNodeUse.TESTED;
    this.provider = props.provider;
  }

  /** @internal */
  public get _principal(): GcpPrincipal {
    const { member, key, late } = this.account;
    return { members: [{ member, key }], isDirect: false, provider: this.provider, prerequisites: [], late, carriers: [] };
  }

  /** @internal */
  public get _takesUntested(): boolean {
    return this.use === FluxNodeUse.UNTESTED;
  }

  /** What the API server of a GKE cluster calls it: the bare e-mail. */
  public get kubernetesUserNames(): string[] {
    return [this.email];
  }

  /** Allows the nodes to pull from Artifact Registry (with `use` also the rest). */
  public grant(id: string, permission: GcpPermission): Grant {
    return grantTo(this, id, permission);
  }

  /** Whether the cluster is on GKE, where its nodes have such a service account. */
  public trusts(issuer: IClusterIssuer): boolean {
    return issuer.kind === ClusterKind.GKE;
  }

  /** Nothing: there is no service account to configure. */
  public fluxSettings(_serviceAccount: FluxServiceAccount, _context: FluxContext): FluxSettings {
    return {};
  }

  /** None. */
  public fluxObjects(_context: FluxContext): any[] {
    return [];
  }
}
