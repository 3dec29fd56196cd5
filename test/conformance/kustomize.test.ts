import { VERSIONS } from './installation';
import { changesOf, installedObjects, kustomizeBuild } from './kustomize';
import { describeWith, FLUX_MANIFESTS, KUSTOMIZE } from './programs';
import { FluxVersion } from '../../lib/core/flux-version';

describeWith([KUSTOMIZE, FLUX_MANIFESTS], 'kustomizeBuild', () => {
  it.each(VERSIONS)('gives the objects of Flux %s when nothing is patched', (version) => {
    expect(changesOf(installedObjects(version), kustomizeBuild('resources: [gotk-components.yaml, gotk-sync.yaml]', version))).toEqual({});
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
      'Deployment web spec env B': null,
      'Deployment web spec env C': { name: 'C', value: '3' },
      'Deployment web spec args': ['x', 'y'],
    });
    expect(changesOf(before, [])).toEqual({ 'Deployment web': null });
  });

  it('throws on what the API server would refuse', () => {
    expect(() => changesOf(object([], []), object([{ name: 'A' }, { name: 'A' }], []))).toThrow('a name twice');
  });
});
