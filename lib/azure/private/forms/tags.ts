import { IConstruct } from 'constructs';
import { firstDouble } from '../../../core/shared/input/doubles';
import { isMapToken } from '../../../core/shared/input/option-shape';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { TerraformCheck } from '../../../core/shared/terraform/check';
import { checkLength } from '../../../core/shared/terraform/text-form';
import { hasToken, wholeToken } from '../../../core/shared/terraform/tokens';

const WHY = 'Azure refuses other tags';
const MOST = 50;

/**
 * Refuses tags that Azure refuses.
 *
 * @param key how long a key may be: storage accounts take shorter ones
 */
export function checkTags(at: IConstruct, tags: { readonly [key: string]: string } | undefined, key = 512): TerraformCheck[] {
  if (tags === undefined || isMapToken(tags) || wholeToken(tags) !== undefined) return [];
  const entries = Object.entries(tags);
  if (entries.length > MOST) {
    throw new ValidationError(at, { given: `${entries.length} tags.`, allowed: `at most ${MOST}`, why: WHY, fix: 'leave some out' });
  }
  const double = firstDouble(entries.map(([name]) => name.toLowerCase()));
  if (double !== undefined) {
    throw new ValidationError(at, {
      given: `tag ${shown(double)} in two spellings.`, allowed: 'each name once, whatever its case', why: 'Azure knows no case in the names of tags', fix: 'remove one of them',
    });
  }
  return entries.flatMap(([name, value]) => {
    if (!hasToken(name) && !new RegExp(`^[^<>%&\\\\?/]{1,${key}}$`).test(name)) {
      throw new ValidationError(at, {
        given: `tag name ${shown(name)}`, allowed: `1 to ${key} characters without < > % & \\ ? /`, why: WHY, fix: 'choose another name for the tag',
      });
    }
    return typeof value !== 'string' || value === '' ? []
      : checkLength(at, value, { what: `value of tag ${name}`, limit: 256, why: WHY, fix: 'shorten the value' });
  });
}
