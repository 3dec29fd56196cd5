/** Text, where there is one. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A list, whether it is one, one thing, or nothing. */
export function listOf(value: unknown): any[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

/** JSON in an attribute; undefined where it is none. */
export function parseObject(text: unknown): any {
  try {
    return typeof text === 'string' ? withoutNulls(JSON.parse(text)) : undefined;
  } catch {
    return undefined;
  }
}

/** The same without nulls, which say no more than nothing. */
export function withoutNulls(value: any): any {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (value === null || typeof value !== 'object') return value ?? undefined;
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => item === null ? [] : [[key, withoutNulls(item)]]));
}
