import { randomUUID } from 'crypto';
import { call, Fn, Op, Token } from 'cdktf';
import { callOn, lightToken, onceForEach, PLAIN } from './light-token';
import { lineSafe } from './line-ends';
import { hasToken, splitAtTokens, wholeToken } from './tokens';

/** Unlike in every run, so that no literal can pass for a placeholder; it never reaches the output. */
const MARK = `tf${randomUUID().replace(/-/g, '')}`;
const PLACEHOLDER = new RegExp(`"?${MARK}-(\\d+)-${MARK}"?`, 'g');

type Escape = (literal: string) => string;

/**
 * Text for Terraform (JSON, YAML) whose scalars may hold values that only Terraform knows. Scalars with tokens are held
 * back while the text is serialized, so that quoting and escaping never see them, and put in at the end as
 * `${jsonencode(...)}`: a JSON string is a YAML scalar too, whatever the value turns out to hold.
 */
export class TerraformText {
  private readonly held: string[] = [];

  /**
   * @param escape what literal text becomes: a template's, unless the result is a value inside another text
   * @param inYaml whether the text is YAML, which has more characters that end a line than JSON
   * @param read what a string of the structure means here
   */
  public constructor(
    private readonly escape: Escape = escapeTemplate, private readonly inYaml = false, private readonly read: Escape = (value) => value,
  ) {}

  /** Takes the place of a string in the structure to be serialized. */
  public hold(given: string): string {
    const value = this.read(given);
    return hasToken(value) ? `${MARK}-${this.held.push(value) - 1}-${MARK}` : value;
  }

  /** `hold` on every string of a structure, keys included, and on what is a token as a whole. */
  public holdAll(value: unknown): unknown {
    if (typeof value === 'string') return this.hold(value);
    const token = typeof value === 'object' && value !== null ? wholeToken(value) : undefined;
    if (token !== undefined) return this.hold(Token.asString(token));
    if (Array.isArray(value)) return value.map((item) => this.holdAll(item));
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.hold(key), this.holdAll(item)]));
    }
    return value;
  }

  /** The serialized text as a Terraform template. */
  public template(text: string): string {
    const escaped = this.escape(text);
    if (this.held.length === 0) return escaped;
    const literal = this.escape === escapeTemplate ? hideMarks(escaped) : escaped;
    return literal.replace(PLACEHOLDER, (_, index) => jsonEncoded(this.held[Number(index)], this.escape, this.inYaml));
  }
}

/** JSON as a Terraform template; equal structures give equal text. */
export function jsonTemplate(value: unknown): string {
  return templateOfJson(JSON.stringify(value));
}

/** Serialized JSON as a Terraform template. */
export function templateOfJson(json: string): string {
  if (!hasToken(json)) return escapeTemplate(json);
  return json.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => quoted.includes('{') ? templateOfString(quoted) : quoted);
}

/** A serialized string as a Terraform template. */
function templateOfString(quoted: string): string {
  return hasToken(quoted) ? jsonEncoded(JSON.parse(quoted), escapeTemplate) : hideMarks(escapeTemplate(quoted));
}

/** JSON as a string value: for JSON or YAML that stands inside another text, which escapes it as a whole. */
export function jsonValue(value: unknown): string {
  const text = new TerraformText((literal) => literal);
  return text.template(JSON.stringify(text.holdAll(value)));
}

/** A string for an argument of a resource: its literals are taken as they are. */
export function stringTemplate(value: string): string {
  const parts = splitAtTokens(value);
  if (parts.length === 1) return escapeTemplate(value);
  // Marks at the end of a literal would become one with the token's.
  return parts.map((part, index) => index % 2 === 1 ? part
    : hideMarks(escapeTemplate(part)).replace(/[$%]+$/, (marks) => hidden(`\${"${marks}"}`))).join('');
}

/**
 * A value for an argument of a resource, data source, output or module as the user meant it: every literal in it arrives as that
 * text, in lists, maps and their keys too. Whatever a user wrote goes through here, or through `jsonTemplate` and its relatives,
 * once. (docs/decisions/0005)
 */
