import { IConstruct } from 'constructs';
import type { TerraformCheck } from '../../../core/shared/terraform/check';
import { checkLength, LengthForm } from '../../../core/shared/terraform/text-form';

/** Refuses what is longer than IAM takes. */
export function checkIamLength(at: IConstruct, what: string, text: string | undefined, limit: number, unit?: LengthForm['unit']): TerraformCheck[] {
  if (text === undefined) return [];
  return checkLength(at, text, { what, limit, unit, mayBeEmpty: true, why: 'IAM refuses a longer one at apply', fix: `shorten the ${what}` });
}
