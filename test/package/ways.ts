import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { attempt, bin, ROOT, run, WORK } from './support';

/** The ways in which a program in JavaScript comes to the package. In Python it is test/languages/python/refused.py. */
export const WAYS = ['CommonJS', 'an ES module', 'a bundle', 'ts-node'] as const;
export type Way = typeof WAYS[number];

/** A program: what it takes of which module, and what it does with it. */
export interface Program {
  readonly imports: { readonly [module: string]: string[] };
  readonly body: string;
}

let count = 0;

/** What a program says in one of the ways. A bundle is run where there is no node_modules. */
export function saidBy(way: Way, folder: string, { imports, body }: Program, ...nodeOptions: string[]): string {
  const modules = Object.entries(imports);
  const required = modules.map(([module, names]) => `const { ${names.join(', ').replace(/ as /g, ': ')} } = require('${module}');`).join('\n');
  const imported = modules.map(([module, names]) => `import { ${names.join(', ')} } from '${module}';`).join('\n');
  const place = (ending: string, text: string) => {
    const file = join(folder, `program-${count++}${ending}`);
    writeFileSync(file, text);
    return file;
  };
  switch (way) {
    case 'CommonJS': return attempt(folder, process.execPath, ...nodeOptions, place('.cjs', `${required}\n${body}`)).said;
    case 'an ES module': return attempt(folder, process.execPath, ...nodeOptions, place('.mjs', `${imported}\n${body}`)).said;
    case 'ts-node': {
      const program = place('.ts', `${imported}\n${body}`);
      return attempt(folder, process.execPath, ...nodeOptions, join(ROOT, 'node_modules/ts-node/dist/bin.js'), '--transpile-only', '-O', '{"module":"commonjs","target":"es2022"}', program).said;
    }
    case 'a bundle': {
      const away = join(WORK, `away-${count}`);
      mkdirSync(away);
      run(folder, bin('esbuild'), place('.cjs', `${required}\n${body}`), '--bundle', '--platform=node', '--log-level=error', `--outfile=${join(away, 'bundle.cjs')}`);
      return attempt(away, process.execPath, ...nodeOptions, 'bundle.cjs').said;
    }
  }
}
