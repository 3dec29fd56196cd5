import { IConstruct } from 'constructs';
import { TerraformCheck } from '../../../core/shared/terraform/check';
import { checkText } from '../../../core/shared/terraform/text-form';

/** A GUID, as a pattern that JavaScript and Terraform read alike. */
export const GUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';

/** Refuses what is no GUID in its plain form; of tokens Terraform does. */
export function checkGuid(at: IConstruct, what: string, value: string, why: string): TerraformCheck[] {
  return checkText(at, value, {
    what,
    pattern: new RegExp(`^${GUID}$`),
    allowed: 'a GUID like "00000000-0000-0000-0000-00000000000a", without braces',
    why,
    fix: `pass the ${what} as the Azure portal shows it, or use its Terraform attribute`,
  });
}
