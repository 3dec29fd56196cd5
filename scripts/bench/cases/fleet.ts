import { Case, Measured, median, megabytes, ratio, ratioOf, requireSame, seconds, table, times } from '../case';

/** What a user of `examples/fleet` waits for: 90 clusters on three clouds, with six identities each. */
export const fleet: Case = (bench) => {
  const runs = Math.ceil(bench.runs / 2);
  const [library, bare] = bench.inTurn([['fleet-library'], ['fleet-bare']], runs);
  requireSame(library, bare);
  const [checked, checkedBare] = bench.inTurn([['checked:fleet-library'], ['checked:fleet-bare']], runs);
  const types = bench.compiled(['fleet-library', 'fleet-bare'], bench.runs);
  const synth = bench.synthesized(['fleet-library', 'fleet-bare'], runs);
  const row = (program: string, run: Measured, beside: Measured) => [
    program, seconds(run.whole), times(ratio(run, beside, 'whole')), seconds(run.wall), times(ratio(run, beside, 'wall')),
    megabytes(run.megabytes), times(ratio(run, beside, 'megabytes')),
  ];
  const waited = (command: string, [one, other]: readonly number[][]) => [
    [`${command}: this library`, '', '', seconds(median(one)), times(ratioOf(one, other)), '', ''],
    [`${command}: bare bindings`, '', '', seconds(median(other)), times(1), '', ''],
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
        ...waited('`cdktf synth`, by ts-node with type checks', synth),
        ...waited('`tsc --noEmit`', types),
      ]),
      '',
      'The library writes the 180 files of the repository too; beside the bare bindings somebody has written them by hand.',
    ],
    targets: [
      { what: `${what}, ts-node with type checks, time`, actual: ratio(checked, checkedBare, 'wall'), atMost: 1.1 },
      { what: `${what}, ts-node with type checks, memory`, actual: ratio(checked, checkedBare, 'megabytes'), atMost: 1.1 },
      { what: `${what}, \`cdktf synth\`, time`, actual: ratioOf(synth[0], synth[1]), atMost: 1.1 },
      { what: `${what}, \`tsc --noEmit\`, time`, actual: ratioOf(types[0], types[1]), atMost: 1.1 },
    ],
    bars: [
      { what: 'fleet of 90 clusters, compiled', ratio: ratio(library, bare, 'whole') },
      { what: 'fleet of 90 clusters, ts-node', ratio: ratio(checked, checkedBare, 'whole') },
    ],
  };
};
