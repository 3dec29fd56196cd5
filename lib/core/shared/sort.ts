import { TOKEN } from './tokens';

/** By code unit: the same order in every locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Sorted by code unit, without duplicates. */
export function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort(byText);
}

/**
 * An order of texts in which tokens may stand. How cdktf numbers tokens depends on everything that was made before, so they
 * are taken by where they were first seen, and come after everything else.
 */
export class TextOrder {
  private readonly places = new Map<string, string>();

  /** What a text is compared by. */
  public key(text: string): string {
    if (!text.includes('${TfToken[')) return text;
    return text.replace(TOKEN, (token) => {
      if (!this.places.has(token)) this.places.set(token, `\uffff${String(this.places.size).padStart(9, '0')}`);
      return this.places.get(token)!;
    });
  }

  /** Sorted, without duplicates. */
  public sorted(values: readonly string[]): string[] {
    return [...new Set(values)].map((value) => ({ value, key: this.key(value) })).sort((a, b) => byText(a.key, b.key)).map(({ value }) => value);
  }
}

/** The map with its keys in order: the same bytes whatever the order of calls. */
export function byKey<T>(map: { readonly [key: string]: T }): { [key: string]: T } {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => byText(a, b)));
}

/** Constructs in the order of their paths, each once. */
export function byPath<T extends { readonly node: { readonly path: string } }>(constructs: readonly T[]): T[] {
  return [...new Set(constructs)].sort((a, b) => byText(a.node.path, b.node.path));
}
