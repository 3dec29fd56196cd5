import { readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { App } from 'cdktf';

/** What a program says about itself on its last line. */
export interface Reading {
  /** Seconds to construct and synthesize, imports not counted. */
  readonly seconds: number;
  /** Seconds of processor time for the same, of all threads: what the machine does beside it counts little. */
  readonly cpu: number;
  /** The same for the process, from its start: imports too, and the compiler of ts-node. */
  readonly whole: number;
  /** Peak memory of the process in MB. */
  readonly megabytes: number;
  /** Bytes of all `cdk.tf.json`. */
  readonly bytes: number;
}

/** Runs a program between two looks at the clock; all of it happens in a process of its own. */
export function probe(program: (app: App) => void): void {
  const [start, busy] = [process.hrtime.bigint(), process.cpuUsage()];
  const app = new App();
  program(app);
  app.synth();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const [cpu, whole] = [process.cpuUsage(busy), process.cpuUsage()].map(({ user, system }) => (user + system) / 1e6);
  const reading: Reading = { seconds, cpu, whole, megabytes: peakMegabytes(), bytes: synthesizedBytes(app.outdir) };
  console.log(JSON.stringify(reading));
}

/**
 * On Linux `maxRSS` starts at what the parent had at the fork, which is more than a small program ever needs; the kernel's
 * high-water mark starts anew.
 */
function peakMegabytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;
}

function synthesizedBytes(outdir: string): number {
  const stacks = join(outdir, 'stacks');
  return readdirSync(stacks).reduce((sum, stack) => sum + statSync(join(stacks, stack, 'cdk.tf.json')).size, 0);
}
