import { Bar, Bench, bytes, Measured, megabytes, ratio, Report, requireSame, seconds, table, Target, times } from './case';

/** Programs that make many identities, by the library and by the bare bindings. */
export interface Comparison {
  readonly title: string;
  /** What is counted, for example "roles". */
  readonly what: string;
  /** The beginning of the programs' names: `<programs>-library` and `<programs>-bare`, which take the number. */
  readonly programs: string;
  /** What they take after the number. */
  readonly options?: readonly string[];
  readonly count: number;
  /** Where the CPU time should be. */
  readonly aim: number;
  /** Run from their sources, under the hooks of ts-node. */
  readonly underTsNode?: boolean;
}

/** Time, memory and size beside the bare bindings; with four times as many too, where a cost that grows faster than they do shows. */
export function besideBare(bench: Bench, { title, what, programs, options = [], count, aim, underTsNode = false }: Comparison): Report {
  const rows: string[][] = [];
  const targets: Target[] = [];
  const bars: Bar[] = [];
  const measured = (underTsNode ? [count] : [count, 4 * count]).map((number) => {
    const name = `${underTsNode ? 'ts:' : ''}${programs}`;
    const pair = [[`${name}-library`, String(number), ...options], [`${name}-bare`, String(number), ...options]];
    // Long runs are steadier: a third of them will do.
    const [library, bare] = number === count ? bench.inTurn(pair) : bench.inTurn(pair, Math.ceil(bench.runs / 3));
    requireSame(library, bare);
    const row = (program: string, run: Measured) => [
      `${bytes(number)} ${what}: ${program}`, seconds(run.cpu), times(ratio(run, bare, 'cpu')), seconds(run.seconds), times(ratio(run, bare, 'seconds')),
      megabytes(run.megabytes), times(ratio(run, bare, 'megabytes')), bytes(run.bytes), times(run.spread.cpu),
    ];
    rows.push(row('this library', library), row('bare bindings', bare));
    const cpu = ratio(library, bare, 'cpu');
    bars.push({ what: `${bytes(number)} ${what}`, ratio: cpu });
    targets.push(
      { what: `${bytes(number)} ${what}, CPU time`, actual: cpu, atMost: 1.25, aim },
      { what: `${bytes(number)} ${what}, memory`, actual: ratio(library, bare, 'megabytes'), atMost: 1.25, aim: 1.15 },
    );
    return { cpu, perOne: library.cpu / number };
  });
  if (measured.length === 2) {
    const [one, four] = measured;
    targets.push(
      { what: `${what}, four times as many, more to bare`, actual: four.cpu - one.cpu, atMost: 0.05 },
      { what: `${what}, CPU time for each of ${bytes(4 * count)} to each of ${bytes(count)}`, actual: four.perOne / one.perOne, atMost: 1.25 },
    );
  }
  return { title, lines: table(['program', 'CPU time', 'to bare', 'time', 'to bare', 'peak memory', 'to bare', 'bytes', 'slowest to fastest'], rows), targets, bars };
}
