import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Case, casesOf, helpersOf } from './cases';
import { CLOUDS, LEVELS, NAMESPACES, STRANGER } from './estate';
import { inBuckets, published, withOtherAudience } from './internet';
import { Kube } from './kube';
import { binding, CONTROLLERS, Machine } from './machine';
import { GkeMetadata } from './metadata';
import { operatorObjects } from './operator';
import { sleep } from './process';
import { CRDS } from './programs';
import { Refused } from './refused';
import { cellsOf, GrantId, GRANTS, LiveStack, Outputs, Source, StackOptions } from './stack';
import { World } from './world';
import { FluxVersion } from '../../lib/core/flux-version';
import { kustomizeBuild, KubernetesObject, parseObjects } from '../conformance/kustomize';
import { evaluate, Evaluation } from '../conformance/terraform';
import { jwksText, Loopback, serve, signingKey } from '../tokens';

/** One thing wrong with what Terraform made: nobody gets in any more, or nobody gets at what a grant was for. */
export type Wrong = typeof DISTRUSTS[number] | GrantId;
export const DISTRUSTS = ['another issuer', 'an unpublished signing key', 'another audience'] as const;

/** Seconds to wait for one thing, and for all that a trial waits for: everything together is done in a quarter of the first. */
const PATIENCE = { once: 90, all: 240 };
/** How many of those that are wrong are told about at length. */
const MANY = 10;

/** One cluster with Flux toward all clouds, from an empty etcd to the last twin. */
export class Trial {
  public readonly cases: Case[];
  public readonly machine: Machine;
  private readonly internets: Loopback[] = [];
  private readonly metadata: GkeMetadata[] = [];
  private jwks!: string;
  private right?: Evaluation;
  private stamp = 0;
  private since = 0;
  private deadline = Infinity;

  public constructor(private readonly world: World, private readonly source: Source) {
    this.cases = cellsOf(source).flatMap(({ cloud, level }) => casesOf(world.estate, source, cloud, level));
    const environment = async (controller: string): Promise<Record<string, string>> =>
      (source.builtInPool ? { GCE_METADATA_HOST: await this.metadataOf(controller) } : {});
    const folder = join(world.folder, source.name.replace(/\W+/g, '-'));
    this.machine = new Machine(source, { folder, ca: world.certificate.ca, proxy: world.proxy, environment });
  }

  public async start(): Promise<void> {
    const { machine, world } = this;
    await machine.start();
    world.stores.remote = { port: machine.remotePort, token: machine.token };
    this.jwks = JSON.stringify(await machine.kube.call('GET', '/openid/v1/jwks'));
    const right = await this.enforce('right');

    const outputs = right.outputs as Outputs;
    const manifests = parseObjects(outputs.manifests);
    const namespace = (name: string): KubernetesObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const namespaces = [...Object.values(NAMESPACES), STRANGER].map(namespace);
    const runs = ({ kind, metadata }: KubernetesObject) => !['Kustomization', 'GitRepository', 'NetworkPolicy'].includes(kind)
      && (kind !== 'Deployment' || (CONTROLLERS as readonly string[]).includes(metadata.name));
    const installed = kustomizeBuild(outputs.kustomization, FluxVersion.V2_9).filter(runs);
    const rights = binding('flux-operator', 'cluster-admin', { kind: 'ServiceAccount', name: 'flux-operator', namespace: NAMESPACES.controller });
    await machine.kube.apply([...namespaces, ...crds(), ...installed, ...operatorObjects(outputs.operator), rights]);
    await machine.kube.apply([...manifests, ...helpersOf(world.estate, right, manifests)]);
    const users = [...LEVELS.flatMap((level) => outputs.users[level]), `flux:system:serviceaccount:${NAMESPACES.object}:flux`];
    await machine.remote.apply([
      binding('flux', 'cluster-admin', ...users.map((name) => ({ kind: 'User' as const, name }))),
      ...['generic', ...[...Object.values(NAMESPACES), STRANGER].flatMap((name) => [name, ...CLOUDS.map((cloud) => `${name}-${cloud}`)])].map(namespace),
    ]);
    await this.startControllers();
    await machine.kube.apply(this.cases.map(({ object }) => object));
    this.deadline = Date.now() + PATIENCE.all * 1000;
  }

