import { NAMESPACES, STRANGER } from './estate';
import { KubeError } from './kube';
import { Settings } from './machine';
import { sleep } from './process';
import { Refused } from './refused';
import { RotationOptions, RotationStack } from './rotation-stack';
import { Outputs } from './stack';
import { keyOf, Watched } from './stage';
import { ROUND_SECONDS, Traffic } from './traffic';
import { Trial } from './trial';
import { Jwks } from '../../lib/core/jwks';
import { KubernetesObject } from '../conformance/kustomize';
import { evaluate, Evaluation } from '../conformance/terraform';

/** Milliseconds in which everybody finds the API server that took the place of another. */
const REJOINING = 5000;

export type Step = () => Promise<unknown>;

/** A cluster whose stack changes from day to day, while Flux works. */
export class ChangingTrial extends Trial {
  /** What the stack says today, and what Terraform makes of it. */
  public today!: RotationOptions;
  public evaluation!: Evaluation;
  /** How often an object was reconciled during changes. */
  public reconciliations = 0;
  private traffic?: Traffic;

  public async start(): Promise<void> {
    await super.start();
    this.takeTime();
    const { machine, world: { estate, certificate }, source } = this;
    this.today = { source, estate, jwks: Jwks.fromText(this.jwks), remote: { address: machine.remote.address, ca: certificate.ca } };
    this.evaluation = evaluate(new RotationStack(this.today));
    await this.settled();
    await this.restart();
    // Else a Kustomization tries again after its interval.
    const retried = this.cases.filter(({ object }) => object.kind === 'Kustomization');
    await Promise.all(retried.map(({ object }) => machine.kube.merge(object, { spec: { retryInterval: '5s' } })));
    await this.settled();
  }

  /** Stands in for the kubelet, which renews the tokens of pods, and for Deployments. Without a cache a change is seen at once. */
  public async restart(): Promise<void> {
    await this.startControllers('--token-cache-max-size=0');
  }

  /**
   * Puts an API server in the place of the one that there is. It cuts the last calls when it ends, whatever the keys, and Flux tries again;
   * so none of Flux's objects is reconciled while it does.
   */
  public async replace(cluster: 'cluster' | 'remote', settings: Settings): Promise<void> {
    await this.machine.replace(cluster, settings, async (end) => {
      const quietly = async () => {
        await end();
        await sleep(REJOINING);
      };
      await (this.traffic === undefined ? quietly() : this.traffic.between(quietly));
    });
  }

  /** Waits until every object is Ready; nobody asks for it. */
  public async settled(): Promise<void> {
    await this.expect(this.cases, () => undefined);
  }

  /** Waits for what is to become of each object, reconciled anew. */
  public async become<C extends Watched>(watched: readonly C[], expected: (each: C) => Refused | undefined): Promise<void> {
    await this.request(watched);
    await this.expect(watched, expected);
  }

  /** Waits until there is no such object. */
  public async gone(object: KubernetesObject): Promise<void> {
    const there = () => this.machine.kube.get(object).then(() => true, (error) => {
      if (error instanceof KubeError && error.status === 404) return false;
      throw error;
    });
    for (let attempt = 0; await there(); attempt++) {
      if (attempt === 120) throw new Error(`${keyOf(object)} is still there`);
      await sleep(250);
    }
  }

  /** `terraform apply` of what the stack says from now on. */
  public async apply(changes: Partial<RotationOptions>): Promise<void> {
    this.plan(changes);
    await this.enforceOf(this.evaluation);
  }

  /** The same, one resource after the other; none is removed. */
  public oneByOne(changes: Partial<RotationOptions>): { readonly address: string; readonly step: Step }[] {
    const resources = { ...this.evaluation.resources };
    this.plan(changes);
    const { evaluation } = this;
    return evaluation.events.filter(({ phase }) => phase === 'complete').map(({ address }) => ({
      address,
      step: () => {
        resources[address] = evaluation.resources[address];
        return this.enforceOf({ ...evaluation, resources: { ...resources } });
      },
    }));
  }

  /** What Terraform made arrives in the cluster. */
  public async deliver(): Promise<void> {
    await this.install(this.evaluation.outputs as unknown as Outputs, [...Object.values(NAMESPACES), STRANGER]);
  }

  /**
   * Takes steps while Flux works. After each of them every object is reconciled once more, and none has failed ever since.
   *
   * @returns how many there were
   * @throws Error when a reconciliation failed
   */
  public async rotate(steps: readonly Step[]): Promise<number> {
    const traffic = new Traffic(this, this.cases);
    this.traffic = traffic;
    traffic.start();
    try {
      await traffic.round();
      for (const step of steps) {
        await step();
        await traffic.round();
      }
    } finally {
      this.traffic = undefined;
      await traffic.end();
    }
    this.reconciliations += traffic.reconciliations;
    if (traffic.failures.length > 0) throw new Error(`failed while Flux worked:\n${traffic.failures.join('\n')}`);
    return steps.length;
  }

  private plan(changes: Partial<RotationOptions>): void {
    this.today = { ...this.today, ...changes };
    this.evaluation = evaluate(new RotationStack(this.today), { after: this.evaluation });
  }

  private async expect<C extends Watched>(watched: readonly C[], expected: (each: C) => Refused | undefined): Promise<void> {
    const wrong = await this.settle(watched, expected, { seconds: ROUND_SECONDS });
    if (wrong.size > 0) throw new Error(this.explain(wrong));
  }
}
