import { IamWorkloadIdentityPool } from '@cdktf/provider-google/lib/iam-workload-identity-pool';
import { IamWorkloadIdentityPoolProvider } from '@cdktf/provider-google/lib/iam-workload-identity-pool-provider';
import { Lazy, TerraformProvider, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { FluxGcpWorkloadPoolGkeProps, FluxGcpWorkloadPoolFromNameProps, IFluxGcpWorkloadPool } from './gcp-workload-pool';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Jwks } from '../core/jwks';
import { checkIamLength } from './private/forms/length';
import { checkKeys, checkProjectNumber, checkSubjects } from './private/forms/pool';
import { poolIds } from './private/forms/pool-ids';
import { poolNameOf } from './private/forms/pool-name';
import { checkedProject } from './private/forms/project';
import { WORKLOAD_POOL } from './private/options';
import { AttributeCondition } from './private/trust/attribute-condition';
import { audiencesOf } from './private/trust/audiences';
import { GkePool } from './private/trust/gke-pool';
import { ImportedPool } from './private/trust/imported-pool';
import { registerPool } from './private/trust/pool-registry';
import { federatedPrincipal } from './private/trust/principals';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { ISSUER, JWKS } from '../core/shared/input/common-options';
import { checkedScope } from '../core/shared/input/construct-ids';
import { claim, valueKey } from '../core/shared/input/once-per-app';
import { FLAG, PROVIDER, TEXT, TEXTS } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';
import { lifecycleOf, TerraformCheck, terraformCheck } from '../core/shared/terraform/check';
import { attributeOf } from '../core/shared/terraform/light-token';
import { literal } from '../core/shared/terraform/text';
import { hasToken } from '../core/shared/terraform/tokens';

/** Options of `FluxGcpWorkloadPool`. */
export interface FluxGcpWorkloadPoolProps {
  /** The cluster whose tokens the pool takes. */
  readonly issuer: IClusterIssuer;
  /**
   * The id of the pool: 4 to 32 of a-z, 0-9 and `-`, not beginning with `gcp-`; may be a token. A deleted id stays taken for
   * about 30 days.
   *
   * @default - required, unless `sharedWith` is given
   */
  readonly poolId?: string;
  /**
   * The id of the provider within the pool, of the same form.
   *
   * @default - the id of the pool
   */
  readonly providerId?: string;
  /**
   * The name that people read, at most 32 characters.
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
   * Take tokens of every service account of these namespaces. For tenants that come and go, for service accounts of other
   * apps, and where the list of service accounts grows past 4,096 characters.
   *
   * @default - exactly the service accounts of the identities that use the pool
   */
  readonly namespaces?: string[];
  /**
   * The condition on tokens, in CEL, at most 4,096 characters.
   *
   * @default - exactly the service accounts of the identities that use the pool
   */
  readonly attributeCondition?: string;
  /**
   * Audiences to accept beside the two that Flux asks for, which are added; at most 10 together, of at most 256 characters.
   * Needs `projectNumber`, because the two are made of it.
   *
   * @default - those that Flux asks for
   */
  readonly allowedAudiences?: string[];
  /**
   * The public keys of the cluster, so that Google need not reach the issuer (kind, on-premises). Upload them again when the
   * cluster's signing key is rotated.
   *
   * @default - those that the issuer knows (`ClusterIssuer.oidc`, hosted issuers); otherwise Google asks the issuer for them
   */
  readonly jwks?: Jwks;
  /**
   * The project of the pool; may be a token.
   *
   * @default - that of the pool in `sharedWith`, where this app makes it; otherwise the provider's
   */
  readonly project?: string;
  /**
   * The number of that project. With it the provider's name is known at synth, so that rendered YAML can be committed before
   * any apply.
   *
   * @default - known to Terraform only
   */
  readonly projectNumber?: string;
  /**
   * Make Terraform refuse to destroy pool and provider: their ids stay taken for about 30 days.
   *
   * @default false
   */
  readonly preventDestroy?: boolean;
  /**
   * The pool of another cluster, to put this cluster's provider into instead of making a pool. Service accounts of the same
   * namespace and name are then **one identity in both clusters**, with the roles of both. The provider's `providerId` is needed.
   *
   * @default - a pool of its own
   */
  readonly sharedWith?: IFluxGcpWorkloadPool;
  /**
   * The Google provider.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/**
 * The trust anchor in Google Cloud: a workload identity pool with a provider for a cluster's issuer. One pool for each
 * cluster, because a pool knows service accounts by namespace and name alone, and every Flux lives in `flux-system`.
 *
 * It works for GKE clusters too, beside or in place of the pool that is built into GKE, and keeps clusters of one project apart.
 *
 * Tokens are taken only from the service accounts of the identities that use the pool; see `namespaces`.
 *
 * Guide: docs/gcp.md#trust-anchor-a-workload-identity-pool
 *
 * @see https://cloud.google.com/iam/docs/workload-identity-federation-with-kubernetes
 */
@allOrNothing
export class FluxGcpWorkloadPool extends Construct implements IFluxGcpWorkloadPool {
  /**
   * The pool that is built into GKE, one for all clusters of a project; nothing is made. Two clusters of one project share
   * their identities there.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity
   */
  public static gke(scope: Construct, id: string, props: FluxGcpWorkloadPoolGkeProps): IFluxGcpWorkloadPool {
    return new GkePool(scope, id, props);
  }

