import { Case, UNTRUSTED } from './cases';
import { Cloud } from './estate';
import { PROGRAMS } from './programs';
import { CELLS, SOURCES } from './stack';
import { Trial, Wrong, WRONGS } from './trial';
import { World } from './world';
import { describeWith } from '../conformance/programs';

/** How each cloud says what is wrong, as Flux hands it on. */
const REASONS: { readonly [wrong in Wrong]: { readonly [cloud in Cloud]: RegExp } } = {
  'a grant removed': { aws: /may not|Access ?Denied/, azure: /may not|AuthorizationPermissionMismatch|DENIED/, gcp: /may not|403/ },
  'another issuer': { aws: /no OIDC provider for/, azure: /no federated credential for https/, gcp: /the issuer is not/ },
  'an unpublished signing key': { aws: /no applicable key/, azure: /no applicable key/, gcp: /no applicable key/ },
  'another audience': { aws: UNTRUSTED.aws, azure: /no audience among/, gcp: /no audience among/ },
};

describeWith([...PROGRAMS], 'Flux, live', () => {
  const world = new World();
  const ready = new Set<string>();
  const refused = new Set<string>();

  beforeAll(() => world.start());
  afterAll(async () => {
    await world.close();
    process.stdout.write(`\nlive: ${ready.size} of ${CELLS.length} cells seen Ready, ${refused.size} of ${CELLS.length} with all their twins refused\n`);
  });

  describe.each(SOURCES)('$name', (source) => {
    let trial: Trial;
    beforeAll(async () => {
      trial = new Trial(world, source);
      await trial.start();
    });
    afterAll(() => trial?.close());

    const cells = CELLS.filter((cell) => cell.source === source);
    const titleOf = ({ cloud, level }: Pick<Case, 'cloud' | 'level'>) => `${source.name} to ${cloud}, ${level} level`;
    const of = (cell: Pick<Case, 'cloud' | 'level'>) => trial.cases.filter(({ cloud, level }) => cloud === cell.cloud && level === cell.level);

    it.each(cells)('$cloud, $level level: Flux gets in', async (cell) => {
      const cases = of(cell).filter((each) => each.refused === undefined);
      expect(await trial.settle(cases, () => true)).toEqual([]);
      expect((await Promise.all(cases.map((each) => trial.made(each)))).filter(Boolean)).toEqual([]);
      ready.add(titleOf(cell));
    });

    it.each(cells)('$cloud, $level level: twins stay out', async (cell) => {
      expect(await trial.settle(of(cell).filter((each) => each.refused !== undefined), (each) => each.refused!)).toEqual([]);
      refused.add(titleOf(cell));
    });

    it.each(WRONGS)('%s: nobody gets in', async (wrong) => {
      const cases = trial.cases.filter((each) => each.refused === undefined && each.calls);
      trial.enforce(wrong);
      await trial.request(cases);
      const failed = await trial.settle(cases, ({ cloud }) => REASONS[wrong][cloud]);
      for (const each of cases) if (failed.length > 0) refused.delete(titleOf(each));
      expect(failed).toEqual([]);
    });

    it('gets in again when nothing is wrong any more', async () => {
      const cases = trial.cases.filter((each) => each.refused === undefined && each.calls);
      trial.enforce('right');
      await trial.request(cases);
      expect(await trial.settle(cases, () => true)).toEqual([]);
    });

    it('source-controller needs no right to tokens of all accounts, but those that the library gives', async () => {
      const sources = trial.cases.filter((each) => ['OCIRepository', 'Bucket'].includes(each.object.kind) && each.refused === undefined);
      await trial.dropTokenRight('of all accounts');
      await trial.request(sources);
      expect(await trial.settle(sources, () => true)).toEqual([]);
      await trial.dropTokenRight('of the account');
      await trial.request(sources);
      expect(await trial.settle(sources, ({ level }) => (level === 'controller' ? true : /cannot create resource "serviceaccounts\/token"/))).toEqual([]);
    });
  });
});
