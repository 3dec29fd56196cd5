import { IConstruct } from 'constructs';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxServiceAccount } from '../core/flux-service-account';

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
