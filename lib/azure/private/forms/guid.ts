import { IConstruct } from 'constructs';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { hasToken } from '../../../core/shared/terraform/tokens';

/** A GUID, as a pattern that JavaScript and Terraform read alike. */
export const GUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';

const WHOLE = new RegExp(`^${GUID}$`);

/** Whether a text is a GUID; tokens are not. */
export function isGuid(value: string): boolean {
  return WHOLE.test(value);
}

/** Refuses what is no GUID in its plain form. Tokens pass. */
export function checkGuid(at: IConstruct, what: string, value: string, why: string): void {
  if (typeof value === 'string' && (hasToken(value) || isGuid(value))) return;
  throw new ValidationError(at, {
    given: `${what} ${shown(value)}`,
    allowed: 'a GUID like "00000000-0000-0000-0000-00000000000a", without braces, or a token',
    why,
    fix: `pass the ${what} as the Azure portal shows it, or use its Terraform attribute`,
  });
}
