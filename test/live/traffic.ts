import { sleep } from './process';
import { keyOf, KINDS, Stage, Watched } from './stage';

/** Seconds for a round: controllers that lost their API server wait for up to a minute, twice, before they ask the next for what is new. */
export const ROUND_SECONDS = 300;

/** Flux at work: its objects are reconciled again and again, and whatever fails meanwhile is known. */
export class Traffic {
  /** What was not Ready, and what Flux said of it. */
  public readonly failures: string[] = [];
  /** How often an object was reconciled. */
  public reconciliations = 0;
  private rounds = 0;
  private ended = false;
  /** What is to be done before the next round. */
  private readonly waiting: (() => Promise<void>)[] = [];
  private running!: Promise<void>;
  private unwatch: readonly (() => void)[] = [];

  /** @param watched objects that are Ready */
  public constructor(private readonly stage: Stage, private readonly watched: readonly Watched[]) {}

  public start(): void {
    const ours = new Set(this.watched.map(({ object }) => keyOf(object)));
    this.unwatch = KINDS.map((path) => this.stage.machine.kube.watch(`/apis/${path}`, (object) => {
      const ready = (object.status?.conditions ?? []).find(({ type }: any) => type === 'Ready');
      if (ready?.status === 'False' && ours.has(keyOf(object))) this.failures.push(`${keyOf(object)}: ${ready.message}`);
    }));
    this.running = this.run();
    this.running.catch(() => {}); // whoever waits for it is told
  }

  /** Waits until each object was reconciled after this, and is Ready. */
  public async round(): Promise<void> {
    // The round that is under way began before.
    const goal = this.rounds + 2;
    await this.until(() => this.rounds >= goal);
  }

  /** Does something while no object is reconciled: between two rounds. */
  public async between(action: () => Promise<void>): Promise<void> {
    let done = false;
    this.waiting.push(async () => {
      await action();
      done = true;
    });
    await this.until(() => done);
  }

  public async end(): Promise<void> {
    this.ended = true;
    try {
      await this.running;
    } finally {
      for (const each of this.unwatch) each();
    }
  }

  private async until(reached: () => boolean): Promise<void> {
    while (!reached()) await Promise.race([sleep(100), this.running]);
  }

  private async run(): Promise<void> {
    while (!this.ended) {
      for (const action of this.waiting.splice(0)) await action();
      await this.stage.request(this.watched);
      const wrong = await this.stage.settle(this.watched, () => undefined, { seconds: ROUND_SECONDS });
      if (wrong.size > 0) throw new Error(this.stage.explain(wrong));
      this.reconciliations += this.watched.length;
      this.rounds++;
    }
  }
}
