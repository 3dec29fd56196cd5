import { IConstruct } from 'constructs';
import { checkForm } from './text-form';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { refuse, shown } from '../../../core/shared/input/validation-error';
import type { TerraformCheck } from '../../../core/shared/terraform/check';
import type { IFluxGcpWorkloadPool } from '../../gcp-workload-pool';

/** The universe that Flux knows. */
export const GOOGLE = 'googleapis.com';

/** Refuses a universe domain that nothing would read. */
export function checkUniverse(
  at: IConstruct, universeDomain: string | undefined, accounts: readonly FluxServiceAccount[], pool: IFluxGcpWorkloadPool,
): TerraformCheck[] {
  if (universeDomain === undefined || universeDomain === GOOGLE) return [];
  const late = checkForm(at, universeDomain, {
    what: 'universe domain',
    pattern: /^[a-z0-9-]+([.][a-z0-9-]+)+$/,
    allowed: 'a domain, for example "googleapis.com"',
    why: 'the addresses of the token service are made of it',
    fix: 'pass the domain alone',
  });
  const object = accounts.find(({ fluxController }) => fluxController === undefined);
  if (object !== undefined) {
    refuse(at, `universe domain ${shown(universeDomain)} with object-level service account ${shown(String(object))}.`, 'controllers only',
      `at object level Flux always calls ${GOOGLE}`, 'use controllers in place of object-level accounts, or leave the universe domain out');
  }
  if (pool.providerName === undefined) {
    refuse(at, `universe domain ${shown(universeDomain)} with the pool that is built into GKE.`, 'pools with a provider of their own',
      'the nodes of GKE hand out the tokens there, and nothing reads the option', 'leave the universe domain out');
  }
  return late;
}
