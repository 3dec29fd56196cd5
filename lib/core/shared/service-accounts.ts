import { IConstruct } from 'constructs';
import { FluxServiceAccount } from '../flux-service-account';
import { shown, ValidationError } from './validation-error';

/** Refuses an empty list, doubles, and what is no service account: it would leave a trust policy without a subject. */
export function checkServiceAccounts(at: IConstruct, accounts: FluxServiceAccount[]): void {
  const given = Array.isArray(accounts) ? accounts.map(String) : [];
  const other = given.findIndex((_, index) => !(accounts[index] instanceof FluxServiceAccount));
  const double = given.find((account, index) => given.indexOf(account) !== index);
  if (given.length > 0 && other === -1 && double === undefined) return;
  throw new ValidationError(at, {
    given: other !== -1 ? `service account ${shown(accounts[other])}` : double === undefined ? 'no service account.' : `service account ${shown(double)} twice.`,
    allowed: 'at least one service account, each once',
    why: 'the subjects are what the cloud checks: without one nobody, or everybody, could be this identity',
    fix: 'pass `serviceAccounts: [FluxServiceAccount.controller(...)]` or `FluxServiceAccount.of(namespace, name)`',
  });
}
