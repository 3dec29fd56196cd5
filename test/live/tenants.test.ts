import { readFileSync } from 'fs';
import { join } from 'path';
import { Attempt, attemptsOf, surroundings, THIEVES_CHARTS, thievesFiles } from './attempts';
import { ApiCall, CALLS, outcomeOf } from './calls';
import { CLAIMS } from './claims';
import { estateOf } from './estate';
import { binding } from './machine';
import { PROGRAMS } from './programs';
import { SOURCES } from './stack';
import { Stage, Told } from './stage';
import { Lockdown, LOCKDOWNS, TenancyStack, THIEF, THIEVES_REPOSITORY, VICTIM } from './tenancy';
import { World } from './world';
import { describeWith } from '../conformance/programs';
import { evaluate } from '../conformance/terraform';
import { holdTable } from '../tables';

const [EKS] = SOURCES;
const DONE = 'done';

describeWith([...PROGRAMS], 'Flux, live: hostile tenants', () => {
  const world = new World();
  /** What was seen of each attempt, by lockdown. */
  const seen = new Map<string, Map<Lockdown, string>>();
  const note = (title: string, lockdown: Lockdown, what: string) => seen.set(title, (seen.get(title) ?? new Map()).set(lockdown, what));

  beforeAll(async () => {
    await world.start();
    const { registry } = world.estate.aws.object;
    for (const repository of [THIEVES_REPOSITORY, 'platform/tenancy']) await world.artifact(`${registry}/${repository}`, thievesFiles(world.secrets));
    for (const [repository, object] of Object.entries(THIEVES_CHARTS)) await world.chart(`${registry}/${repository}`, object);
  });
  afterAll(() => world.close());

  describe.each(LOCKDOWNS)('lockdown: %s', (lockdown: Lockdown) => {
    let stage: Stage;
    let attempts: readonly Attempt[];
    beforeAll(async () => {
      attempts = attemptsOf(world.estate);
      stage = await staged(world, lockdown, attempts);
    });
    afterAll(() => stage?.close());

    it('by objects of Flux', async () => {
      const wrong = await stage.settle(attempts, (each) => each.seen[lockdown]);
      expect(stage.explain(wrong)).toBe('');
      for (const each of attempts) {
        const expected = each.seen[lockdown];
        const words = expected?.says.exec(stage.said.get(each.object)!)![0] ?? '';
        const refused = `${short(words)}${expected?.silently ? ' (in the log only)' : ''}`;
        note(each.title, lockdown, expected === undefined || expected.taken ? DONE : refused);
      }
      const made = async (object: Attempt['made']) => (object === undefined ? undefined : stage.machine.kube.get(object).then(() => true, () => false));
      const there = await Promise.all(attempts.map((each) => made(each.made)));
      const lies = attempts.filter((each, index) => there[index] !== (each.made && each.seen[lockdown] === undefined));
      expect(lies.map(({ title }) => title)).toEqual([]);
    });

    it.each(CALLS)('of the API server: $title', async (call: ApiCall) => {
      const outcome = await outcomeOf(call, stage, world);
      const expected = call.seen[lockdown];
      if (expected === undefined) expect(outcome).toBeUndefined();
      else expect(outcome).toMatch(expected);
      note(call.title, lockdown, expected === undefined ? DONE : short(expected.exec(outcome!)![0]));
    });

    if (lockdown === 'kubernetes') {
      it('a remote cluster that gives the default account its rights is reached again', async () => {
        const remote = attempts.filter(({ object }) => ['k-remote', 'h-remote'].includes(object.metadata.name));
        await stage.machine.remote.apply([binding('flux', 'cluster-admin', { kind: 'User', name: `system:serviceaccount:${THIEF}:flux` })]);
        await stage.request(remote);
        expect(stage.explain(await stage.settle(remote, () => undefined))).toBe('');
      });
    }
  });

  it('docs/security.md says what was seen', () => {
    const titles = [...attemptsOf(world.estate), ...CALLS].map(({ title }) => title);
    const rows = titles.map((title) => [title, ...LOCKDOWNS.map((lockdown) => seen.get(title)!.get(lockdown)!)]);
    const count = (what: (cell: string) => boolean) => rows.flatMap(([, ...cells]) => cells).filter(what).length;
    process.stdout.write(`\nlive: ${titles.length} attempts, ${count((cell) => cell === DONE)} done and ${count((cell) => cell !== DONE)} refused under ${LOCKDOWNS.length} lockdowns\n`);
    holdTable('docs/security.md', 'attempts', ['attempt', ...LOCKDOWNS.map((lockdown) => (lockdown === 'none' ? 'no lockdown' : `\`${lockdown}\``))], rows);
  });
});

