import { call, Fn, Op, Token } from 'cdktf';
import { callOn, PLAIN } from './light-token';
import { hasToken, onceForEach, splitAtTokens } from './tokens';

/**
 * Text for Terraform (JSON, YAML) whose scalars may hold values that only Terraform knows. Scalars with tokens are held
 * back while the text is serialized, so that quoting and escaping never see them, and put in at the end as
 * `${jsonencode(...)}`: a JSON string is a YAML scalar too, whatever the value turns out to hold.
 */
export class TerraformText {
  private readonly held: string[] = [];

  /** Takes the place of a string in the structure to be serialized. */
  public hold(value: string): string {
    // Text that looks like a placeholder must not be taken for one.
    return hasToken(value) || value.includes('tfvalue-') ? `tfvalue-${this.held.push(value) - 1}-tfvalue` : value;
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
    return escapeTemplate(text).replace(/"?tfvalue-(\d+)-tfvalue"?/g, (_, index) => jsonEncoded(this.held[Number(index)]));
  }
}

/** JSON as a Terraform template; equal structures give equal text. */
export function jsonTemplate(value: unknown): string {
  return jsonText(value).template();
}

/** A structure as JSON: how long it is, and the Terraform template, worked out when it is asked for. */
export interface JsonText {
  readonly size: TextSize;
  template(): string;
}

/** `jsonTemplate` and `jsonSize` of one structure, serialized once. */
export function jsonText(value: unknown): JsonText {
  const json = JSON.stringify(value);
  return {
    size: sizeOf(json),
    template: () => {
      if (!hasToken(json)) return escapeTemplate(json);
      return json.replace(/"(?:[^"\\]|\\.)*"/g, (literal) => hasToken(literal) ? jsonEncoded(JSON.parse(literal)) : escapeTemplate(literal));
    },
  };
}

/** Literal text as Terraform reads it in a template. */
export function escapeTemplate(text: string): string {
  if (!text.includes('${') && !text.includes('%{')) return text;
  // `$$${` is not `$$` and an escaped `${`: Terraform leaves it as it is. So only the last dollar is escaped, the others are a value.
  return text
    .replace(/%(?=\{)/g, '%%')
    .replace(/\$+(?=\{)/g, (run) => run.length === 1 ? '$$' : `\${"${run.slice(1)}"}$$`);
}

/** The string, which may hold tokens, as one JSON string in a Terraform template. */
const jsonEncoded = onceForEach((value) => {
  const parts = splitAtTokens(value);
  if (parts.length === 1) return escapeTemplate(JSON.stringify(value));
  // Terraform functions are broken by quotes, backslashes and template marks in arguments that cdktf writes.
  if (parts.every((part, index) => index % 2 === 1 || PLAIN.test(part))) {
    return callOn(value, (argument) => `jsonencode(${argument})`, () => Fn.jsonencode(value));
  }
  return `"${parts.map((part, index) => index % 2 === 0 ? escapeTemplate(JSON.stringify(part).slice(1, -1)) : jsonInner(part)).join('')}"`;
});

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
  /** Whether it holds no token, so that both are its length. */
  readonly known: boolean;
  /**
   * A Terraform condition that holds when the real text fits; undefined when that is known now.
   *
   * @param longest what a token's value has at most, where the cloud bounds it
   */
  fits(limit: number, longest?: number): string | undefined;
}

/** What one token counts for: the length of an ARN with some room. */
const TOKEN_WEIGHT = 128;

/** Measures a structure as compact JSON. */
export function jsonSize(value: unknown): TextSize {
  return sizeOf(JSON.stringify(value));
}

function sizeOf(json: string): TextSize {
  const parts = splitAtTokens(json);
  if (parts.length === 1) return { estimate: json.length, least: json.length, known: true, fits: () => undefined };
  const literal = parts.reduce((sum, part, index) => index % 2 === 0 ? sum + part.length : sum, 0);
  const tokens = new Map<string, number>();
  parts.forEach((part, index) => { if (index % 2 === 1) tokens.set(part, (tokens.get(part) ?? 0) + 1); });
  const count = [...tokens.values()].reduce((sum, times) => sum + times, 0);
  return {
    estimate: literal + count * TOKEN_WEIGHT,
    least: literal,
    known: false,
    fits: (limit, longest = Infinity) => {
      if (literal + count * longest <= limit) return undefined;
      const length = [...tokens].reduce<any>((sum, [token, times]) => Op.add(sum, Op.mul(Fn.lengthOf(token), times)), literal);
      return Op.lte(length, limit) as any;
    },
  };
}
