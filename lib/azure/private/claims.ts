import { DefaultTokenResolver, StringConcat, TerraformStack, Tokenization } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import type { AzureGrantee } from './grantee';
import { hasToken } from '../../core/shared/tokens';
import { shown, ValidationError } from '../../core/shared/validation-error';

/** Something that may exist once for each principal. */
export interface Claim {
  /** What it is, for errors. */
  readonly what: string;
  /** What tells it apart; may hold tokens. Azure's IDs know no case. */
  readonly name: string;
  /** Why a second one fails. */
  readonly why: string;
}

/** What the grants of an app have claimed, by the root of its tree. */
const CLAIMS = new WeakMap<IConstruct, Map<string, Construct>>();

/** Claims something for a principal, over all stacks of the app; an error when another grant has it already. */
export function claim(to: AzureGrantee, { what, name, why }: Claim): void {
  const root = to.at.node.root;
  const claims = CLAIMS.get(root) ?? new Map<string, Construct>();
  CLAIMS.set(root, claims);
  const key = [to.principalId, what, name].map((text) => textOf(to.at, text)).join('\n').toLowerCase();
  const owner = claims.get(key);
  // A grant that was refused halfway is no longer in the tree.
  if (owner !== undefined && owner.node.scope?.node.tryFindChild(owner.node.id) === owner) {
    throw new ValidationError(to.at, {
      given: `${what} ${shown(name)} a second time: "${owner.node.path}" grants it already.`,
      allowed: 'each once for an identity',
      why,
      fix: `remove one of the two grants; what waits for this one can wait for "${owner.node.path}"`,
    });
  }
  claims.set(key, to.at);
}

/** A text that is equal for equal values: tokens get a new number each time an attribute is read, their addresses do not change. */
function textOf(at: Construct, text: string): string {
  if (!hasToken(text)) return text;
  const stack = TerraformStack.of(at);
  const resolved = Tokenization.resolve(text, { scope: stack, preparing: false, resolver: new DefaultTokenResolver(new StringConcat()) });
  return `${stack.node.path} ${resolved}`;
}
