import { bytes, Case, Measured, megabytes, seconds, table, times } from '../case';

const CLUSTERS = 90;

/** The access report of a fleet: 90 clusters with six identities and 11 grants each, in the app's output. */
export const accessReport: Case = (bench) => {
  const [without, report] = bench.inTurn([['access-fleet', String(CLUSTERS)], ['access-fleet', String(CLUSTERS), 'report']]);
  const row = (name: string, run: Measured) => [
    name, seconds(run.seconds), times(run.seconds / without.seconds), megabytes(run.megabytes), times(run.megabytes / without.megabytes),
    bytes(run.bytes), times(run.spread.seconds),
  ];
  return {
    title: `Access report of ${CLUSTERS} clusters, construct and synthesize`,
    lines: table(['program', 'time', 'to none', 'peak memory', 'to none', 'bytes', 'slowest to fastest'], [
      row('without a report', without), row('with `FluxAccessReport`', report),
    ]),
    targets: [
      { what: 'access report of a fleet, time', actual: report.seconds / without.seconds, atMost: 1.1 },
      { what: 'access report of a fleet, memory', actual: report.megabytes / without.megabytes, atMost: 1.1 },
    ],
  };
};
