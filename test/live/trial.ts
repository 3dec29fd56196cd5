import { Case, casesOf, helpersOf } from './cases';
import { CLOUDS, LEVELS, NAMESPACES, STRANGER } from './estate';
import { withOtherAudience } from './internet';
import { Kube } from './kube';
import { binding } from './machine';
import { GkeMetadata } from './metadata';
import { sleep } from './process';
import { cellsOf, GrantId, GRANTS, LiveStack, Outputs, Source, StackOptions } from './stack';
import { keyOf, namespaceOf, Stage } from './stage';
import { World } from './world';
import { Jwks } from '../../lib/core/jwks';
import { parseObjects } from '../conformance/kustomize';
import { evaluate, Evaluation } from '../conformance/terraform';
import { jwksText, signingKey } from '../tokens';

/** One thing wrong with what Terraform made: nobody gets in any more, or nobody gets at what a grant was for. */
export type Wrong = typeof DISTRUSTS[number] | GrantId;
export const DISTRUSTS = ['another issuer', 'an unpublished signing key', 'another audience'] as const;

/** Seconds to wait for all that a trial waits for: it takes a fifth of it on two cores. */
const PATIENCE = 480;

/** One cluster with Flux toward all clouds, from an empty etcd to the last twin. */
export class Trial extends Stage {
  public readonly cases: Case[];
  private readonly metadata: GkeMetadata[] = [];
  private right?: Evaluation;

  /** @param only what there is to be of all cases. Default: all */
  public constructor(world: World, source: Source, only: (each: Case) => boolean = () => true) {
    super(world, source);
    this.cases = cellsOf(source).flatMap(({ cloud, level }) => casesOf(world.estate, source, cloud, level)).filter(only);
  }

  public async start(): Promise<void> {
    await super.start();
    const { machine, world } = this;
    const right = await this.enforce('right');
    const outputs = right.outputs as Outputs;
    await this.install(outputs, [...Object.values(NAMESPACES), STRANGER]);
    await machine.kube.apply(helpersOf(world.estate, right, parseObjects(outputs.manifests)));
    const users = [...LEVELS.flatMap((level) => outputs.users[level]), `flux:system:serviceaccount:${NAMESPACES.object}:flux`];
    await machine.remote.apply([
      binding('flux', 'cluster-admin', ...users.map((name) => ({ kind: 'User' as const, name }))),
      ...['generic', ...[...Object.values(NAMESPACES), STRANGER].flatMap((name) => [name, ...CLOUDS.map((cloud) => `${name}-${cloud}`)])].map(namespaceOf),
    ]);
    await this.startControllers();
    await machine.kube.apply(this.cases.map(({ object }) => object));
    this.deadline = performance.now() + PATIENCE * 1000;
  }

  /** From now on only each wait is limited, not all together. */
  public takeTime(): void {
    this.deadline = Infinity;
  }

  /** Lets the clouds enforce one of the stacks from now on. */
  public async enforce(which: Wrong | 'right'): Promise<Evaluation> {
    const jwks = which === 'an unpublished signing key' ? jwksText(await signingKey()) : this.jwks;
    const made = (more: Partial<StackOptions> = {}) => evaluate(this.stack({ jwks: Jwks.fromText(jwks), ...more }));
    const right = this.right ??= made();
    const evaluation = which === 'right' ? right
      : which === 'another audience' ? withOtherAudience(right)
        : made({ stranger: which === 'another issuer', without: GRANTS.find((grant) => grant === which) });
    await this.enforceOf(evaluation, jwks);
    return evaluation;
  }

  /** The stack of the cluster, or one that differs from it. */
  public stack(more: Partial<StackOptions> = {}): LiveStack {
    const { world, source, machine, jwks } = this;
    const remote = { address: machine.remote.address, ca: world.certificate.ca };
    return new LiveStack({ source, estate: world.estate, jwks: Jwks.fromText(jwks), remote, ...more });
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
    await this.withoutTokens(which === 'of the account' ? NAMESPACES.object : STRANGER);
  }

  /** Waits until source-controller may have no tokens of the account `flux` of a namespace: the API server watches its own roles. */
  public async withoutTokens(namespace: string): Promise<void> {
    const spec = {
      user: 'system:serviceaccount:flux-system:source-controller',
      resourceAttributes: { verb: 'create', resource: 'serviceaccounts', subresource: 'token', name: 'flux', namespace },
    };
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
    for (let attempt = 0; (await this.machine.kube.call('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', review)).status.allowed; attempt++) {
      if (attempt === 100) throw new Error(`source-controller may still have tokens in ${namespace}`);
      await sleep(200);
    }
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
    for (const server of this.metadata) server.close();
    await super.close();
  }

  protected nameOf(each: Case): string {
    return `${this.source.name} to ${each.cloud}, ${each.level} level: ${each.title} (${keyOf(each.object)})`;
  }

  protected async environment(controller: string): Promise<{ readonly [name: string]: string }> {
    if (!this.source.builtInPool) return {};
    const server = new GkeMetadata(this.machine.kube, this.world.cloud, controller, this.source.issuer);
    this.metadata.push(server);
    return { GCE_METADATA_HOST: await server.listen() };
  }
}
