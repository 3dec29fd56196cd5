import { Tokenization } from 'cdktf';
import { IConstruct } from 'constructs';
import { kindOf, listed, OptionShapes, Shape, TEXT } from './option-shape';
import { classOf, isPlain, shown, ValidationError } from './validation-error';
import { PACKAGE } from '../package/peers';
import { fixOfOtherRuntime } from '../package/runtime';

const AWAIT = 'await the promise, and pass what it comes to';

/**
 * Refuses options that are missing, are of another type than they must be, or do not exist. The compiler says so too, but not to
 * plain JavaScript: there a misspelt option would be lost, and a wrong one would end anywhere.
 */
export function checkOptions<T extends object>(at: IConstruct | undefined, what: string, options: T, shapes: OptionShapes<T>): void {
  if (!isPlain(options)) {
    throw new ValidationError(at, {
      given: `${kindOf(options)} as the options of ${what}`,
      allowed: `a plain object with the options ${listed(shapes)}`,
      why: 'the options say what is made',
      fix: fixOfOptions(options),
    });
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(shapes, name)) continue;
    throw new ValidationError(at, {
      given: `option ${shown(name)} of ${what}`,
      allowed: listed(shapes),
      why: 'an option nobody reads would be lost without a word',
      fix: 'correct the spelling, or remove it',
    });
  }
  for (const name in shapes) {
    const { isOptional, fits } = shapes[name] as Shape<unknown>;
    const value = options[name];
    if (value === undefined ? !isOptional : !fits(value)) refuseMisfit(at, `option "${name}" of ${what}:`, value, shapes[name] as Shape<unknown>);
  }
}

/** Refuses a value that is not of the type that it must be, where it is not one of several options. */
export function checkValue<T>(at: IConstruct | undefined, what: string, value: T, shape: Shape<T>): void {
  if (value === undefined ? !shape.isOptional : !shape.fits(value)) refuseMisfit(at, what, value, shape as Shape<unknown>);
}

/** Refuses a text with the mark of a token that cdktf does not know, and would not name: whatever else it is, others check. */
export function checkMarks(at: IConstruct | undefined, what: string, value: unknown): void {
  if (typeof value === 'string' && value.includes('{TfToken[')) checkValue(at, `${what}:`, value, TEXT);
}

function refuseMisfit(at: IConstruct | undefined, what: string, value: unknown, shape: Shape<unknown>): never {
  const { wanted, value: wrong, given } = shape.culprit(value);
  throw new ValidationError(at, {
    given: `${what} ${given}`,
    allowed: wanted,
    why: 'it cannot be used: what is made of it would be wrong, or missing, without a word',
    fix: shape.isOptional && value === null ? 'leave the option out, or pass what it takes' : fixOf(wrong, wanted),
  });
}

function fixOfOptions(options: unknown): string {
  if (options instanceof Promise) return AWAIT;
  if (Array.isArray(options)) return 'pass one object, not a list; where several are meant, each as an argument of its own';
  if (typeof options === 'object' && options !== null) return 'pass what a literal makes: `{ ...options }` of an instance, `Object.fromEntries(options)` of a Map';
  return 'pass an object; where every option has a default, leave it out';
}

function fixOf(value: unknown, wanted: string): string {
  const name = typeof value === 'object' && value !== null ? classOf(value) : undefined;
  if (Tokenization.isResolvable(value)) {
    return 'say of what type the value is: `stringValue`, `numberValue` or `listValue` of a variable; Token.asString(...), asNumber(...) or asList(...) of anything else';
  }
  if (name === 'Promise') return AWAIT;
  if (name !== undefined && (wanted.split(/[^\w$]+/, 2)[1] === name)) {
    return `it is the ${name} of another copy of the library: see \`npm ls ${PACKAGE}\`, and install one`;
  }
  return fixOfOtherRuntime(value) ?? `pass ${wanted}`;
}
