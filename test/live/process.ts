import { ChildProcess, spawn } from 'child_process';
import { randomInt } from 'crypto';
import { closeSync, openSync, readFileSync } from 'fs';
import { createServer } from 'net';

/**
 * Kills the program when its input ends, which it does even if whoever started it is killed. The program itself reads nothing.
 */
const LEASH = 'exec 3<&0; "$@" </dev/null 3<&- & child=$!; (cat <&3 >/dev/null; kill -9 $child) 2>/dev/null & watch=$!; exec 3<&-; wait $child; code=$?; kill $watch 2>/dev/null; exit $code';

/** A program that runs until it is ended, or the suite is, whatever way. It sees nothing of our environment. */
export class Process {
  private readonly child: ChildProcess;
  private code?: number | null;
  private called = false;
  private readonly exited: Promise<void>;

  /** @param log the file that takes what it says */
  public constructor(
    public readonly name: string, command: readonly string[], env: { readonly [name: string]: string }, private readonly log: string, cwd?: string,
  ) {
    const output = openSync(log, 'w');
    this.child = spawn('/bin/sh', ['-c', LEASH, 'sh', ...command], { cwd, env: { PATH: '/usr/bin:/bin', ...env }, stdio: ['pipe', output, output] });
    closeSync(output);
    this.child.stdin!.on('error', () => {});
    this.exited = new Promise((resolve) => {
      const end = (code: number | null) => {
        this.code = code;
        resolve();
      };
      this.child.on('exit', end).on('error', () => end(-1));
    });
  }

  /**
   * Waits for it, up to a minute; an error says what it said last.
   *
   * @param others what it cannot do without
   */
  public async until(what: string, reached: () => boolean | Promise<boolean>, others: readonly Process[] = [], seconds = 60): Promise<void> {
    // By a clock that nobody sets: that of a virtual machine jumps.
    const deadline = performance.now() + seconds * 1000;
    for (;;) {
      const ended = [...others, this].map((process) => process.ended()).find((each) => each !== undefined);
      if (ended !== undefined) throw new Error(`${this.name} was not yet ${what} when ${ended}`);
      if (this.called) throw new Error(`${this.name} was ended before it was ${what}`);
      if (await reached()) return;
      if (performance.now() > deadline) throw new Error(`${this.name} was not ${what} within ${seconds} s:\n${this.tail()}`);
      await sleep(100);
    }
  }

  public says(text: string): boolean {
    return this.output().includes(text);
  }

  public output(): string {
    return readFileSync(this.log, 'utf8');
  }

  /** The last lines that contain one of the texts. */
  public tail(lines = 20, ...texts: string[]): string {
    return this.output().split('\n').filter((line) => line !== '' && (texts.length === 0 || texts.some((text) => line.includes(text)))).slice(-lines).join('\n');
  }

  /** What it said last, if it ended before its time. */
  public ended(): string | undefined {
    return this.code === undefined || this.called ? undefined : `${this.name} ended (${this.code}):\n${this.tail()}`;
  }

  /** Of the program, not of its leash. */
  public get pid(): number {
    return Number(readFileSync(`/proc/${this.child.pid}/task/${this.child.pid}/children`, 'utf8').split(' ')[0]);
  }

  /** Lets it finish what it does, for so many seconds at most. */
  public async stop(seconds: number): Promise<void> {
    this.called = true;
    process.kill(this.pid, 'SIGTERM');
    const impatient = setTimeout(() => this.end(), seconds * 1000);
    await this.exited;
    clearTimeout(impatient);
  }

  public async end(): Promise<void> {
    this.called = true;
    this.child.stdin!.end();
    await this.exited;
  }
}

/** Ends what is still there; in this order, so that nobody complains about somebody who left. */
export async function endAll(processes: ReadonlyArray<Process | undefined>): Promise<void> {
  for (const process of processes) await process?.end();
}

export const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Below what systems give to whoever connects to somebody: there a port that is free stays free. */
const [FIRST, LAST] = [15_000, 32_000];
let next = randomInt(FIRST, LAST);

/** Ports that nobody listens on. None is given twice, for it takes whoever asked a while to listen. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = next;
    next = next === LAST ? FIRST : next + 1;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
