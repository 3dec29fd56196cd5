import { claim as claimInApp, valueKey } from '../../../core/shared/input/once-per-app';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { splitAtTokens } from '../../../core/shared/terraform/tokens';
import type { AzureGrantee } from '../grant/grantee';

/** Something that may exist once for each principal. */
export interface Claim {
  /** What it is, for errors. */
  readonly what: string;
  /** What tells it apart; may hold tokens. Azure's IDs know no case. */
  readonly name: string;
  /** Why a second one fails. */
  readonly why: string;
}

/** Claims something for a principal, over all stacks of the app; an error when another grant has it already. */
export function claim({ at, principalId }: Pick<AzureGrantee, 'at' | 'principalId'>, { what, name, why }: Claim): void {
  const other = claimInApp(at, ['Azure', principalId, what, name].map((text) => valueKey(at, lowerCase(text))).join('\n'));
  if (other === undefined) return;
  throw new ValidationError(at, {
    given: `${what} ${shown(name)} a second time: "${other.node.path}" grants it already.`,
    allowed: 'each once for an identity',
    why,
    fix: `remove one of the two grants; what waits for this one can wait for "${other.node.path}"`,
  });
}

/** Only what is written out: in the references of tokens case counts. */
function lowerCase(text: string): string {
  return splitAtTokens(text).map((part, index) => index % 2 === 0 ? part.toLowerCase() : part).join('');
}
