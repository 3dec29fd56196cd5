/**
 * Refuses to pack what the post-compile steps have not been over: `npm run compile && npm pack` would make a package that
 * needs all bindings.
 */
import { existsSync, readFileSync, statSync } from 'fs';
import { join, resolve } from 'path';
import { indexesOf } from './lazy-exports';
import { eagerBindings } from './optional-bindings';
import { walk } from './walk';

const root = resolve(process.argv[2] ?? join(__dirname, '..', '..'));
const lib = join(root, 'lib');

/** The first reason not to pack. */
function unfit(): string | undefined {
  if (!existsSync(join(root, '.jsii')) || !existsSync(join(lib, 'index.js'))) return 'nothing is compiled';
  const sources = walk(lib, '.ts').filter((file) => !file.endsWith('.d.ts'));
  const stale = sources.find((file) => {
    const compiled = file.replace(/\.ts$/, '.js');
    // projen writes this-package.ts each time it runs, mostly as it was.
    return !existsSync(compiled) || (!file.endsWith('this-package.ts') && statSync(compiled).mtimeMs < statSync(file).mtimeMs);
  });
  if (stale !== undefined) return `${stale} is newer than what was compiled`;
  const orphan = walk(lib, '.js').find((file) => sources.length > 0 && !existsSync(file.replace(/\.js$/, '.ts')));
  if (orphan !== undefined) return `${orphan} has no source any more`;
  const eager = indexesOf(lib).find((index) => !readFileSync(join(lib, index), 'utf8').includes('lazyExport'));
  if (eager !== undefined) return `lib/${eager} loads all it exports`;
  const bindings = eagerBindings(lib)[0];
  if (bindings !== undefined) return `${bindings} needs a package of bindings`;
  if (/"@cdkt[fn]\/provider-/.test(readFileSync(join(root, '.jsii'), 'utf8'))) return 'the jsii assembly depends on bindings';
  return undefined;
}

const reason = unfit();
if (reason !== undefined) {
  console.error(`Not packed: ${reason}. Run \`npm run compile && npm run post-compile\` (or \`npm run build\`) first.`);
  process.exit(1);
}
