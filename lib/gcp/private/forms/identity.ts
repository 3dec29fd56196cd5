import { IConstruct } from 'constructs';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { isObjectLevel } from '../../../core/shared/kubernetes/service-accounts';

/** Refuses service accounts at object level, where only controllers will do. */
export function checkControllers(at: IConstruct, accounts: readonly FluxServiceAccount[], why: string, fix: string): void {
  const object = accounts.find(isObjectLevel);
  if (object === undefined) return;
  throw new ValidationError(at, {
    given: `object-level service account "${object}"`, allowed: 'FluxServiceAccount.controller(...)', why, fix,
  });
}
