import { TerraformProvider, Tokenization } from 'cdktf';
import { Construct } from 'constructs';
import { isPlain, shown } from './validation-error';
import { fixOfOtherRuntime } from '../package/runtime';
import { RUNTIME } from '../package/this-package';
import { hasToken, wholeToken } from '../terraform/tokens';

/** The part of a value that does not fit. */
interface Culprit {
  readonly value: unknown;
  /** The same, as an error names it. */
  readonly given: string;
  /** What it should have been. */
  readonly wanted: string;
}

/** What a value must be: its type, which plain JavaScript does not check. What its contents must be is checked where it is used. */
export interface Shape<T> {
  /** With its article, as errors name it. */
  readonly wanted: string;
  readonly isOptional: boolean;
  /** The same, where the value may be left out. `null` is no way to leave it out. */
  readonly optional: Shape<T | undefined>;
  readonly fits: (value: unknown) => boolean;
  /** The part that does not fit. */
  readonly culprit: (value: unknown) => Culprit;
  /** For the compiler alone, which would take a shape for wider types than its own. */
  readonly type?: (value: T) => T;
}

/** The shapes of all options; the compiler keeps the list complete, and tells optional ones from others. */
export type OptionShapes<T> = { readonly [K in keyof Required<T>]: Shape<T[K]> };

/** The names of the options. */
export function listed(shapes: object): string {
  return Object.keys(shapes).sort().join(', ');
}

/** A shape by a test. */
export function shape<T>(wanted: string, fits: (value: any) => boolean, culprit?: (value: any) => Culprit | undefined): Shape<T> {
  const here = (value: unknown) => culprit?.(value) ?? { value, given: kindOf(value), wanted };
  const optional: Shape<T | undefined> = { wanted, fits, culprit: here, isOptional: true, get optional() { return optional; } };
  return { wanted, fits, culprit: here, isOptional: false, optional };
}

/** A list whose items are all of a shape. */
export function listOf<T>(item: Shape<T>): Shape<T[]> {
  const misfit = (list: unknown[]) => {
    for (let index = 0; index < list.length; index++) if (!item.fits(list[index])) return index;
    return -1;
  };
  return shape<T[]>(`a list, each item ${item.wanted}`, (value) => Array.isArray(value) && misfit(value) === -1, (value) => {
    if (!Array.isArray(value)) return undefined;
    const index = misfit(value);
    const found = item.culprit(value[index]);
    return { ...found, given: `${found.given} as item ${index + 1}` };
  });
}

/** A value of a class; by a function, because modules may refer to each other in a circle. */
export function instanceOf<T>(wanted: string, type: () => Function): Shape<T> {
  return shape(wanted, (value) => value instanceof type());
}

/** A construct that has some members: where any implementation of an interface will do. */
export function constructWith<T>(wanted: string, ...members: (keyof T & string)[]): Shape<T> {
  return shape(wanted, (value) => Construct.isConstruct(value) && members.every((member) => (value as any)[member] !== undefined));
}

/** A value of an enum, by its name. */
export function oneOf<T extends string>(name: string, values: { readonly [name: string]: T }): Shape<T> {
  const all = new Set<unknown>(Object.values(values));
  const wanted = `a constant of ${name}: ${[...all].join(', ')}`;
  return shape(wanted, (value) => all.has(value), (value) => typeof value === 'string' ? { value, given: shown(value), wanted } : undefined);
}

