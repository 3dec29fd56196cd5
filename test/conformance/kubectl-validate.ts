import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { FLUX_MANIFESTS, KUBECTL_VALIDATE, run } from './programs';
import { FluxVersion } from '../../lib/core/flux-version';

/** The newest Kubernetes whose schemas kubectl-validate carries. */
const KUBERNETES = '1.30';

/**
 * What is wrong with each object, by the CRDs of that Flux and of the Flux Operator with their CEL rules, and by the schemas
 * of Kubernetes; null where nothing is. Fields that a schema does not have are wrong.
 */
export function problems(version: FluxVersion, objects: readonly object[]): Array<string | null> {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    writeFileSync(join(directory, 'objects.yaml'), objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    const { stdout, stderr } = run(KUBECTL_VALIDATE, ['objects.yaml', '--local-crds', crdDirectories(version).join(), '--version', KUBERNETES, '-o', 'json'], directory);
    const results: any[] = JSON.parse(stdout === '' ? '{}' : stdout)['objects.yaml'] ?? [];
    if (results.length !== objects.length) throw new Error(`${results.length} results for ${objects.length} objects: ${stderr}`);
    return results.map(({ status, message }) => status === 'Success' ? null : message);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Where the CRDs are. Those of Flux 2.10 are made of its Go API; up to 2.9 they are among the manifests. */
export function crdDirectories(version: FluxVersion): string[] {
  const root = FLUX_MANIFESTS.path!;
  const name = readdirSync(root).find((each) => each.startsWith(`v${version}.`) || each === `crds-${version}`);
  if (name === undefined) throw new Error(`no CRDs of Flux ${version} in ${root}: npm run conformance:install`);
  return [join(root, name), join(root, 'operator', 'bases')];
}
