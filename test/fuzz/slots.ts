import { TerraformElement, TerraformStack, TerraformVariable } from 'cdktf';
import { end } from './ends';
import { Observed, observe } from './observe';
import { call, Row } from '../misuse/row';
import { ROWS } from '../misuse/rows';
import { stack } from '../support';

/** A place where users put text: an argument, an option, an item, a value or a key of a map. */
export interface Slot {
  /** As the table calls it: `FluxIrsaRole(tags.team)`, `EcrPermissions.pull[0]`, `~` before the key of a map. */
  readonly name: string;
  readonly row: string;
  /** The option that must be set to have it, beside those that the row always has. */
  readonly option?: string;
  /** Where it is from the arguments on; a key is said by `isKey`. */
  readonly path: readonly (string | number)[];
  readonly isKey: boolean;
  /** The text that the row has there. */
  readonly sample: string;
}

/** The mark that stands in a slot for a text that anybody takes. */
export const MARK = 'kq7xv';

/** Options that are maps whose keys are the user's. */
const MAPS = ['tags', 'labels', 'keepers', 'encryptionContext', 'conditions', 'StringEquals'];

/** Every slot of everything that users can call. */
export const SLOTS: readonly Slot[] = Object.entries(ROWS).flatMap(([row, made]) => slotsOf(row, made));

/** Ids are checked alike everywhere, and the scope is no text. */
function slotsOf(row: string, made: Row): Slot[] {
  const scope = stack();
  const args = made.args(scope);
  const last = args.length - 1;
  const optional = made.optional?.(scope) ?? {};
  const start = args[0] instanceof TerraformStack ? args.length - 1 : row.endsWith('#grant') ? 1 : 0;
  return [
    ...args.flatMap((arg, index) => index < start ? [] : textsIn(arg, [index]))
      .filter(({ path }) => !(path[0] === last && String(path[1]) in optional)),
    ...Object.entries(optional).flatMap(([option, value]) => textsIn(value, [last, option]).map((slot) => ({ ...slot, option }))),
  ].map((slot) => ({ ...slot, row, name: `${row}${nameOf(slot.path, isObject(args[slot.path[0] as number]))}${slot.isKey ? '~' : ''}` }));
}

function textsIn(value: unknown, path: (string | number)[]): { path: (string | number)[]; isKey: boolean; sample: string }[] {
  if (typeof value === 'string') return [{ path, isKey: false, sample: value }];
  if (Array.isArray(value)) return value.length === 0 ? [] : textsIn(value[0], [...path, 0]);
  if (!isObject(value)) return [];
  const keys = MAPS.includes(String(path[path.length - 1])) ? Object.keys(value).slice(0, 1) : [];
  const map = keys.map((key) => ({ path: [...path, key], isKey: true, sample: key }));
  return [...map, ...Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]))];
}

function nameOf([first, ...rest]: readonly (string | number)[], isOptions: boolean): string {
  const said = rest.map((part) => typeof part === 'number' ? '[]' : `.${part}`).join('');
  return isOptions ? `(${said.slice(1)})` : `[${first}]${said}`;
}

/** What came out of a call with a text in a slot. */
export type Outcome =
  | { readonly kind: 'refused'; readonly error: Error }
  | { readonly kind: 'crashed'; readonly error: Error }
  | { readonly kind: 'accepted'; readonly observed: Observed };

/** Puts a value into a slot, and sees what comes of it. `make` gives it for the stack, as values that only Terraform knows need. */
export function put(slot: Slot, make: (scope: TerraformStack) => unknown): Outcome {
  return outcomeOf(slot.row, slot.option, (args, scope) => set(args, slot, make(scope)));
}

/** The same with a whole argument or option, whatever its type. */
export function putWhole(row: string, index: number, option: string | undefined, make: (sample: unknown, scope: TerraformStack) => unknown): Outcome {
  return outcomeOf(row, option, (args, scope) => {
    if (option === undefined) args[index] = make(args[index], scope);
    else args[index][option] = make(args[index][option], scope);
  });
}

function outcomeOf(name: string, option: string | undefined, change: (args: any[], scope: TerraformStack) => void): Outcome {
  const scope = stack();
  const row = ROWS[name];
  try {
    const on = row.on?.(scope);
    const args = row.args(scope).map(copied);
    const optional = row.optional?.(scope) ?? {};
    if (option !== undefined && option in optional) {
      const last = args.length - 1;
      Object.assign(args[last], { [option]: copied(optional[option]) }, row.beside?.(scope)[option]);
    }
    change(args, scope);
    const made = call(name, row, scope, args, on);
    end(name, made, scope, on);
    return { kind: 'accepted', observed: observe(scope, made) };
  } catch (error: any) {
    return { kind: error?.name === 'ValidationError' ? 'refused' : 'crashed', error };
  }
}

/** A value that only Terraform knows. */
export function variable(scope: TerraformStack): string {
  const made = (scope.node.tryFindChild('fuzz') ?? new TerraformVariable(scope, 'fuzz', { type: 'string' })) as TerraformVariable;
  return made.stringValue;
}

/** Where a slot takes `MARK`: alone, or at some place of its sample; undefined when it takes only what it knows. */
export function probe(slot: Slot): string | undefined {
  const { sample } = slot;
  const cuts = [...sample.matchAll(/(?<=[a-z0-9])(?=[^A-Za-z0-9]|$)|$/g)].map(({ index }) => index).reverse();
  const around = sample.length > 300 ? [] : cuts.map((cut) => sample.slice(0, cut) + MARK + sample.slice(cut));
  return [MARK, ...around, `https://${MARK}.example.com`, `${MARK}/`].find((text) => put(slot, () => text).kind === 'accepted');
}

function set(args: any[], { path, isKey }: Slot, value: any) {
  const parent = path.slice(0, -1).reduce((at: any, part) => at[part], args);
  const key = path[path.length - 1];
  if (!isKey) {parent[key] = value;} else {
    const item = parent[key];
    delete parent[key];
    // Whatever is no text is a key as its text would be.
    Object.defineProperty(parent, typeof value === 'string' ? value : Object.prototype.toString.call(value), { value: item, enumerable: true, configurable: true, writable: true });
  }
}

/** So that no sample changes. */
export function copied(value: any): any {
  if (Array.isArray(value)) return value.map(copied);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item)])) : value;
}

export function isObject(value: any): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !TerraformElement.isTerraformElement(value) && Object.getPrototypeOf(value) === Object.prototype;
}
