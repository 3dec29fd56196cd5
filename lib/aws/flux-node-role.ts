import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AwsPermission } from './aws-permission';
import { FluxRolePolicies, FluxRoleQuotas } from './flux-role-policies';
import { ClusterKind, IClusterIssuer } from '../core/cluster-issuer';
import { FluxContext, FluxSettings } from '../core/flux-identity';
import { FluxNodeUse } from '../core/flux-node-use';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Grant } from '../core/grant';
import { AwsPrincipal } from './private/grant/grantee';
import { AwsIdentityBase } from './private/identity/aws-identity-base';
import { ImportedRole } from './private/identity/imported-role';
import { POLICIES } from './private/options';
import { IdentityTrust } from '../core/shared/flux/identity-base';
import { CredentialKind } from '../core/shared/flux/service';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { NODE_USE } from '../core/shared/input/common-options';
import { OPTIONS, PROVIDER, TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';

/** Options of `FluxNodeRole.fromRoleArn`. */
export interface FluxNodeRoleFromArnProps {
  /** The ARN of the role that the cluster's nodes have; may be a token. */
  readonly roleArn: string;
  /**
   * What the role may be granted: by default what Flux tests, which is private ECR.
   *
   * @default FluxNodeUse.TESTED
   */
  readonly use?: FluxNodeUse;
  /**
   * The account that `provider` works in. Granting on a role of another account is an error.
   *
   * @default - not checked
   */
  readonly account?: string;
  /**
   * Whether statements go into an inline policy or into managed ones.
   *
   * @default FluxRolePolicies.INLINE
   */
  readonly policies?: FluxRolePolicies;
  /**
   * IAM limits. The role's owner uses part of them.
   *
   * @default - AWS's defaults
   */
  readonly quotas?: FluxRoleQuotas;
  /**
   * The AWS provider for the policies.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/**
 * The role that the nodes of an EKS cluster have already, for Flux objects that pull from private ECR: the only use that
 * Flux tests at node level. Every pod that reaches the node's metadata service gets the right.
 *
 * Flux needs no configuration but `spec.provider: aws` on each OCIRepository, HelmRepository of type oci and ImageRepository;
 * without it Flux pulls anonymously and gets 401. Leave `serviceAccountName` and `secretRef` unset there, and give the
 * controller no other AWS identity: it would come first.
 *
 * Guide: docs/aws/access-keys.md
 *
 * @see https://fluxcd.io/flux/integrations/aws/#at-the-node-level
 */
@allOrNothing
export class FluxNodeRole extends AwsIdentityBase {
  /** The role of the nodes of a cluster, by its ARN. */
  public static fromRoleArn(scope: Construct, id: string, props: FluxNodeRoleFromArnProps): FluxNodeRole {
    return new FluxNodeRole(scope, id, props);
  }

  /** None: whatever runs on the node is the role. */
  public readonly serviceAccounts: FluxServiceAccount[] = [];
  /** The ARN of the role. */
  public readonly arn: string;
  /** @internal */
  public readonly _credential = CredentialKind.NODE;
  /** @internal */
  public readonly _trust: readonly IdentityTrust[] = [];
  private readonly role: ImportedRole;
  private readonly use: FluxNodeUse;

  private constructor(scope: Construct, id: string, props: FluxNodeRoleFromArnProps) {
    super(scope, id);
    checkOptions(this, 'FluxNodeRole.fromRoleArn', props, {
      roleArn: TEXT,
      use: NODE_USE.optional,
      account: TEXT.optional,
      policies: POLICIES.optional,
      quotas: OPTIONS.optional,
      provider: PROVIDER.optional,
    });
    this.arn = props.roleArn;
    this.use = props.use ?? FluxNodeUse.TESTED;
    this.role = new ImportedRole(this, props);
  }

  /** @internal */
  public get _principal(): AwsPrincipal {
    return this.role.principal;
  }

  /** @internal */
  public get _takesUntested(): boolean {
    return this.use === FluxNodeUse.UNTESTED;
  }

  /** Allows the nodes to pull from private ECR (with `use` also the rest), in a policy of its own that touches nothing else of the role. */
  public grant(id: string, permission: AwsPermission): Grant {
    return this.role.grant(id, permission);
  }

  /** Whether the cluster is on EKS, where its nodes have such a role. */
  public trusts(issuer: IClusterIssuer): boolean {
    return issuer.kind === ClusterKind.EKS;
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
