import { IResolveContext, TerraformResource, TerraformStack, Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { shown, ValidationError } from './validation-error';

/** A token inside a text. */
export const TOKEN = /\$\{TfToken\[[^\]]*\]\}/g;

/** Whether the text holds a value that only Terraform knows. */
export function hasToken(value: string): boolean {
  // Plain JavaScript may pass anything: the check that follows says what is wrong with it.
  if (typeof value !== 'string') return false;
  if (value.includes('${TfToken[')) return true;
  // Lists and maps carry the marker too, numbers an exponent; cdktf's own look is ten times as slow.
  return (value.includes('TfToken[') || value.includes('e+')) && Token.isUnresolved(value);
}

/**
 * A token without the stack that cdktf captures for each of its own and keeps for good: that is most of what a token costs,
 * and as much as the resource it stands in.
 */
export function lightToken(resolve: (context: IResolveContext) => unknown): string {
  return Token.asString({ creationStack: [], resolve, toString: () => '<a value known at apply>' });
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
  });
}

/** Makes each token once for the same text. */
export function onceForEach(make: (text: string) => string): (text: string) => string {
  const made = new Map<string, string>();
  return (text) => {
    const token = made.get(text) ?? make(text);
    made.set(text, token);
    return token;
  };
}

/** The text cut at its tokens: literals at even places, tokens at odd ones. */
export function splitAtTokens(value: string): string[] {
  if (!value.includes('${TfToken[')) return [value];
  const parts: string[] = [];
  let end = 0;
  for (const match of value.matchAll(TOKEN)) {
    parts.push(value.slice(end, match.index), match[0]);
    end = match.index + match[0].length;
  }
  parts.push(value.slice(end));
  return parts;
}

/** Refuses tokens where a name, a limit or an address is made of the value. */
export function requirePlain(at: IConstruct | undefined, what: string, value: string): void {
  if (typeof value === 'string' && !hasToken(value)) return;
  throw new ValidationError(at, {
    given: `${what} ${shown(value)}`,
    allowed: 'a plain string, known when the program runs',
    why: 'names, limits and resource addresses are made of it at synth, before Terraform knows its values',
    fix: `pass the ${what} as a literal, or read it from a plain variable of your program`,
  });
}
