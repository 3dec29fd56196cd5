import { readFileSync } from 'fs';
import { join } from 'path';
import { Construct } from 'constructs';
import { parse } from 'yaml';
import * as pages from './flux-pages';
import { aks, eks, gke, Identity, impersonating, irsa, Issuer, kustomizations, managedIdentity, other, principal, SAMPLES } from './flux-samples';
import { controllersOf, VERSIONS } from './installation';
import { changesOf, installedObjects, KubernetesObject, kustomizeBuild, kustomizeBuildSharded, managerOf, objectOf } from './kustomize';
import { describeWith, FLUX_MANIFESTS, KUSTOMIZE, TERRAFORM } from './programs';
import { IClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { IFluxIdentity } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallationProps } from '../../lib/flux/flux-installation';

/** The version in which each controller is also patched alone. */
const ALONE = FluxVersion.V2_9;

/** What a controller gets, whatever its volumes are called and in whatever order; the stamp is ours alone. */
function meaning(objects: readonly KubernetesObject[], controller: string) {
  const { metadata, spec } = objectOf(objects, 'Deployment', controller).spec.template;
  const { env, args, volumeMounts } = managerOf(objects, controller);
  const files = volumeMounts.flatMap(({ name, ...at }: any) => {
    const { name: _, ...source } = spec.volumes.find((volume: any) => volume.name === name);
    // One volume of several tokens is as good as one for each.
    const sources = source.projected?.sources.map((each: any) => ({ projected: { sources: [each] } })) ?? [source];
    return sources.map((each: any) => ({ ...at, ...each }));
  });
  return {
    annotations: objectOf(objects, 'ServiceAccount', controller).metadata.annotations ?? {},
    labels: metadata.labels,
    noted: Object.keys(metadata.annotations).filter((name) => !name.startsWith('cdktf-flux-identity/')),
    env: Object.fromEntries(env.map(({ name, ...value }: any) => [name, value])),
    count: env.length,
    files: new Set(files.map((file: object) => JSON.stringify(Object.fromEntries(Object.entries(file).sort())))),
    args,
  };
}

/** Identities of its own for each controller, all in one configuration. */
function identitiesOf(scope: Construct, issuer: IClusterIssuer, clouds: readonly Identity[]): { [controller: string]: IFluxIdentity[] } {
  return Object.fromEntries(Object.values(FluxController).map((controller) =>
    [controller, clouds.map((cloud, index) => cloud(new Construct(scope, `${controller}-${index}`), issuer, [FluxServiceAccount.controller(controller)]))]));
}

/** Configurations of every controller that each version has. */
function inEveryVersion(issuer: IClusterIssuer, identities: ReturnType<typeof identitiesOf>): { [version: string]: FluxInstallationProps } {
  return Object.fromEntries(VERSIONS.map((version) =>
    [version, { issuer, version, identities: controllersOf(version).flatMap((controller) => identities[controller]) }]));
}

/** Fails unless a build only added to an installation, and only to its controllers. */
function expectOnlyAdded(version: FluxVersion, built: readonly KubernetesObject[]): void {
  const taken = changesOf(built, installedObjects(version));
  const may = new RegExp(`^(Deployment|ServiceAccount) (${controllersOf(version).join('|')}) (?!spec template spec containers manager args)`);
  for (const [path, was] of Object.entries(taken)) expect([path, was]).toEqual([expect.stringMatching(may), null]);
}

describeWith([TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS], 'kustomizations come to what the pages do by hand', () => {
  describe.each(SAMPLES)('%s', (_name, sample, issuerOf, identity) => {
    let rendered: { [name: string]: string };
    beforeAll(() => {
      rendered = kustomizations((scope) => {
        const issuer = issuerOf(scope);
        const identities = identitiesOf(scope, issuer, [identity]);
        const alone = controllersOf(ALONE).map((name) => [name, { issuer, version: ALONE, identities: identities[name] }]);
        return { ...inEveryVersion(issuer, identities), ...Object.fromEntries(alone) };
      });
    });

    it.each(VERSIONS)('every controller of Flux %s', (version) => {
      const controllers = controllersOf(version);
      const built = kustomizeBuild(rendered[version], version);
      const expected = kustomizeBuild(pages.page(sample, ...controllers), version);
      const installed = installedObjects(version);
      expectOnlyAdded(version, built);
      for (const controller of controllers) {
        expect(meaning(built, controller)).toEqual(meaning(expected, controller));
        // The sample says something.
        expect(meaning(expected, controller)).not.toEqual(meaning(installed, controller));
      }
    });

    it('a controller alone gets the same, and no other gets anything', () => {
      const changes = (kustomization: string) => changesOf(installedObjects(ALONE), kustomizeBuild(kustomization, ALONE));
      const together = Object.entries(changes(rendered[ALONE]));
      for (const controller of controllersOf(ALONE)) {
        const own = together.filter(([path]) => path.split(' ')[1] === controller);
        expect(changes(rendered[controller])).toEqual(Object.fromEntries(own));
      }
    });
  });
});

