import { bytes, Case, Measured, megabytes, ratio, requireSame, resourcesOf, seconds, table, times } from '../case';

/** A tenant with more repositories than the inline policy of its role holds. */
export const awsSpill: Case = (bench) => {
  const [library, more, bare] = bench.inTurn([['aws-spill-library', '300'], ['aws-spill-library', '301'], ['aws-spill-bare', '300']]);
  requireSame(library, bare);
  const [before, after] = [resourcesOf(library), resourcesOf(more)];
  const changed = [...after].filter(([address, args]) => JSON.stringify(args) !== JSON.stringify(before.get(address))).length;
  const moved = [...before.keys()].filter((address) => !after.has(address)).length;
  const row = (name: string, run: Measured) => {
    const kinds = [...resourcesOf(run).keys()].map((address) => address.split('.')[0]);
    const policies = kinds.filter((kind) => kind === 'aws_iam_role_policy' || kind === 'aws_iam_policy').length;
    return [name, String(policies), seconds(run.cpu), times(ratio(run, bare, 'cpu')), seconds(run.seconds), megabytes(run.megabytes), bytes(run.bytes), times(run.spread.cpu)];
  };
  return {
    title: 'AWS: one tenant with a grant for each of 300 repositories, past the inline quota',
    lines: [
      ...table(['program', 'policies', 'CPU time', 'to bare', 'time', 'peak memory', 'bytes', 'slowest to fastest'], [
        row('this library, 300 grants', library),
        row('this library, 301 grants', more),
        row('bare bindings, cut by hand', bare),
      ]),
      '',
      `The 301st repository changes ${changed} resource and moves ${moved}.`,
    ],
    targets: [
      { what: '300 grants past the inline quota, CPU time', actual: ratio(library, bare, 'cpu'), atMost: 2 },
      { what: 'resources that one more repository moves', actual: moved, atMost: 0 },
      { what: 'resources that one more repository changes', actual: changed, atMost: 1 },
    ],
  };
};
