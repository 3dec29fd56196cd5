import { Fn, IResolvable, Tokenization } from 'cdktf';
import { IConstruct } from 'constructs';
import { shown, ValidationError } from '../input/validation-error';

/** As CDKTF writes them: a mark without a key, or with another, is text. */
const TOKEN = /\$\{TfToken\[[\w:.-]+\]\}/g;
const ANY_TOKEN = new RegExp(TOKEN.source);

/** Whether the text holds a value that only Terraform knows. */
export function hasToken(value: string): boolean {
  // Plain JavaScript may pass anything: the check that follows says what is wrong with it.
  // (What `Token.isUnresolved` finds in a text, at a tenth of its time.)
  return typeof value === 'string' && value.includes('${TfToken[') && ANY_TOKEN.test(value);
}

/** The text cut at its tokens: literals at even places, tokens at odd ones. */
export function splitAtTokens(value: string): string[] {
  if (!hasToken(value)) return [value];
  const parts: string[] = [];
  let end = 0;
  for (const match of value.matchAll(TOKEN)) {
    parts.push(value.slice(end, match.index), match[0]);
    end = match.index + match[0].length;
  }
  parts.push(value.slice(end));
  return parts;
}

/** A text with tokens as an argument of a function: CDKTF cannot write literals and tokens in one argument reliably. */
export function argumentOf(value: string): string {
  const parts = splitAtTokens(value).filter((part) => part !== '');
  return parts.length === 1 ? value : Fn.join('', parts);
}

/** The text with its tokens left out. */
export function withoutTokens(value: string): string {
  return hasToken(value) ? value.replace(TOKEN, '') : value;
}

/** What Terraform alone knows as a whole: an expression of any type, a list or a map. (Of texts `hasToken` tells.) */
export function wholeToken(value: object): IResolvable | undefined {
  if (Tokenization.isResolvable(value)) return value;
  if (Array.isArray(value)) {
    return value.length === 1 && typeof value[0] === 'string' && value[0].startsWith('#{TfToken[') ? madeHere(() => Tokenization.reverseList(value)) : undefined;
  }
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0].startsWith('&{TfToken[') ? madeHere(() => Tokenization.reverseMap(value)) : undefined;
}

/** Nothing for the mark of a token that cdktf did not make, which is text: whoever checks it refuses it by name. */
function madeHere(reverse: () => IResolvable | undefined): IResolvable | undefined {
  try {
    return reverse();
  } catch {
    return undefined;
  }
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
