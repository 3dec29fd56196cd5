import { withoutTokens } from './terraform/tokens';

/**
 * By code unit: the same order in every locale. Tokens count as nothing: their text is a number that changes when something
 * else in the program makes a token first. What differs in them only stays in the order it came in.
 */
export function byText(a: string, b: string): number {
  const [left, right] = [withoutTokens(a), withoutTokens(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Sorted by code unit, without duplicates. */
export function sorted(values: readonly string[]): string[] {
  return values.length < 2 ? [...values] : [...new Set(values)].sort(byText);
}

/** The map with its keys in order: the same bytes whatever the order of calls. */
export function byKey<T>(map: { readonly [key: string]: T }): { [key: string]: T } {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => byText(a, b)));
}

/** Constructs in the order of their paths, each once. */
export function byPath<T extends { readonly node: { readonly path: string } }>(constructs: readonly T[]): T[] {
  return [...new Set(constructs)].sort((a, b) => byText(a.node.path, b.node.path));
}
