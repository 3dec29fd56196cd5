import { BY_HAND, computedText, FACTS } from './facts';
import { Attribute, Schema, schemaOf } from './schema';

/**
 * How a state has what nobody set. Right after an apply it is null; after the next refresh providers of the older kind have written what their
 * cloud answered: empty texts, false, 0, empty maps. Sets come in any order; OpenTofu names another registry.
 */
export type Form = 'applied' | 'refreshed';

export const FORMS: readonly Form[] = ['applied', 'refreshed'];

/** What a provider makes of the arguments that it was given: blocks are lists, and some values are written otherwise. */
export function asWritten(type: string, values: any): any {
  const schema = schemaOf(type);
  const blocks = Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, inBlocks(schema?.get(name), value)]));
  const plain = type.replace(/^data\./, '');
  return { ...blocks, ...FACTS[plain]?.written?.(blocks), ...type.startsWith('data.') ? withoutOtherNames(plain, blocks) : {} };
}

/** Data sources keep what they were asked by. */
function withoutOtherNames(type: string, values: any): object {
  return type === 'aws_iam_openid_connect_provider' || values.id === undefined ? {} : { id: values.id };
}

function inBlocks(attribute: Attribute | undefined, value: any): any {
  const { kind, nested } = attribute ?? {};
  if (nested === undefined || value === null || value === undefined || !['blocks', 'block set'].includes(kind!)) return value;
  const entriesOf = (block: any) => Object.entries(block ?? {}).map(([name, item]) => [name, inBlocks(nested.get(name), item)]);
  return [value].flat().map((block) => Object.fromEntries(entriesOf(block)));
}

/** All attributes of a resource, as `terraform show -json` has them; what is there stays as it is. */
export function filled(type: string, values: any, address: string, form: Form): { values: any; sensitive: any } {
  const plain = type.replace(/^data\./, '');
  const facts = FACTS[plain] ?? {};
  const schema = schemaOf(type);
  const isOpen = (name: string) => schema?.has(name) && (values[name] ?? undefined) === undefined;
  const defaults = Object.fromEntries(Object.entries(facts.filled ?? {}).filter(([name]) => isOpen(name)));
  const byHand = Object.fromEntries((BY_HAND[plain] ?? []).map((name) => [name, null]));
  const all = schema === undefined ? { ...byHand, ...values }
    : complete(schema, { ...values, ...defaults }, { type: plain, address, form: facts.framework ? 'applied' : form });
  return { values: all, sensitive: marks(all, facts.sensitive ?? []) };
}

interface At {
  readonly type: string;
  readonly address: string;
  readonly form: Form;
}

function complete(schema: Schema, values: any, at: At): any {
  const missing = [...schema].filter(([name]) => values[name] === undefined || values[name] === null)
    .map(([name, attribute]) => [name, nothingOf(name, attribute, at)]);
  const given = Object.entries<any>(values).filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => [name, inside(schema.get(name), value, at)]);
  return Object.fromEntries([...given, ...missing].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function inside(attribute: Attribute | undefined, value: any, at: At): any {
  const { kind, nested } = attribute ?? {};
  const each = nested === undefined || !Array.isArray(value) ? value : value.map((block) => complete(nested, block ?? {}, at));
  // A set has no order: states have them by the hash of what is in them.
  return ['set', 'block set'].includes(kind!) && Array.isArray(each) && at.form === 'refreshed' ? [...each].reverse() : each;
}

function nothingOf(name: string, { kind, computed }: Attribute, { type, address, form }: At): any {
  if (['blocks', 'block set'].includes(kind)) return [];
  if (kind === 'object' || kind === 'object map') return null;
  if (name === 'id' || (computed && kind === 'text')) return computedText(type, name, address);
  if (computed) return EMPTY[kind];
  return form === 'applied' ? null : EMPTY[kind];
}

const EMPTY: { readonly [kind: string]: unknown } = { text: '', number: 0, boolean: false, map: {}, list: [], set: [] };

/** `sensitive_values`: the structure of the values, and true where one is sensitive. */
function marks(values: any, sensitive: readonly string[]): any {
  const structure = (value: any): any => Array.isArray(value) ? value.map(structure)
    : value === null || typeof value !== 'object' ? false
      : Object.fromEntries(Object.entries(value).map(([key, item]): [string, any] => [key, structure(item)]).filter(([, item]) => item !== false));
  return Object.fromEntries(Object.entries<any>(values)
    .map(([name, value]) => [name, sensitive.includes(name) && value !== null ? true : structure(value)])
    .filter(([, item]) => item !== false));
}
