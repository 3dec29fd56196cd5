import { IConstruct } from 'constructs';
import { checkPoolId } from './pool';
import { poolIdOf } from './pool-name';
import { ValidationError } from '../../../core/shared/input/validation-error';
import type { TerraformCheck } from '../../../core/shared/terraform/check';
import type { FluxGcpWorkloadPoolProps } from '../../flux-gcp-workload-pool';

/** The ids of a pool and a provider, and what Terraform checks of them. */
export interface PoolIds {
  readonly poolId: string;
  readonly providerId: string;
  readonly latePool: TerraformCheck[];
  readonly lateProvider: TerraformCheck[];
}

/** The ids of pool and provider, checked: of a pool of its own, or within the pool of another cluster. */
export function poolIds(at: IConstruct, props: Pick<FluxGcpWorkloadPoolProps, 'poolId' | 'providerId' | 'sharedWith'>): PoolIds {
  const { poolId, providerId, sharedWith } = props;
  if (sharedWith === undefined) {
    return {
      poolId: poolId as string,
      providerId: providerId ?? poolId as string,
      latePool: checkPoolId(at, 'pool id', poolId as string),
      lateProvider: checkPoolId(at, 'provider id', providerId ?? poolId as string),
    };
  }
  if (poolId !== undefined || providerId === undefined || sharedWith.providerName === undefined) {
    throw new ValidationError(at, {
      given: sharedWith.providerName === undefined ? '`sharedWith` the pool that is built into GKE.'
        : poolId !== undefined ? '`poolId` together with `sharedWith`.' : '`sharedWith` without `providerId`.',
      allowed: '`sharedWith` with `providerId` and without `poolId`, for pools that take providers',
      why: 'the cluster gets a provider of its own in the other cluster\'s pool, which needs an id beside that cluster\'s',
      fix: 'set `providerId` to a name for this cluster; on GKE\'s pool use FluxGcpWorkloadPool.gke with `sharedWith`',
    });
  }
  const lateProvider = [...checkPoolId(at, 'provider id', providerId), ...sharedWith._late];
  return { poolId: poolIdOf(sharedWith.poolName), providerId, latePool: [], lateProvider };
}