  /** A pool that exists already, with a provider for the cluster; nothing is made or looked up. */
  public static fromPoolName(scope: Construct, id: string, props: FluxGcpWorkloadPoolFromNameProps): IFluxGcpWorkloadPool {
    return new ImportedPool(scope, id, props);
  }

  /** The cluster whose tokens the pool takes. */
  public readonly issuer: IClusterIssuer;
  /** The name of the pool: plain when `projectNumber` and `poolId` are. */
  public readonly poolName: string;
  /**
   * The full name of the provider: plain when `projectNumber` and the ids are.
   *
   * @default - never missing here
   */
  public readonly providerName?: string;
  /** @internal */
  public readonly _prerequisites: IConstruct[] = [];
  /** @internal */
  public readonly _late: readonly TerraformCheck[] = [];
  /** @internal */
  public readonly _jwks?: Jwks;
  /** @internal */
  public readonly _audiences?: readonly string[];
  private readonly project?: string;
  private readonly poolIdReference: string;
  private readonly nameReference?: string;
  private readonly sharedWith?: IFluxGcpWorkloadPool;
  private readonly condition: AttributeCondition;

  public constructor(scope: Construct, id: string, props: FluxGcpWorkloadPoolProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxGcpWorkloadPool', props, {
      issuer: ISSUER,
      poolId: TEXT.optional,
      providerId: TEXT.optional,
      displayName: TEXT.optional,
      description: TEXT.optional,
      namespaces: TEXTS.optional,
      attributeCondition: TEXT.optional,
      allowedAudiences: TEXTS.optional,
      jwks: JWKS.optional,
      project: TEXT.optional,
      projectNumber: TEXT.optional,
      preventDestroy: FLAG.optional,
      sharedWith: WORKLOAD_POOL.optional,
      provider: PROVIDER.optional,
    });
    const { issuer, projectNumber, provider, sharedWith } = props;
    // A provider lives in the project of its pool.
    const ofPool = sharedWith instanceof FluxGcpWorkloadPool ? sharedWith.project : undefined;
    const { project, late: lateProject } = checkedProject(this, props.project ?? ofPool);
    this.project = project;
    this.issuer = issuer;
    this._jwks = props.jwks;
    this._audiences = [...props.allowedAudiences ?? []];
    const late = [
      ...lateProject,
      ...checkIamLength(this, 'display name', props.displayName, 32),
      ...checkIamLength(this, 'description', props.description, 256),
    ];
    const lateNumber = checkProjectNumber(this, projectNumber);
    const jwks = props.jwks ?? issuer.jwks;
    checkKeys(this, issuer, jwks);
    this.condition = new AttributeCondition(this, props);
    const { poolId, providerId, latePool, lateProvider } = poolIds(this, props);
    const knownPool = projectNumber === undefined || hasToken(projectNumber + poolId) ? undefined : poolNameOf(projectNumber, poolId);
    const plainPool = sharedWith?.poolName ?? knownPool;
    const plainProvider = plainPool === undefined || hasToken(plainPool + providerId) ? undefined : `${plainPool}/providers/${providerId}`;
    const { audiences: allowedAudiences, late: lateAudiences } = audiencesOf(this, props.allowedAudiences, plainProvider);
    const displayName = props.displayName && literal(props.displayName);
    const description = props.description && literal(props.description);

