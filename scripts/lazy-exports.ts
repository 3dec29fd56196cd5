/**
 * After jsii has compiled: rewrites the index files so that each export is loaded when it is first used. With eager
 * re-exports the root import would need all four provider packages and load every construct of every cloud.
 */
import { readFileSync, writeFileSync } from 'fs';
import { dirname, join, posix, resolve } from 'path';

const LIB = resolve(process.argv[2] ?? join(__dirname, '..', 'lib'));

/** The modules that an index re-exports, nested indexes expanded, with the values each has. */
function exportsOf(index: string): Array<{ module: string; names: string[] }> {
  const source = readFileSync(join(LIB, index), 'utf8');
  const modules = [...source.matchAll(/__exportStar\(require\("(\.[^"]+)"\), exports\)/g)].map((match) => match[1]);
  return modules.flatMap((module) => {
    const file = require.resolve(join(LIB, dirname(index), module));
    if (file.endsWith('index.js')) {
      return exportsOf(posix.join(dirname(index), module, 'index.js')).map((nested) => ({ ...nested, module: `./${posix.join(module, nested.module)}` }));
    }
    return [{ module, names: Object.keys(require(file)) }];
  });
}

function render(index: string): string {
  const depth = index.split('/').length - 1;
  const peer = `${depth === 0 ? './' : '../'.repeat(depth)}core/shared/load-module`;
  const entries = exportsOf(index).flatMap(({ module, names }) => names.map((name) => ({ module, name })));
  return [
    '"use strict";',
    '// Written by scripts/lazy-exports.ts: every export is loaded when it is first used.',
    'Object.defineProperty(exports, "__esModule", { value: true });',
    `const { lazyExport } = require("${peer}");`,
    ...entries.map(({ module, name }) => `lazyExport(exports, "${name}", () => require("${module}"));`),
    '// The names, for the static analysis of ES module imports.',
    `0 && (module.exports = { ${entries.map(({ name }) => name).join(', ')} });`,
    '',
  ].join('\n');
}

const INDEXES = ['index.js', 'aws/index.js', 'azure/index.js', 'core/index.js', 'flux/index.js', 'gcp/index.js'];
const present = INDEXES.filter((index) => {
  try { return readFileSync(join(LIB, index), 'utf8').includes('__exportStar'); } catch { return false; }
});
// Render all before writing any: a rewritten index has no __exportStar left to read.
const rendered = present.map((index) => [index, render(index)] as const);
rendered.forEach(([index, text]) => writeFileSync(join(LIB, index), text));
