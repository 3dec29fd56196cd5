import { IConstruct } from 'constructs';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxServiceAccount } from '../core/flux-service-account';
import type { Jwks } from '../core/jwks';
import type { TerraformCheck } from '../core/shared/terraform/check';

/** The trust of a Google project in a cluster's tokens. */
export interface IFluxGcpWorkloadPool extends IConstruct {
  /** The cluster whose tokens the pool takes. */
  readonly issuer: IClusterIssuer;
  /** The name of the pool: `projects/<number>/locations/global/workloadIdentityPools/<id>`, or `<project>.svc.id.goog`. */
  readonly poolName: string;
  /**
   * The full name of the provider within the pool.
   *
   * @default - none: the pool is built into GKE
   */
  readonly providerName?: string;
  /**
   * What must exist before IAM knows the pool.
   *
   * @internal
   */
  readonly _prerequisites: IConstruct[];
  /**
   * What Terraform checks of the pool's names, wherever they are used.
   *
   * @internal
   */
  readonly _late: readonly TerraformCheck[];
  /**
   * The keys of the cluster that were given to the pool itself.
   *
   * @internal
   */
  readonly _jwks?: Jwks;
  /**
   * The audiences that were given to the pool; undefined where others decide.
   *
   * @internal
   */
  readonly _audiences?: readonly string[];

  /**
   * The IAM member that stands for a service account.
   *
   * @param serviceAccount a service account of the cluster
   */
  memberOf(serviceAccount: FluxServiceAccount): string;

  /**
   * What the API server of a GKE cluster calls a service account that reaches it as itself.
   *
   * @param serviceAccount a service account of the cluster
   */
  kubernetesUserNameOf(serviceAccount: FluxServiceAccount): string;

  /**
   * Takes note that an identity uses the pool, and refuses service accounts that the pool would refuse.
   *
   * @internal
   */
  _admit(identity: IConstruct, accounts: FluxServiceAccount[]): void;
}

/** Options of `FluxGcpWorkloadPool.gke`. */
export interface FluxGcpWorkloadPoolGkeProps {
  /** The ID of the project whose pool it is: the cluster's own; may be a token. */
  readonly projectId: string;
  /** The GKE cluster. */
  readonly issuer: IClusterIssuer;
  /**
   * What must exist before the pool does: Google makes it with the first cluster of the project that has Workload Identity.
   *
   * @default - the pool exists
   */
  readonly dependsOn?: IConstruct[];
  /**
   * The same pool for another cluster of the project. Service accounts of the same namespace and name are **one identity in
   * both clusters**, with the roles of both.
   *
   * @default - an error when the app has another cluster of the project in this pool
   */
  readonly sharedWith?: IFluxGcpWorkloadPool;
}

/** Options of `FluxGcpWorkloadPool.fromPoolName`. */
export interface FluxGcpWorkloadPoolFromNameProps {
  /** The cluster whose tokens the pool takes. */
  readonly issuer: IClusterIssuer;
  /** `projects/<number>/locations/global/workloadIdentityPools/<id>`; may be a token. */
  readonly poolName: string;
  /** The id of the provider for the cluster. Its attribute condition must let the service accounts in; may be a token. */
  readonly providerId: string;
  /**
   * The same pool for another cluster. Service accounts of the same namespace and name are **one identity in both clusters**,
   * with the roles of both.
   *
   * @default - an error when the app has another cluster in this pool
   */
  readonly sharedWith?: IFluxGcpWorkloadPool;
}
