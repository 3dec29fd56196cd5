import { IConstruct } from 'constructs';
import { shown, ValidationError } from './validation-error';

/** A token inside a text. */
export const TOKEN = /\$\{TfToken\[[^\]]*\]\}/g;

/** Whether the text holds a value that only Terraform knows. */
export function hasToken(value: string): boolean {
  // Plain JavaScript may pass anything: the check that follows says what is wrong with it.
  // (What `Token.isUnresolved` finds in a text, at a tenth of its time.)
  return typeof value === 'string' && value.includes('${TfToken[');
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
