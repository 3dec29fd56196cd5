import { IConstruct } from 'constructs';
import type { FluxServiceAccount } from '../../flux-service-account';
import { firstDouble } from '../input/doubles';
import { shown, ValidationError } from '../input/validation-error';

/** Whether Flux objects name the account; the others are controllers' own. */
export function isObjectLevel({ fluxController }: FluxServiceAccount): boolean {
  return fluxController === undefined;
}

/** Refuses an empty list and doubles: it would leave a trust policy without a subject. */
export function checkServiceAccounts(at: IConstruct, accounts: readonly FluxServiceAccount[]): void {
  const names = accounts.map(String);
  const double = firstDouble(names);
  if (names.length > 0 && double === undefined) return;
  throw new ValidationError(at, {
    given: double === undefined ? 'no service account.' : `service account ${shown(double)} twice.`,
    allowed: 'at least one service account, each once',
    why: 'the subjects are what the cloud checks: without one nobody, or everybody, could be this identity',
    fix: 'pass `serviceAccounts: [FluxServiceAccount.controller(...)]` or `FluxServiceAccount.of(namespace, name)`',
  });
}
