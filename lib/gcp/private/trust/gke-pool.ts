import { Construct, IConstruct } from 'constructs';
import { registerPool } from './pool-registry';
import { gkePrincipal } from './principals';
import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { allOrNothing } from '../../../core/shared/input/all-or-nothing';
import { CONSTRUCTS, ISSUER } from '../../../core/shared/input/common-options';
import { checkedScope } from '../../../core/shared/input/construct-ids';
import { TEXT } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import type { TerraformCheck } from '../../../core/shared/terraform/check';
import { hasToken } from '../../../core/shared/terraform/tokens';
import type { FluxGcpWorkloadPoolGkeProps, IFluxGcpWorkloadPool } from '../../gcp-workload-pool';
import { checkGke } from '../forms/pool';
import { checkedPlainProject } from '../forms/project';
import { WORKLOAD_POOL } from '../options';

/** The pool that is built into GKE. */
@allOrNothing
export class GkePool extends Construct implements IFluxGcpWorkloadPool {
  public readonly issuer: IClusterIssuer;
  public readonly poolName: string;
  public readonly providerName = undefined;
  public readonly _prerequisites: IConstruct[];
  public readonly _late: readonly TerraformCheck[];

  public constructor(scope: Construct, id: string, private readonly props: FluxGcpWorkloadPoolGkeProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxGcpWorkloadPool.gke', props, {
      projectId: TEXT,
      issuer: ISSUER,
      dependsOn: CONSTRUCTS.optional,
      sharedWith: WORKLOAD_POOL.optional,
    });
    checkGke(this, 'the pool that is built into GKE', props.issuer);
    const { project, late } = checkedPlainProject(this, props.projectId, 'the pool is named <project ID>.svc.id.goog', 'pass the project\'s ID, not its number');
    this._late = late;
    this.issuer = props.issuer;
    this.poolName = `${project}.svc.id.goog`;
    this._prerequisites = [...props.dependsOn ?? []];
    registerPool(this, this.poolName, props.sharedWith);
  }

  public memberOf(serviceAccount: FluxServiceAccount): string {
    return gkePrincipal(this.poolName, serviceAccount);
  }

  public kubernetesUserNameOf(serviceAccount: FluxServiceAccount): string {
    return this.memberOf(serviceAccount);
  }

  public _admit(identity: IConstruct, accounts: FluxServiceAccount[]): void {
    const { issuerUrl } = this.issuer;
    const clusterProject = /\/v1\/projects\/([^/]+)\//.exec(issuerUrl)?.[1];
    const { projectId } = this.props;
    const object = accounts.find(({ fluxController }) => fluxController === undefined);
    if (object === undefined || clusterProject === undefined || hasToken(clusterProject) || hasToken(projectId) || this.poolName === `${clusterProject}.svc.id.goog`) return;
    throw new ValidationError(identity, {
      given: `object-level service account ${shown(String(object))} with the pool of project ${shown(projectId)}, for a cluster of project ${shown(clusterProject)}.`,
      allowed: `the pool of the cluster's own project, "${clusterProject}.svc.id.goog", at object level`,
      why: 'at object level Flux asks for tokens of the pool of the cluster\'s own project; the pool of a fleet host is never used',
      fix: `use FluxGcpWorkloadPool.gke with projectId ${shown(clusterProject)}, or a FluxGcpWorkloadPool of its own for the cluster`,
    });
  }
}
