import { IConstruct } from 'constructs';
import { FluxServiceAccount } from '../../core/flux-service-account';
import { checkServiceAccounts } from '../../core/shared/service-accounts';
import { ValidationError } from '../../core/shared/validation-error';
import type { IFluxGcpWorkloadPool } from '../gcp-workload-pool';

/** Refuses an identity without a pool or without service accounts. */
export function checkTrust(at: IConstruct, pool: IFluxGcpWorkloadPool, accounts: FluxServiceAccount[]): void {
  if (pool === undefined || pool === null) {
    throw new ValidationError(at, {
      given: 'no workload identity pool.',
      allowed: 'a FluxGcpWorkloadPool: new, `gke` or `fromPoolName`',
      why: 'Google accepts tokens only of clusters that a pool trusts',
      fix: 'pass `pool: FluxGcpWorkloadPool.gke(...)` on GKE, and a new FluxGcpWorkloadPool elsewhere',
    });
  }
  checkServiceAccounts(at, accounts);
}

/** Refuses service accounts at object level, where only controllers will do. */
export function checkControllers(at: IConstruct, accounts: readonly FluxServiceAccount[], why: string, fix: string): void {
  const object = accounts.find(({ fluxController }) => fluxController === undefined);
  if (object === undefined) return;
  throw new ValidationError(at, {
    given: `object-level service account "${object}"`, allowed: 'FluxServiceAccount.controller(...)', why, fix,
  });
}
