import { Fn, Op, Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { TerraformCheck } from './check';
import { callOn } from './light-token';
import { textSize } from './text-size';
import { hasToken, splitAtTokens } from './tokens';
import { checkMarks } from '../input/options';
import { shown, ValidationError } from '../input/validation-error';

/** What a text must be like. Patterns are Terraform's too: no backslash but before "/", no quote, no look-around, no flag but "i". */
export interface TextForm {
  /** What it is, for errors. */
  readonly what: string;
  readonly pattern: RegExp;
  /** What the pattern would take, and is refused. */
  readonly refused?: RegExp;
  /** What may stand around a value that only Terraform knows; names and addresses are made of it, unless said otherwise. */
  readonly around?: RegExp;
  readonly allowed: string;
  readonly why: string;
  readonly fix: string;
}

const NAMES = /^[A-Za-z0-9._:/@~+-]*$/;

/** Refuses a text of another form. What only Terraform knows of it, Terraform checks: what comes back belongs to a `lifecycle`. */
export function checkText(at: IConstruct, value: string, form: TextForm): TerraformCheck[];
/** Where no construct is there yet: `lateText` follows where one is. */
export function checkText(at: undefined, value: string, form: TextForm): undefined;
export function checkText(at: IConstruct | undefined, value: string, form: TextForm): TerraformCheck[] | undefined {
  checkMarks(at, form.what, value);
  if (typeof value === 'string' && (hasToken(value) ? isLate(value, form.around) : fits(value, form))) return at && lateText(at, value, form);
  const { what, allowed, why, fix } = form;
  throw new ValidationError(at, { given: `${what} ${shown(value)}`, allowed: `${allowed}; or a token`, why, fix });
}

/** What Terraform checks of a text that synth has no objection to. */
export function lateText(at: IConstruct, value: string, form: Pick<TextForm, 'what' | 'pattern' | 'refused' | 'allowed' | 'why'>): TerraformCheck[] {
  if (!hasToken(value)) return [];
  const [pattern, refused] = [form.pattern, form.refused].map((each) => each && patternText(each));
  const condition = callOn(value, (argument) => (
    `can(regex("${pattern}", ${argument}))${refused === undefined ? '' : ` && !can(regex("${refused}", ${argument}))`}`
  ), (argument) => {
    const holds = Fn.can(Fn.regex(pattern!, argument));
    return Token.asString(refused === undefined ? holds : Op.and(holds, Op.not(Fn.can(Fn.regex(refused, argument)))));
  });
  return [late(at, condition, form)];
}

/** What is wrong with a text that may be anything up to a length. */
export interface LengthForm {
  readonly what: string;
  readonly limit: number;
  /** What is counted. */
  readonly unit?: 'bytes';
  readonly mayBeEmpty?: boolean;
  readonly why: string;
  readonly fix: string;
}

/** Refuses a text that is too long, or empty; what only Terraform knows of it, Terraform measures. */
export function checkLength(at: IConstruct, value: string, { what, limit, unit, mayBeEmpty = false, why, fix }: LengthForm): TerraformCheck[] {
  const allowed = `${mayBeEmpty ? 'at most' : '1 to'} ${limit} ${unit ?? 'characters'}`;
  const size = textSize(value);
  const least = unit === 'bytes' ? Buffer.byteLength(splitAtTokens(value).filter((_, index) => index % 2 === 0).join('')) : size.least;
  if ((value === '' && !mayBeEmpty) || least > limit) {
    throw new ValidationError(at, { given: `${what} ${shown(value)} (${least} ${unit ?? 'characters'})`, allowed, why, fix });
  }
  if (!hasToken(value)) return [];
  const short = size.fits(limit);
  // (Functions of cdktf take values alone: marks in text around them would be Terraform's.)
  return [late(at, mayBeEmpty || size.least > 0 ? short : Op.and(Op.gte(Fn.lengthOf(value), 1), short), { what, allowed, why })];
}

/** A check of Terraform, in the words of the errors of synth. */
export function late(at: IConstruct, condition: unknown, { what, allowed, why }: { what: string; allowed: string; why: string }): TerraformCheck {
  return { condition, errorMessage: `The ${what} of ${at.node.path} must be ${allowed}: ${why}.` };
}

/**
 * Whether a text is for Terraform to check: there is a token in it, and what stands around is what names and addresses are made of.
 * Everything else would leave the expression.
 */
export function isLate(value: unknown, around = NAMES): boolean {
  return typeof value === 'string' && hasToken(value) && splitAtTokens(value).every((part, index) => index % 2 === 1 || around.test(part));
}

/** A pattern as Terraform has it. */
function patternText({ source, flags }: RegExp): string {
  return `${flags.includes('i') ? '(?i)' : ''}${source.replace(/\\\//g, '/')}`;
}

function fits(value: string, { pattern, refused }: TextForm): boolean {
  // Names and addresses hold no line ends and tabs, which negated classes would take.
  return !/[^\S ]/.test(value) && pattern.test(value) && refused?.test(value) !== true;
}
