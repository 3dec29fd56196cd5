import { existsSync } from 'fs';
import { join } from 'path';
import type { Change } from './doctor-changes';
import { FAULTS } from './doctor-faults';
import { REWRITES } from './doctor-rewrites';
import { VARIATIONS } from './doctor-variations';
import { EXAMPLES, examine, modelOf, worldOf } from './doctor-world';
import { problems } from './kubectl-validate';
import { describeWith, FLUX_MANIFESTS, KUBECTL_VALIDATE, KUSTOMIZE, TERRAFORM } from './programs';
import { FluxVersion } from '../../lib/core/flux-version';
import { shownFindings } from '../../lib/doctor/finding';
import { LAYERS } from '../../lib/doctor/layers';
import { anchorOf, MESSAGES } from '../../lib/doctor/messages';
import { probesOf } from '../../lib/doctor/probes';

/** Whether there is such a page, and on it the heading. */
function isPage(page: string): boolean {
  const [file, anchor] = page.split('#');
  return existsSync(join(__dirname, '../..', file)) && (anchor === undefined || Object.values(MESSAGES).flat().some((message) => anchorOf(message) === anchor));
}

/** In how many worlds something changes; nothing is said of any. */
function changedBy(change: Change): number {
  let changed = 0;
  for (const example of EXAMPLES) {
    const world = worldOf(example);
    change(world);
    if (JSON.stringify(world) === JSON.stringify(worldOf(example))) continue;
    changed += 1;
    expect([example, examine(world)]).toEqual([example, []]);
  }
  return changed;
}

describeWith([TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS], 'the doctor', () => {
  it.each(EXAMPLES)('is silent on %s as it is delivered', (example) => {
    const world = worldOf(example);
    expect(world.items.filter(({ kind }) => kind === 'Pod').length).toBeGreaterThan(3);
    expect(examine(world)).toEqual([]);
  });

  describe('is silent on what is harmless, in every example:', () => {
    it('enough of it', () => {
      expect(VARIATIONS.length).toBeGreaterThanOrEqual(30);
    });

    it.each(VARIATIONS)('%s', (_, change) => {
      expect(changedBy(change)).toBeGreaterThan(0);
    });
  });

  it.each(REWRITES)('is silent on what clouds and providers write otherwise, in every example: %s (%s)', (_, __, change) => {
    expect(changedBy(change)).toBeGreaterThan(0);
  });

  describe('names the layer of a single fault first:', () => {
    it('enough of them, of every layer and cloud', () => {
      expect(FAULTS.length).toBeGreaterThanOrEqual(60);
      // Of networks, files show the metadata service of nodes alone: doctor-reports/nodes-aws.ts.
      expect(new Set(FAULTS.map(([, layer]) => layer))).toEqual(new Set(Object.keys(LAYERS).filter((layer) => layer !== 'network')));
    });

    it.each(FAULTS)('%s, %s: %s', (example, layer, _, change) => {
      const world = worldOf(example);
      change(world);
      const findings = examine(world);
      expect(findings.map((finding) => finding.layer)).toEqual(findings.map(() => layer));
      expect(findings.length).toBeGreaterThanOrEqual(1);
      // One cause is one finding, for each resource that it is of.
      expect(findings.length).toBeLessThanOrEqual(2);
      for (const { page } of findings) expect([page, page === undefined || isPage(page)]).toEqual([page, true]);
      // What hides secrets hides none of it.
      expect(JSON.stringify(shownFindings(findings))).not.toContain('not shown');
    });
  });
});

describeWith([KUBECTL_VALIDATE, FLUX_MANIFESTS], 'probes', () => {
  it('are objects that Flux takes', () => {
    const named: { [example: string]: string[] } = {
      'flux-aws-eks': ['oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/team-a/web:1.0', 's3://flux-manifests'],
      'flux-azure-aks': ['oci://acmeregistry.azurecr.io/web', 'https://acmeflux.blob.core.windows.net/manifests'],
      'flux-gcp-gke': ['oci://europe-west1-docker.pkg.dev/acme-prod/apps/web:2', 'gs://acme-flux-manifests'],
      'flux-azure-devops': ['https://dev.azure.com/acme/platform/_git/fleet#main'],
    };
    const objects = Object.entries(named).flatMap(([example, artifacts]) => probesOf(modelOf(example), artifacts, 'eu-west-1').map(({ object }) => object));
    expect(new Set(objects.map(({ kind }) => kind))).toEqual(new Set(['OCIRepository', 'ImageRepository', 'Bucket', 'GitRepository']));
    expect(problems(FluxVersion.V2_10, objects)).toEqual(objects.map(() => null));
  });
});
