import { EXAMPLES, examine, worldOf } from './doctor-world';
import { describeWith, FLUX_MANIFESTS, KUSTOMIZE, TERRAFORM } from './programs';

describeWith([TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS], 'the doctor', () => {
  it.each(EXAMPLES)('is silent on %s as it is delivered', (example) => {
    const world = worldOf(example);
    expect(world.items.filter(({ kind }) => kind === 'Pod').length).toBeGreaterThan(3);
    expect(examine(world)).toEqual([]);
  });
});
