import { IConstruct } from 'constructs';
import { shown, ValidationError } from './validation-error';

/** The names of an options type; the compiler keeps the list complete. */
export type OptionNames<T> = { readonly [K in keyof Required<T>]: true };

/** Refuses options that do not exist: plain JavaScript has no compiler to say so, and a misspelt one is silently lost. */
export function checkOptions<T extends object>(at: IConstruct | undefined, what: string, options: T | undefined, names: OptionNames<T>): void {
  if (options === undefined || options === null) return;
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(names, name)) continue;
    throw new ValidationError(at, {
      given: `option ${shown(name)} of ${what}`,
      allowed: Object.keys(names).sort().join(', '),
      why: 'an option nobody reads would be lost without a word',
      fix: 'correct the spelling, or remove it',
    });
  }
}

/** Refuses a value that is not one of an enum's, as plain JavaScript can pass. */
export function checkEnum(at: IConstruct | undefined, what: string, value: unknown, values: { readonly [name: string]: string }): void {
  if (Object.values(values).includes(value as string)) return;
  throw new ValidationError(at, {
    given: `${what} ${shown(value)}`,
    allowed: Object.values(values).join(', '),
    why: 'it decides what is rendered, so it must be one that the library knows',
    fix: `pass one of the constants of the ${what} enum`,
  });
}