    const lifecycle = { preventDestroy: props.preventDestroy };
    const pool = sharedWith !== undefined ? undefined : new IamWorkloadIdentityPool(this, 'Resource', {
      workloadIdentityPoolId: poolId,
      displayName,
      description,
      project,
      provider,
      lifecycle: lifecycleOf([...late, ...latePool], lifecycle),
    });
    // References where there are resources to refer to: Terraform makes things in their order.
    this.poolIdReference = pool?.workloadIdentityPoolId ?? (sharedWith instanceof FluxGcpWorkloadPool ? sharedWith.poolIdReference : poolId);
    const poolProvider = new IamWorkloadIdentityPoolProvider(this, 'Provider', {
      workloadIdentityPoolId: this.poolIdReference,
      workloadIdentityPoolProviderId: providerId,
      displayName,
      description,
      project,
      attributeMapping: {
        'google.subject': 'assertion.sub',
        'attribute.namespace': 'assertion[\'kubernetes.io\'][\'namespace\']',
        'attribute.service_account_name': 'assertion[\'kubernetes.io\'][\'serviceaccount\'][\'name\']',
      },
      attributeCondition: Lazy.stringValue({ produce: () => this.condition.render() }),
      oidc: { issuerUri: literal(issuer.issuerUrl), allowedAudiences, jwksJson: jwks && literal(jwks._json(this)) },
      provider,
      lifecycle: lifecycleOf([...late, ...lateNumber, ...lateProvider, ...lateAudiences, ...this.condition.late], {
        ...lifecycle,
        postcondition: plainProvider === undefined ? undefined : [terraformCheck(
          `\${self.name == "${plainProvider}"}`, `${this.node.path} is not ${plainProvider}: the project has another number than \`projectNumber\` says.`,
        )],
      }),
    });
    this.nameReference = pool && attributeOf(pool, 'name');
    this.sharedWith = sharedWith;
    this.poolName = plainPool ?? this.nameReference!;
    this.providerName = plainProvider ?? poolProvider.name;
    registerPool(this, this.poolName, sharedWith);
    // By id too: without `projectNumber` the name is a value of each resource.
    const place = project === undefined ? (provider ?? TerraformStack.of(this)).node.path : valueKey(this, project);
    const key = sharedWith === undefined ? `${place}/${valueKey(this, poolId)}` : valueKey(this, sharedWith.poolName);
    if (sharedWith === undefined) registerPool(this, key);
    if (sharedWith === undefined) this.once('pool id', poolId, `new Google pool ${key}`);
    this.once('provider id', providerId, `Google pool provider ${key}/${valueKey(this, providerId)}`);
  }

  /** The IAM member that stands for a service account. */
  public memberOf(serviceAccount: FluxServiceAccount): string {
    return this.sharedWith?.memberOf(serviceAccount) ?? federatedPrincipal(this.nameReference!, serviceAccount);
  }

  /** What the API server of a GKE cluster calls a service account that reaches it as itself. */
  public kubernetesUserNameOf(serviceAccount: FluxServiceAccount): string {
    return federatedPrincipal(this.poolName, serviceAccount);
  }

  private once(what: string, id: string, key: string): void {
    const other = claim(this, key);
    if (other === undefined) return;
    throw new ValidationError(this, {
      given: `${what} ${shown(id)}, which "${other.node.path}" makes already.`,
      allowed: 'each id once: pools in a project, providers in a pool',
      why: 'IAM answers 409 for the second at apply',
      fix: 'hand the one pool to all identities of the cluster, or choose another id',
    });
  }

  /** @internal */
  public _admit(identity: IConstruct, accounts: FluxServiceAccount[]): void {
    checkSubjects(identity, accounts);
    this.condition.admit(identity, accounts);
  }
}
