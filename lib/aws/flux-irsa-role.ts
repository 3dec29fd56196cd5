import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { IAwsIdentity } from './aws-identity';
import { AwsPermission } from './aws-permission';
import { IFluxOidcProvider } from './flux-oidc-provider';
import { FluxRoleBaseProps } from './flux-role-base-props';
import { FluxRolePolicies, FluxRoleQuotas } from './flux-role-policies';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxContext, FluxSettings } from '../core/flux-identity';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Grant } from '../core/grant';
import { checkRole, plainRoleArn } from './private/forms/identity';
import { grantTo } from './private/grant/grant-to';
import { AwsPrincipal } from './private/grant/grantee';
import { AwsIdentityBase } from './private/identity/aws-identity-base';
import { ImportedIrsaRole } from './private/identity/imported-irsa-role';
import { newRole } from './private/identity/new-role';
import { OIDC_PROVIDERS, ROLE_OPTIONS } from './private/options';
import { Policies } from './private/policy/policies';
import { limitsOf } from './private/policy/quotas';
import { roleHolder } from './private/policy/role-holder';
import { checkProviderHome } from './private/trust/oidc-provider-arn';
import { checkTrust, trustsIssuer } from './private/trust/oidc-providers';
import { roleConditions } from './private/trust/role-preconditions';
import { smallestTrust, trustPolicy, webIdentitySettings, webIdentityTrust } from './private/trust/web-identity';
import { IdentityTrust } from '../core/shared/flux/identity-base';
import { CredentialKind } from '../core/shared/flux/service';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { SERVICE_ACCOUNTS } from '../core/shared/input/common-options';
import { TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { attributeOf } from '../core/shared/terraform/light-token';
import { templateOfJson } from '../core/shared/terraform/text';

/** A role that Kubernetes service accounts assume with their tokens. */
export interface IFluxIrsaRole extends IAwsIdentity {
  /** The trust policy that lets exactly these service accounts assume the role, as JSON for Terraform. */
  readonly trustPolicy: string;
}

/** Options of `FluxIrsaRole`. */
export interface FluxIrsaRoleProps extends FluxRoleBaseProps {
  /** The clusters whose tokens the role accepts; several for blue/green clusters. In the role's account. */
  readonly oidcProviders: IFluxOidcProvider[];
  /** Who may assume the role; at least one. */
  readonly serviceAccounts: FluxServiceAccount[];
  /**
   * The account of the role, 12 digits, plain. With `name` the role's ARN is known at synth, so that rendered YAML can be
   * committed before any apply; and grants on resources of other accounts are noticed.
   *
   * @default - known to Terraform only
   */
  readonly account?: string;
  /**
   * The region of the STS endpoint that controllers call. Required for controllers outside EKS; may be a token.
   *
   * @default - EKS sets it
   */
  readonly region?: string;
}

/** Options of `FluxIrsaRole.fromRoleArn`. */
export interface FluxIrsaRoleFromArnProps {
  /** The ARN of the role; may be a token. */
  readonly roleArn: string;
  /** The clusters whose tokens the role's owner lets it accept. */
  readonly oidcProviders: IFluxOidcProvider[];
  /** Who may assume the role, by its owner's trust policy. */
  readonly serviceAccounts: FluxServiceAccount[];
  /**
   * The account that `provider` works in. Granting on a role of another account is an error.
   *
   * @default - not checked
   */
  readonly account?: string;
  /**
   * The region of the STS endpoint that controllers call. Required for controllers outside EKS.
   *
   * @default - EKS sets it
   */
  readonly region?: string;
  /**
   * Whether statements go into an inline policy or into managed ones.
   *
   * @default FluxRolePolicies.INLINE
   */
  readonly policies?: FluxRolePolicies;
  /**
   * IAM limits. The role's owner may use part of them.
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

const IRSA_OPTIONS = {
  ...ROLE_OPTIONS, oidcProviders: OIDC_PROVIDERS, serviceAccounts: SERVICE_ACCOUNTS, account: TEXT.optional, region: TEXT.optional,
};

/**
 * An IAM role for service accounts: OIDC federation, on EKS (where AWS calls it IRSA) and on any other cluster.
 *
 * The trust policy names every service account and the audience of STS, both with `StringEquals`; no wildcard.
 *
 * Guide: docs/aws.md#identity-fluxirsarole
 *
 * @see https://fluxcd.io/flux/integrations/aws/#with-oidc-federation
 */
@allOrNothing
export class FluxIrsaRole extends AwsIdentityBase implements IFluxIrsaRole {
  /**
   * A role that exists already. Its trust policy stays its owner's: `trustPolicy` is what the owner must put there. Grants
   * become a policy of their own, named after this construct, and touch nothing else of the role.
   */
  public static fromRoleArn(scope: Construct, id: string, props: FluxIrsaRoleFromArnProps): IFluxIrsaRole {
    return new ImportedIrsaRole(scope, id, props);
  }

  /** Who may assume the role. */
  public readonly serviceAccounts: FluxServiceAccount[];
  /** The ARN of the role: plain when `account` and `name` are given. */
  public readonly arn: string;
  /** The name of the role. */
  public readonly roleName: string;
  /** The trust policy, as JSON for Terraform. */
  public readonly trustPolicy: string;
  /** @internal */
  public readonly _credential = CredentialKind.WORKLOAD_IDENTITY;
  /** @internal */
  public readonly _principal: AwsPrincipal;
  /** @internal */
  public readonly _trust: readonly IdentityTrust[];
  private readonly props: FluxIrsaRoleProps;
  private readonly policies: Policies;

  public constructor(scope: Construct, id: string, props: FluxIrsaRoleProps) {
    super(scope, id);
    checkOptions(this, 'FluxIrsaRole', props, IRSA_OPTIONS);
    checkTrust(this, props.oidcProviders, props.serviceAccounts, props.region);
    checkRole(this, props);
    checkProviderHome(this, props.oidcProviders, { account: props.account, partition: props.partition ?? 'aws' });
    const limits = limitsOf(this, props.policies, props.quotas);
    this.props = props;
    this.serviceAccounts = [...props.serviceAccounts];

    this._trust = webIdentityTrust(props.oidcProviders, props.serviceAccounts);
    const trust = JSON.stringify(trustPolicy(this._trust));
    this.trustPolicy = templateOfJson(trust);
    const plainArn = plainRoleArn(props);
    const smallest = () => JSON.stringify(smallestTrust(this._trust, props.partition));
    const conditions = roleConditions(this, trust, limits.trust, plainArn, { smallest });
    const role = newRole(this, props, this.trustPolicy, plainArn, conditions);
    const arn = attributeOf(role, 'arn');
    this.arn = plainArn ?? arn;
    this.roleName = attributeOf(role, 'name');
    this.policies = new Policies(this, roleHolder(this.roleName, 'flux', props), limits);
    this._principal = {
      arn,
      plainArn,
      partition: props.partition ?? 'aws',
      account: props.account,
      made: role,
    };
  }

  /** Allows the role to do something: see the permissions of each service, such as `EcrPermissions`. */
  public grant(id: string, permission: AwsPermission): Grant {
    return grantTo(this, id, permission, this.policies);
  }

  /** Whether one of the OIDC providers vouches for the cluster. */
  public trusts(issuer: IClusterIssuer): boolean {
    return trustsIssuer(this.props.oidcProviders, issuer);
  }

  /** What Flux must be told so that the service account assumes this role. */
  public fluxSettings(serviceAccount: FluxServiceAccount, context: FluxContext): FluxSettings {
    return webIdentitySettings(this, serviceAccount, context, {
      arn: this.arn, region: this.props.region, partition: this.props.partition, oidcProviders: this.props.oidcProviders,
    });
  }

  /** None: an annotation, or the controller's environment, is all that this identity needs. */
  public fluxObjects(_context: FluxContext): any[] {
    return [];
  }
}
