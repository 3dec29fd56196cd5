import { bytes, Case, megabytes, ratio, requireSame, seconds, table, times } from '../case';

/** A program with one role, from the start of `node` to its end. */
export const coldStart: Case = (bench) => {
  const [library, deep] = bench.inTurn([['cold-library'], ['cold-deep']]);
  const [root] = bench.inTurn([['cold-root']], Math.ceil(bench.runs / 3));
  requireSame(library, deep);
  const row = (name: string, run: typeof library) => [
    name, seconds(run.whole), times(ratio(run, deep, 'whole')), seconds(run.wall), times(ratio(run, deep, 'wall')), megabytes(run.megabytes),
    bytes(run.bytes), times(run.spread.wall),
  ];
  return {
    title: 'Cold start: one role, `node` from start to end',
    lines: table(['program', 'CPU time', 'to deep imports', 'time', 'to deep imports', 'peak memory', 'bytes', 'slowest to fastest'], [
      row('this library, imported from its root', library),
      row('bare bindings, deep imports', deep),
      row('bare bindings, root import', root),
    ]),
    targets: [
      { what: 'cold start to deep imports', actual: ratio(library, deep, 'wall'), atMost: 1.2, aim: 1.06 },
      { what: 'cold start to deep imports, CPU time', actual: ratio(library, deep, 'whole'), atMost: 1.2, aim: 1.06 },
      { what: 'root imports to cold start', actual: root.wall / library.wall, atLeast: 8 },
    ],
  };
};
