import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { walk } from './walk';

/**
 * A page of ours in a docstring, by its path: it is no link in an editor, and the pages are not in the package. In JSON a letter
 * stands before it, that of a line break.
 */
const GUIDE = /Guide: (docs\/[\w/-]+\.md(?:#[\w-]+)?)/g;

/** Makes links of the pages that docstrings name, to the version that the package is: what its reader has, not what came later. */
export function guides(root: string): void {
  const { version, repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const base = guideBase(version, repository.url);
  for (const file of [join(root, '.jsii'), ...walk(join(root, 'lib'), '.d.ts')]) {
    const source = readFileSync(file, 'utf8');
    const text = source.replace(GUIDE, (_, page) => `Guide: ${base}/${page}`);
    if (text !== source) writeFileSync(file, text);
  }
}

/** Where the pages of a version are: those of its tag, and before any release the newest. */
export function guideBase(version: string, repository: string): string {
  return `${repository.replace(/^git\+|\.git$/g, '')}/blob/${version === '0.0.0' ? 'main' : `v${version}`}`;
}
