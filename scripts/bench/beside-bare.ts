import { Bench, bytes, Measured, megabytes, Report, requireSame, seconds, table, Target, times } from './case';

/** Programs that make many identities, by the library and by the bare bindings. */
export interface Comparison {
  readonly title: string;
  /** What is counted, for example "roles". */
  readonly what: string;
  /** The beginning of the programs' names: `<programs>-library` and `<programs>-bare`, which take the number. */
  readonly programs: string;
  readonly count: number;
}

/** Time, memory and size beside the bare bindings; with four times as many too, where a cost that grows faster than they do shows. */
export function besideBare(bench: Bench, { title, what, programs, count }: Comparison): Report {
  const rows: string[][] = [];
  const targets: Target[] = [];
  const perOne = [count, 4 * count].map((number) => {
    const [library, bare] = bench.inTurn([[`${programs}-library`, String(number)], [`${programs}-bare`, String(number)]]);
    requireSame(library, bare);
    const row = (program: string, run: Measured) => [
      `${bytes(number)} ${what}: ${program}`, seconds(run.seconds), times(run.seconds / bare.seconds),
      megabytes(run.megabytes), times(run.megabytes / bare.megabytes), bytes(run.bytes), times(run.spread.seconds),
    ];
    rows.push(row('this library', library), row('bare bindings', bare));
    targets.push(
      { what: `${bytes(number)} ${what}, time`, actual: library.seconds / bare.seconds, atMost: 1.25, aim: 1.15 },
      { what: `${bytes(number)} ${what}, memory`, actual: library.megabytes / bare.megabytes, atMost: 1.25, aim: 1.15 },
    );
    return library.seconds / number;
  });
  targets.push({ what: `${what}, time for each of ${bytes(4 * count)} to each of ${bytes(count)}`, actual: perOne[1] / perOne[0], atMost: 1.25 });
  return { title, lines: table(['program', 'time', 'to bare', 'peak memory', 'to bare', 'bytes', 'slowest to fastest'], rows), targets };
}
