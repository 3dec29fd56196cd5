import { constructWith } from '../../core/shared/shape';
import type { IFluxGcpWorkloadPool } from '../gcp-workload-pool';

export const WORKLOAD_POOL = constructWith<IFluxGcpWorkloadPool>('a FluxGcpWorkloadPool: new, `gke` or `fromPoolName`', 'issuer', 'poolName', 'memberOf', '_admit');
