import { mkdtempSync } from 'fs';
import { join } from 'path';
import { decodeProtectedHeader } from 'jose';
import { kustomization } from './attempts';
import { Case, TO_GENERIC } from './cases';
import { certificateFor } from './certificate';
import { ChangingTrial } from './changing-trial';
import { Certificate } from './cloud';
import { describeDays } from './days';
import { Cloud, CLOUDS } from './estate';
import { Refused } from './refused';
import { LATE } from './rotation-stack';
import { SOURCES } from './stack';
import { Watched } from './stage';
import { World } from './world';
import { Jwks } from '../../lib/core/jwks';
import { holdTable } from '../tables';

const HOSTED = SOURCES.find(({ name }) => name === 'other')!;
/** How Flux says that a cloud does not take a token. */
const REFUSES: { readonly [cloud in Cloud]: string } = {
  aws: 'operation error STS: AssumeRoleWithWebIdentity',
  azure: 'RESPONSE 400: 400 Bad Request',
  gcp: 'oauth2/google: status code 400',
};
const refuses = (cloud: Cloud, denied: RegExp): Refused => ({ says: new RegExp(REFUSES[cloud].replace(/[/.]/g, '\\$&')), denied });
const said = (clouds: readonly Cloud[] = CLOUDS): string => clouds.map((cloud) => `\`${REFUSES[cloud]}\``).join(', ');

