import { Fn, Op, Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { checkMarks } from '../../../core/shared/input/options';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { TerraformCheck, terraformCheck } from '../../../core/shared/terraform/check';
import { callOn } from '../../../core/shared/terraform/light-token';
import { textSize } from '../../../core/shared/terraform/text-size';
import { hasToken, splitAtTokens } from '../../../core/shared/terraform/tokens';

/** What a text must be like. Patterns are Terraform's too: no backslash, no quote, no look-around. */
export interface TextForm {
  /** What it is, for errors. */
  readonly what: string;
  readonly pattern: string;
  /** What the pattern would take, and is refused. */
  readonly refused?: string;
  readonly anyCase?: boolean;
  readonly allowed: string;
  readonly why: string;
  readonly fix: string;
}

/** Refuses a text of another form. What only Terraform knows of it, Terraform checks: what comes back belongs to a `lifecycle`. */
export function checkText(at: IConstruct, value: string, form: TextForm): TerraformCheck[];
/** Where no construct is there yet: `lateText` follows where one is. */
export function checkText(at: undefined, value: string, form: TextForm): undefined;
export function checkText(at: IConstruct | undefined, value: string, form: TextForm): TerraformCheck[] | undefined {
  checkMarks(at, form.what, value);
  if (typeof value === 'string' && (hasToken(value) ? isPlainAroundTokens(value) : fits(value, form))) return at && lateText(at, value, form);
  const { what, allowed, why, fix } = form;
  throw new ValidationError(at, { given: `${what} ${shown(value)}`, allowed: `${allowed}; or a token`, why, fix });
}

/** What Terraform checks of a text that synth has no objection to. */
export function lateText(at: IConstruct, value: string, form: Pick<TextForm, 'what' | 'pattern' | 'refused' | 'anyCase' | 'allowed' | 'why'>): TerraformCheck[] {
  if (!hasToken(value)) return [];
  const flag = form.anyCase ? '(?i)' : '';
  const { pattern, refused } = form;
  const condition = callOn(value, (argument) => (
    `can(regex("${flag}${pattern}", ${argument}))${refused === undefined ? '' : ` && !can(regex("${flag}${refused}", ${argument}))`}`
  ), () => {
    const holds = Fn.can(Fn.regex(`${flag}${pattern}`, value));
    return Token.asString(refused === undefined ? holds : Op.and(holds, Op.not(Fn.can(Fn.regex(`${flag}${refused}`, value)))));
  });
  return [late(at, condition, form)];
}

/** What is wrong with a text that may be anything up to a length. */
export interface LengthForm {
  readonly what: string;
  readonly limit: number;
  readonly why: string;
  readonly fix: string;
}

/** Refuses an empty text and one that is too long; what only Terraform knows of it, Terraform measures. */
export function checkLength(at: IConstruct, value: string, { what, limit, why, fix }: LengthForm): TerraformCheck[] {
  const allowed = `1 to ${limit} characters`;
  const size = textSize(value);
  if (value === '' || size.least > limit) throw new ValidationError(at, { given: `${what} ${shown(value)}`, allowed, why, fix });
  return hasToken(value) ? [late(at, Token.asString(Op.and(Op.gte(Fn.lengthOf(value), 1), size.fits(limit))), { what, allowed, why })] : [];
}

/** A check of Terraform, in the words of the errors of synth. */
export function late(at: IConstruct, condition: unknown, { what, allowed, why }: { what: string; allowed: string; why: string }): TerraformCheck {
  return terraformCheck(condition, `The ${what} of ${at.node.path} must be ${allowed}: ${why}.`);
}

/** The checks as a `lifecycle` takes them, beside the rest of it; undefined where there is nothing. */
export function lifecycleOf(checks: readonly TerraformCheck[], rest: { preventDestroy?: boolean; createBeforeDestroy?: boolean } = {}) {
  if (checks.length === 0 && Object.values(rest).every((value) => value === undefined)) return undefined;
  return { ...rest, ...(checks.length === 0 ? {} : { precondition: checks.map((check) => ({ ...check })) }) };
}

function fits(value: string, { pattern, refused, anyCase }: TextForm): boolean {
  const matches = (source: string) => new RegExp(source, anyCase ? 'i' : '').test(value);
  // Names and addresses hold no line ends and tabs, which negated classes would take.
  return !/[^\S ]/.test(value) && matches(pattern) && (refused === undefined || !matches(refused));
}

/** Whether literals around tokens could be part of a name or an address: everything else would leave the expression. */
function isPlainAroundTokens(value: string): boolean {
  return splitAtTokens(value).every((part, index) => index % 2 === 1 || !/["\\\s]|[$%]\{/.test(part.replace(/ /g, '')));
}
