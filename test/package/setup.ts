import { execFileSync } from 'child_process';
import { mkdtempSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';

/** Packs once for all suites. */
export default function setup(): void {
  const root = resolve(__dirname, '../..');
  const work = mkdtempSync(join(tmpdir(), 'flux-identity-package-'));
  const name = execFileSync('npm', ['pack', '--loglevel=error', '--pack-destination', work], { cwd: root, encoding: 'utf8' }).trim().split('\n').pop()!;
  process.env.PACKAGE_TEST_FOLDER = work;
  process.env.PACKAGE_TEST_TARBALL = join(work, name);
}
