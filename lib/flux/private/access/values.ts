import { TerraformStack, Tokenization } from 'cdktf';
import { IConstruct } from 'constructs';
import { AccessValue } from '../../../access/model';
import { withoutSecrets } from '../../../core/shared/input/secrets';
import { withFluxVariables } from '../../../core/shared/terraform/flux-variables';
import { resolved } from '../../../core/shared/terraform/graph';
import { onceForEach } from '../../../core/shared/terraform/light-token';
import { hasToken, splitAtTokens } from '../../../core/shared/terraform/tokens';

/** How the access model puts a text of a construct that may hold values that only Terraform knows. */
export type AccessText = (at: IConstruct, text: string) => AccessValue;

/** A text as it is, or what Terraform calls it in the stack that it comes from: for files that are committed, so that no key stands in it. */
export const asReference: AccessText = (at, given) => {
  const text = withFluxVariables(given);
  if (!hasToken(text)) return withoutSecrets(text);
  const parts = splitAtTokens(text).map((part, index) => index % 2 === 0 ? { text: withoutSecrets(part) } : expressionOf(at, part));
  const origin = parts.find((part): part is Expression => 'stack' in part)!;
  return { stack: origin.stack, ref: parts.map((part) => part.text).join('') };
};

/** The same for many installations: what stands in one often, and plain texts in all of them, are looked at once. */
export function asReferences(): AccessText {
  const textsOf = onceForEach((at: IConstruct | undefined) => onceForEach((text: string) => asReference(at!, text)));
  return (at, text) => textsOf(hasToken(text) ? at : undefined)(text);
}

/** The text itself, for Terraform to put the values in. */
export const asText: AccessText = (_, text) => withFluxVariables(text);

/** Every text of a structure; structures that are plain stay as they are. */
export function eachText(value: unknown, text: (value: string) => AccessValue): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((item) => eachText(item, text));
  if (value === null || typeof value !== 'object' || Tokenization.isResolvable(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, eachText(item, text)]));
}

interface Expression {
  readonly stack: string;
  readonly text: string;
}

/** In its own stack, so that asking for it makes no reference across stacks. */
function expressionOf(at: IConstruct, token: string): Expression {
  const [resolvable] = Tokenization.reverse(token) as { originStack?: TerraformStack }[];
  const stack = resolvable?.originStack ?? TerraformStack.of(at);
  return { stack: stack.node.path, text: String(resolved(stack, token)) };
}
