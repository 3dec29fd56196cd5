import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join, resolve } from 'path';

const ROOT = resolve(__dirname, '..');
const FOLDERS = ['core', 'aws', 'gcp', 'azure', 'flux'];
/** Those that users do not take constructs from. */
const OTHERS = ['access', 'doctor', 'cli', 'testing'];

type Row = [file: string, imported: string, rule: string | undefined];

/** What each file may import: the rule that refuses it, or none. */
const ROWS: Row[] = [
  // directions
  ...['aws', 'gcp', 'azure', 'flux'].map((folder): Row => ['lib/core/a.ts', `../${folder}/thing`, 'import/no-restricted-paths']),
  ...['aws', 'gcp', 'azure', 'flux'].map((folder): Row => ['lib/core/shared/a.ts', `../../${folder}/thing`, 'import/no-restricted-paths']),
  ...['aws', 'gcp', 'azure'].flatMap((cloud) => FOLDERS.filter((other) => other !== cloud && other !== 'core')
    .flatMap((other): Row[] => [
      [`lib/${cloud}/a.ts`, `../${other}/thing`, 'import/no-restricted-paths'],
      [`lib/${cloud}/permissions/a.ts`, `../../${other}/thing`, 'import/no-restricted-paths'],
    ])),
  ...['aws', 'gcp', 'azure'].map((cloud): Row => ['lib/flux/a.ts', `../${cloud}/thing`, 'import/no-restricted-paths']),
  ['lib/flux/private/a.ts', '../../aws/thing', 'import/no-restricted-paths'],
  ...['aws', 'gcp', 'azure', 'flux'].flatMap((folder): Row[] => [
    [`lib/${folder}/a.ts`, '../core/thing', undefined],
    [`lib/${folder}/a.ts`, '../core/shared/thing', undefined],
    [`lib/${folder}/private/a.ts`, '../../core/thing', undefined],
  ]),
  // barrels
  ...FOLDERS.flatMap((folder): Row[] => [
    [`lib/${folder}/a.ts`, '../index', 'import/no-restricted-paths'],
    [`lib/${folder}/a.ts`, '..', 'import/no-restricted-paths'],
    [`lib/${folder}/a.ts`, './index', 'import/no-restricted-paths'],
    [`lib/${folder}/a.ts`, '.', 'import/no-restricted-paths'],
    [`lib/${folder}/private/a.ts`, '../index', 'import/no-restricted-paths'],
    [`lib/${folder}/private/a.ts`, '../../core', 'import/no-restricted-paths'],
    ...(folder === 'core' ? [] : [[`lib/${folder}/a.ts`, '../core', 'import/no-restricted-paths'] as Row]),
  ]),
  ...FOLDERS.map((folder): Row => ['lib/index.ts', `./${folder}`, undefined]),
  ['lib/aws/index.ts', './thing', undefined],
  ...OTHERS.flatMap((folder): Row[] => [
    [`lib/${folder}/a.ts`, '../index', 'import/no-restricted-paths'],
    [`lib/${folder}/a.ts`, '..', 'import/no-restricted-paths'],
    [`lib/${folder}/a.ts`, './thing', undefined],
  ]),
  ['lib/testing/a.ts', '../core', 'import/no-restricted-paths'],
  ['lib/testing/a.ts', '../flux', 'import/no-restricted-paths'],
  ['lib/testing/a.ts', '../flux/thing', undefined],
  ['lib/testing/a.ts', './index', 'import/no-restricted-paths'],
  ['lib/access/a.ts', '../testing', 'import/no-restricted-paths'],
  // the doctor: access and facts
  ...['access/thing', 'core/shared/thing', 'aws/services', 'gcp/services', 'azure/services']
    .map((path): Row => ['lib/doctor/a.ts', `../${path}`, undefined]),
  ...['aws/thing', 'gcp/thing', 'flux/thing', 'cli/thing', 'testing/thing']
    .map((path): Row => ['lib/doctor/layers/a.ts', `../../${path}`, 'import/no-restricted-paths']),
  ['lib/cli/a.ts', '../doctor/thing', undefined],
  ...['core', 'access', 'flux', 'testing'].map((folder): Row => [`lib/${folder}/a.ts`, '../doctor/thing', 'import/no-restricted-paths']),
  // private folders
  ...OTHERS.flatMap((folder): Row[] => [
    [`lib/${folder}/a.ts`, './private/thing', undefined],
    ['lib/flux/a.ts', `../${folder}/private/thing`, 'import/no-restricted-paths'],
    ...OTHERS.filter((other) => other !== folder).map((other): Row => [`lib/${other}/a.ts`, `../${folder}/private/thing`, 'import/no-restricted-paths']),
  ]),
  ['lib/testing/a.ts', '../flux/private/thing', 'import/no-restricted-paths'],
  ['lib/cli/a.ts', '../flux/private/thing', 'import/no-restricted-paths'],
  ...['aws', 'gcp', 'azure', 'flux'].flatMap((folder): Row[] => [
    ['lib/index.ts', `./${folder}/private/thing`, 'import/no-restricted-paths'],
    ['lib/core/a.ts', `../${folder}/private/thing`, 'import/no-restricted-paths'],
    [`lib/${folder}/a.ts`, './private/thing', undefined],
    [`lib/${folder}/permissions/a.ts`, '../private/thing', undefined],
  ]),
  // bindings
  ...['aws', 'google', 'azurerm', 'azuread'].map((name): Row => ['lib/aws/a.ts', `@cdktf/provider-${name}`, 'no-restricted-imports']),
  ['lib/aws/a.ts', '@cdktf/provider-aws/lib', 'no-restricted-imports'],
  ['lib/aws/a.ts', '@cdktf/provider-aws/lib/index', 'no-restricted-imports'],
  ['lib/aws/a.ts', '@cdktf/provider-aws/lib/iam-role', undefined],
];