describeDays('Flux, live: rotations and renames', () => {
  const world = new World();
  let trial: ChangingTrial;
  let cases: readonly Case[];
  /** What was rotated: where the steps stand, how many there are, reconciliations between them, failures. */
  const rows: string[][] = [];
  /** What was done in another way: who is refused, what is said. */
  const wrong: string[][] = [];

  beforeAll(async () => {
    await world.start();
    trial = new ChangingTrial(world, HOSTED, ({ refused }) => refused === undefined);
    await trial.start();
    ({ cases } = trial);
  });
  afterAll(async () => {
    await trial?.close();
    await world.close();
  });

  const note = (title: string, steps: number) => rows.push([title, String(steps), String(steps * cases.length), '0']);
  /** What becomes of those who call a cloud. */
  const ofCallers = (become: (each: Case) => Refused | undefined) => (each: Case) => (each.uses === undefined ? undefined : become(each));

  describe('the signing key', () => {
    const signer = async () => decodeProtectedHeader(await trial.machine.kube.tokenOf('default', 'default')).kid;
    const published = () => {
      const { content } = Object.values(trial.evaluation.resources).find(({ key }) => key === 'openid/v1/jwks');
      return JSON.parse(content).keys.map(({ kid }: any) => kid);
    };
    const replace = (signs: string, ...accepts: string[]) => trial.replace('cluster', { signs, accepts });
    /** API servers keep the keys of another for an hour, as its answer says; one that is new knows none. */
    const hourLater = () => trial.replace('remote', { signs: 'remote', accepts: ['remote'] });
    const isRefused = (token: string) => expect(trial.machine.kube.as(token).call('GET', '/version')).rejects.toThrow(/Unauthorized/);
    let second: Jwks;

    it('by the steps of docs/key-rotation.md', async () => {
      const { machine } = trial;
      const [first, before, token] = [trial.today.jwks, await signer(), await machine.kube.tokenOf('default', 'default')];
      second = Jwks.fromText(machine.keyPair('second').publicKey);
      note('the signing key of a hosted issuer, by [its steps](key-rotation.md)', await trial.rotate([
        () => trial.apply({ jwks: first.and(second) }),
        () => replace('cluster', 'cluster', 'second'),
        hourLater,
        async () => {
          expect(await signer()).toBe(before);
          await replace('second', 'cluster', 'second');
          expect(await signer()).not.toBe(before);
        },
        () => trial.restart(),
        () => trial.apply({ jwks: second }),
        () => replace('second', 'second'),
      ]));
      expect(published()).toEqual([await signer()]);
      await isRefused(token);
    });

    it('in another order', async () => {
      const { machine } = trial;
      const third = Jwks.fromText(machine.keyPair('third').publicKey);
      const withToken = (level: string) => ofCallers((each) => (each.level === level ? refuses(each.cloud, /no applicable key/) : undefined));
      await replace('third', 'second', 'third');
      const unknown = 'the server has asked for the client to provide credentials';
      // Tokens that are mounted are of the key before.
      await trial.become(cases, (each) => (each.title === TO_GENERIC ? { says: new RegExp(unknown) } : withToken('object')(each)));
      wrong.push(['a new key signs before it is published', 'whoever has a new token: object level at once, controllers when theirs are renewed', said()]);
      wrong.push([
        'a new key signs before the hour is over for which remote clusters keep the keys of the API server', 'Kustomizations and HelmReleases to them without a cloud',
        `\`${unknown}\``,
      ]);
      const token = await machine.kube.tokenOf('default', 'default');
      await trial.apply({ jwks: second.and(third) });
      await hourLater();
      await trial.settled();

      await replace('second', 'second');
      await isRefused(token);
      wrong.push(['a new key signs before every API server accepts it', 'whoever has a new token, by the others', '`Unauthorized`']);
      await replace('third', 'second', 'third');

      await trial.apply({ jwks: third });
      await trial.become(cases, withToken('controller'));
      wrong.push(['the old key is withdrawn before its last token has expired', 'controllers, until their tokens are renewed', said()]);

      await replace('third', 'third');
      for (const controller of machine.controllers.values()) await controller.until('refused', () => controller.says('Unauthorized'));
      wrong.push([
        'API servers drop the old key before its last token has expired', 'controllers, by the API server: nothing is reconciled', '`Unauthorized`, in their logs',
      ]);
      await trial.restart();
      await trial.become(cases, () => undefined);
    });
  });

  it('the documents of a hosted issuer are taken away, and put back', async () => {
    const { evaluation } = trial;
    const resources = Object.fromEntries(Object.entries(evaluation.resources).filter(([address]) => !address.startsWith('aws_s3_object.')));
    expect(Object.keys(evaluation.resources).length - Object.keys(resources).length).toBe(2);
    await trial.enforceOf({ ...evaluation, resources });
    await trial.become(cases, ofCallers(({ cloud }) => (cloud === 'gcp' ? undefined : refuses(cloud, /has no discovery document \(404\)/))));
    await trial.enforceOf(evaluation);
    await trial.settled();
    wrong.push(['the documents of a hosted issuer are gone', 'all but Google Cloud, which has the keys by upload', said(['aws', 'azure'])]);
  });

  it('a role has another name', async () => {
    note('the name of a role: [another one beside it](aws/rotation-and-renames.md)', await trial.rotate([
      () => trial.apply({ roles: ['flux', 'next'] }),
      () => trial.deliver().then(() => trial.restart()),
      () => trial.apply({ roles: ['next'] }),
    ]));
    await trial.apply({ roles: ['renamed'] });
    await trial.become(cases, ofCallers(({ cloud }) => (cloud === 'aws' ? refuses(cloud, /no role arn:aws:iam::\d+:role\/next-/) : undefined)));
    wrong.push(['a role is renamed in one step', 'whoever is that role, until Flux is told of the new one', said(['aws'])]);
    await trial.deliver();
    await trial.restart();
    await trial.become(cases, () => undefined);
  });

  it('a remote cluster has a certificate of another authority', async () => {
    // With the caches that it has as it is installed: they know one authority from another.
    await trial.startControllers();
    const [next, third] = ['next', 'third'].map(() => certificateFor([], mkdtempSync(join(world.folder, 'authority-'))));
    const present = (certificate: Certificate) => trial.replace('remote', { signs: 'remote', accepts: ['remote'], certificate });
    const believe = async (ca: string) => {
      await trial.apply({ remote: { ...trial.today.remote, ca } });
      await trial.deliver();
    };
    // Clouds know the authorities of their clusters.
    world.stores.remote = { ...world.stores.remote!, ca: world.certificate.ca + next.ca + third.ca };
    note('the authority of a remote cluster, by [its steps](aws/remote-clusters.md#another-authority)', await trial.rotate([
      () => believe(trial.today.remote.ca + next.ca),
      () => present(next),
      () => believe(next.ca),
    ]));
    await present(third);
    const unknown = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
    await trial.become(cases, ({ title }) => (title === TO_GENERIC ? { says: new RegExp(unknown) } : undefined));
    wrong.push(['a remote cluster has a certificate of an authority that its ConfigMap does not name', 'Kustomizations and HelmReleases to it', `\`${unknown}\``]);
    await believe(third.ca);
    await trial.settled();
    await trial.restart();
  });

  it('a tenant comes and goes', async () => {
    const { kube } = trial.machine;
    const sources: readonly (Watched & { readonly cloud: Cloud })[] = CLOUDS.map((cloud) => {
      const { object } = cases.find((each) => each.cloud === cloud && each.level === 'object' && each.title === 'OCIRepository')!;
      return { title: 'OCIRepository of a tenant', cloud, object: { ...object, metadata: { name: `${cloud}-late`, namespace: LATE } } };
    });
    const applies = {
      title: 'Kustomization of a tenant',
      object: kustomization('late', {
        path: './plain', serviceAccountName: 'flux', targetNamespace: LATE, sourceRef: { kind: 'OCIRepository', name: 'aws-late' },
      }, LATE),
    };
    const late = [...sources, applies];
    const added = await trial.rotate([
      () => trial.apply({ late: true }),
      () => trial.deliver().then(() => kube.apply(late.map(({ object }) => object))),
    ]);
    await trial.become(late, () => undefined);
    const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied', namespace: LATE } };
    await kube.get(applied);
    const distrusted = await trial.rotate([
      async () => {
        for (const { object } of late) await kube.call('DELETE', await kube.pathOf(object));
        for (const object of [...late.map((each) => each.object), applied]) await trial.gone(object);
      },
      () => trial.apply({ late: false }),
    ]);
    await kube.apply(sources.map(({ object }) => object));
    const unknown = { aws: /no role \S+flux-late/, azure: /no identity /, gcp: /the attribute condition does not allow it/ };
    await trial.become(sources, ({ cloud }) => refuses(cloud, unknown[cloud]));
    wrong.push(['objects of a tenant whose identities are gone', 'they, and no others', said()]);
    const removed = await trial.rotate([() => kube.call('DELETE', `/api/v1/namespaces/${LATE}`)]);
    note('a tenant is [added and removed](flux/tenants.md)', added + distrusted + removed);
  });

  describe('grants that spill', () => {
    const inline = () => JSON.stringify(Object.entries(trial.evaluation.resources).filter(([address]) => address.startsWith('aws_iam_role_policy.')));
    const typesOf = (changes: readonly { readonly address: string }[]) => changes.map(({ address }) => address.split('.')[0]);

    it('move into a managed policy, in the order of Terraform', async () => {
      expect(inline()).toContain(world.estate.aws.object.key);
      const changes = trial.oneByOne({ further: { Further: 170 } });
      expect(inline()).not.toContain(world.estate.aws.object.key);
      expect(typesOf(changes)).toEqual(['aws_iam_policy', 'aws_iam_role_policy_attachment', 'aws_iam_role_policy']);
      note('grants [spill](aws.md#policies-at-any-size) into a managed policy: each change of Terraform\'s is a step', await trial.rotate(changes.map(({ step }) => step)));
    });

    it('come back', async () => {
      await trial.apply({ further: { Further: 170, Zone: 60 } });
      const changes = trial.oneByOne({ further: { Further: 110, Zone: 60 } });
      expect(inline()).toContain(world.estate.aws.object.key);
      expect(typesOf(changes)).toEqual(['aws_iam_policy', 'aws_iam_role_policy']);
      await changes[0].step();
      const lost = ({ cloud, level, uses }: Case) => cloud === 'aws' && level === 'object' && (uses === 'Images' || uses === 'Key');
      await trial.become(cases, (each) => (lost(each) ? { says: /may not/ } : undefined));
      await changes[1].step();
      await trial.settled();
      wrong.push([
        'grants are taken away, and others move back into a policy before', 'those that move, between two changes of Terraform\'s', 'what the cloud says of a right that is missing',
      ]);
    });
  });

  it('docs/security.md says what was seen', () => {
    process.stdout.write(`\nlive: ${rows.length} rotations over ${cases.length} objects, ${trial.reconciliations} reconciliations meanwhile, none failed; ${wrong.length} other ways\n`);
    holdTable('docs/security.md', 'rotations', ['rotated', 'steps', 'reconciliations', 'failures'], rows);
    holdTable('docs/security.md', 'wrong rotations', ['done', 'refused', 'said'], wrong);
  });
});
