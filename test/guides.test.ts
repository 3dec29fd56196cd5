import { existsSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { headings } from './headings';
import { guideBase } from '../scripts/post-compile/guides';

/** From the docstring of a class its page is one step away: `scripts/post-compile/guides.ts` makes a link of it. */
const ROOT = resolve(__dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const FILES = ['core', 'aws', 'gcp', 'azure', 'flux']
  .flatMap((room) => [...read(`lib/${room}/index.ts`).matchAll(/from '\.\/(.+)'/g)].map(([, module]) => `lib/${room}/${module}.ts`));
const CLASSES = FILES
  .flatMap((file) => [...read(file).matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(?:@\w+\n)*export (?:abstract )?class (\w+)/g)]
    .map(([, docstring, name]): [string, string] => [name, docstring]));

test('every class that is exported has a docstring that is looked at', () => {
  const all = FILES.flatMap((file) => [...read(file).matchAll(/^export (?:abstract )?class (\w+)/gm)].map(([, name]) => name));
  expect(all.length).toBeGreaterThan(60);
  expect(CLASSES.map(([name]) => name)).toEqual(all);
});

test.each(CLASSES)('%s names its page, and the page is about it', (name, docstring) => {
  const [, page, anchor] = /^ \* Guide: (docs\/[\w/-]+\.md)(?:#([\w-]+))?$/m.exec(docstring) ?? [];
  expect(page !== undefined && existsSync(join(ROOT, page))).toBe(true);
  const text = read(page);
  if (anchor !== undefined) expect(headings(text)).toContain(anchor);
  expect(text).toMatch(new RegExp(`\\b${name}\\b`));
});

test('the link is to the version of the package, and before any release to the newest pages', () => {
  const { repository } = JSON.parse(read('package.json'));
  const place = 'https://github.com/cdktf-flux-identity/cdktf-flux-identity/blob';
  expect(guideBase('1.2.3', repository.url)).toBe(`${place}/v1.2.3`);
  expect(guideBase('0.0.0', repository.url)).toBe(`${place}/main`);
});
