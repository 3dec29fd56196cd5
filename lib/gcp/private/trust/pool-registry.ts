import { sameCluster } from './same-cluster';
import { claim, valueKey } from '../../../core/shared/input/once-per-app';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import type { IFluxGcpWorkloadPool } from '../../gcp-workload-pool';

/**
 * Refuses a pool that serves two clusters, unless one names the other as the pool it shares.
 *
 * @param name what the pool is called; two names may be kept for one pool
 */
export function registerPool(pool: IFluxGcpWorkloadPool, name: string, sharedWith?: IFluxGcpWorkloadPool): void {
  const key = valueKey(pool, name);
  if (sharedWith !== undefined && valueKey(pool, sharedWith.poolName) !== key) {
    throw new ValidationError(pool, {
      given: `sharedWith "${sharedWith.node.path}", which is pool ${shown(sharedWith.poolName)} and not ${shown(name)}.`,
      allowed: 'the construct of the same pool for another cluster',
      why: 'the option says that two clusters share one pool knowingly',
      fix: 'leave `sharedWith` out: this pool is not shared with that one',
    });
  }
  const other = claim(pool, `Google pool ${key}`) as IFluxGcpWorkloadPool | undefined;
  if (other === undefined || sharedWith !== undefined || sameCluster(pool, other, pool)) return;
  throw new ValidationError(pool, {
    given: `pool ${shown(name)} for a second cluster: "${other.node.path}" uses it for ${shown(other.issuer.issuerUrl)}.`,
    allowed: 'one pool for each cluster, or `sharedWith`',
    why: 'within a pool a service account is known by namespace and name alone: flux-system/source-controller of either cluster would be the same identity, with the roles of both',
    fix: 'make a FluxGcpWorkloadPool of its own for each cluster (on GKE too), or say that one identity for both is meant: `sharedWith: <the other pool>`',
  });
}
