import { randomUUID } from 'crypto';
import { call, Fn, Op, Token } from 'cdktf';
import { hasToken, splitAtTokens } from './tokens';

/** Unlike in every run, so that no literal can pass for a placeholder; it never reaches the output. */
const MARK = `tf${randomUUID().replace(/-/g, '')}`;
const PLACEHOLDER = new RegExp(`"?${MARK}-(\\d+)-${MARK}"?`, 'g');

/**
 * Text for Terraform (JSON, YAML) whose scalars may hold values that only Terraform knows. Scalars with tokens are held
 * back while the text is serialized, so that quoting and escaping never see them, and put in at the end as
 * `${jsonencode(...)}`: a JSON string is a YAML scalar too, whatever the value turns out to hold.
 */
export class TerraformText {
  private readonly held: string[] = [];

  /** @param escape what literal text becomes: a template's, unless the result is a value inside another text */
  public constructor(private readonly escape: (literal: string) => string = escapeTemplate) {}

  /** Takes the place of a string in the structure to be serialized. */
  public hold(value: string): string {
    return hasToken(value) ? `${MARK}-${this.held.push(value) - 1}-${MARK}` : value;
  }

  /** `hold` on every string of a structure, keys included. */
  public holdAll(value: unknown): unknown {
    if (typeof value === 'string') return this.hold(value);
    if (Array.isArray(value)) return value.map((item) => this.holdAll(item));
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.hold(key), this.holdAll(item)]));
    }
    return value;
  }

  /** The serialized text as a Terraform template. */
  public template(text: string): string {
    return this.escape(text).replace(PLACEHOLDER, (_, index) => jsonEncoded(this.held[Number(index)], this.escape));
  }
}

/** JSON as a Terraform template; equal structures give equal text. */
export function jsonTemplate(value: unknown): string {
  const text = new TerraformText();
  return text.template(JSON.stringify(text.holdAll(value)));
}

/** JSON as a string value: for JSON or YAML that stands inside another text, which escapes it as a whole. */
export function jsonValue(value: unknown): string {
  const text = new TerraformText((literal) => literal);
  return text.template(JSON.stringify(text.holdAll(value)));
}

/** Literal text as Terraform reads it in a template. */
export function escapeTemplate(text: string): string {
  // `$$${` is not `$$` and an escaped `${`: Terraform leaves it as it is. So only the last dollar is escaped, the others are a value.
  return text
    .replace(/%(?=\{)/g, '%%')
    .replace(/\$+(?=\{)/g, (run) => run.length === 1 ? '$$' : `\${"${run.slice(1)}"}$$`);
}

/** The string, which may hold tokens, as one JSON string in a Terraform template. */
function jsonEncoded(value: string, escape: (literal: string) => string): string {
  const parts = splitAtTokens(value);
  // Terraform functions are broken by quotes, backslashes and template marks in arguments that cdktf writes.
  const literals = parts.filter((_, index) => index % 2 === 0);
  if (literals.every((literal) => /^[^"\\\n\r\t$%]*$/.test(literal))) return Fn.jsonencode(value);
  return `"${parts.map((part, index) => index % 2 === 0 ? escape(JSON.stringify(part).slice(1, -1)) : jsonInner(part)).join('')}"`;
}

/** A token as the inside of a JSON string: `jsonencode` without its quotes. */
function jsonInner(token: string): string {
  const encoded = Fn.jsonencode(token);
  return Token.asString(call('substr', [encoded, 1, Op.sub(Fn.lengthOf(encoded), 2)]));
}

/** How long a text is, for limits that a cloud sets. */
export interface TextSize {
  /** Its length with a fixed weight for each token: their text changes length from run to run. */
  readonly estimate: number;
  /** What is known of it now: its length without the tokens. */
  readonly least: number;
  /** A Terraform condition that holds when the real text fits; undefined when all is known now. */
  fits(limit: number): string | undefined;
}

/** What one token counts for: the length of an ARN with some room. */
const TOKEN_WEIGHT = 128;

/** Measures a structure as compact JSON. */
export function jsonSize(value: unknown): TextSize {
  const parts = splitAtTokens(JSON.stringify(value));
  const literal = parts.reduce((sum, part, index) => index % 2 === 0 ? sum + part.length : sum, 0);
  const tokens = new Map<string, number>();
  parts.forEach((part, index) => { if (index % 2 === 1) tokens.set(part, (tokens.get(part) ?? 0) + 1); });
  const count = [...tokens.values()].reduce((sum, times) => sum + times, 0);
  return {
    estimate: literal + count * TOKEN_WEIGHT,
    least: literal,
    fits: (limit) => {
      if (count === 0) return undefined;
      // Flat, over all tokens at once: cdktf's time to resolve a sum doubles with each term.
      const values = [...tokens].flatMap(([token, times]) => Array<string>(times).fill(token));
      // Never 0, which cdktf loses on the right; no room and less than none come to the same.
      return Op.lte(Fn.lengthOf(Fn.join('', values)), limit - literal || -1) as any;
    },
  };
}
