import { IConstruct } from 'constructs';
import { WarningId } from '../../../core/shared/flux/warning-ids';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';

/** Refuses ids that no warning has: a misspelt one would acknowledge nothing. */
export function checkWarningIds(at: IConstruct, ids: readonly string[]): void {
  const known = Object.values(WarningId) as string[];
  const wrong = ids.find((id) => !known.some((each) => each.endsWith(':') ? id.startsWith(each) && id !== each : id === each));
  if (wrong === undefined) return;
  throw new ValidationError(at, {
    given: `warning ${shown(wrong)} in \`acknowledgeWarnings\`.`,
    allowed: `the ids that warnings end in: ${known.map((id) => id.endsWith(':') ? `${id}<path>` : id).join(', ')}`,
    why: 'no warning has this id, so nothing would be acknowledged',
    fix: 'copy the id from the end of the warning, or from `warnings`',
  });
}
