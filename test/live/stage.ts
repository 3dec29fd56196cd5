import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { published, inBuckets } from './internet';
import { binding, CONTROLLERS, Machine } from './machine';
import { operatorObjects } from './operator';
import { sleep } from './process';
import { CRDS } from './programs';
import { Refused } from './refused';
import { Source } from './stack';
import { World } from './world';
import { FluxVersion } from '../../lib/core/flux-version';
import { kustomizeBuild, KubernetesObject, parseObjects } from '../conformance/kustomize';
import { Evaluation } from '../conformance/terraform';
import { Loopback, serve } from '../tokens';

/** Seconds to wait for one thing: everything together is done in a quarter of it. */
const PATIENCE = 90;
/** How many of those that are wrong are told about at length. */
const MANY = 10;

/** A Flux object that something is to become of. */
export interface Watched {
  readonly title: string;
  readonly object: KubernetesObject;
}

/** What a stack tells its cluster. */
export interface Told {
  readonly kustomization: string;
  readonly manifests: string;
  /** Values of the operator's chart. */
  readonly operator: string;
}

/** One cluster with Flux amid the clouds. */
export class Stage {
  public readonly machine: Machine;
  /** What Flux said of each object when it was as it was to be. */
  public readonly said = new Map<KubernetesObject, string>();
  protected jwks!: string;
  private readonly internets: Loopback[] = [];
  /** The last reconciliation that was asked for. */
  public stamp = 0;
  private since = 0;
  protected deadline = Infinity;

  public constructor(protected readonly world: World, protected readonly source: Source) {
    const folder = join(world.folder, source.name.replace(/\W+/g, '-'));
    const environment = (controller: string) => this.environment(controller);
    this.machine = new Machine(source, { folder, ca: world.certificate.ca, proxy: world.proxy, environment });
  }

  /** Starts the API servers, and lets the remote one stand in all clouds. */
  public async start(): Promise<void> {
    const { machine, world } = this;
    await machine.start();
    world.stores.remote = { port: machine.remotePort, ca: world.certificate.ca, token: machine.token };
    this.jwks = JSON.stringify(await machine.kube.call('GET', '/openid/v1/jwks'));
  }

  /** Installs Flux and its operator as a stack tells them; the controllers do not run yet. */
  public async install({ kustomization, manifests, operator }: Told, namespaces: readonly string[]): Promise<void> {
    const { kube } = this.machine;
    const runs = ({ kind, metadata }: KubernetesObject) => !['Kustomization', 'GitRepository', 'NetworkPolicy'].includes(kind)
      && (kind !== 'Deployment' || (CONTROLLERS as readonly string[]).includes(metadata.name));
    const installed = kustomizeBuild(kustomization, FluxVersion.V2_9).filter(runs);
    const rights = binding('flux-operator', 'cluster-admin', { kind: 'ServiceAccount', name: 'flux-operator', namespace: 'flux-system' });
    await kube.apply([...namespaces.map(namespaceOf), ...crds(), ...installed, ...operatorObjects(operator), rights]);
    await kube.apply(parseObjects(manifests));
  }

  /** Starts Flux, or starts it again. */
  public async startControllers(...args: string[]): Promise<void> {
    await Promise.all(CONTROLLERS.map((name) => this.machine.startController(name, args)));
  }

  /** Lets the clouds enforce what Terraform made, from now on. */
  public async enforceOf(evaluation: Evaluation, jwks = this.jwks): Promise<void> {
    const { world, source } = this;
    const internet = await serve({ ...inBuckets(evaluation), ...published(source.issuer, jwks, evaluation) });
    this.internets.push(internet);
    Object.assign(world.cloud.clouds, { evaluation, internet });
    this.since = world.cloud.log.length;
  }

  /**
   * Waits until each case is as it is to be.
   *
   * @param again what is no answer: whoever says it is asked once more
   * @returns those that are not, and what they are
   * @throws Error at once when a program ended by itself
   */
  public async settle<C extends Watched>(
    cases: readonly C[], expected: (each: C) => Refused | undefined,
    { seconds = PATIENCE, again }: { readonly seconds?: number; readonly again?: RegExp } = {},
  ): Promise<ReadonlyMap<C, string>> {
    const deadline = Math.min(performance.now() + seconds * 1000, this.deadline);
    const right = new Set<C>();
    const asked = new Map<C, number>();
    for (;;) {
      this.machine.check();
      const [states, decisions] = [await this.states(), this.world.cloud.log.slice(this.since)];
      for (const each of cases) {
        const state = states.get(keyOf(each.object));
        // Flux tries again what was refused: while it does, nothing is known.
        const { kind, metadata: { name, namespace } } = each.object;
        if (matches(state, expected(each), this.stamp, decisions, () => this.machine.about(kind, name, namespace!))) {
          right.add(each);
          this.said.set(each.object, expected(each)?.silently ? this.machine.about(kind, name, namespace!) : state!.message);
        } else if (state?.ready !== 'Unknown') {right.delete(each);}
      }
      const wrong = cases.filter((each) => !right.has(each));
      if (wrong.length === 0 || performance.now() > deadline) {
        return new Map(wrong.map((each) => [each, this.complaint(each, states.get(keyOf(each.object)), expected(each))]));
      }
      for (const each of wrong) {
        const { ready, handled = 0, message = '' } = states.get(keyOf(each.object)) ?? {};
        if (ready !== 'False' || handled < (asked.get(each) ?? this.stamp) || again?.test(message) !== true) continue;
        // Between this request and the next.
        asked.set(each, handled + 0.01);
        await this.ask(each, handled + 0.01);
      }
      await sleep(250);
    }
  }

