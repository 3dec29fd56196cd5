import { Case, Measured, megabytes, ratio, requireSame, seconds, table, times } from '../case';

/** What a user of `examples/fleet` waits for: 90 clusters on three clouds, with six identities each. */
export const fleet: Case = (bench) => {
  const runs = Math.ceil(bench.runs / 3);
  const [library, bare] = bench.inTurn([['fleet-library'], ['fleet-bare']], runs);
  requireSame(library, bare);
  const [checked, checkedBare] = bench.inTurn([['checked:fleet-library'], ['checked:fleet-bare']], Math.ceil(runs / 2));
  const [types, typesBare] = bench.compiled(['fleet-library', 'fleet-bare'], Math.ceil(runs / 2));
  const row = (program: string, run: Measured, beside: Measured) => [
    program, seconds(run.whole), times(ratio(run, beside, 'whole')), seconds(run.wall), times(ratio(run, beside, 'wall')),
    megabytes(run.megabytes), times(ratio(run, beside, 'megabytes')),
  ];
  const what = 'a fleet of 90 clusters';
  return {
    title: 'A fleet: the 90 clusters of `examples/fleet`, the whole process',
    lines: [
      ...table(['program', 'CPU time', 'to bare', 'time', 'to bare', 'peak memory', 'to bare'], [
        row('compiled: this library', library, bare),
        row('compiled: bare bindings', bare, bare),
        row('ts-node with type checks: this library', checked, checkedBare),
        row('ts-node with type checks: bare bindings', checkedBare, checkedBare),
        ['`tsc --noEmit`: this library', '', '', seconds(types), times(types / typesBare), '', ''],
        ['`tsc --noEmit`: bare bindings', '', '', seconds(typesBare), times(1), '', ''],
      ]),
      '',
      'The library writes the 180 files of the repository too; beside the bare bindings somebody has written them by hand.',
    ],
    targets: [
      { what: `${what}, compiled, CPU time`, actual: ratio(library, bare, 'whole'), atMost: 1.1 },
      { what: `${what}, compiled, memory`, actual: ratio(library, bare, 'megabytes'), atMost: 1.1 },
      { what: `${what}, ts-node with type checks, CPU time`, actual: ratio(checked, checkedBare, 'whole'), atMost: 1.1 },
      { what: `${what}, ts-node with type checks, memory`, actual: ratio(checked, checkedBare, 'megabytes'), atMost: 1.1 },
      { what: `${what}, \`tsc --noEmit\``, actual: types / typesBare, atMost: 1.1 },
    ],
    bars: [
      { what: 'fleet of 90 clusters, compiled', ratio: ratio(library, bare, 'whole') },
      { what: 'fleet of 90 clusters, ts-node', ratio: ratio(checked, checkedBare, 'whole') },
    ],
  };
};
