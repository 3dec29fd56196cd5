import { Fixture, fixtureObjects, kustomizeBuild, managerOf, objectOf } from './kustomize';
import { describeWith, KUSTOMIZE } from './programs';
import { FluxController } from '../../lib/core/flux-controller';

const NOTHING = 'resources: [gotk-components.yaml, gotk-sync.yaml]';

describe.each(Object.values(Fixture))('fixture %s', (fixture) => {
  it.each(Object.values(FluxController).filter((name) => name !== FluxController.OPERATOR))('has %s in the shape that Flux installs', (controller) => {
    const objects = fixtureObjects(fixture);
    expect(objectOf(objects, 'ServiceAccount', controller).metadata.annotations).toBeUndefined();
    const { metadata, spec } = objectOf(objects, 'Deployment', controller).spec.template;
    expect(metadata.labels.app).toBe(controller);
    expect(spec.serviceAccountName).toBe(controller);
    const { args, env, volumeMounts } = managerOf(objects, controller);
    for (const list of [args, env, volumeMounts, spec.volumes]) expect(list.length).toBeGreaterThan(0);
  });
});

describeWith([KUSTOMIZE], 'kustomizeBuild', () => {
  it('gives the objects of the fixture when nothing is patched', () => {
    const sorted = (objects: readonly object[]) => objects.map((object) => JSON.stringify(object)).sort();
    const built = kustomizeBuild(NOTHING, Fixture.FLUX_2_10);
    expect(sorted(built.map(normal))).toEqual(sorted(fixtureObjects(Fixture.FLUX_2_10).map(normal)));
  });

  it('throws what kustomize says', () => {
    expect(() => kustomizeBuild('resources: [missing.yaml]', Fixture.FLUX_2_10)).toThrow(/missing\.yaml/);
  });
});

/** Keys in order: kustomize sorts them. */
function normal(value: any): any {
  if (Array.isArray(value)) return value.map(normal);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, normal(value[key])]));
}
