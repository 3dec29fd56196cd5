/**
 * Parts the API reference that jsii-docgen wrote into API.md by the folders of lib/: one page each in docs/api/, so that a page
 * opens in a browser and a difference can be read. API.md becomes their index.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '..');
const PAGES = join(ROOT, 'docs', 'api');
const TITLES: { readonly [folder: string]: string } = {
  core: 'Core', aws: 'AWS', azure: 'Azure', gcp: 'Google Cloud', flux: 'Flux',
};

interface Entry {
  readonly section: string;
  readonly name: string;
  readonly text: string;
}

const assembly = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8'));
const source = readFileSync(join(ROOT, 'API.md'), 'utf8');

/** The folder of lib/ that declares a type. */
function folderOf(name: string): string {
  const type = assembly.types[`${assembly.name}.${name}`];
  const folder = /^lib\/(\w+)\//.exec(type.locationInModule.filename)?.[1];
  if (folder === undefined || !(folder in TITLES)) throw new Error(`${name} is declared outside the folders of lib/`);
  return folder;
}

/** Every type with the section that docgen put it in: constructs, structs, classes, protocols, enums. */
function entries(): Entry[] {
  return source.split(/^## /m).slice(1).flatMap((part) => {
    const section = /^(\w+)/.exec(part)![1];
    return part.split(/^### /m).slice(1).map((text) => ({ section, name: /^(\w+)/.exec(text)![1], text: `### ${text}` }));
  });
}

/** Links to types of other pages get the page. */
function linked(text: string, folder: string): string {
  return text.replace(/(href="|\]\()#(cdktf-flux-identity\.(\w+)[^")]*)/g, (whole, before, anchor, name) => {
    const other = folderOf(name);
    return other === folder ? whole : `${before}${other}.md#${anchor}`;
  });
}

const all = entries();
if (all.length === 0) throw new Error('API.md is not what jsii-docgen writes; run the docgen task');
rmSync(PAGES, { recursive: true, force: true });
mkdirSync(PAGES, { recursive: true });
const index = ['# API reference', '', 'Generated from the docstrings. The folders of `lib/`, a page each:', ''];
for (const folder of Object.keys(TITLES)) {
  const own = all.filter(({ name }) => folderOf(name) === folder);
  const page = [`# API reference: ${TITLES[folder]}`, ''];
  index.push(`## [${TITLES[folder]}](docs/api/${folder}.md)`, '');
  for (const section of [...new Set(own.map((entry) => entry.section))]) {
    const types = own.filter((entry) => entry.section === section);
    page.push(`## ${section}`, '', ...types.map(({ text }) => linked(text, folder)));
    index.push(`${section}: ${types.map(({ name }) => `[${name}](docs/api/${folder}.md#${assembly.name}.${name})`).join(', ')}`, '');
  }
  writeFileSync(join(PAGES, `${folder}.md`), page.join('\n').replace(/\n{3,}/g, '\n\n').trimEnd() + '\n');
}
writeFileSync(join(ROOT, 'API.md'), index.join('\n').trimEnd() + '\n');
