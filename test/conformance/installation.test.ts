import { readFileSync } from 'fs';
import { join } from 'path';
import { controllersOf, VERSIONS } from './installation';
import { changesOf, installedObjects, KubernetesObject, managerOf, objectOf, parseObjects } from './kustomize';
import { describeWith, FLUX_MANIFESTS, KUSTOMIZE } from './programs';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxVersion } from '../../lib/core/flux-version';

describeWith([KUSTOMIZE, FLUX_MANIFESTS], 'an installation', () => {
  describe.each(VERSIONS)('of Flux %s', (version) => {
    let objects: KubernetesObject[];
    beforeAll(() => { objects = installedObjects(version); });
    const names = (kind: string) => objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name).sort();

    it('has its controllers, and each runs as its own account', () => {
      const controllers = controllersOf(version).sort();
      expect(names('Deployment')).toEqual(controllers);
      expect(names('ServiceAccount')).toEqual(controllers);
      expect(controllers.map((controller) => objectOf(objects, 'Deployment', controller).spec.template.spec.serviceAccountName)).toEqual(controllers);
    });

    it('is named as `flux bootstrap` names it', () => {
      expect(names('ClusterRole')).toEqual(['crd-controller', 'flux-edit', 'flux-view'].map((name) => `${name}-flux-system`));
      expect(names('ClusterRoleBinding')).toEqual(['cluster-reconciler', 'crd-controller'].map((name) => `${name}-flux-system`));
      for (const { kind, metadata } of objects) expect([kind, metadata.namespace]).toEqual([kind, /^Cluster|^Namespace$/.test(kind) ? undefined : 'flux-system']);
      for (const { metadata } of objects.filter(({ apiVersion }) => !apiVersion.includes('toolkit'))) {
        expect(metadata.labels!['app.kubernetes.io/version']).toMatch(new RegExp(`^v${version}\\.`));
      }
    });

    it.each(controllersOf(version))('has %s in the shape that the library patches', (controller) => {
      expect(objectOf(objects, 'ServiceAccount', controller).metadata.annotations).toBeUndefined();
      const { metadata, spec } = objectOf(objects, 'Deployment', controller).spec.template;
      expect(metadata.labels.app).toBe(controller);
      const { args, env, volumeMounts } = managerOf(objects, controller);
      for (const list of [args, volumeMounts, spec.volumes]) expect(list.length).toBeGreaterThan(0);
      expect(env.map(({ name }: any) => name)).toEqual(expect.arrayContaining(['RUNTIME_NAMESPACE', 'GOMEMLIMIT']));
      expect(args.filter((arg: string) => arg.includes('ObjectLevelWorkloadIdentity'))).toEqual([]);
    });
  });

  // The manifests of 2.10 cannot be fetched: ours are those of 2.9 but for what is known to differ.
  it('of Flux 2.10 is that of 2.9 without the cluster-wide right to tokens', () => {
    const [before, after] = [FluxVersion.V2_9, FluxVersion.V2_10].map((version): any =>
      JSON.parse(JSON.stringify(installedObjects(version)).replace(/"v2\.[\d.]+"/g, '""').replace(/(ghcr\.io\/fluxcd\/[\w-]+):[^"]+/g, '$1')));
    const rules: any[] = objectOf(before, 'ClusterRole', 'crd-controller-flux-system').rules;
    expect(changesOf(before, after)).toEqual({
      'ClusterRole crd-controller-flux-system rules': rules.filter(({ resources }) => resources?.[0] !== 'serviceaccounts/token'),
      'Deployment source-controller spec template spec containers manager readinessProbe httpGet path': '/readyz',
      'Deployment source-controller spec template spec containers manager readinessProbe httpGet port': 'healthz',
    });
  });

  it.each([FluxController.SOURCE, FluxController.KUSTOMIZE])('of Flux 2.10 has the %s that was released, and what `flux install` adds', (controller) => {
    const file = join(FLUX_MANIFESTS.path!, `${controller}-2.10`, 'config', 'manager', 'deployment.yaml');
    const released = parseObjects(readFileSync(file, 'utf8'));
    const installed = objectOf(installedObjects(FluxVersion.V2_10), 'Deployment', controller);
    const [pod, manager] = [`Deployment ${controller} spec template spec`, `Deployment ${controller} spec template spec containers manager`];
    const { args } = managerOf(released, controller);
    const changes = changesOf(released, [installed]);
    expect(Object.keys(changes).filter((path) => !/ labels /.test(path)).sort()).toEqual([
      `Deployment ${controller} metadata namespace`,
      `${manager} args`, `${manager} env GOMEMLIMIT`, `${manager} image`,
      `${pod} nodeSelector`, `${pod} priorityClassName`, `${pod} serviceAccountName`,
    ]);
    expect(changes[`${manager} args`]).toEqual([
      '--events-addr=http://notification-controller.$(RUNTIME_NAMESPACE).svc.cluster.local./', '--watch-all-namespaces=true', ...args.slice(1),
      ...(controller === FluxController.KUSTOMIZE ? ['--feature-gates=ExternalArtifact=true'] : []),
    ]);
  });
});
