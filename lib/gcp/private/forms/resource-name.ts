import { IConstruct } from 'constructs';
import { checkMarks } from '../../../core/shared/input/options';
import { knownFix, shown, ValidationError } from '../../../core/shared/input/validation-error';
import type { TerraformCheck } from '../../../core/shared/terraform/check';
import { isLate, lateText } from '../../../core/shared/terraform/text-form';
import { hasToken, splitAtTokens } from '../../../core/shared/terraform/tokens';

/** What a resource name must look like where it is accepted. */
export interface NameForm {
  /** What it names, for the error. */
  readonly what: string;
  /** The accepted forms, the fullest first, with `{part}` for what varies. */
  readonly forms: readonly string[];
  /** What each part must be. For Terraform too: no backslashes, no look-around. */
  readonly parts: { readonly [part: string]: RegExp };
  readonly example: string;
  /** Why another value fails at run time. */
  readonly why: string;
  /** The fix for known confusions, where they can be told apart. */
  readonly fixes?: ReadonlyArray<readonly [RegExp, string]>;
}

/** A name that was read: its parts, or undefined when the whole is one token. */
export type NameParts = { readonly [part: string]: string } | undefined;

/** Reads a resource name in one of the forms the provider accepts. Tokens pass, alone or in place of a part: see `lateName`. */
export function parseName(at: IConstruct, value: string, form: NameForm): NameParts {
  checkMarks(at, form.what, value);
  if (typeof value === 'string' && isOneToken(value)) return undefined;
  for (const template of form.forms) {
    const parts = typeof value === 'string' ? match(value, template, form.parts) : undefined;
    if (parts !== undefined) return parts;
  }
  throw new ValidationError(at, {
    given: `${form.what} ${shown(value)}`,
    allowed: `${allowedForms(form)}, for example "${form.example}"; or a token`,
    why: form.why,
    fix: knownFix(form.fixes, value) ?? 'copy it from the resource, or use the `id` of the Terraform resource',
  });
}

/** What Terraform checks of a name with tokens: that the whole is of a form. */
export function lateName(at: IConstruct, value: string, form: NameForm): TerraformCheck[] {
  return hasToken(value) ? lateText(at, value, { what: form.what, pattern: patternOf(form), allowed: allowedForms(form), why: form.why }) : [];
}

/** The fullest name that the parts make. */
export function fullName(parts: { readonly [part: string]: string }, form: NameForm): string {
  const fullest = form.forms.map(segmentsOf).find((segments) => segments.every(({ part }) => part === undefined || part in parts))!;
  return fullest.map(({ text, part }) => part === undefined ? text : parts[part]).join('/');
}

/** What stands between two slashes of a form. */
interface Segment {
  readonly text: string;
  /** What varies, if it does. */
  readonly part?: string;
}

/** The forms cut at their slashes: many names are of few. */
const SEGMENTS = new Map<string, readonly Segment[]>();

function segmentsOf(template: string): readonly Segment[] {
  const segments = SEGMENTS.get(template) ?? template.split('/').map((text) => ({ text, part: /^\{(\w+)\}$/.exec(text)?.[1] }));
  SEGMENTS.set(template, segments);
  return segments;
}

function allowedForms({ forms }: NameForm): string {
  return forms.map((template) => `"${template}"`).join(' or ');
}

/** One pattern for all forms. */
function patternOf({ forms, parts }: NameForm): RegExp {
  const written = forms.map((template) => template.replace(/\{(\w+)\}/g, (_, part) => `(${parts[part].source.replace(/^\^|\$$/g, '')})`));
  return new RegExp(`^(${written.join('|')})$`);
}

function match(value: string, template: string, patterns: { readonly [part: string]: RegExp }): { [part: string]: string } | undefined {
  const given = value.split('/');
  const expected = segmentsOf(template);
  const isOf = ({ text, part }: Segment, index: number) => (part === undefined ? given[index] === text : fits(given[index], patterns[part]));
  if (given.length !== expected.length || !expected.every(isOf)) return undefined;
  const parts: { [part: string]: string } = {};
  expected.forEach(({ part }, index) => {
    if (part !== undefined) parts[part] = given[index];
  });
  return parts;
}

function fits(segment: string, pattern: RegExp): boolean {
  return hasToken(segment) ? isLate(segment) : pattern.test(segment);
}

function isOneToken(value: string): boolean {
  const pieces = splitAtTokens(value);
  return pieces.length === 3 && pieces[0] === '' && pieces[2] === '';
}