describe('what the docs say of tenants', () => {
  const tried = [...attemptsOf(estateOf({ controller: '', object: '' })).map(({ object }) => object.metadata.name), ...CALLS.map(({ id }) => id)];

  it.each(CLAIMS)('$page: $says', ({ page, says, shownBy }) => {
    expect(readFileSync(join(__dirname, '../..', page), 'utf8').replace(/\s+/g, ' ')).toContain(says);
    expect(shownBy.filter((name) => !tried.includes(name))).toEqual([]);
  });

  it('each attempt has a name of its own, and shows something', () => {
    expect(tried.filter((name, index) => tried.indexOf(name) !== index)).toEqual([]);
    const shown = new Set(CLAIMS.flatMap(({ shownBy }) => shownBy));
    expect(tried.filter((name) => !shown.has(name))).toEqual([]);
  });
});

/** A cluster with a platform, a victim and whoever is hostile to both, and all that he tries. */
async function staged(world: World, lockdown: Lockdown, attempts: readonly Attempt[]): Promise<Stage> {
  const stage = new Stage(world, { ...EKS, name: `tenants ${lockdown}` });
  try {
    await stage.start();
    const { machine } = stage;
    const made = evaluate(new TenancyStack(world.estate, lockdown));
    await stage.enforceOf(made);
    await stage.install(made.outputs as unknown as Told, [VICTIM, THIEF]);
    await machine.kube.apply([bound('tenant', 'admin'), bound('writer', 'flux-edit-flux-system')]);
    await machine.remote.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: THIEF } }]);
    await stage.startControllers();
    const values: { readonly [name: string]: string } = {
      $TOKEN: join(world.folder, `tenants-${lockdown}`),
      $CA: Buffer.from(world.certificate.ca).toString('base64'),
    };
    const { theirs, his } = surroundings(world.estate, machine.kube.address);
    const objects = attempts.map(({ object }) => object);
    await machine.kube.apply([...theirs, ...objects.filter(({ metadata }) => metadata.namespace !== THIEF)]);
    await machine.as('tenant').apply(JSON.parse(JSON.stringify(his).replace(/\$(TOKEN|CA)/g, (name) => values[name])));
    await machine.as('tenant').apply(objects.filter(({ metadata }) => metadata.namespace === THIEF));
  } catch (error) {
    await stage.close();
    throw error;
  }
  return stage;
}

/** Kubernetes' way of saying who may not do what, in fewer words. */
const short = (words: string) => words.replace(/User "(?:system:serviceaccount:)?([^"]+)" cannot (\w+) resource "([^"]+)"(?:.* (in) the namespace "([^"]+)")?/, (_, who, verb, what, prep = '', where = '') =>
  `${who.replace(/^([^:]+):/, '$1/')} cannot ${verb} ${what} ${prep} ${where}`.trim()).replace(/^source-controller" cannot create resource "(.*)"$/, 'source-controller cannot create $1');

/** Somebody who has a ClusterRole in the tenant's namespace. */
const bound = (name: string, role: string) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name, namespace: THIEF },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name }],
});
