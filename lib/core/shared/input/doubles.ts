/** The first text that stands in a list a second time. */
export function firstDouble(texts: readonly string[]): string | undefined {
  if (texts.length < 2) return undefined;
  const seen = new Set<string>();
  return texts.find((text) => seen.size === seen.add(text).size);
}
