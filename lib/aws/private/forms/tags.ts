import { IConstruct } from 'constructs';
import { isMapToken } from '../../../core/shared/input/option-shape';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { hasToken } from '../../../core/shared/terraform/tokens';

const TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Refuses tags that AWS would refuse at apply, as far as they are known. IAM knows no case in the keys of roles and users. */
export function checkTags(
  at: IConstruct, tags: { readonly [key: string]: string } | undefined, most: number, { isAnyCase = false }: { isAnyCase?: boolean } = {},
): void {
  if (tags === undefined || isMapToken(tags)) return;
  const entries = Object.entries(tags);
  const refuse = (given: string, allowed: string): never => {
    throw new ValidationError(at, { given, allowed, why: 'AWS refuses the resource (ValidationError) at apply', fix: 'change the tags' });
  };
  if (entries.length > most) refuse(`${entries.length} tags.`, `at most ${most}`);
  const twin = entries.find(([key], index) => entries.slice(0, index).some(([other]) => other.toLowerCase() === key.toLowerCase()));
  if (isAnyCase && twin !== undefined && !hasToken(twin[0])) refuse(`tag ${shown(twin[0])} in two spellings.`, 'each key once, whatever its case');
  for (const [key, value] of entries) {
    if (!hasToken(key) && (key.length < 1 || key.length > 128 || !TEXT.test(key) || /^aws:/i.test(key))) {
      refuse(`tag ${shown(key)}`, 'keys of 1 to 128 letters, digits, spaces and _ . : / = + - @, not beginning with "aws:"');
    }
    if (typeof value === 'string' && !hasToken(value) && (value.length > 256 || !TEXT.test(value))) {
      refuse(`value ${shown(value)} of tag ${shown(key)}`, 'at most 256 letters, digits, spaces and _ . : / = + - @');
    }
  }
}
