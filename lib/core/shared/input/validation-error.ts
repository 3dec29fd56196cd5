import { IConstruct } from 'constructs';
import { withoutSecrets } from './secrets';

/** The four things every error says. */
export interface Problem {
  /** What the caller gave, quoted, as the subject of "is not accepted" or as a whole sentence ending in a full stop. */
  readonly given: string;
  /** What is accepted instead. */
  readonly allowed: string;
  /** Why the cloud, Kubernetes or Flux would fail on it at run time. */
  readonly why: string;
  /** What to change. */
  readonly fix: string;
}

/**
 * Bad input, found at synth. Not exported (jsii refuses classes that extend Error): recognize it by `error.name`.
 */
export class ValidationError extends Error {
  public readonly name = 'ValidationError';

  /** @param at the construct that consumed the input; undefined in factories that have none. */
  public constructor(at: IConstruct | undefined, problem: Problem) {
    const where = at === undefined ? '' : `[${at.node.path}] `;
    const given = problem.given.endsWith('.') ? problem.given : `${problem.given} is not accepted.`;
    super(`${where}${given}\n  Allowed: ${problem.allowed}\n  Why: ${problem.why}\n  Fix: ${problem.fix}`);
  }
}

/** Refuses bad input. */
export function refuse(at: IConstruct | undefined, given: string, allowed: string, why: string, fix: string): never {
  throw new ValidationError(at, { given, allowed, why, fix });
}

/** The way out of a mistake that can be told by its form; undefined where none fits, as for what is no text. */
export function knownFix(fixes: ReadonlyArray<readonly [RegExp, string]> | undefined, value: unknown): string | undefined {
  return typeof value === 'string' ? fixes?.find(([pattern]) => pattern.test(value))?.[1] : undefined;
}

/**
 * A value as an error shows it: quoted, tokens named as such, long ones cut, without what could be a secret; of objects that are
 * not plain, what they are.
 */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return `"${readable(value)}"`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (!Array.isArray(value) && !isPlain(value)) return `a value of type ${readable(classOf(value) ?? 'Object')}`;
  try {
    return readable(JSON.stringify(value));
  } catch {
    return Array.isArray(value) ? 'a list' : 'an object'; // circular, as constructs are
  }
}

/**
 * An object that a literal makes, or `Object.create(null)`, as parsers do. Of a Map, a Date or an instance what is in it is not found as
 * its own: it would pass for empty.
 */
export function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  // `Object.prototype` of another realm, such as that of a test's runner, is another object.
  return prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'));
}

/** The name of the class of an object; what an object says of itself is not asked. */
export function classOf(value: object): string | undefined {
  const type = Object.getPrototypeOf(value)?.constructor;
  return typeof type === 'function' && type.name !== '' ? type.name : undefined;
}

function readable(text: string): string {
  // Tokens are named last: the words for them would part a secret that stands around one.
  const harmless = withoutSecrets(text)
    .replace(/\$\{TfToken\[[^\]]*\]\}/g, '<a value known at apply>').replace(/#\{TfToken\[[^\]]*\]\}/g, '<a list known at apply>');
  return harmless.length > 200 ? `${harmless.slice(0, 200)}...` : harmless;
}