  /** Starts Flux, or starts it again. */
  public async startControllers(...args: string[]): Promise<void> {
    await Promise.all(CONTROLLERS.map((name) => this.machine.startController(name, args)));
  }

  /** Lets the clouds enforce one of the stacks from now on. */
  public async enforce(which: Wrong | 'right'): Promise<Evaluation> {
    const { world, source, machine } = this;
    const jwks = which === 'an unpublished signing key' ? jwksText(await signingKey()) : this.jwks;
    const options: StackOptions = { source, estate: world.estate, jwks, remote: { address: machine.remote.address, ca: world.certificate.ca } };
    const made = (more: Partial<StackOptions> = {}) => evaluate(new LiveStack({ ...options, ...more }));
    const right = this.right ??= made();
    const evaluation = which === 'right' ? right
      : which === 'another audience' ? withOtherAudience(right)
        : made({ stranger: which === 'another issuer', without: GRANTS.find((grant) => grant === which) });
    const internet = await serve({ ...inBuckets(evaluation), ...published(source.issuer, jwks, evaluation) });
    this.internets.push(internet);
    Object.assign(world.cloud.clouds, { evaluation, internet });
    this.since = world.cloud.log.length;
    return evaluation;
  }

  /**
   * Waits until each case is as it is to be.
   *
   * @returns those that are not, and what they are
   * @throws Error at once when a program ended by itself
   */
  public async settle(cases: readonly Case[], expected: Expected, seconds = PATIENCE.once): Promise<ReadonlyMap<Case, string>> {
    const deadline = Math.min(Date.now() + seconds * 1000, this.deadline);
    const right = new Set<Case>();
    for (;;) {
      this.machine.check();
      const [states, decisions] = [await this.states(), this.world.cloud.log.slice(this.since)];
      for (const each of cases) {
        const state = states.get(keyOf(each.object));
        // Flux tries again what was refused: while it does, nothing is known.
        if (matches(state, expected(each), this.stamp, decisions)) right.add(each);
        else if (state?.ready !== 'Unknown') right.delete(each);
      }
      const wrong = cases.filter((each) => !right.has(each));
      if (wrong.length === 0 || Date.now() > deadline) {
        return new Map(wrong.map((each) => [each, this.complaint(each, states.get(keyOf(each.object)), expected(each))]));
      }
      await sleep(250);
    }
  }

  /** Takes a right of source-controller away: the one that Flux's own ClusterRole gives up to 2.9, or the one that the library gives. */
  public async dropTokenRight(which: 'of all accounts' | 'of the account'): Promise<void> {
    const { kube } = this.machine;
    if (which === 'of the account') {
      await kube.call('DELETE', `/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACES.object}/rolebindings/flux-token-request-flux`);
    } else {
      const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles/crd-controller-flux-system';
      const { rules } = await kube.call('GET', path);
      const kept = rules.filter(({ resources }: any) => !resources?.includes('serviceaccounts/token'));
      if (kept.length === rules.length) throw new Error('no such right');
      await kube.call('PATCH', path, { rules: kept }, 'application/merge-patch+json');
    }
    // The API server watches its own roles.
    const namespace = which === 'of the account' ? NAMESPACES.object : STRANGER;
    const spec = {
      user: 'system:serviceaccount:flux-system:source-controller',
      resourceAttributes: { verb: 'create', resource: 'serviceaccounts', subresource: 'token', name: 'flux', namespace },
    };
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
    for (let attempt = 0; (await kube.call('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', review)).status.allowed; attempt++) {
      if (attempt === 100) throw new Error(`source-controller may still have tokens in ${namespace}`);
      await sleep(200);
    }
  }

