import { TerraformResourceLifecycle } from 'cdktf';
import { IConstruct } from 'constructs';
import { checkMarks } from '../../../core/shared/input/options';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { TerraformCheck, terraformCheck } from '../../../core/shared/terraform/check';
import { lightToken } from '../../../core/shared/terraform/light-token';
import { textSize } from '../../../core/shared/terraform/text-size';
import { hasToken, splitAtTokens } from '../../../core/shared/terraform/tokens';

/** What a text must be like. Patterns are for Terraform too: no backslashes, no look-around. */
export interface TextForm {
  /** What it is, for the error. */
  readonly what: string;
  readonly pattern: RegExp;
  /** What the pattern would take, and is refused. */
  readonly refused?: RegExp;
  readonly allowed: string;
  readonly why: string;
  readonly fix: string;
}

/** Refuses a text of another form; what only Terraform knows of it, Terraform checks. */
export function checkForm(at: IConstruct, value: string, form: TextForm): TerraformCheck[] {
  checkMarks(at, form.what, value);
  if (typeof value === 'string' && hasToken(value) && areNames(value)) return [late(at, form.what, formCondition(value, form), form.allowed)];
  if (typeof value === 'string' && form.pattern.test(value) && !form.refused?.test(value)) return [];
  const { allowed, why, fix } = form;
  throw new ValidationError(at, { given: `${form.what} ${shown(value)}`, allowed, why, fix });
}

/** The check that Terraform makes of a value whose known part is in order. */
export function latePattern(at: IConstruct, value: string, form: Pick<TextForm, 'what' | 'pattern' | 'refused' | 'allowed'>): TerraformCheck[] {
  return hasToken(value) ? [late(at, form.what, formCondition(value, form), form.allowed)] : [];
}

/** Refuses what is longer than Google takes; what only Terraform knows of it, Terraform measures. */
export function checkLength(at: IConstruct, what: string, text: string | undefined, limit: number, unit: 'characters' | 'bytes' = 'characters'): TerraformCheck[] {
  if (text === undefined) return [];
  const size = textSize(text);
  const known = unit === 'bytes' ? Buffer.byteLength(splitAtTokens(text).filter((_, index) => index % 2 === 0).join('')) : size.least;
  if (known > limit) {
    throw new ValidationError(at, {
      given: `${what} ${shown(text)} (${known} ${unit})`,
      allowed: `at most ${limit} ${unit}`,
      why: 'IAM refuses a longer one at apply',
      fix: `shorten the ${what}`,
    });
  }
  const fits = size.fits(limit);
  return fits === undefined ? [] : [late(at, what, fits, `at most ${limit} characters`)];
}

/** Whether what stands around tokens is what names and addresses are made of: it becomes part of expressions. */
export function areNames(value: string): boolean {
  return splitAtTokens(value).every((part, index) => index % 2 === 1 || /^[A-Za-z0-9._:/@~+-]*$/.test(part));
}

/** A lifecycle, or none. */
export function lifecycleOf(preconditions: readonly TerraformCheck[], rest: TerraformResourceLifecycle = {}): TerraformResourceLifecycle | undefined {
  const lifecycle = { ...rest, ...(preconditions.length === 0 ? {} : { precondition: preconditions.map((each) => ({ ...each })) }) };
  return Object.values(lifecycle).some((value) => value !== undefined) ? lifecycle : undefined;
}

function late(at: IConstruct, what: string, condition: string, allowed: string): TerraformCheck {
  return terraformCheck(condition, `${at.node.path}: the ${what} is not accepted. Allowed: ${allowed}.`);
}

/** The condition that a text is of the form, written down at once: functions of cdktf break on text around tokens. */
function formCondition(value: string, { pattern, refused }: Pick<TextForm, 'pattern' | 'refused'>): string {
  return lightToken((context) => {
    const text = splitAtTokens(value).map((part, index) => index % 2 === 0 ? part : quoted(context.resolve(part))).join('');
    const holds = ({ source }: RegExp) => `can(regex("${source.replace(/\\\//g, '/')}", "${text}"))`;
    return `\${${holds(pattern)}${refused === undefined ? '' : ` && !${holds(refused)}`}}`;
  });
}

/** What a token comes to, as part of a quoted template: an expression, or text. */
function quoted(found: string): string {
  return found.includes('${') ? found : JSON.stringify(found).slice(1, -1);
}
