import { existsSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join, posix } from 'path';

/**
 * Rewrites the index files so that each export is loaded when it is first used. With eager re-exports the root import would
 * need all four provider packages and load every construct of every cloud.
 */
export function lazyExports(lib: string): void {
  const eager = indexesOf(lib).filter((index) => readFileSync(join(lib, index), 'utf8').includes('__exportStar'));
  // Render all before writing any: a rewritten index has no __exportStar left to read.
  const rendered = eager.map((index) => [index, render(lib, index)] as const);
  rendered.forEach(([index, text]) => writeFileSync(join(lib, index), text));
}

/** The index files: of the root and of each folder. */
export function indexesOf(lib: string): string[] {
  return ['index.js', ...readdirSync(lib).sort().map((folder) => `${folder}/index.js`).filter((index) => existsSync(join(lib, index)))];
}

/** The modules that an index re-exports, nested indexes expanded, with the values each has. */
function exportsOf(lib: string, index: string): Array<{ module: string; names: string[] }> {
  const source = readFileSync(join(lib, index), 'utf8');
  const modules = [...source.matchAll(/__exportStar\(require\("(\.[^"]+)"\), exports\)/g)].map((match) => match[1]);
  return modules.flatMap((module) => {
    const file = require.resolve(join(lib, dirname(index), module));
    if (file.endsWith('index.js')) {
      return exportsOf(lib, posix.join(dirname(index), module, 'index.js'))
        .map((nested) => ({ ...nested, module: `./${posix.join(module, nested.module)}` }));
    }
    return [{ module, names: Object.keys(require(file)) }];
  });
}

function render(lib: string, index: string): string {
  const depth = index.split('/').length - 1;
  const peer = `${depth === 0 ? './' : '../'.repeat(depth)}core/shared/package/lazy-export`;
  const entries = exportsOf(lib, index).flatMap(({ module, names }) => names.map((name) => ({ module, name })));
  return [
    '"use strict";',
    '// Written by scripts/post-compile: every export is loaded when it is first used.',
    'Object.defineProperty(exports, "__esModule", { value: true });',
    `const { lazyExport } = require("${peer}");`,
    ...entries.map(({ module, name }) => `lazyExport(exports, "${name}", () => require("${module}"));`),
    '// The names, for the static analysis of ES module imports.',
    `0 && (module.exports = { ${entries.map(({ name }) => name).join(', ')} });`,
    '',
  ].join('\n');
}
