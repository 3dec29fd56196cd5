import { Tokenization } from 'cdktf';
import { isPlain } from './validation-error';

/**
 * What was given, as it is now. Lists and plain objects are the caller's, who may fill the same ones for the next call; constructs, tokens
 * and values of classes stay what they are.
 */
export function kept<T>(value: T): T;
export function kept(value: unknown): unknown {
  return typeof value === 'object' ? copyOf(value, new Map()) : value;
}

/** @param known copies by what they are of: an object may hold itself */
function copyOf(value: unknown, known: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (known.has(value)) return known.get(value);
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    known.set(value, list);
    for (const item of value) list.push(copyOf(item, known));
    return list;
  }
  if (!isPlain(value) || Tokenization.isResolvable(value)) return value;
  const map: { [key: string]: unknown } = {};
  known.set(value, map);
  for (const [key, item] of Object.entries(value)) {
    const copy = copyOf(item, known);
    if (key === '__proto__') Object.defineProperty(map, key, { value: copy, enumerable: true, configurable: true, writable: true });
    else map[key] = copy;
  }
  return map;
}
