import { bootstrapped, kustomize, VERSIONS } from './installation';
import { problems } from './kubectl-validate';
import { changesOf, installedObjects, kustomizeBuild, objectOf, parseObjects } from './kustomize';
import { describeWith, FLUX_MANIFESTS, KUBECTL_VALIDATE, KUSTOMIZE } from './programs';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { installed, textOf } from '../flux/fakes';

describeWith([KUSTOMIZE, KUBECTL_VALIDATE, FLUX_MANIFESTS], 'what a Flux that needs nothing is told', () => {
  describe.each(VERSIONS)('Flux %s', (version) => {
    it('builds, and changes nothing', () => {
      const { stack, flux: installation } = installed({ version });
      const built = kustomizeBuild(textOf(new FluxKustomization(stack, 'Kustomization', { installation })), version);
      expect(changesOf(installedObjects(version), built)).toEqual({});
    });

    it('is a stream with an object in it, for kustomize and for kubectl', () => {
      const { stack, flux: installation } = installed({ version });
      const yaml = textOf(new FluxManifests(stack, 'Manifests', { installation }));
      const objects = parseObjects(yaml);
      expect(objects).toHaveLength(1);
      expect(problems(version, objects)).toEqual([null]);
      const built = parseObjects(kustomize({
        ...bootstrapped(version), 'manifests.yaml': yaml, 'kustomization.yaml': '{"resources":["gotk-components.yaml","manifests.yaml"]}',
      }));
      expect(objectOf(built, 'ConfigMap', 'cdktf-flux-identity')).toEqual(objects[0]);
    });
  });
});