  /** Asks for a new reconciliation. */
  public async request(cases: readonly Watched[]): Promise<void> {
    this.stamp++;
    await Promise.all(cases.map((each) => this.ask(each, this.stamp)));
  }

  private async ask({ object }: Watched, stamp: number): Promise<void> {
    await this.machine.kube.merge(object, { metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': String(stamp) } } });
  }

  public async close(): Promise<void> {
    await this.machine.close(); // its controllers ask the clouds until they end
    delete this.world.stores.remote;
    await Promise.all(this.internets.map((internet) => internet.close()));
  }

  /** The Ready condition of every Flux object. */
  public async states(): Promise<Map<string, State>> {
    const lists = await Promise.all(KINDS.map((path) => this.machine.kube.call('GET', `/apis/${path}`)));
    return new Map(lists.flatMap(({ kind, items }) => items.map(({ metadata, status = {} }: any) => {
      const ready = (status.conditions ?? []).find(({ type }: any) => type === 'Ready');
      return [`${kind.replace(/List$/, '')} ${metadata.namespace}/${metadata.name}`, {
        ready: ready?.status,
        // SOPS breaks its lines, and draws a line before each.
        message: `${ready?.reason}: ${ready?.message}`.replace(/\s*\n[\s|]*/g, ' '),
        handled: Number(status.lastHandledReconcileAt ?? 0),
        // Stalled objects have no generation of theirs observed.
        current: ready?.observedGeneration === metadata.generation,
      }];
    })));
  }

  /** All that is known about cases that are not as they are to be: nothing, when there are none. */
  public explain(wrong: ReadonlyMap<Watched, string>): string {
    if (wrong.size === 0) return '';
    const { log, open } = this.world.cloud;
    const noes = log.slice(this.since).filter((line) => /DENY|REFUSED|FAILED|nobody/.test(line)).slice(-15);
    const more = wrong.size > MANY ? [`... and ${wrong.size - MANY} more: ${[...wrong.keys()].slice(MANY).map(({ object }) => keyOf(object)).join(', ')}`] : [];
    const lines = [...[...wrong.values()].slice(0, MANY), ...more, 'the clouds said last:', ...noes, ...[...open].map((call) => `the clouds did not answer: ${call}`)];
    return lines.join('\n').split('\n').map((line) => (line.length > 1000 ? `${line.slice(0, 1000)}...` : line)).join('\n');
  }

  protected nameOf({ title, object }: Watched): string {
    return `${this.source.name}: ${title} (${keyOf(object)})`;
  }

  /** What else is around a controller. */
  protected async environment(_controller: string): Promise<{ readonly [name: string]: string }> {
    return {};
  }

  private complaint(each: Watched, state: State | undefined, expected: Refused | undefined): string {
    const { kind, metadata } = each.object;
    const wanted = expected === undefined ? 'Ready' : `refused: ${expected.says}${expected.denied === undefined ? '' : `, and by the cloud: ${expected.denied}`}`;
    return [`${this.nameOf(each)} is not ${wanted}, but ${JSON.stringify(state)}`, this.machine.about(kind, metadata.name, metadata.namespace!)].join('\n');
  }
}

/** The Ready condition of an object. */
export interface State {
  readonly ready?: string;
  readonly message: string;
  readonly handled: number;
  readonly current: boolean;
}

export const KINDS = [
  'source.toolkit.fluxcd.io/v1/ocirepositories', 'source.toolkit.fluxcd.io/v1/buckets', 'kustomize.toolkit.fluxcd.io/v1/kustomizations',
  'helm.toolkit.fluxcd.io/v2/helmreleases', 'fluxcd.controlplane.io/v1/resourcesetinputproviders', 'fluxcd.controlplane.io/v1/resourcesets',
];

export const keyOf = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata.namespace}/${metadata.name}`;

function matches(
  state: State | undefined, expected: Refused | undefined, stamp: number, decisions: readonly string[], logged: () => string,
): boolean {
  if (expected?.silently) return state?.ready === undefined && expected.says.test(logged());
  if (state === undefined || !state.current || state.handled < stamp) return false;
  if (expected === undefined) return state.ready === 'True';
  const { says, denied } = expected;
  return state.ready === 'False' && says.test(state.message) && (denied === undefined || decisions.some((line) => denied.test(line)));
}

/** The CRDs of the controllers that run. */
function crds(): KubernetesObject[] {
  return CONTROLLERS.flatMap((name) => readdirSync(join(CRDS, name)).flatMap((file) => parseObjects(readFileSync(join(CRDS, name, file), 'utf8'))));
}

export const namespaceOf = (name: string): KubernetesObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
