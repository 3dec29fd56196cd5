import { bytes, Case, Measured, megabytes, ratio, seconds, table, times } from '../case';

const TENANTS = 1000;

/** One Flux with many tenants, told to Flux as kustomization and manifests, beside the roles of the tenants alone. */
export const installation: Case = (bench) => {
  const [without, whole] = bench.inTurn([['installation', String(TENANTS)], ['installation', String(TENANTS), 'rendered']], Math.ceil(bench.runs / 2));
  const row = (name: string, run: Measured) => [
    name, seconds(run.cpu), times(ratio(run, without, 'cpu')), seconds(run.seconds), megabytes(run.megabytes), times(ratio(run, without, 'megabytes')),
    bytes(run.bytes), times(run.spread.cpu),
  ];
  return {
    title: `One installation with ${bytes(TENANTS)} tenants, construct and synthesize`,
    lines: table(['program', 'CPU time', 'to none', 'time', 'peak memory', 'to none', 'bytes', 'slowest to fastest'], [
      row('the roles of the tenants', without), row('with `FluxInstallation`, tenants, kustomization and manifests', whole),
    ]),
    targets: [{ what: `installation with ${bytes(TENANTS)} tenants, CPU time`, actual: ratio(whole, without, 'cpu'), atMost: 1.25, aim: 1.05 }],
  };
};
