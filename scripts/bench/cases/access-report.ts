import { bytes, Case, Measured, megabytes, ratio, seconds, table, times } from '../case';

const CLUSTERS = 90;

/** The access report of a fleet: 90 clusters with six identities and 11 grants each, in the app's output. */
export const accessReport: Case = (bench) => {
  const [without, report] = bench.inTurn([['access-fleet', String(CLUSTERS)], ['access-fleet', String(CLUSTERS), 'report']], bench.runs);
  const row = (name: string, run: Measured) => [
    name, seconds(run.cpu), times(ratio(run, without, 'cpu')), seconds(run.seconds), megabytes(run.megabytes), times(ratio(run, without, 'megabytes')),
    bytes(run.bytes), times(run.spread.cpu),
  ];
  return {
    title: `Access report of ${CLUSTERS} clusters, construct and synthesize`,
    lines: table(['program', 'CPU time', 'to none', 'time', 'peak memory', 'to none', 'bytes', 'slowest to fastest'], [
      row('without a report', without), row('with `FluxAccessReport`', report),
    ]),
    targets: [
      { what: 'access report of a fleet, CPU time', actual: ratio(report, without, 'cpu'), atMost: 1.1 },
      { what: 'access report of a fleet, memory', actual: ratio(report, without, 'megabytes'), atMost: 1.1 },
    ],
  };
};
