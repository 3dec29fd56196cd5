import { cpSync, readdirSync } from 'fs';
import { join } from 'path';
import { kustomization, oci } from './attempts';
import { describeDays } from './days';
import { Delivered, DeliveryStack, repositoryOf } from './delivery-stack';
import { ALL_CONTROLLERS, deployment, makeReady, restarted, templatesIn } from './deployments';
import { estateOf } from './estate';
import { Kube } from './kube';
import { sleep } from './process';
import { SOURCES } from './stack';
import { keyOf, namespaceOf, Stage, Watched } from './stage';
import { World } from './world';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
import { FluxValues } from '../../lib/flux/flux-values';
import { KubernetesObject, kustomizeBuild, objectOf, parseObjects } from '../conformance/kustomize';
import { FLUX_MANIFESTS } from '../conformance/programs';
import { evaluate } from '../conformance/terraform';
import { errorOf } from '../flux/fakes';
import { holdTable } from '../tables';

const [EKS] = SOURCES;
const NOTHING = 'nothing changes';
const ACCOUNT: KubernetesObject = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'source-controller', namespace: 'flux-system' } };
const ROLE = 'eks.amazonaws.com/role-arn';

describeDays('Flux, live: deliveries', () => {
  const world = new World();
  let stage: Stage;
  let kube: Kube;
  let rendered: DeliveryStack;
  let values: Delivered;
  let variables: Delivered;
  /** What was seen: delivery, what was done, what became of it. */
  const rows: string[][] = [];
  /** What needs none of the keys that there are only later. */
  const { aws } = estateOf({ controller: '', object: '' });
  /** What was wrong: what the library said of it at synthesis, what was seen when it was done all the same. */
  const wrong: string[][] = [];
  const note = (delivery: string, done: string, seen: string) => rows.push([`\`${delivery}\``, done, seen]);

  beforeAll(async () => {
    await world.start();
    stage = new Stage(world, { ...EKS, name: 'deliveries' });
    await stage.start();
    ({ kube } = stage.machine);
    rendered = new DeliveryStack(world.estate, FluxValues.RENDERED);
    const made = evaluate(rendered);
    await stage.enforceOf(made);
    values = made.outputs as unknown as Delivered;
    variables = evaluate(new DeliveryStack(world.estate, FluxValues.SUBSTITUTED)).outputs as unknown as Delivered;
  });
  afterAll(async () => {
    await stage?.close();
    await world.close();
  });

  /** One try, as a resource of Terraform's has. */
  const make = async (object: KubernetesObject) => kube.call('PATCH', `${await kube.pathOf(object)}?fieldManager=live`, object, 'application/apply-patch+yaml');
  const version = async (object: KubernetesObject) => [keyOf(object), (await kube.get(object)).metadata.resourceVersion];
  const versions = (objects: readonly KubernetesObject[]) => Promise.all(objects.map(version));

  it('FluxManifests: an empty cluster takes them wave by wave', async () => {
    await make(namespaceOf('flux-system'));
    const objects = parseObjects(values.manifests);
    const waves = rendered.waves.map((wave) => wave.map(({ kind, metadata }) => objectOf(objects, kind, metadata.name, metadata.namespace)));
    expect(waves.flat()).toHaveLength(objects.length);
    expect(waves.length).toBeGreaterThan(1);
    await expect(make(waves[1].find(({ kind }) => kind === 'ServiceAccount')!)).rejects.toThrow(/namespaces "team-a" not found/);
    for (const wave of waves) await Promise.all(wave.map(make));
    wrong.push(['an account before its namespace', 'nothing: `waves` are the order', '`namespaces "team-a" not found`']);
    note('FluxManifests', '`waves`, on an empty cluster', 'each object is there at the first try');
  });

  it('FluxManifests: applied twice, nothing changes', async () => {
    const objects = parseObjects(values.manifests);
    const before = await versions(objects);
    await Promise.all(objects.map(make));
    expect(await versions(objects)).toEqual(before);
    note('FluxManifests', 'applied again', NOTHING);
  });

  it('FluxInstanceConfig: a cluster without the operator', async () => {
    const [instance] = parseObjects(values.instance);
    await expect(make(instance)).rejects.toThrow(/404 page not found/);
    wrong.push(['a FluxInstance on a cluster without the operator', 'nothing: no cluster is asked', 'no such kind: `404 page not found`']);
  });

  /** Applies what bootstrap committed. */
  const cluster: Watched = {
    title: 'the Kustomization of the cluster',
    object: kustomization('cluster', {
      path: './',
      prune: false,
      retryInterval: '2s',
      serviceAccountName: 'kustomize-controller',
      sourceRef: { kind: 'OCIRepository', name: 'cluster' },
      postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: 'flux-runtime-info' }] },
    }, 'flux-system'),
  };

  /** Everything that a cluster is to have of Flux and of ours. */
  const built = () => {
    const flux = kustomizeBuild(values.kustomization, FluxVersion.V2_9);
    return [...flux.filter(({ kind }) => !['Kustomization', 'GitRepository'].includes(kind)), ...parseObjects(values.manifests)];
  };

  describe('by kustomize-controller, as Flux applies what bootstrap committed', () => {
    const repository = 'platform/cluster';
    const become = async (says?: RegExp, watched: readonly Watched[] = [cluster]) =>
      expect(stage.explain(await stage.settle(watched, () => (says === undefined ? undefined : { says })))).toBe('');
    const sources: readonly Watched[] = [
      { title: 'by source-controller', object: oci('own', `${aws.controller.registry}/${aws.controller.repository}`, {}, 'flux-system') },
      { title: 'by the account of a tenant', object: oci('own', `${aws.object.registry}/${aws.object.repository}`, { serviceAccountName: 'flux' }, 'team-a') },
    ];

    beforeAll(async () => {
      // As bootstrap does it: with the variables in it.
      await stage.install(variables, ['flux-system', 'team-a']);
      await stage.startControllers();
      await world.artifact(repository, repositoryOf(variables));
      await kube.apply([
        {
          apiVersion: 'source.toolkit.fluxcd.io/v1',
          kind: 'OCIRepository',
          metadata: { name: 'cluster', namespace: 'flux-system' },
          spec: { interval: '1h', insecure: true, url: `oci://127.0.0.1:${world.stores.registry}/${repository}`, ref: { tag: 'v1' } },
        },
        cluster.object,
      ]);
    });

    it('without the ConfigMap it says so', async () => {
      await become(/substitute from 'ConfigMap\/flux-runtime-info' error: configmaps? "flux-runtime-info" not found/);
      wrong.push(['values at run time, without the ConfigMap', 'nothing: it is applied by others', '`configmaps "flux-runtime-info" not found`']);
    });

    it('without a variable it says which', async () => {
      const [info] = parseObjects(variables.runtimeInfo!);
      const data = { ...info.data };
      const [name] = Object.keys(data);
      delete data[name];
      await kube.apply([{ ...info, data } as KubernetesObject]);
      await become(new RegExp(`variable not set \\(strict mode\\): "?${name}"?`));
      wrong.push(['the same, without one of its values', 'nothing', '`variable not set (strict mode)`, and its name']);
    });

    it('with all variables the objects are those that are rendered with values', async () => {
      await kube.apply(parseObjects(variables.runtimeInfo!));
      await become();
      const wanted = built();
      const told = wanted.filter(({ kind }) => kind === 'ServiceAccount');
      const there = await Promise.all(told.map(async (object) => (await kube.get(object)).metadata.annotations ?? {}));
      expect(there).toEqual(told.map(({ metadata }) => metadata.annotations ?? {}));
      const now = await templatesIn(kube);
      for (const name of ALL_CONTROLLERS) {
        const { metadata, spec } = objectOf(wanted, 'Deployment', name).spec.template;
        expect(now[name].metadata).toMatchObject(metadata);
        const [{ args, env }] = spec.containers;
        const [container] = now[name].spec.containers;
        expect(container.args).toEqual(args);
        expect(container.env).toMatchObject(env);
      }
      note('FluxKustomization', 'values at run time, over what bootstrap left', 'annotations and pod templates are those that are rendered with values');
    });

    it('Flux is who it is to be, as soon as its pod is another', async () => {
      await stage.machine.startController('source-controller');
      await kube.apply(sources.map(({ object }) => object));
      await become(undefined, [...sources, cluster]);
    });

    it('reconciled again, nothing changes', async () => {
      const objects = built();
      const before = await versions(objects);
      await stage.request([cluster]);
      await become();
      expect(await versions(objects)).toEqual(before);
      note('FluxKustomization', 'reconciled again', NOTHING);
    });

    it('a replaced role arrives, and the pods of its controller alone are another', async () => {
      const before = await templatesIn(kube);
      const made = evaluate(new DeliveryStack(world.estate, FluxValues.SUBSTITUTED, { images: 'flux-replaced' }));
      const replaced = made.outputs as unknown as Delivered;
      expect(replaced.kustomization).toBe(variables.kustomization);
      expect(replaced.manifests).toBe(variables.manifests);
      await stage.enforceOf(made);
      await kube.apply(parseObjects(replaced.runtimeInfo!));
      const changed = async () => restarted(before, await templatesIn(kube));
      // Nobody asks for it: the ConfigMap is watched.
      for (let attempt = 0; (await changed()).length === 0 && attempt < 120; attempt++) await sleep(500);
      await become();
      expect(await changed()).toEqual(['source-controller']);
      expect((await kube.get(ACCOUNT)).metadata.annotations[ROLE]).toMatch(/:role\/flux-replaced$/);
      // In the place of the Deployment's own controller.
      await stage.machine.startController('source-controller');
      await stage.request([...sources, cluster]);
      await become(undefined, [...sources, cluster]);
      note('FluxKustomization', 'values at run time, source-controller has another role: the ConfigMap changes', 'reconciled at once; the pod template of source-controller changes, and no other');
    });

    it('what another cluster was to be told: the cloud refuses it', async () => {
      await stage.enforceOf(evaluate(new DeliveryStack(world.estate, FluxValues.RENDERED, { issuer: 'of the identities' })));
      await stage.machine.startController('source-controller');
      await stage.request(sources);
      await become(/AssumeRoleWithWebIdentity.*no OIDC provider for https:\/\/oidc\.eks\./, sources);
      const said = 'which does not trust the issuer';
      expect(errorOf(() => new DeliveryStack(world.estate, FluxValues.RENDERED, { issuer: 'of the installation' }))).toContain(said);
      wrong.push(['a delivery on another cluster than the one that its identities trust', `\`${said}\`, where that cluster is the installation's`, 'the cloud refuses `AssumeRoleWithWebIdentity`']);
    });
  });

  describe('by the Flux Operator', () => {
    let instance: KubernetesObject;
    /** Waits until the operator has done what was asked of it. */
    const reconciled = async (stamp: string) => {
      await kube.merge(instance, { metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': stamp } } });
      let state: any;
      for (let attempt = 0; attempt < 240; attempt++) {
        stage.machine.check();
        await makeReady(kube);
        state = (await kube.get(instance)).status ?? {};
        const ready = (state.conditions ?? []).find(({ type }: any) => type === 'Ready');
        if (state.lastHandledReconcileAt === stamp && ready?.status !== 'Unknown') return `${ready.status} ${ready.reason}: ${ready.message}`;
        await sleep(500);
      }
      throw new Error(`${JSON.stringify(state.conditions)}\n${stage.machine.about('FluxInstance', 'flux', 'flux-system')}`);
    };

    beforeAll(async () => {
      // The operator finds the manifests of Flux in its image.
      const release = readdirSync(FLUX_MANIFESTS.path!).find((name) => name.startsWith('v2.9.'))!;
      cpSync(join(FLUX_MANIFESTS.path!, release), join(world.folder, 'deliveries/flux-operator/data/flux', release), { recursive: true });
      // What it makes is then its own, and nobody takes it back.
      for (const object of [cluster.object, ...ALL_CONTROLLERS.map(deployment)]) await kube.call('DELETE', await kube.pathOf(object));
      [instance] = parseObjects(values.instance);
    });

    it('the FluxInstance becomes Ready, and the controllers are told what the kustomization tells them', async () => {
      await kube.apply([instance]);
      expect(await reconciled('1')).toMatch(/^True ReconciliationSucceeded: /);
      expect((await kube.get(ACCOUNT)).metadata.annotations[ROLE]).toMatch(/:role\/flux-images$/);
      const wanted = built();
      const now = await templatesIn(kube);
      for (const name of ALL_CONTROLLERS) {
        const { metadata, spec } = objectOf(wanted, 'Deployment', name).spec.template;
        expect(now[name].metadata.annotations).toMatchObject(metadata.annotations);
        const ours = spec.containers[0].args.filter((arg: string) => /^--(no-|default-)/.test(arg));
        expect(now[name].spec.containers[0].args).toEqual(expect.arrayContaining(ours));
      }
      note('FluxInstanceConfig', 'reconciled by the Flux Operator', 'Ready; accounts and arguments are those of `FluxKustomization`');
    });

    it('reconciled again, nothing changes', async () => {
      const objects = built().filter(({ kind }) => kind !== 'Namespace');
      const before = await versions(objects);
      expect(await reconciled('2')).toMatch(/^True /);
      expect(await versions(objects)).toEqual(before);
      note('FluxInstanceConfig', 'reconciled again', NOTHING);
    });

    it('a replaced role arrives, and the pods of its controller alone are another', async () => {
      const before = await templatesIn(kube);
      const [replaced] = parseObjects((evaluate(new DeliveryStack(world.estate, FluxValues.RENDERED, { images: 'flux-replaced' })).outputs as unknown as Delivered).instance);
      await kube.apply([replaced]);
      expect(await reconciled('3')).toMatch(/^True /);
      expect(restarted(before, await templatesIn(kube))).toEqual(['source-controller']);
      expect((await kube.get(ACCOUNT)).metadata.annotations[ROLE]).toMatch(/:role\/flux-replaced$/);
      note('FluxInstanceConfig', 'source-controller has another role', 'the pod template of source-controller changes, and no other');
    });

    it('a version that the operator does not have', async () => {
      await kube.apply([{ ...instance, spec: { ...instance.spec, distribution: { ...instance.spec.distribution, version: '2.6.x' } } }]);
      expect(await reconciled('4')).toMatch(/^False BuildFailed: build failed: no match found for semver: 2\.6\.x/);
      const said = 'spec.distribution.version';
      expect(errorOf(() => new DeliveryStack(world.estate, FluxValues.RENDERED, { distribution: '2.6.x' }))).toContain(said);
      wrong.push(['a FluxInstance of a version that the operator does not have', `\`${said}\` must be the installation's version; what the operator has is not known`, '`build failed: no match found for semver: 2.6.x`']);
    });
  });

  it('a lockdown that the version does not have', async () => {
    const said = 'FluxLockdown.workloadIdentity in Flux 2.6';
    const changed = { version: FluxVersion.V2_6, lockdown: FluxLockdown.workloadIdentity() };
    expect(errorOf(() => new DeliveryStack(world.estate, FluxValues.RENDERED, changed))).toContain(said);
    // Controllers of 2.6 are not to be had: source-controller has not got this flag either.
    const flag = '--default-kubeconfig-service-account';
    await expect(stage.machine.startController('source-controller', [`${flag}=flux`])).rejects.toThrow(`unknown flag: ${flag}`);
    wrong.push(['a lockdown that the version of Flux does not have', `\`${said}\` is refused`, 'the controller does not start: `unknown flag`']);
  });

  it('docs/flux/ways.md says what was seen', () => {
    process.stdout.write(`\nlive: ${rows.length} outcomes of deliveries, ${wrong.length} of what was wrong with them\n`);
    holdTable('docs/flux/ways.md', 'wrong deliveries', ['what is wrong', 'said at synthesis', 'seen when it is done all the same'], wrong);
    holdTable('docs/flux/ways.md', 'deliveries', ['delivery', 'done', 'seen'], rows);
  });
});