const RULES = ['import/no-restricted-paths', 'no-restricted-imports', 'import/no-cycle'];

test('the design rules that lint holds: each violation is reported, each legal import is not', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lint-'));
  try {
    const files = new Map<string, Row>();
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    };
    for (const folder of [...FOLDERS, ...OTHERS]) {
      for (const path of [`lib/${folder}/thing.ts`, `lib/${folder}/index.ts`, `lib/${folder}/private/thing.ts`, `lib/${folder}/shared/thing.ts`]) write(path, 'export const x = 1;\n');
    }
    write('lib/index.ts', 'export const x = 1;\n');
    ROWS.forEach(([file, imported, rule], index) => {
      // One file for each row, in the same folder; only an index must keep its name, and takes all of its legal imports.
      const path = file.endsWith('index.ts') && rule === undefined ? file : file.replace(/\w+\.ts$/, `row${index}.ts`);
      const before = files.has(path) ? readFileSync(join(dir, path), 'utf8') : '';
      files.set(path, [file, imported, rule]);
      write(path, `${before}import { x as x${index} } from '${imported}';\nexport const y${index} = x${index};\n`);
    });
    // Only what needs types is left out: nothing here has any.
    const config = JSON.parse(readFileSync(join(ROOT, '.eslintrc.json'), 'utf8').replace(/^\/\/.*\n/, ''));
    delete config.parserOptions.project;
    config.rules = Object.fromEntries(RULES.map((name) => [name, config.rules[name]]));
    write('.eslintrc.json', JSON.stringify(config));
    write('test/tsconfig.json', JSON.stringify({ compilerOptions: { module: 'node16' }, include: ['../lib/**/*.ts'] }));
    symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));

    const bin = join(dirname(require.resolve('eslint/package.json')), 'bin', 'eslint.js');
    let output: string;
    try {
      output = execFileSync('node', [bin, '--ext', '.ts', '--format', 'json', 'lib'], {
        cwd: dir, env: { ...process.env, ESLINT_USE_FLAT_CONFIG: 'false' }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 100_000_000,
      });
    } catch (error: any) {
      output = error.stdout;
    }
    const found = new Map<string, string[]>(JSON.parse(output).map(({ filePath, messages }: any) => [
      filePath.slice(filePath.indexOf('/lib/') + 1), [...new Set<string>(messages.map(({ ruleId }: any) => String(ruleId)))],
    ]));
    const wrong = [...files].filter(([path, [, , rule]]) => !(rule === undefined ? found.get(path)!.length === 0 : found.get(path)!.includes(rule)))
      .map(([path, [file, imported, rule]]) => `${file} imports ${imported}: expected ${rule ?? 'nothing'}, found ${found.get(path)!.join(', ') || 'nothing'}`);
    expect(wrong).toEqual([]);
    expect(files.size).toBeGreaterThan(80);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}, 60_000);
