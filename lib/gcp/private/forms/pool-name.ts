import { Fn } from 'cdktf';
import { argumentOf, hasToken } from '../../../core/shared/terraform/tokens';

/** The full name of a pool. */
export function poolNameOf(projectNumber: string, poolId: string): string {
  return `projects/${projectNumber}/locations/global/workloadIdentityPools/${poolId}`;
}

/** The id of a pool by its full name. */
export function poolIdOf(poolName: string): string {
  return hasToken(poolName) ? Fn.element(Fn.split('/', argumentOf(poolName)), 5) : poolName.split('/')[5];
}
