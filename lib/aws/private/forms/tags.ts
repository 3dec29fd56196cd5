import { IConstruct } from 'constructs';
import { isMapToken } from '../../../core/shared/input/option-shape';
import { refuse, shown } from '../../../core/shared/input/validation-error';
import { hasToken } from '../../../core/shared/terraform/tokens';

const WHY = 'AWS refuses the resource (ValidationError) at apply';
const FIX = 'change the tags';
const TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Refuses tags that AWS would refuse at apply, as far as they are known. */
export function checkTags(at: IConstruct, tags: { readonly [key: string]: string } | undefined, most: number): void {
  if (tags === undefined || isMapToken(tags)) return;
  const entries = Object.entries(tags);
  if (entries.length > most) refuse(at, `${entries.length} tags.`, `at most ${most}`, WHY, FIX);
  for (const [key, value] of entries) {
    if (!hasToken(key) && (key.length < 1 || key.length > 128 || !TEXT.test(key) || /^aws:/i.test(key))) {
      refuse(at, `tag ${shown(key)}`, 'keys of 1 to 128 letters, digits, spaces and _ . : / = + - @, not beginning with "aws:"', WHY, FIX);
    }
    if (typeof value === 'string' && !hasToken(value) && (value.length > 256 || !TEXT.test(value))) {
      refuse(at, `value ${shown(value)} of tag ${shown(key)}`, 'at most 256 letters, digits, spaces and _ . : / = + - @', WHY, FIX);
    }
  }
}
