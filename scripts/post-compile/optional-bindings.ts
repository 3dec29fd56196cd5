import { readFileSync, writeFileSync } from 'fs';
import { dirname, join, posix, relative } from 'path';
import { walk } from './walk';

/** A `require` of the bindings, at the left the whole of it as the compiler writes it. */
const BINDING = /(?<!try \{ return )require\("(@cdkt[fn]\/provider-[a-z]+)(\/[^"]+)"\)/g;
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
    const text = source.replace(BINDING, (required, name) => (
      `require("${peers}").peer("${name}", () => { try { return ${required}; } catch (error) { throw error; } })`
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