/** The clusters that Flux may run in, and what the pages say of AWS, Azure and Google there. */
const CLUSTERS: ReadonlyArray<[name: string, issuer: Issuer, clouds: readonly Identity[], samples: readonly string[]]> = [
  ['EKS', eks, [irsa, managedIdentity, principal], [pages.AWS_EKS, pages.AZURE_OTHER, pages.GCP_OTHER]],
  ['AKS', aks, [irsa, managedIdentity, principal], [pages.AWS_OTHER, pages.AZURE_AKS, pages.GCP_OTHER]],
  ['GKE', gke, [irsa, managedIdentity, impersonating], [pages.AWS_OTHER, pages.AZURE_OTHER, pages.GCP_GKE]],
  ['any other cluster', other, [irsa, managedIdentity, principal], [pages.AWS_OTHER, pages.AZURE_OTHER, pages.GCP_OTHER]],
];

describeWith([TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS], 'three clouds on each controller', () => {
  describe.each(CLUSTERS)('of %s', (_name, issuerOf, clouds, samples) => {
    let rendered: { [version: string]: string };
    beforeAll(() => {
      rendered = kustomizations((scope) => {
        const issuer = issuerOf(scope);
        return inEveryVersion(issuer, identitiesOf(scope, issuer, clouds));
      });
    });

    it.each(VERSIONS)('lose nothing in Flux %s', (version) => {
      const built = kustomizeBuild(rendered[version], version);
      expectOnlyAdded(version, built);
      const singles = samples.map((sample) => kustomizeBuild(pages.page(sample, ...controllersOf(version)), version));
      for (const controller of controllersOf(version)) {
        const { annotations, labels, env, count, files } = meaning(built, controller);
        const each = singles.map((single) => meaning(single, controller));
        expect({ annotations, labels, env }).toEqual({
          annotations: Object.assign({}, ...each.map((single) => single.annotations)),
          labels: Object.assign({}, ...each.map((single) => single.labels)),
          env: Object.assign({}, ...each.map((single) => single.env)),
        });
        expect(count).toBe(Object.keys(env).length);
        expect(files).toEqual(new Set(each.flatMap((single) => [...single.files])));
      }
    });
  });
});

describeWith([TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS], 'shards of controllers', () => {
  let rendered: { [version: string]: string };
  beforeAll(() => {
    rendered = kustomizations((scope) => {
      const issuer = eks(scope);
      return inEveryVersion(issuer, identitiesOf(scope, issuer, [irsa, managedIdentity, principal]));
    });
  });

  it.each(VERSIONS)('get what their controllers get in Flux %s, and nothing else of theirs changes', (version) => {
    const changes = changesOf(kustomizeBuildSharded(pages.page(' []'), version), kustomizeBuildSharded(rendered[version], version));
    const of = (name: string) => Object.fromEntries(Object.entries(changes)
      .filter(([path]) => path.startsWith(`Deployment ${name} `)).map(([path, value]) => [path.replace(name, ''), value]));
    for (const controller of [FluxController.SOURCE, FluxController.KUSTOMIZE, FluxController.HELM]) {
      expect(of(controller)).not.toEqual({});
      expect(of(`${controller}-shard1`)).toEqual(of(controller));
    }
    expect(changesOf(installedObjects(version), kustomizeBuild(rendered[version], version)))
      .toEqual(Object.fromEntries(Object.entries(changes).filter(([path]) => !/^\S+ \S+-shard1 /.test(path))));
  });
});

// Keeps the samples honest: a page that no longer parses proves nothing.
it('every page sample is a kustomization', () => {
  for (const [, sample] of SAMPLES) expect(parse(pages.page(sample, 'source-controller')).patches.length).toBeGreaterThan(0);
  expect(readFileSync(join(__dirname, 'flux-pages.ts'), 'utf8')).toContain('fluxcd.io/flux/integrations');
});
