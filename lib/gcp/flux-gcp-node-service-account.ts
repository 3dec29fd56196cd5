import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { IFluxGcpServiceAccount } from './flux-gcp-service-account';
import { GcpPermission } from './gcp-permission';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxController } from '../core/flux-controller';
import { FluxCloud, FluxContext, FluxSettings } from '../core/flux-identity';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Grant } from '../core/grant';
import { checkControllers } from './private/forms/identity';
import { checkGke } from './private/forms/pool';
import { grantTo } from './private/grant/grant-to';
import { IdentityKind } from './private/grant/grantee';
import { existingAccount, GoogleAccount } from './private/identity/google-account';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { ISSUER, SERVICE_ACCOUNTS } from '../core/shared/input/common-options';
import { checkedScope } from '../core/shared/input/construct-ids';
import { PROVIDER, TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { ValidationError } from '../core/shared/input/validation-error';
import { checkServiceAccounts } from '../core/shared/kubernetes/service-accounts';
import { sameIssuer } from '../core/shared/oidc/issuer-url';

/** Options of `FluxGcpNodeServiceAccount`. */
export interface FluxGcpNodeServiceAccountProps {
  /** The GKE cluster whose nodes run as the service account. */
  readonly issuer: IClusterIssuer;
  /** The e-mail of the service account of the nodes, the default compute account too; may be a token. */
  readonly email: string;
  /** The controllers that use it: source-controller, image-reflector-controller. */
  readonly serviceAccounts: FluxServiceAccount[];
  /**
   * The Google provider for the IAM members.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** The controllers that pull. */
const PULLING: readonly FluxController[] = [FluxController.SOURCE, FluxController.IMAGE_REFLECTOR];

/**
 * The Google service account of a GKE cluster's nodes, which every pod of theirs can use: Artifact Registry only. It works on
 * node pools without Workload Identity; Autopilot always has it, and needs a `FluxGcpPrincipal`.
 *
 * Nothing is configured in Flux: its objects set `spec.provider: gcp`.
 *
 * @see https://fluxcd.io/flux/integrations/gcp/#at-the-node-level
 */
@allOrNothing
export class FluxGcpNodeServiceAccount extends Construct implements IFluxGcpServiceAccount {
  /** The cloud this identity lives in. */
  public readonly cloud = FluxCloud.GCP;
  /** The controllers that use it. */
  public readonly serviceAccounts: FluxServiceAccount[];
  /** The e-mail of the service account of the nodes. */
  public readonly email: string;
  /** The IAM member of the service account of the nodes. */
  public readonly members: string[];
  private readonly props: FluxGcpNodeServiceAccountProps;
  private readonly account: GoogleAccount;

  public constructor(scope: Construct, id: string, props: FluxGcpNodeServiceAccountProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxGcpNodeServiceAccount', props, {
      issuer: ISSUER,
      email: TEXT,
      serviceAccounts: SERVICE_ACCOUNTS,
      provider: PROVIDER.optional,
    });
    checkGke(this, 'a service account of nodes', props.issuer);
    checkServiceAccounts(this, props.serviceAccounts);
    checkControllers(this, props.serviceAccounts, 'nodes give their identity to the pods of the controllers; objects that name a service account never use it',
      'use FluxGcpPrincipal for object level');
    const other = props.serviceAccounts.find(({ fluxController }) => !PULLING.includes(fluxController!));
    if (other !== undefined) {
      throw new ValidationError(this, {
        given: `service account "${other}" of a service account of nodes`,
        allowed: `the controllers ${PULLING.join(' and ')}`,
        why: 'Flux supports credentials of the nodes for Artifact Registry only, which the other controllers do not read',
        fix: 'use FluxGcpPrincipal for it',
      });
    }
    this.props = props;
    this.account = existingAccount(this, props.email, props.serviceAccounts);
    this.serviceAccounts = [...props.serviceAccounts];
    this.email = this.account.email;
    this.members = [this.account.member];
  }

  /** What the API server of a GKE cluster calls it: the bare e-mail. */
  public get kubernetesUserNames(): string[] {
    return [this.email];
  }

  /** Allows the nodes to pull: `ArtifactRegistryPermissions` only. */
  public grant(id: string, permission: GcpPermission): Grant {
    return grantTo(this, id, permission, {
      kind: IdentityKind.NODE,
      members: [{ member: this.account.member, key: this.account.key }],
      controllers: true,
      provider: this.props.provider,
      prerequisites: [],
      late: this.account.late,
      carriers: [],
    });
  }

  /** Whether it is the cluster of the nodes. */
  public trusts(issuer: IClusterIssuer): boolean {
    return sameIssuer(this.props.issuer, issuer);
  }

  /** Nothing: the nodes give their identity to every pod. */
  public fluxSettings(_serviceAccount: FluxServiceAccount, _context: FluxContext): FluxSettings {
    return {};
  }

  /** None. */
  public fluxObjects(_context: FluxContext): any[] {
    return [];
  }
}
