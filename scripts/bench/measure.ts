import { spawnSync } from 'child_process';
import { readFileSync, rmSync } from 'fs';
import { join } from 'path';
import { Bench, Measure, Measured, median, Run } from './case';

const MEASURES: Measure[] = ['seconds', 'cpu', 'wall', 'megabytes'];

/** How ts-node runs a program's source, types left out. */
const TS_NODE = {
  TS_NODE_TRANSPILE_ONLY: 'true', TS_NODE_SKIP_PROJECT: 'true', TS_NODE_COMPILER_OPTIONS: '{"module":"commonjs","target":"es2022","esModuleInterop":true}',
};

/** Measures the programs of a compiled package. */
export function benchOf(folder: string, usual: number): Bench {
  const programs = join(folder, 'scripts', 'bench', 'programs');
  const node = (args: string[], env: NodeJS.ProcessEnv = {}) => {
    const start = process.hrtime.bigint();
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder, env: { PATH: process.env.PATH, ...env } });
    const wall = Number(process.hrtime.bigint() - start) / 1e9;
    if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stdout}${stderr}`);
    return { wall, stdout };
  };
  const once = ([program, ...args]: string[]): Run => {
    const outdir = join(folder, 'cdktf.out');
    rmSync(outdir, { recursive: true, force: true });
    const source = program.startsWith('ts:') ? join(`${programs}-ts`, `${program.slice('ts:'.length)}.ts`) : undefined;
    const { wall, stdout } = source === undefined ? node([join(programs, `${program}.js`), ...args], { CDKTF_OUTDIR: outdir })
      : node(['-r', 'ts-node/register', source, ...args], { CDKTF_OUTDIR: outdir, ...TS_NODE });
    const json = JSON.parse(readFileSync(join(outdir, 'stacks', 'Bench', 'cdk.tf.json'), 'utf8'));
    return { ...JSON.parse(stdout.trim().split('\n').pop()!), wall, json };
  };
  return {
    runs: usual,
    inTurn: (commands, runs = usual) => {
      const results: Run[][] = commands.map(() => []);
      for (let turn = 0; turn < runs; turn += 1) commands.forEach((command, index) => results[index].push(once(command)));
      return results.map(summary);
    },
    compiled: (names, runs) => {
      const compile = (name: string) => node([
        join(folder, 'node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '--skipLibCheck', '--target', 'es2022', '--module', 'node16',
        join(`${programs}-ts`, `${name}.ts`),
      ]).wall;
      const results: number[][] = names.map(() => []);
      for (let turn = 0; turn < runs; turn += 1) names.forEach((name, index) => results[index].push(compile(name)));
      return results.map(median);
    },
  };
}

function summary(runs: readonly Run[]): Measured {
  const of = (what: (values: number[]) => number) => Object.fromEntries(MEASURES.map((measure) => [measure, what(runs.map((run) => run[measure]))]));
  return {
    ...of(median) as { [measure in Measure]: number },
    bytes: runs[0].bytes,
    json: runs[0].json,
    runs,
    spread: of((values) => Math.max(...values) / Math.min(...values)) as { [measure in Measure]: number },
  };
}
