import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join, relative } from 'path';
import { rewriteSource } from './rewrite';
import { bindingName, Runtime } from '../../projenrc/runtimes';
import { walk } from '../post-compile/walk';

/**
 * Bindings of the twin's runtime that the registry does not have, made of the other runtime's: only the modules that are
 * used. They are compiled and tested against, and never shipped.
 */
export function standIns(root: string, out: string, from: Runtime, to: Runtime): void {
  const sources = ['lib', 'examples'].flatMap((folder) => walk(join(root, folder), '.ts')).map((file) => readFileSync(file, 'utf8')).join('\n');
  for (const provider of Object.keys(to.bindings)) {
    const target = join(out, 'node_modules', bindingName(to, provider));
    if (existsSync(target)) continue;
    const origin = join(root, 'node_modules', bindingName(from, provider));
    const used = [...sources.matchAll(new RegExp(`${bindingName(from, provider)}/lib/([a-z0-9-]+)`, 'g'))].map((match) => match[1]);
    for (const folder of new Set(['provider', ...used])) {
      for (const file of [...walk(join(origin, 'lib', folder), '.js'), ...walk(join(origin, 'lib', folder), '.d.ts')]) {
        const copy = join(target, relative(origin, file));
        mkdirSync(dirname(copy), { recursive: true });
        writeFileSync(copy, rewriteSource(readFileSync(file, 'utf8'), from, to).replace(/\n\/\/# sourceMappingURL.*/, ''));
      }
    }
    writeFileSync(join(target, 'package.json'), JSON.stringify({ name: bindingName(to, provider), version: '0.0.0', main: 'lib/index.js' }));
  }
}
