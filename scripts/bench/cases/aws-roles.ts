import { bytes, Case, Measured, megabytes, requireSame, seconds, table, Target, times } from '../case';

const ISSUERS = [['plain', 'plain issuer'], ['lookup', 'issuer of an EKS lookup']];

/** Many roles with two grants each (pull from ECR, read a bucket): construct and synthesize. */
export const awsRoles: Case = (bench) => {
  const rows: string[][] = [];
  const targets: Target[] = [];
  for (const [issuer, name] of ISSUERS) {
    const perRole: number[] = [];
    for (const count of [1000, 4000]) {
      const [library, bare] = bench.inTurn([['aws-roles-library', String(count), issuer], ['aws-roles-bare', String(count), issuer]]);
      requireSame(library, bare);
      const row = (program: string, run: Measured) => [
        `${bytes(count)} roles, ${name}: ${program}`, seconds(run.seconds), times(run.seconds / bare.seconds),
        megabytes(run.megabytes), times(run.megabytes / bare.megabytes), bytes(run.bytes), times(run.spread.seconds),
      ];
      rows.push(row('this library', library), row('bare bindings', bare));
      perRole.push(library.seconds / count);
      targets.push(
        { what: `${bytes(count)} roles, ${name}, time`, actual: library.seconds / bare.seconds, atMost: 1.25, aim: 1.15 },
        { what: `${bytes(count)} roles, ${name}, memory`, actual: library.megabytes / bare.megabytes, atMost: 1.25, aim: 1.15 },
      );
    }
    targets.push({ what: `${name}, time for each of 4,000 roles to each of 1,000`, actual: perRole[1] / perRole[0], atMost: 1.25 });
  }
  return {
    title: 'AWS: many roles with two grants each, construct and synthesize',
    lines: table(['program', 'time', 'to bare', 'peak memory', 'to bare', 'bytes', 'slowest to fastest'], rows),
    targets,
  };
};
