import { call, Fn, Lazy, Op, Token } from 'cdktf';
import { hasToken, splitAtTokens } from './tokens';

/**
 * Text for Terraform (JSON, YAML) whose scalars may hold values that only Terraform knows. Scalars with tokens are held
 * back while the text is serialized, so that quoting and escaping never see them, and put in at the end as
 * `${jsonencode(...)}`: a JSON string is a YAML scalar too, whatever the value turns out to hold.
 */
export class TerraformText {
  private readonly held: string[] = [];

  /** Takes the place of a string in the structure to be serialized. */
  public hold(value: string): string {
    return hasToken(value) ? `tfvalue-${this.held.push(value) - 1}-tfvalue` : value;
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
    const template = escapeTemplate(text).replace(/"?tfvalue-(\d+)-tfvalue"?/g, (_, index) => jsonEncoded(this.held[Number(index)]));
    return this.held.length === 0 ? template : template.replace(/\$\$\{(?!TfToken\[)/g, escapedMark);
  }
}

/** A string for an argument of a resource: its literals are taken as they are. */
export function stringTemplate(value: string): string {
  const parts = splitAtTokens(value);
  if (parts.length === 1) return escapeTemplate(value);
  return parts.map((part, index) => index % 2 === 1 ? part : escapeTemplate(part)
    .replace(/\$\$\{/g, escapedMark)
    // At the end they would become one mark with the token's.
    .replace(/[$%]+$/, (marks) => hidden(`\${"${marks}"}`))).join('');
}

const HIDDEN = new Map<string, string>();

/** Text that cdktf writes as it is, and does not look into. */
function hidden(text: string): string {
  if (!HIDDEN.has(text)) HIDDEN.set(text, Lazy.stringValue({ produce: () => text }));
  return HIDDEN.get(text)!;
}

/** `$${`: beside tokens cdktf takes every `${` for the beginning of an expression and waits for its end. */
function escapedMark(): string {
  return hidden('$${');
}

/** JSON as a Terraform template; equal structures give equal text. */
export function jsonTemplate(value: unknown): string {
  const text = new TerraformText();
  return text.template(JSON.stringify(text.holdAll(value)));
}

/** Literal text as Terraform reads it in a template. */
export function escapeTemplate(text: string): string {
  return text.replace(/\$(?=\{)/g, '$$$$').replace(/%(?=\{)/g, '%%');
}

/** The string, which holds tokens, as one JSON string in a Terraform template. */
function jsonEncoded(value: string): string {
  const parts = splitAtTokens(value);
  // Terraform functions are broken by quotes, backslashes and template marks in arguments that cdktf writes.
  const literals = parts.filter((_, index) => index % 2 === 0);
  if (literals.every((literal) => /^[^"\\\n\r\t$%]*$/.test(literal))) return Fn.jsonencode(value);
  return `"${parts.map((part, index) => index % 2 === 0 ? jsonLiteral(part) : jsonInner(part)).join('')}"`;
}

/** A literal as the inside of a JSON string, before or after a token: a last `$` or `%` would become one mark with the token's. */
function jsonLiteral(literal: string): string {
  return escapeTemplate(JSON.stringify(literal).slice(1, -1)).replace(/\$$/, '\\u0024').replace(/%$/, '\\u0025');
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
    fits: (limit) => {
      if (count === 0) return undefined;
      const length = [...tokens].reduce<any>((sum, [token, times]) => Op.add(sum, Op.mul(Fn.lengthOf(token), times)), literal);
      return Op.lte(length, limit) as any;
    },
  };
}
