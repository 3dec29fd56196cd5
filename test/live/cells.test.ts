import { Case } from './cases';
import { Counts } from './counts';
import { Cloud, CLOUDS, LEVELS } from './estate';
import { PROGRAMS } from './programs';
import { Refused, withoutGrant } from './refused';
import { BUILT_IN, CELLS, cellsOf, GRANTS, SOURCES } from './stack';
import { DISTRUSTS, Trial } from './trial';
import { World } from './world';
import { describeWith } from '../conformance/programs';
import { holdTable } from '../tables';

/** How each cloud says what is wrong, as Flux hands it on. */
const REASONS: { readonly [wrong in typeof DISTRUSTS[number]]: { readonly [cloud in Cloud]: RegExp } } = {
  'another issuer': { aws: /no OIDC provider for https/, azure: /no federated credential for https/, gcp: /the issuer is not https/ },
  'an unpublished signing key': { aws: /no applicable key/, azure: /no applicable key/, gcp: /no applicable key/ },
  'another audience': { aws: /the trust policy does not allow it/, azure: /no audience among/, gcp: /no audience among/ },
};

/** On a machine with much else to do calls run out of their time; some objects are tried again after an hour only. */
const TOO_LATE = /deadline exceeded|Client\.Timeout exceeded|desc = transport/;

describeWith([...PROGRAMS], 'Flux, live', () => {
  const world = new World();
  const seen = new Counts();

  beforeAll(() => world.start());
  afterAll(() => world.close());

  describe.each([...SOURCES, BUILT_IN])('$name', (source) => {
    let trial: Trial;
    beforeAll(async () => {
      trial = new Trial(world, source);
      await trial.start();
    });
    afterAll(() => trial?.close());

    const cells = cellsOf(source);
    const rightly = ({ refused }: Case) => refused;
    const getIn = () => trial.cases.filter(({ refused }) => refused === undefined);
    const callers = () => trial.cases.filter(({ uses }) => uses !== undefined);
    async function settle(cases: readonly Case[], expected: (each: Case) => Refused | undefined): Promise<void> {
      const wrong = await trial.settle(cases, expected, { again: TOO_LATE });
      for (const each of cases) seen.add([source.name, each.cloud, each.level], expected(each) === undefined ? 'ready' : 'refused', !wrong.has(each));
      expect(trial.explain(wrong)).toBe('');
    }

    it.each(cells)('$cloud, $level level: Flux gets in', async ({ cloud, level }) => {
      const cases = getIn().filter((each) => each.cloud === cloud && each.level === level);
      await settle(cases, rightly);
      expect((await Promise.all(cases.map((each) => trial.made(each)))).filter(Boolean)).toEqual([]);
    });

    it.each(cells)('$cloud, $level level: twins stay out', async ({ cloud, level }) => {
      await settle(trial.cases.filter((each) => each.cloud === cloud && each.level === level && each.refused !== undefined), rightly);
    });

    // Until here they ran as they are installed. From here on a change is to be seen at once.
    it('is the same without a cache of tokens', async () => {
      await trial.startControllers('--token-cache-max-size=0');
      await trial.request(trial.cases);
      await settle(trial.cases, rightly);
    });

    // GKE's own pool trusts GKE alone: there is nothing to get wrong.
    if (!source.builtInPool) {
      it.each(DISTRUSTS)('%s: nobody gets in', async (wrong) => {
        await trial.enforce(wrong);
        await trial.request(callers());
        await settle(callers(), ({ cloud }) => ({ says: REASONS[wrong][cloud] }));
      });
    }

    it.each(GRANTS)('without the grant %s: that is refused, and nothing else', async (grant) => {
      await trial.enforce(grant);
      await trial.request(callers());
      const without = ({ cloud, level }: Case) => withoutGrant(world.estate[cloud][level], cloud, level, grant);
      await settle(callers(), (each) => (each.uses === grant ? without(each) : undefined));
    });

    it('source-controller needs no right to tokens of all accounts, but those that the library gives', async () => {
      await trial.enforce('right');
      const sources = getIn().filter(({ object }) => ['OCIRepository', 'Bucket'].includes(object.kind));
      await trial.dropTokenRight('of all accounts');
      await trial.request(sources);
      await settle(sources, rightly);
      await trial.dropTokenRight('of the account');
      await trial.request(sources);
      await settle(sources, ({ level }) => (level === 'controller' ? undefined : { says: /cannot create resource "serviceaccounts\/token"/ }));
    });
  });

  it('docs/conformance.md says what was seen', () => {
    const all = [...SOURCES, BUILT_IN];
    const cells = CELLS.map(({ source, cloud, level }) => [source.name, cloud, level] as const);
    const [ready, refused] = [seen.complete('ready', cells), seen.complete('refused', cells)];
    process.stdout.write(`\nlive: ${ready} of ${CELLS.length} cells seen Ready, ${refused} of ${CELLS.length} with all their twins refused\n`);
    expect([ready, refused]).toEqual([CELLS.length, CELLS.length]);
    const columns = CLOUDS.flatMap((cloud) => LEVELS.map((level) => ({ cloud, level })));
    const header = ['Flux in', ...columns.map(({ cloud, level }) => `${cloud}, ${level}`)];
    holdTable('docs/conformance.md', 'live', header, all.map(({ name, clouds }) =>
      [name, ...columns.map(({ cloud, level }) => (clouds.includes(cloud) ? seen.of(name, cloud, level) : ''))]));
  });
});
