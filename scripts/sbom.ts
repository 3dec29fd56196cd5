/**
 * A bill of materials beside each artifact of a release (CycloneDX): what is inside a tarball or a wheel, read from it, not from the
 * folder that it was made in. `sbom.ts <artifact...>` writes `<artifact>.cdx.json`.
 */
import { execFileSync } from 'child_process';
import { createHash } from 'crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { basename, join, relative } from 'path';
import { walk } from './post-compile/walk';

interface Component {
  readonly 'type': 'library';
  readonly 'bom-ref': string;
  readonly 'name': string;
  readonly 'version': string;
  readonly 'purl': string;
  readonly 'licenses': object[];
  readonly 'hashes'?: object[];
}

/** The bill of one artifact. */
export function billOf(artifact: string): object {
  const folder = mkdtempSync(join(tmpdir(), 'sbom-'));
  try {
    const wheel = artifact.endsWith('.whl');
    if (wheel) execFileSync('unzip', ['-q', artifact, '-d', folder]);
    for (const tarball of wheel ? walk(folder, '.tgz') : [artifact]) execFileSync('tar', ['-xzf', tarball, '-C', folder]);
    // The package, and what it bundles: manifests of folders inside those only say how Node reads them.
    const inside = walk(join(folder, 'package'), 'package.json')
      .filter((file) => /^(node_modules\/(@[^/]+\/)?[^/]+\/)*package\.json$/.test(relative(join(folder, 'package'), file)))
      .map((file) => component('npm', JSON.parse(readFileSync(file, 'utf8'))))
      .sort((a, b) => a.purl < b.purl ? -1 : 1);
    const itself = wheel ? component('pypi', metadata(folder)) : inside.find(({ name }) => name === JSON.parse(readFileSync(join(folder, 'package', 'package.json'), 'utf8')).name)!;
    const parts = inside.filter((each) => each !== itself);
    const hashes = [{ alg: 'SHA-256', content: createHash('sha256').update(readFileSync(artifact)).digest('hex') }];
    return {
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
      metadata: { component: { ...itself, hashes } },
      components: parts,
      dependencies: [{ ref: itself['bom-ref'], dependsOn: parts.map((each) => each['bom-ref']) }, ...parts.map((each) => ({ ref: each['bom-ref'] }))],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function component(registry: string, { name, version, license }: { name: string; version: string; license: string }): Component {
  const purl = `pkg:${registry}/${name.replace('@', '%40')}@${version}`;
  return { 'type': 'library', 'bom-ref': purl, name, version, purl, 'licenses': [{ license: { id: license } }] };
}

/** What a wheel says of itself. */
function metadata(folder: string): { name: string; version: string; license: string } {
  const text = readFileSync(walk(folder, 'METADATA')[0], 'utf8');
  const field = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(text)![1].trim();
  return { name: field('Name'), version: field('Version'), license: field('License') };
}

if (require.main === module) {
  for (const artifact of process.argv.slice(2)) {
    writeFileSync(`${artifact}.cdx.json`, `${JSON.stringify(billOf(artifact), null, 2)}\n`);
    console.log(`${basename(artifact)}.cdx.json`);
  }
}
