import { execFileSync } from 'child_process';
import { createHash } from 'crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join, resolve } from 'path';
import { SOURCE, thisPackage, TWIN } from '../projenrc/runtimes';
import { billOf } from '../scripts/sbom';
import { newestOf, withTested } from '../scripts/updates';

/** What a release is made with. */
test('the bill of materials holds the package, what it bundles, and the digest of the artifact', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bill-'));
  const write = (path: string, content: object) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(content));
  };
  try {
    write('package/package.json', { name: 'ours', version: '1.2.3', license: 'Apache-2.0' });
    write('package/node_modules/@a/yaml/package.json', { name: '@a/yaml', version: '2.0.0', license: 'ISC' });
    write('package/node_modules/@a/yaml/dist/package.json', { type: 'module' });
    const artifact = join(folder, 'artifact.tgz');
    execFileSync('tar', ['-czf', artifact, '-C', folder, 'package']);
    const content = createHash('sha256').update(readFileSync(artifact)).digest('hex');
    const bill: any = billOf(artifact);
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5', metadata: { component: { purl: 'pkg:npm/ours@1.2.3', hashes: [{ alg: 'SHA-256', content }] } } });
    expect(bill.components).toEqual([expect.objectContaining({ purl: 'pkg:npm/%40a/yaml@2.0.0', licenses: [{ license: { id: 'ISC' } }] })]);
    expect(bill.dependencies[0]).toEqual({ ref: 'pkg:npm/ours@1.2.3', dependsOn: ['pkg:npm/%40a/yaml@2.0.0'] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('updates take the newest bindings in the range of the peers, and leave the runtime and stand-ins alone', () => {
  const text = readFileSync(resolve(__dirname, '../projenrc/runtimes.ts'), 'utf8');
  const asked: string[] = [];
  const changed = withTested(text, TWIN, (name, range) => {
    asked.push(`${name}@${range}`);
    return '99.0.0';
  });
  expect(asked).toEqual(['@cdktn/provider-aws@>=25.5.0 <26', '@cdktn/provider-azurerm@>=16.1.0']);
  const before = text.split('\n');
  expect(changed.split('\n').filter((line, index) => line !== before[index]).map((line) => line.trim())).toEqual(["'@cdktn/provider-aws': '99.0.0',", "'@cdktn/provider-azurerm': '99.0.0',"]);
  expect([newestOf('"1.0.0"'), newestOf('["1.0.0","1.1.0"]')]).toEqual(['1.0.0', '1.1.0']);
});

test.each([SOURCE, TWIN])('every binding of $packageName has an oldest version, so that an older one is named', (runtime) => {
  const minimums = thisPackage(runtime).filter((line) => line.includes('/provider-'));
  expect(minimums).toHaveLength(4);
  for (const line of minimums) expect(line).toMatch(/: '[1-9]\d*\.\d+\.\d+',$/);
});
