import { Case } from './cases';
import { Fault } from './cloud';
import { describeDays } from './days';
import { Cloud as CloudName, CLOUDS } from './estate';
import { sleep } from './process';
import { SOURCES } from './stack';
import { keyOf } from './stage';
import { Trial } from './trial';
import { World } from './world';
import { holdTable } from '../tables';

/** What Flux says of a cloud while all clouds fail; nothing, where it is Ready all the same. */
const FAULTS: { readonly [fault in Fault]: { readonly [cloud in CloudName]?: string } } = {
  '500': {
    aws: 'operation error STS: AssumeRoleWithWebIdentity, exceeded maximum number of attempts, 3, https response error StatusCode: 500',
    azure: 'RESPONSE 500: 500 Internal Server Error',
    gcp: 'oauth2/google: status code 500',
  },
  '429': {
    aws: 'operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 429',
    azure: 'RESPONSE 429: 429 Too Many Requests',
    gcp: 'oauth2/google: status code 429',
  },
  'silent': {
    aws: 'Post "https://sts.eu-west-1.amazonaws.com/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    azure: 'WorkloadIdentityCredential: unable to resolve an endpoint: server response error: context deadline exceeded',
    gcp: 'oauth2/google: invalid response from Secure Token Server: Post "https://sts.googleapis.com/v1/token": context deadline exceeded',
  },
  'another certificate': {
    aws: 'Post "https://sts.eu-west-1.amazonaws.com/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    azure: 'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    gcp: 'Post "https://sts.googleapis.com/v1/token": tls: failed to verify certificate: x509: certificate signed by unknown authority',
  },
  'clock behind': {
    aws: 'operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 400',
    azure: 'RESPONSE 400: 400 Bad Request',
    gcp: 'oauth2/google: status code 400',
  },
  'clock ahead': {},
};
/** In words. */
const TITLES: { readonly [fault in Fault]: string } = {
  '500': 'every answer is 500',
  '429': 'every answer is 429',
  'silent': 'no answer',
  'another certificate': 'a certificate of another authority',
  'clock behind': 'a clock that is ten minutes behind',
  'clock ahead': 'a clock that is ten minutes ahead',
};
const WATCHED = ['OCIRepository', 'Bucket', 'Kustomization with SOPS', 'Kustomization to a remote cluster', 'ResourceSetInputProvider'];
/** Seconds to wait for what Flux says. */
const SAID = 75;

describeDays('Flux, live: clouds that fail', () => {
  const world = new World();
  const rows: string[][] = [];
  let trial: Trial;
  let cases: readonly Case[];
  const settled = async () => expect(trial.explain(await trial.settle(cases, () => undefined))).toBe('');

  beforeAll(async () => {
    await world.start();
    trial = new Trial(world, SOURCES[0]);
    await trial.start();
    trial.takeTime();
    cases = trial.cases.filter(({ title, level, refused }) => WATCHED.includes(title) && level === 'controller' && refused === undefined);
    await settled();
    await trial.startControllers('--token-cache-max-size=0');
    // Else a Kustomization tries again after its interval.
    const retried = cases.filter(({ object }) => object.kind === 'Kustomization');
    await Promise.all(retried.map(({ object }) => trial.machine.kube.merge(object, { spec: { retryInterval: '5s' } })));
    await settled();
  });
  afterAll(async () => {
    await trial?.close();
    await world.close();
  });

  it.each(Object.keys(FAULTS) as Fault[])('%s', async (fault) => {
    const says = FAULTS[fault];
    world.cloud.suffer(fault);
    try {
      await trial.request(cases);
      const said = new Map<CloudName, string>();
      for (const deadline = performance.now() + SAID * 1000; said.size < Object.keys(says).length && performance.now() < deadline; await sleep(500)) {
        const states = await trial.states();
        for (const { cloud, object } of cases) {
          const { handled, message } = states.get(keyOf(object))!;
          if (handled >= trial.stamp && says[cloud] !== undefined && message.includes(says[cloud]!)) said.set(cloud, says[cloud]!);
        }
      }
      expect(Object.fromEntries(said)).toEqual(says);
      if (said.size === 0) await settled();
    } finally {
      world.cloud.suffer();
    }
    // Nobody asks for it.
    await settled();
    rows.push([TITLES[fault], ...CLOUDS.map((cloud) => (says[cloud] === undefined ? 'Ready' : `\`${says[cloud]}\``)), 'yes']);
  });

  it('docs/flux/cloud-faults.md says what was seen', () => {
    process.stdout.write(`\nlive: ${rows.length} faults of the clouds, ${rows.length * cases.length} objects recovered by themselves\n`);
    holdTable('docs/flux/cloud-faults.md', 'cloud-faults', ['the cloud', ...CLOUDS, 'recovers by itself'], rows);
  });
});