  /** Asks for a new reconciliation. */
  public async request(cases: readonly Case[]): Promise<void> {
    this.stamp++;
    const annotations = { 'reconcile.fluxcd.io/requestedAt': String(this.stamp) };
    await Promise.all(cases.map(({ object }) => this.machine.kube.merge(object, { metadata: { annotations } })));
  }

  /** What a case was to make, or why it is not there. */
  public async made({ made, cloud, level, title }: Case): Promise<string | undefined> {
    if (made === undefined) return undefined;
    const kube: Kube = made.remote ? this.machine.remote : this.machine.kube;
    const data = await kube.get(made.object).then((found) => found.data, (error) => ({ cell: error.message }));
    const cell = made.object.kind === 'Secret' ? Buffer.from(data.cell, 'base64').toString() : data.cell;
    return cell === `${cloud}-${level}` ? undefined : `${title}: ${made.object.kind} ${made.object.metadata.name} says ${cell}`;
  }

  public async close(): Promise<void> {
    delete this.world.stores.remote;
    await this.machine.close();
    for (const server of this.metadata) server.close();
    await Promise.all(this.internets.map((internet) => internet.close()));
  }

  private async metadataOf(controller: string): Promise<string> {
    const server = new GkeMetadata(this.machine.kube, this.world.cloud, controller, this.source.issuer);
    this.metadata.push(server);
    return server.listen();
  }

  /** The Ready condition of every Flux object. */
  private async states(): Promise<Map<string, State>> {
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
  public explain(wrong: ReadonlyMap<Case, string>): string {
    if (wrong.size === 0) return '';
    const { log, open } = this.world.cloud;
    const noes = log.slice(this.since).filter((line) => /DENY|REFUSED|FAILED|nobody/.test(line)).slice(-15);
    const more = wrong.size > MANY ? [`... and ${wrong.size - MANY} more: ${[...wrong.keys()].slice(MANY).map(({ object }) => keyOf(object)).join(', ')}`] : [];
    const lines = [...[...wrong.values()].slice(0, MANY), ...more, 'the clouds said last:', ...noes, ...[...open].map((call) => `the clouds did not answer: ${call}`)];
    return lines.join('\n').split('\n').map((line) => (line.length > 1000 ? `${line.slice(0, 1000)}...` : line)).join('\n');
  }

  private complaint({ cloud, level, title, object }: Case, state: State | undefined, expected: Refused | undefined): string {
    const wanted = expected === undefined ? 'Ready' : `refused: ${expected.says}${expected.denied === undefined ? '' : `, and by the cloud: ${expected.denied}`}`;
    return [
      `${this.source.name} to ${cloud}, ${level} level: ${title} (${keyOf(object)}) is not ${wanted}, but ${JSON.stringify(state)}`,
      this.machine.about(object.kind, object.metadata.name, object.metadata.namespace!),
    ].join('\n');
  }
}

/** Why a case is refused; undefined: it becomes Ready. */
type Expected = (each: Case) => Refused | undefined;

interface State {
  readonly ready?: string;
  readonly message: string;
  readonly handled: number;
  readonly current: boolean;
}

const KINDS = [
  'source.toolkit.fluxcd.io/v1/ocirepositories', 'source.toolkit.fluxcd.io/v1/buckets', 'kustomize.toolkit.fluxcd.io/v1/kustomizations', 'helm.toolkit.fluxcd.io/v2/helmreleases',
  'fluxcd.controlplane.io/v1/resourcesetinputproviders',
];

const keyOf = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata.namespace}/${metadata.name}`;

function matches(state: State | undefined, expected: Refused | undefined, stamp: number, decisions: readonly string[]): boolean {
  if (state === undefined || !state.current || state.handled < stamp) return false;
  if (expected === undefined) return state.ready === 'True';
  const { says, denied } = expected;
  return state.ready === 'False' && says.test(state.message) && (denied === undefined || decisions.some((line) => denied.test(line)));
}

/** The CRDs of the controllers that run. */
function crds(): KubernetesObject[] {
  return CONTROLLERS.flatMap((name) => readdirSync(join(CRDS, name)).flatMap((file) => parseObjects(readFileSync(join(CRDS, name, file), 'utf8'))));
}
