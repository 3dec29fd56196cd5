import { EksPodIdentityAssociation } from '@cdktf/provider-aws/lib/eks-pod-identity-association';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AwsPermission } from './aws-permission';
import { FluxPodIdentityTrust } from './flux-pod-identity-trust';
import { FluxRoleBaseProps } from './flux-role-base-props';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxContext, FluxSettings } from '../core/flux-identity';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Grant } from '../core/grant';
import { checkRole, plainRoleArn } from './private/forms/identity';
import { grantTo } from './private/grant/grant-to';
import { AwsPrincipal } from './private/grant/grantee';
import { AwsIdentityBase } from './private/identity/aws-identity-base';
import { newRole } from './private/identity/new-role';
import { PodIdentityTarget } from './private/identity/pod-identity-target';
import { ROLE_OPTIONS } from './private/options';
import { Policies, RESERVED_IDS } from './private/policy/policies';
import { limitsOf } from './private/policy/quotas';
import { roleHolder } from './private/policy/role-holder';
import {
  accountOf, accountTrustPolicy, ASSUME_ACTIONS, checkSessionTags, PodIdentityCluster, podTrust, podTrustPolicy, requireControllers,
  requirePodIdentity, sameAccount,
} from './private/trust/pod-identity';
import { roleConditions } from './private/trust/role-preconditions';
import { IdentityTrust } from '../core/shared/flux/identity-base';
import { CredentialKind } from '../core/shared/flux/service';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { ISSUER, SERVICE_ACCOUNTS } from '../core/shared/input/common-options';
import { claim, valueKey } from '../core/shared/input/once-per-app';
import { FLAG, oneOf, PROVIDER, TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { ValidationError } from '../core/shared/input/validation-error';
import { sameIssuer } from '../core/shared/oidc/issuer-url';
import { byText } from '../core/shared/sort';
import { attributeOf } from '../core/shared/terraform/light-token';
import { newResource } from '../core/shared/terraform/new-resource';
import { jsonTemplate, literal, templateOfJson } from '../core/shared/terraform/text';
import { hasToken } from '../core/shared/terraform/tokens';

const TRUST = oneOf('FluxPodIdentityTrust', FluxPodIdentityTrust);

/** Options of `FluxPodIdentityRole`. */
export interface FluxPodIdentityRoleProps extends FluxRoleBaseProps {
  /** The cluster that Flux runs in: what `ClusterIssuer.eks` made. Its Pod Identity agent must be installed. */
  readonly issuer: IClusterIssuer;
  /** The controllers that act as the role; at least one. Object-level accounts are an error: they need `FluxIrsaRole`. */
  readonly serviceAccounts: FluxServiceAccount[];
  /**
   * The ARN of a role that EKS assumes from this one, so that pods get that role's credentials: in another account, where the
   * resources are. It must trust this role as `targetTrustPolicy` says. May be a token.
   *
   * @default - pods get the credentials of this role
   */
  readonly targetRoleArn?: string;
  /**
   * The AWS provider of the target role's account: grants become policies of the target role.
   *
   * @default - the target role's owner attaches its policies, and granting is an error
   */
  readonly targetProvider?: TerraformProvider;
  /**
   * Whom the role trusts.
   *
   * @default FluxPodIdentityTrust.SERVICE_ACCOUNTS
   */
  readonly trust?: FluxPodIdentityTrust;
  /**
   * Make EKS send no session tags. Only with `trust: FluxPodIdentityTrust.ACCOUNT`: without tags no condition on them holds.
   *
   * @default false
   */
  readonly disableSessionTags?: boolean;
  /**
   * The account of the role and of the cluster, which must be the same: 12 digits, plain.
   *
   * @default - the account in the cluster's ARN
   */
  readonly account?: string;
}

const POD_IDENTITY_OPTIONS = {
  ...ROLE_OPTIONS,
  issuer: ISSUER,
  serviceAccounts: SERVICE_ACCOUNTS,
  targetRoleArn: TEXT.optional,
  targetProvider: PROVIDER.optional,
  trust: TRUST.optional,
  disableSessionTags: FLAG.optional,
  account: TEXT.optional,
};
const RESERVED = new RegExp(`${RESERVED_IDS.source}|^(Associations|AssumeTarget)$`);

/**
 * An IAM role that EKS Pod Identity gives to Flux controllers: no annotation and no OIDC provider, one association for each
 * service account. EKS only (not Fargate, Windows nodes, Outposts or EKS Anywhere), controller level only.
 *
 * The trust policy names cluster, namespaces, service accounts and source account; without them any association in the
 * account could use the role.
 *
 * Guide: docs/aws/pod-identity.md
 *
 * @see https://fluxcd.io/flux/integrations/aws/#with-eks-pod-identity
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
 */
@allOrNothing
export class FluxPodIdentityRole extends AwsIdentityBase {
  /** The controllers that act as the role. */
  public readonly serviceAccounts: FluxServiceAccount[];
  /** The ARN of the role: plain when its account is known and `name` is given. */
  public readonly arn: string;
  /** The name of the role. */
  public readonly roleName: string;
  /** The trust policy, as JSON for Terraform. */
  public readonly trustPolicy: string;
  /** @internal */
  public readonly _credential = CredentialKind.POD_IDENTITY;
  /** @internal */
  public readonly _principal: AwsPrincipal;
  /** @internal */
  public readonly _trust: readonly IdentityTrust[];
  private readonly props: FluxPodIdentityRoleProps;
  private readonly roleArn: string;
  private readonly target?: PodIdentityTarget;
  private readonly policies: Policies;
  private readonly associations = new Map<string, EksPodIdentityAssociation>();

  public constructor(scope: Construct, id: string, props: FluxPodIdentityRoleProps) {
    super(scope, id);
    checkOptions(this, 'FluxPodIdentityRole', props, POD_IDENTITY_OPTIONS);
    const { partition = 'aws', trust = FluxPodIdentityTrust.SERVICE_ACCOUNTS } = props;
    requireControllers(this, props.serviceAccounts);
    checkRole(this, props);
    const cluster = requirePodIdentity(this, props.issuer, partition);
    const account = props.account ?? accountOf(cluster);
    checkSessionTags(this, trust, props.disableSessionTags);
    this.target = PodIdentityTarget.of(this, props, partition);
    const limits = limitsOf(this, props.policies, props.quotas);
    this.props = props;
    this.serviceAccounts = [...props.serviceAccounts];

    this._trust = podTrust(cluster, props.issuer, props.serviceAccounts);
    const document = JSON.stringify(trust === FluxPodIdentityTrust.ACCOUNT ? accountTrustPolicy(account) : podTrustPolicy(this._trust, account));
    this.trustPolicy = templateOfJson(document);
    const plainArn = plainRoleArn({ ...props, account: hasToken(account) ? undefined : account });
    const lifecycle = roleConditions(this, document, limits.trust, plainArn, { more: sameAccount(this, cluster, props.account) });
    this.claimAssociations(cluster, props);
    const role = newRole(this, props, this.trustPolicy, plainArn, lifecycle);
    this.roleArn = attributeOf(role, 'arn');
    this.arn = plainArn ?? this.roleArn;
    this.roleName = attributeOf(role, 'name');
    this.associate(cluster);

    const holder = roleHolder(this.roleName, 'flux', props);
    this.target?.allow(this, holder, limits);
    this.policies = new Policies(this, this.target?.holder ?? holder, limits);
    this._principal = this.target?.principal ?? {
      arn: this.roleArn,
      plainArn,
      partition,
      account: hasToken(account) ? undefined : account,
      made: role,
    };
  }

  /**
   * What the target role must have as its trust policy, as JSON for Terraform; undefined without `targetRoleArn`. It names
   * this role alone, which in turn trusts only its service accounts.
   */
  public get targetTrustPolicy(): string | undefined {
    if (this.target === undefined) return undefined;
    return jsonTemplate({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: this.roleArn }, Action: ASSUME_ACTIONS }] });
  }

  /** Allows the role (with `targetRoleArn`: the target role) to do something: see the permissions of each service. */
  public grant(id: string, permission: AwsPermission): Grant {
    this.target?.requireProvider(this);
    return grantTo(this, id, permission, this.policies, RESERVED);
  }

  /** Whether this is the cluster of the associations. */
  public trusts(issuer: IClusterIssuer): boolean {
    return sameIssuer(this.props.issuer, issuer);
  }

  /** Only what restarts the controller when its association changes: EKS does the rest, when it starts the pod. */
  public fluxSettings(serviceAccount: FluxServiceAccount, _context: FluxContext): FluxSettings {
    const association = this.associations.get(String(serviceAccount));
    if (association === undefined) return {};
    const parts = [attributeOf(association, 'association_id'), this.arn, this.props.targetRoleArn];
    return { stamp: parts.filter((part) => part !== undefined).join(' ') };
  }

  /** None. */
  public fluxObjects(_context: FluxContext): any[] {
    return [];
  }

  /** Refuses a second association before anything is made. */
  private claimAssociations({ arn }: PodIdentityCluster, { issuer, serviceAccounts }: FluxPodIdentityRoleProps): void {
    for (const account of serviceAccounts) {
      const other = claim(this, `aws pod identity of ${account} in ${valueKey(this, arn)}`);
      if (other === undefined) continue;
      throw new ValidationError(this, {
        given: `service account "${account}" of cluster "${issuer.node.path}", which has an association in "${other.node.path}".`,
        allowed: 'one association for a service account in a cluster',
        why: 'EKS refuses a second one (ResourceInUseException)',
        fix: 'make one role with both sets of grants',
      });
    }
  }

  private associate(cluster: PodIdentityCluster): void {
    const scope = new Construct(this, 'Associations');
    const { provider, tags, targetRoleArn, disableSessionTags } = this.props;
    for (const account of [...this.serviceAccounts].sort((a, b) => byText(String(a), String(b)))) {
      // Names of Kubernetes hold no "_": no two accounts share an id.
      const association = newResource(EksPodIdentityAssociation, scope, `${account.namespace}_${account.name}`, {
        clusterName: cluster.name,
        namespace: account.namespace,
        serviceAccount: account.name,
        roleArn: this.roleArn,
        targetRoleArn,
        disableSessionTags,
        region: cluster.region,
        tags: literal(tags),
        provider,
      });
      this.associations.set(String(account), association);
    }
  }
}
