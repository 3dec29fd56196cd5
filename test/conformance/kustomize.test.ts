import { changesOf, Fixture, installedObjects, kustomizeBuild, managerOf, objectOf } from './kustomize';
import { describeWith, KUSTOMIZE } from './programs';
import { FluxController } from '../../lib/core/flux-controller';

const NOTHING = 'resources: [gotk-components.yaml, gotk-sync.yaml]';

describe.each(Object.values(Fixture))('fixture %s', (fixture) => {
  it.each(Object.values(FluxController))('has %s in the shape that Flux installs', (controller) => {
    const objects = installedObjects(fixture);
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
    expect(changesOf(installedObjects(FluxVersion.V2_10), kustomizeBuild(NOTHING, FluxVersion.V2_10))).toEqual({});
  });

  it('throws what kustomize says', () => {
    expect(() => kustomizeBuild('resources: [missing.yaml]', FluxVersion.V2_10)).toThrow(/missing\.yaml/);
  });
});

describe('changesOf', () => {
  const object = (env: object[], args: string[]) => [{ kind: 'Deployment', metadata: { name: 'web' }, spec: { env, args } }];

  it('sees what was added, changed and taken away, and no order of named things', () => {
    const before = object([{ name: 'A', value: '1' }, { name: 'B', value: '2' }], ['x']);
    expect(changesOf(before, object([{ name: 'B', value: '2' }, { name: 'A', value: '1' }], ['x']))).toEqual({});
    expect(changesOf(before, object([{ name: 'C', value: '3' }, { name: 'A', value: '9' }], ['x', 'y']))).toEqual({
      'Deployment web spec env A value': '9',
      'Deployment web spec env B': undefined,
      'Deployment web spec env C': { name: 'C', value: '3' },
      'Deployment web spec args': ['x', 'y'],
    });
    expect(changesOf(before, [])).toEqual({ 'Deployment web': undefined });
  });

  it('throws on what the API server would refuse', () => {
    expect(() => changesOf(object([], []), object([{ name: 'A' }, { name: 'A' }], []))).toThrow('a name twice');
  });
});
