import { readFileSync } from 'fs';
import { join } from 'path';
import { Case } from './cases';
import { describeDays } from './days';
import { Bench, NO_CACHE } from './doctor/bench';
import { LiveFault } from './doctor/fault';
import { IN_CLOUDS } from './doctor/in-clouds';
import { IN_CLUSTER } from './doctor/in-cluster';
import { Visit } from './doctor/visit';
import { SOURCES } from './stack';
import { keyOf } from './stage';
import { Trial } from './trial';
import { World } from './world';
import { FluxInstallation } from '../../lib';
import { FluxVersion } from '../../lib/core/flux-version';
import { accessModel } from '../../lib/flux/private/access/collect';
import { manifestsOf } from '../conformance/installation';
import { parseObjects } from '../conformance/kustomize';
import { holdTable } from '../tables';

const [EKS] = SOURCES;
const FAULTS: readonly LiveFault[] = [...IN_CLUSTER, ...IN_CLOUDS];
const HEALTHY = { status: 0, findings: [] };

describeDays('Flux, live: the doctor', () => {
  const world = new World();
  const rows: string[][] = [];
  let trial: Trial;
  let bench: Bench;
  let visit: Visit;
  const settled = async (cases: readonly Case[]) => {
    await trial.request(cases);
    expect(trial.explain(await trial.settle(cases, () => undefined))).toBe('');
  };

  beforeAll(async () => {
    await world.start();
    trial = new Trial(world, EKS, ({ refused }) => refused === undefined);
    await trial.start();
    trial.takeTime();
    bench = new Bench(trial, await trial.enforce('right'));
    const installation = trial.stack().node.findAll().find((node): node is FluxInstallation => node instanceof FluxInstallation)!;
    // Of what `flux bootstrap` installs only this controller cannot be had here.
    const notification = parseObjects(manifestsOf(FluxVersion.V2_9).read('notification-controller'));
    await trial.machine.kube.apply(notification.filter(({ kind }) => kind === 'CustomResourceDefinition'));
    visit = new Visit(join(world.folder, 'visit'), JSON.parse(JSON.stringify(accessModel(installation))), join(world.folder, 'EKS/admin.kubeconfig'));
    expect(trial.explain(await trial.settle(trial.cases, () => undefined))).toBe('');
  });
  afterAll(async () => {
    await trial?.close();
    await world.close();
  });

  it('finds nothing in a cluster that is healthy', async () => {
    // The report has the controllers of images, which Flux does not install by default.
    expect(await visit.collect(bench.resources)).toEqual(['imagerepositories', 'imageupdateautomations']);
    expect(visit.byFiles()).toEqual(HEALTHY);
    // From here on a change is to be seen at once.
    await trial.startControllers(NO_CACHE);
  });

  it.each(FAULTS.map((fault) => [fault.title, fault] as const))('%s', async (_, fault) => {
    const { on: [cloud, level, grant], says, layer, text = layer } = fault;
    const seen = trial.cases.find((each) => each.cloud === cloud && each.level === level && each.uses === grant)!;
    try {
      await fault.break(bench);
      const said = await hear(fault, seen);
      await visit.collect(bench.resources);
      const { status, findings } = visit.byFiles(fault.unseen && said);
      expect([findings[0]?.layer, findings[0]?.verdict, status]).toEqual([layer, 'refused', 1]);
      // One cause is one finding, for each resource or object that it is of.
      expect(findings.map((each) => each.layer)).toEqual(findings.map(() => layer));
      let byText = 'nothing is said';
      if (said !== undefined) {
        const alone = visit.byText(said);
        byText = alone.findings[0].verdict === 'refused' ? alone.findings[0].layer : 'nothing';
        expect([byText, alone.status]).toEqual([text, text === 'nothing' ? 2 : 1]);
      }
      rows.push([fault.title, `${cloud}, ${level}`, said === undefined ? '' : `\`${says!.exec(said)![0]}\``, layer, byText]);
    } finally {
      await bench.mend();
    }
    await settled([seen]);
  });

  /** What Flux says of what is broken, as soon as it does. */
  async function hear({ says, ends }: LiveFault, seen: Case): Promise<string | undefined> {
    if (ends !== undefined) {
      const error = await bench.restart(ends).then(() => 'it runs', ({ message }) => message);
      expect(error).toMatch(says!);
      await bench.crashing(ends);
      return error;
    }
    await trial.request([seen]);
    if (says !== undefined) {
      expect(trial.explain(await trial.settle([seen], () => ({ says })))).toBe('');
      return trial.said.get(seen.object)!;
    }
    const asked = trial.stamp;
    // What was asked later, of a controller that runs, is done by now.
    await settled(trial.cases.filter(({ title }) => title === 'OCIRepository'));
    const { handled, ready } = (await trial.states()).get(keyOf(seen.object))!;
    expect([handled < asked, ready]).toEqual([true, 'True']);
    return undefined;
  }

  it('finds nothing when all is mended', async () => {
    await settled(trial.cases);
    await visit.collect(bench.resources);
    expect(visit.byFiles()).toEqual(HEALTHY);
  });

  it('docs/doctor.md says what was seen', () => {
    process.stdout.write(`\nlive: ${rows.length} faults of a cluster and its clouds, each named by the doctor\n`);
    holdTable('docs/doctor.md', 'live', ['what is broken', 'seen toward', 'Flux says', 'the files say', 'the text alone says'], rows);
  });
});

describe('the page of the doctor', () => {
  it('has every fault of the live suite', () => {
    const page = readFileSync(join(__dirname, '../../docs/doctor.md'), 'utf8');
    expect(FAULTS.filter(({ title }) => !page.includes(`| ${title} |`)).map(({ title }) => title)).toEqual([]);
  });
});
