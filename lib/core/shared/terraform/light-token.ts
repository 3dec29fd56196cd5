import { IResolvable, IResolveContext, TerraformResource, TerraformStack, Token } from 'cdktf';
import { onlyTokensOf } from './resolving';
import { argumentOf } from './tokens';

/**
 * A token without the stack that cdktf captures for each of its own and keeps for good: that is most of what a token costs,
 * and as much as the resource it stands in.
 *
 * @param originStack where the value comes from, if it is another's elsewhere; references of cdktf carry it too
 */
export function lightToken(resolve: (context: IResolveContext) => unknown, originStack?: TerraformStack): string {
  return Token.asString(lightValue(resolve, originStack));
}

/** The same for what is no text. */
export function lightValue(resolve: (context: IResolveContext) => unknown, originStack?: TerraformStack): IResolvable {
  const token: IResolvable & { originStack?: TerraformStack } = {
    creationStack: [], originStack, resolve: (context) => onlyTokensOf(context, resolve(context)), toString: () => Token.asString(token),
  };
  return token;
}

/** A resource's attribute, as its own getter gives it. */
export function attributeOf(resource: TerraformResource, attribute: string): string {
  let reference: unknown;
  return lightToken((context) => {
    // cdktf carries values from stack to stack by references of its own.
    if (resource.forEach !== undefined || TerraformStack.of(context.scope) !== resource.cdktfStack) {
      return reference ??= resource.interpolationForAttribute(attribute);
    }
    const expression = `${resource.terraformResourceType}.${resource.friendlyUniqueId}.${attribute}`;
    return context.suppressBraces ? expression : `\${${expression}}`;
  }, resource.cdktfStack);
}

/** Text that stays as it is between quotes in a Terraform expression. */
export const PLAIN = /^[^"\\\n\r\t$%]*$/;

/**
 * A Terraform function on a text that holds tokens, between plain parts. cdktf's own calls take their arguments apart and put
 * them together again for every use; this one writes down what it finds, and leaves the unusual to cdktf.
 *
 * @param write the call for an argument
 * @param otherwise the call by cdktf, for an argument that its functions take: they warn of text around tokens
 */
export function callOn(text: string, write: (argument: string) => string, otherwise: (argument: string) => string): string {
  let call: string | undefined;
  return lightToken((context) => {
    const argument = writtenArgument(text, context);
    if (argument === undefined) return call ??= otherwise(argumentOf(text));
    const written = write(argument);
    return context.suppressBraces ? written : `\${${written}}`;
  });
}

/** What a text is in a call: an expression, or plain parts around expressions between quotes; undefined for the unusual. */
function writtenArgument(text: string, context: IResolveContext): string | undefined {
  const { suppressBraces } = context;
  const resolve = (suppress: boolean): unknown => {
    context.suppressBraces = suppress;
    const found: unknown = context.resolve(text);
    context.suppressBraces = suppressBraces;
    return found;
  };
  const found = resolve(false);
  if (typeof found !== 'string') return undefined;
  if (PLAIN.test(found.replace(/\$\{[^{}]*\}/g, ''))) return /^\$\{([^{}]*)\}$/.exec(found)?.[1] ?? `"${found}"`;
  const expression = resolve(true);
  return found === `\${${expression}}` ? String(expression) : undefined;
}

/** Makes each thing once for the same key: a token for a text. */
export function onceForEach<K = string, V = string>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const thing = make(key);
    made.set(key, thing);
    return thing;
  };
}
