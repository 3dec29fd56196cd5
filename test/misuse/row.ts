import { TerraformStack } from 'cdktf';
import * as lib from '../../lib';

/** How one public constructor, factory or method is used rightly; `misuse.test.ts` makes the wrong uses of it. */
export interface Row {
  /** What is there before: the identity that a permission is granted to, or the object whose method it is. */
  readonly on?: (stack: TerraformStack) => any;
  /** Arguments that are enough; the last may be options. */
  readonly args: (stack: TerraformStack) => any[];
  /** How many of the last arguments may be left out. */
  readonly spare?: number;
  /** All other options. */
  readonly optional?: (stack: TerraformStack) => { readonly [name: string]: any };
  /** What an option needs beside it, or instead of others; by `no <option>` where it is left out. */
  readonly beside?: (stack: TerraformStack) => { readonly [name: string]: object };
  /** What is done with the result where nothing is checked before: permissions are granted. */
  readonly use?: (result: any, on: any) => unknown;
}

export type Rows = { readonly [name: string]: Row };

/** Rows of permissions, which are granted to an identity. */
export function granted(on: (stack: TerraformStack) => any, rows: Rows): Rows {
  const use = (permission: any, identity: any) => identity.grant('Grant', permission);
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, { on, use, ...row }]));
}

/**
 * Calls what a row is about, everything that it needs made before.
 *
 * @param args other arguments than those of the row
 */
export function call(name: string, row: Row, scope: TerraformStack, args = row.args(scope), on = row.on?.(scope)): any {
  const [type, method] = name.split(/[.#]/);
  const exported = (lib as any)[type];
  const made = name.includes('#') ? on[method](...args) : method === undefined ? new exported(...args) : exported[method](...args);
  return row.use === undefined ? made : row.use(made, on);
}
