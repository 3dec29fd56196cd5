import { readFileSync, writeFileSync } from 'fs';
import { dirname, join, posix, relative } from 'path';
import { walk } from './walk';

/** A `require` of the bindings that is not inside a `try` yet. */
const BINDING = /(?<!try \{ return )require\(\s*["'](@cdkt[fn]\/provider-[a-z]+)(\/[^"']+)["'],?\s*\)/g;
const PEERS = 'core/shared/package/peers';

/**
 * Puts each `require` of the bindings inside a `try`, with its literal path: bundlers see it, and leave out a package that is
 * not installed instead of failing. What is missing is then named when it is used.
 */
export function optionalBindings(lib: string): void {
  for (const file of walk(lib, '.js')) {
    if (isPeers(lib, file)) continue;
    const source = readFileSync(file, 'utf8');
    let peers = posix.join(relative(dirname(file), lib).split('\\').join('/') || '.', PEERS);
    if (!peers.startsWith('.')) peers = `./${peers}`;
    const text = source.replace(BINDING, (_, name, path) => (
      `require("${peers}").peer("${name}", () => { try { return require("${name}${path}"); } catch (error) { throw error; } })`
    ));
    if (text !== source) writeFileSync(file, text);
  }
}

/** The files whose bindings are required outside of a `try`: none in a package that may be packed. */
export function eagerBindings(lib: string): string[] {
  return walk(lib, '.js').filter((file) => !isPeers(lib, file) && readFileSync(file, 'utf8').search(BINDING) !== -1);
}

function isPeers(lib: string, file: string): boolean {
  return file === join(lib, `${PEERS}.js`);
}
