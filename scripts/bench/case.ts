import { Reading } from './programs/probe';

/** One run of a program in a fresh process. */
export interface Run extends Reading {
  /** Seconds from the start of the process to its end. */
  readonly wall: number;
  /** What it synthesized: the `cdk.tf.json` of its stacks, by their names. */
  readonly stacks: { readonly [stack: string]: any };
}

/** What is measured of a run. */
export type Measure = 'seconds' | 'cpu' | 'whole' | 'wall' | 'megabytes';

/** The middle of several runs, and how far they were apart. */
export interface Measured extends Run {
  /** All runs, in the order of turns. */
  readonly runs: readonly Run[];
  /** Most over least of the runs: the noise of the machine. */
  readonly spread: { readonly [measure in Measure]: number };
}

/** What cases measure with. */
export interface Bench {
  /** Runs of each program, unless a case asks for fewer. */
  readonly runs: number;
  /**
   * Runs programs in turn, one after the other and then again, so that a busy moment hits all alike.
   *
   * @param commands name of a program in `programs/`, then its arguments; with `ts:` before it, its source is run under the hooks of ts-node,
   * with `checked:` as ts-node does by itself, types checked
   */
  inTurn(commands: readonly string[][], runs?: number): Measured[];
  /** Seconds that `tsc --noEmit` takes for programs, in turn: of each program its runs. */
  compiled(programs: readonly string[], runs: number): number[][];
  /** The same of `cdktf synth`, which runs them by ts-node, types checked. */
  synthesized(programs: readonly string[], runs: number): number[][];
}

/** A number that has to stay on one side of another. */
export interface Target {
  readonly what: string;
  readonly actual: number;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Where it should be. */
  readonly aim?: number;
}

/** A bar of the plot. */
export interface Bar {
  readonly what: string;
  /** CPU time to that of the bare bindings. */
  readonly ratio: number;
}

/** A table and what it is held to. */
export interface Report {
  readonly bars?: readonly Bar[];
  readonly title: string;
  readonly lines: string[];
  readonly targets: Target[];
}

/** One file in `cases/`, listed in `main.ts`. */
export type Case = (bench: Bench) => Report;

/** The middle of values. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** How much more one program takes than the other: the middle of the pairs that ran one after the other. */
export function ratio(one: Measured, other: Measured, measure: Measure): number {
  return ratioOf(one.runs.map((run) => run[measure]), other.runs.map((run) => run[measure]));
}

/** The same of seconds. */
export function ratioOf(one: readonly number[], other: readonly number[]): number {
  return median(one.map((run, turn) => run / other[turn]));
}

/** A table in Markdown, its columns aligned so that it reads well in a terminal too. */
export function table(header: string[], rows: string[][]): string[] {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column].length)));
  const line = (cells: string[]) => `| ${cells.map((cell, column) => column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])).join(' | ')} |`;
  return [
    line(header),
    `|${widths.map((width, column) => column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`).join('|')}|`,
    ...rows.map(line),
  ];
}

export const seconds = (value: number) => `${value.toFixed(value < 10 ? 3 : 1)} s`;
export const megabytes = (value: number) => `${value.toFixed(0)} MB`;
export const bytes = (value: number) => value.toLocaleString('en-US');
export const times = (value: number) => `${value.toFixed(2)}x`;

/** The resources and data sources of all stacks: address, the stack before it where there are several, then arguments. */
export function resourcesOf({ stacks }: Pick<Run, 'stacks'>): Map<string, any> {
  const names = Object.keys(stacks);
  return new Map(names.flatMap((name) => [...resourcesIn(stacks[name])].map(([address, args]) => [names.length === 1 ? address : `${name} ${address}`, args])));
}

function resourcesIn(json: any): Map<string, any> {
  const found = new Map<string, any>();
  for (const [prefix, kinds] of [['', json.resource], ['data.', json.data]] as const) {
    for (const [type, byId] of Object.entries<any>(kinds ?? {})) {
      for (const [id, { '//': _, ...args }] of Object.entries<any>(byId)) found.set(`${prefix}${type}.${id}`, args);
    }
  }
  return found;
}

/** Refuses to compare programs that do not make the same: equal addresses, equal arguments once `jsonencode` of one value is a quoted value. */
export function requireSame(library: Measured, bare: Measured): void {
  const text = (run: Measured) => JSON.stringify([...resourcesOf(run)].sort()).replace(/\$\{jsonencode\(\\*"(.*?):(aud|sub)\\*"\)\}/g, '\\"$1:$2\\"')
    .replace(/\$\{jsonencode\(([\w.]+)\)\}/g, '\\"${$1}\\"');
  if (text(library) !== text(bare)) throw new Error('The programs do not make the same resources: the comparison would mean nothing.');
}
