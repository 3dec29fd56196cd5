import { AccessFileError } from '../access/parse';

/** JSON of a file that holds something else than expected; `how` says how to get the right file. */
export function parseJson(text: string, file: string, how: string): any {
  const refuse = (problem: string): never => {
    throw new AccessFileError(`${file}: ${problem}. ${how}`);
  };
  if (/^\s*eyJ[\w-]+\.[\w-]+\./.test(text)) return refuse('this is a token; keep it to yourself');
  try {
    return JSON.parse(text);
  } catch {
    if (text.trim() === '') return refuse('the file is empty');
    return refuse(/^(---|[\w-]+:(\s|$))/m.test(text) && !/^\s*[[{]/.test(text) ? 'this is YAML' : 'this is no whole JSON document: it was cut off, or is another file');
  }
}

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