export function literal<T>(value: T): T;
export function literal(value: unknown): unknown {
  if (typeof value === 'string') return stringTemplate(value);
  if (typeof value !== 'object' || value === null || wholeToken(value) !== undefined) return value;
  if (Array.isArray(value)) return value.map(literal);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [stringTemplate(key), literal(item)]));
}

/** Literal text as Terraform reads it in a template. */
export function escapeTemplate(text: string): string {
  if (!text.includes('${') && !text.includes('%{')) return text;
  // `$$${` is not `$$` and an escaped `${`: Terraform leaves it as it is. So only the last dollar is escaped, the others are a value.
  return text
    .replace(/%(?=\{)/g, '%%')
    .replace(/\$+(?=\{)/g, (run) => run.length === 1 ? '$$' : `\${"${run.slice(1)}"}$$`);
}

/** What `escapeTemplate` was given. */
export function unescapeTemplate(template: string): string {
  return template
    .replace(/(?:\$\{"(\$+)"\})?\$\$(?=\{)/g, (_, run = '') => `${run}$`)
    .replace(/%%(?=\{)/g, '%');
}

/** The text of a template that holds no value of Terraform's; undefined when it holds one. */
export function literalOf(template: string): string | undefined {
  const text = unescapeTemplate(template);
  return escapeTemplate(text) === template ? text : undefined;
}

/** Beside tokens cdktf takes every `${` for the beginning of an expression and waits for its end: it must not see escaped ones. */
function hideMarks(escaped: string): string {
  return escaped.includes('$${') ? escaped.replace(/\$\$\{/g, () => hidden('$${')) : escaped;
}

/** Text that cdktf writes as it is, and does not look into; between quotes in an expression. */
const hidden = onceForEach((text) => lightToken(({ suppressBraces }) => suppressBraces ? `"${text}"` : text));

/**
 * Characters that a reader of YAML takes for the end of a line, or refuses, though JSON has them between quotes as they are. Go's
 * reader knows U+0085, U+2028 and U+2029 as line ends, in a block of literal text too.
 */
const UNLIKE_JSON = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Text between double quotes, so that YAML reads it as JSON does. */
export function asInJson(quoted: string): string {
  return quoted.replace(UNLIKE_JSON, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The string, which holds tokens, as one JSON string in a Terraform template. */
function jsonEncoded(value: string, escape: Escape, inYaml = false): string {
  const parts = splitAtTokens(value);
  const safe = inYaml ? lineSafe : (encoded: string) => encoded;
  // Terraform functions are broken by quotes, backslashes and template marks in arguments that cdktf writes.
  if (parts.every((part, index) => index % 2 === 1 || PLAIN.test(part))) return safe(jsonEncodedCall(value));
  return `"${parts.map((part, index) => index % 2 === 0 ? asInJson(jsonLiteral(part, escape)) : safe(jsonInner(part))).join('')}"`;
}

const jsonEncodedCall = onceForEach((value) => callOn(value, (argument) => `jsonencode(${argument})`, (argument) => Fn.jsonencode(argument)));

/** A literal as the inside of a JSON string, before or after a token: a last `$` or `%` would become one mark with the token's. */
function jsonLiteral(plain: string, escape: Escape): string {
  const escaped = escape(JSON.stringify(plain).slice(1, -1));
  return (escape === escapeTemplate ? hideMarks(escaped) : escaped).replace(/\$$/, '\\u0024').replace(/%$/, '\\u0025');
}

/**
 * A string as the inside of a JSON string that is written into another text: its literals hold nothing that JSON escapes, and what only
 * Terraform knows is encoded. Each token by itself, because cdktf warns of functions on text around tokens.
 */
export function jsonPart(value: string): string {
  return splitAtTokens(value).map((part, index) => index % 2 === 0 ? part : jsonInner(part)).join('');
}

/** A token as the inside of a JSON string: `jsonencode` without its quotes. */
function jsonInner(token: string): string {
  const encoded = Fn.jsonencode(token);
  return Token.asString(call('substr', [encoded, 1, Op.sub(Fn.lengthOf(encoded), 2)]));
}