export const TEXT = shape<string>('text', (value) => typeof value === 'string' && badMark(value) === undefined, (value) => (
  typeof value === 'string' ? { value, ...badMark(value)! } : undefined
));
const EACH_TEXT = listOf(TEXT);
/** A list whose items are known one by one, each of which may be a token. */
export const TEXTS = shape<string[]>(EACH_TEXT.wanted, EACH_TEXT.fits, (value) => (isListToken(value)
  ? { value, given: 'a list that only Terraform knows', wanted: 'a list made here, each item text or a token: of such a list `[Fn.element(list, 0)]`' }
  : EACH_TEXT.culprit(value)
));
/** The same, where a list that only Terraform knows goes on as a whole. */
export const TEXTS_OR_TOKEN = shape<string[]>(EACH_TEXT.wanted, (value) => EACH_TEXT.fits(value) || isListToken(value), EACH_TEXT.culprit);
export const NUMBER = shape<number>('a number', (value) => typeof value === 'number' && Number.isFinite(value));
export const FLAG = shape<boolean>('true or false', (value) => typeof value === 'boolean');
export const TEXT_MAP = shape<{ readonly [key: string]: string }>('a plain object whose values are texts', (value) => (
  isMapToken(value) || (isPlain(value) && misfitIn(value) === undefined)
), (value) => {
  const key = isPlain(value) ? misfitIn(value) : undefined;
  if (key === LOST) return { value, given: `the key "${LOST}"`, wanted: 'an object without that key: CDKTF loses it on its way to Terraform' };
  return key === undefined ? undefined : { value: value[key], given: `${kindOf(value[key])} as ${shown(key)}`, wanted: 'a plain object whose values are texts' };
});
/** The one key that no plain object keeps when it is assigned to. */
const LOST = '__proto__';
/** An object of its own options, which are checked where it is used. */
export const OPTIONS = shape<any>('a plain object of options', isPlain);
export const PROVIDER = shape<TerraformProvider>(`a Terraform provider of ${RUNTIME}`, (value) => (
  TerraformProvider.isTerraformProvider(value) && fixOfOtherRuntime(value) === undefined
));

/** A map that only Terraform knows, as `Fn.merge` gives it, or the `value` of a variable. (`Token.asStringMap` gives an object of texts.) */
export function isMapToken(value: unknown): boolean {
  return Tokenization.isResolvable(value) || hasToken(value as string);
}

/** A list that only Terraform knows: one item, which is no text by itself. */
function isListToken(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 1 || typeof value[0] !== 'string') return false;
  return /^#\{TfToken\[[^\]]*\]\}$/.test(value[0]) && isKnown(() => Tokenization.reverseList(value));
}

/** Texts whose tokens cdktf knows, which it never forgets: the ARN of one provider stands in the options of a thousand roles. */
const KNOWN_TOKENS = new Set<string>();

/** What is wrong with the tokens in a text: one of a list, which stands for no text, or one that CDKTF does not know. */
function badMark(text: string): Omit<Culprit, 'value'> | undefined {
  if (!text.includes('{TfToken[')) return undefined;
  if (/[#&]\{TfToken\[/.test(text)) return { given: 'a list or a map known at apply, inside a text', wanted: 'text; of a list, `Fn.element(list, 0)` or `Fn.join(",", list)`' };
  if (KNOWN_TOKENS.has(text)) return undefined;
  if (isKnown(() => Tokenization.reverseString(text))) {
    KNOWN_TOKENS.add(text);
    return undefined;
  }
  return { given: 'text that holds the mark of a token which this program did not make', wanted: 'text, and tokens of the same program and the same copy of cdktf' };
}

function isKnown(reverse: () => unknown): boolean {
  try {
    reverse();
    return true;
  } catch {
    return false;
  }
}

function misfitIn(map: any): string | undefined {
  // `Token.asStringMap`: one key, which is no text by itself.
  if (isKnown(() => Tokenization.reverseMap(map)) && wholeToken(map) !== undefined) return undefined;
  return Object.keys(map).find((key) => (
    key === LOST || badMark(key) !== undefined || (typeof map[key] === 'string' ? badMark(map[key]) !== undefined : !Tokenization.isResolvable(map[key]))
  ));
}

/** What a value is, and not what is in it: a key that was passed in a wrong place would show in the error. */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'text';
  if (Array.isArray(value)) return 'a list';
  return isPlain(value) ? 'an object' : shown(value);
}
