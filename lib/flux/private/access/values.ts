import { TerraformStack, Tokenization } from 'cdktf';
import { IConstruct } from 'constructs';
import { AccessValue } from '../../../access/model';
import { resolved } from '../../../core/shared/terraform/graph';
import { hasToken, splitAtTokens } from '../../../core/shared/terraform/tokens';

/** A text as the access model holds it: plain, or what Terraform calls it in the stack that it comes from. */
export function accessValue(at: IConstruct, text: string): AccessValue {
  if (!hasToken(text)) return text;
  const parts = splitAtTokens(text).map((part, index) => index % 2 === 0 ? { text: part } : expressionOf(at, part));
  const origin = parts.find((part): part is Expression => 'stack' in part)!;
  return { stack: origin.stack, ref: parts.map((part) => part.text).join('') };
}

/** The same for every text of a structure; plain structures stay as they are. */
export function accessStructure(at: IConstruct, value: unknown): unknown {
  if (typeof value === 'string') return accessValue(at, value);
  if (Array.isArray(value)) return value.map((item) => accessStructure(at, item));
  if (value === null || typeof value !== 'object') return value;
  if (Tokenization.isResolvable(value)) return { stack: TerraformStack.of(at).node.path, ref: String(resolved(TerraformStack.of(at), value)) };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, accessStructure(at, item)]));
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
