import { spawnSync } from 'child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Bench, Measure, Measured, median, Run } from './case';

const MEASURES: Measure[] = ['seconds', 'cpu', 'whole', 'wall', 'megabytes'];

/** How ts-node runs a program's source; a module that was compiled too by its source as well. */
const TS_NODE = {
  TS_NODE_PREFER_TS_EXTS: 'true', TS_NODE_SKIP_PROJECT: 'true', TS_NODE_COMPILER_OPTIONS: '{"module":"commonjs","target":"es2022","esModuleInterop":true,"skipLibCheck":true}',
};

/** Measures the programs of a compiled package. */
export function benchOf(folder: string, usual: number): Bench {
  const programs = join(folder, 'scripts', 'bench', 'programs');
  const node = (args: string[], env: NodeJS.ProcessEnv = {}, cwd = folder) => {
    const start = process.hrtime.bigint();
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd, env: { PATH: process.env.PATH, ...env } });
    const wall = Number(process.hrtime.bigint() - start) / 1e9;
    if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stdout}${stderr}`);
    return { wall, stdout };
  };
  const once = ([program, ...args]: string[]): Run => {
    const outdir = join(folder, 'cdktf.out');
    rmSync(outdir, { recursive: true, force: true });
    const [name, way] = program.split(':').reverse();
    const { wall, stdout } = way === undefined ? node([join(programs, `${name}.js`), ...args], { CDKTF_OUTDIR: outdir })
      : node(['-r', 'ts-node/register', join(`${programs}-ts`, `${name}.ts`), ...args], { CDKTF_OUTDIR: outdir, ...TS_NODE, TS_NODE_TRANSPILE_ONLY: String(way === 'ts') });
    const folders = readdirSync(join(outdir, 'stacks')).sort();
    const stacks = Object.fromEntries(folders.map((stack) => [stack, JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8'))]));
    return { ...JSON.parse(stdout.trim().split('\n').pop()!), wall, stacks };
  };
  return {
    runs: usual,
    inTurn: (commands, runs = usual) => runsInTurn(commands, runs, once).map(summary),
    compiled: (names, runs) => runsInTurn(names, runs, (name) => node([
      join(folder, 'node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '--skipLibCheck', '--target', 'es2022', '--module', 'node16',
      join(`${programs}-ts`, `${name}.ts`),
    ]).wall),
    synthesized: (names, runs) => {
      const cli = cdktfIn(folder);
      return runsInTurn(names, runs, (name) => {
        const project = join(folder, `project-${name}`);
        mkdirSync(project, { recursive: true });
        const app = `node -r ts-node/register ${join(`${programs}-ts`, `${name}.ts`)}`;
        writeFileSync(join(project, 'cdktf.json'), JSON.stringify({ language: 'typescript', app, projectId: name, sendCrashReports: 'false' }));
        return node([cli, 'synth'], { ...TS_NODE, CI: 'true', CHECKPOINT_DISABLE: '1' }, project).wall;
      });
    },
  };
}

/** The command line of CDKTF, which no dependency of the library brings: as users install it, beside everything else. */
function cdktfIn(folder: string): string {
  const place = join(folder, 'cli');
  const cli = join(place, 'node_modules', '.bin', 'cdktf');
  if (existsSync(cli)) return cli;
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', 'cdktf', 'package.json'), 'utf8'));
  mkdirSync(place);
  const { status, stderr } = spawnSync('npm', ['install', '--prefix', place, '--no-audit', '--no-fund', `cdktf-cli@${version}`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm install cdktf-cli failed:\n${stderr}`);
  return cli;
}

/** One after the other and then again: of each its runs. */
function runsInTurn<T, R>(programs: readonly T[], runs: number, run: (program: T) => R): R[][] {
  const results: R[][] = programs.map(() => []);
  for (let turn = 0; turn < runs; turn += 1) programs.forEach((program, index) => results[index].push(run(program)));
  return results;
}

function summary(runs: readonly Run[]): Measured {
  const of = (what: (values: number[]) => number) => Object.fromEntries(MEASURES.map((measure) => [measure, what(runs.map((run) => run[measure]))]));
  return {
    ...of(median) as { [measure in Measure]: number },
    bytes: runs[0].bytes,
    stacks: runs[0].stacks,
    runs,
    spread: of((values) => Math.max(...values) / Math.min(...values)) as { [measure in Measure]: number },
  };
}
