import { Fn, Op } from 'cdktf';
import { hasToken, splitAtTokens } from './tokens';

/** How long a text is, for limits that a cloud sets. */
export interface TextSize {
  /** Its length with a fixed weight for each token: their text changes length from run to run. */
  readonly estimate: number;
  /** What is known of it now: its length without the tokens. */
  readonly least: number;
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
  return textSize(JSON.stringify(value));
}

/** The `estimate` of a text alone. */
export function estimateOf(text: string): number {
  return hasToken(text) ? textSize(text).estimate : text.length;
}

const ALWAYS = () => undefined;

/** Measures a text. */
export function textSize(text: string): TextSize {
  if (!hasToken(text)) return { estimate: text.length, least: text.length, fits: ALWAYS };
  const parts = splitAtTokens(text);
  const least = parts.reduce((sum, part, index) => index % 2 === 0 ? sum + part.length : sum, 0);
  const tokens = parts.filter((_, index) => index % 2 === 1);
  return {
    estimate: least + tokens.length * TOKEN_WEIGHT,
    least,
    fits: (limit, longest = Infinity) => {
      if (least + tokens.length * longest <= limit) return undefined;
      const counts = new Map<string, number>();
      tokens.forEach((token) => counts.set(token, (counts.get(token) ?? 0) + 1));
      // A flat list: cdktf resolves each level of nested operators twice, so that a chain of additions takes exponential time.
      return Op.lte(Fn.sum([least, ...[...counts].map(([token, times]) => Op.mul(Fn.lengthOf(token), times))]), limit) as any;
    },
  };
}
