import { spawn, spawnSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { createServer } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { Machine } from './machine';
import * as processes from './process';
import { PROGRAMS } from './programs';
import { SOURCES } from './stack';
import { Trial } from './trial';
import { World } from './world';
import { describeWith } from '../conformance/programs';

const ROOT = join(__dirname, '../..');
const [SOURCE] = SOURCES;

describeWith([...PROGRAMS], 'Flux, live: what goes wrong is said in bounded time', () => {
  const world = new World();
  let trial: Trial;

  beforeAll(async () => {
    await world.start();
    trial = new Trial(world, SOURCE);
    await trial.start();
  });
  afterAll(async () => {
    await trial?.close();
    await world.close();
  });

  it('a port that is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const [, ...others] = await processes.freePorts(4);
    const ports = jest.spyOn(processes, 'freePorts').mockResolvedValueOnce([(taken.address() as any).port, ...others]);
    const machine = new Machine(SOURCE, { folder: join(world.folder, 'taken'), ca: world.certificate.ca, proxy: world.proxy, environment: async () => ({}) });
    try {
      await expect(machine.start()).rejects.toThrow(/was not yet ready when etcd ended \(\d+\):[^]*address already in use/);
    } finally {
      await machine.close();
      ports.mockRestore();
      taken.close();
    }
  }, 30_000);

  it('a cloud that hangs', async () => {
    const sources = trial.cases.filter(({ uses }) => uses === 'Bucket');
    world.cloud.suffer('silent');
    await trial.request(sources);
    const wrong = await trial.settle(sources, () => undefined, { seconds: 5 });
    world.cloud.suffer();
    expect([...wrong.keys()]).toEqual(sources);
    expect(trial.explain(wrong)).toMatch(/^EKS to aws, controller level: Bucket \(Bucket flux-system\/aws-bucket\) is not Ready, but \{[^]*\nthe clouds did not answer: \S+\.amazonaws\.com /);
  }, 30_000);

  it('a controller that dies', async () => {
    process.kill(trial.machine.controllers.get('helm-controller')!.pid, 'SIGKILL');
    await expect(trial.settle(trial.cases, ({ refused }) => refused)).rejects.toThrow(/^helm-controller ended \(137\):\n/);
  }, 10_000);
});

describe('the live suite', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'live-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('leaves nothing running when it is killed', async () => {
    const log = join(folder, 'log');
    const program = `new (require('./test/live/process').Process)('sleeper', ['sh', '-c', 'echo $$; exec sleep 1000'], {}, ${JSON.stringify(log)})`;
    const suite = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', '-e', program], { cwd: ROOT, env: { ...process.env, TS_NODE_PROJECT: 'test/tsconfig.json' }, stdio: 'ignore' });
    const pid = await eventually(() => Number(readFileSync(log, 'utf8')) || undefined);
    suite.kill('SIGKILL');
    await eventually(() => {
      try {
        process.kill(pid, 0);
        return undefined;
      } catch {
        return true;
      }
    });
  }, 60_000);

  const without = (environment: NodeJS.ProcessEnv) =>
    spawnSync(process.execPath, [require.resolve('jest/bin/jest'), '--ci', '--config', 'test/live/jest.config.json', 'test/live/cells.test.ts'], {
      cwd: ROOT, env: { ...process.env, LIVE_SOPS: '/nowhere/sops', ...environment }, encoding: 'utf8',
    });

  it('is skipped by name without one of its programs', () => {
    const { status, stderr } = without({ CONFORMANCE: '' });
    expect(stderr).toContain('Skipped: Flux, live (not installed: sops (npm run live:install))');
    expect(status).toBe(0);
  });

  it('fails without one of its programs where it has to run', () => {
    const { status, stderr } = without({ CONFORMANCE: 'required' });
    expect(stderr).toContain('CONFORMANCE=required, but not installed: sops (npm run live:install)');
    expect(status).toBe(1);
  });
});

async function eventually<T>(look: () => T | undefined): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      const found = look();
      if (found !== undefined) return found;
    } catch (error) {
      if (attempt > 200) throw error;
    }
    if (attempt > 200) throw new Error('not within 40 s');
    await processes.sleep(200);
  }
}
