import { bytes, Case, megabytes, requireSame, seconds, table, times } from '../case';

/** A program with one role, from the start of `node` to its end. */
export const coldStart: Case = (bench) => {
  const [library, deep, root] = bench.inTurn([['cold-library'], ['cold-deep'], ['cold-root']]);
  requireSame(library, deep);
  const row = (name: string, run: typeof library) => [
    name, seconds(run.wall), times(run.wall / deep.wall), megabytes(run.megabytes), bytes(run.bytes), times(run.spread.wall),
  ];
  return {
    title: 'Cold start: one role, `node` from start to end',
    lines: table(['program', 'time', 'to deep imports', 'peak memory', 'bytes', 'slowest to fastest'], [
      row('this library, imported from its root', library),
      row('bare bindings, deep imports', deep),
      row('bare bindings, root import', root),
    ]),
    targets: [
      { what: 'cold start to deep imports', actual: library.wall / deep.wall, atMost: 1.2, aim: 1.1 },
      { what: 'root imports to cold start', actual: root.wall / library.wall, atLeast: 8 },
    ],
  };
};
