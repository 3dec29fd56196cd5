import { spawnSync } from 'child_process';
import { readFileSync, rmSync } from 'fs';
import { join } from 'path';
import { Bench, Measured, Run } from './case';

/** Measures the programs of a compiled package. */
export function benchOf(folder: string, usualRuns: number): Bench {
  const once = ([program, ...args]: string[]): Run => {
    const outdir = join(folder, 'cdktf.out');
    rmSync(outdir, { recursive: true, force: true });
    const start = process.hrtime.bigint();
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'scripts', 'bench', 'programs', `${program}.js`), ...args], {
      encoding: 'utf8', env: { PATH: process.env.PATH, CDKTF_OUTDIR: outdir },
    });
    const wall = Number(process.hrtime.bigint() - start) / 1e9;
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stderr}`);
    const json = JSON.parse(readFileSync(join(outdir, 'stacks', 'Bench', 'cdk.tf.json'), 'utf8'));
    return { ...JSON.parse(stdout.trim().split('\n').pop()!), wall, json };
  };
  return {
    inTurn: (commands, runs = usualRuns) => {
      const results: Run[][] = commands.map(() => []);
      for (let turn = 0; turn < runs; turn += 1) commands.forEach((command, index) => results[index].push(once(command)));
      return results.map(summary);
    },
  };
}

function summary(runs: Run[]): Measured {
  const sorted = (key: 'seconds' | 'cpu' | 'wall' | 'megabytes') => runs.map((run) => run[key]).sort((a, b) => a - b);
  const median = (key: 'seconds' | 'cpu' | 'wall' | 'megabytes') => sorted(key)[Math.floor(runs.length / 2)];
  const spread = (key: 'seconds' | 'cpu' | 'wall') => sorted(key)[runs.length - 1] / sorted(key)[0];
  return {
    seconds: median('seconds'),
    cpu: median('cpu'),
    wall: median('wall'),
    megabytes: median('megabytes'),
    bytes: runs[0].bytes,
    json: runs[0].json,
    spread: { seconds: spread('seconds'), cpu: spread('cpu'), wall: spread('wall') },
  };
}
