import { execFileSync } from 'child_process';
import { cpSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'fs';
import { join } from 'path';
import { attempt, bin, MANIFEST, ROOT, run, TARBALL, WORK } from './support';
import { SOURCE, thisPackage } from '../../projenrc/runtimes';
import { foreignTypes } from '../../scripts/post-compile/assembly';
import { guideBase } from '../../scripts/post-compile/guides';
import { removable } from '../../scripts/post-compile/internal-members';
import { eagerBindings } from '../../scripts/post-compile/optional-bindings';

/** What is in the tarball, and that nothing else can get into one. */
const files = run(ROOT, 'tar', '-tzf', TARBALL).split('\n').filter((file) => file !== '').map((file) => file.replace('package/', ''));

test('the tarball holds what is run, its types and its bundled dependency, and nothing else', () => {
  expect(files).toEqual(expect.arrayContaining(['.jsii', 'LICENSE', 'README.md', 'package.json', `bin/${MANIFEST.name}`, 'lib/index.js', 'lib/index.d.ts', 'node_modules/yaml/package.json']));
  const others = files.filter((file) => file !== `bin/${MANIFEST.name}` && !/^(lib\/.*(\.js|\.d\.ts)|lib\/access\/access\.v1\.schema\.json|node_modules\/yaml\/.*|\.jsii|LICENSE|README\.md|CHANGELOG\.md|package\.json)$/.test(file));
  expect(others).toEqual([]);
});

test('every folder with an index can be imported, and the schema of reports; nothing deeper', () => {
  const folders = files.map((file) => /^lib\/(\w+)\/index\.js$/.exec(file)?.[1]).filter((folder) => folder !== undefined).sort();
  expect(Object.keys(MANIFEST.exports)).toEqual(['.', ...folders.map((folder) => `./lib/${folder}`), './lib/access/access.v1.schema.json', './package.json', './.jsii']);
});

test('publint finds nothing', () => {
  const { failed, said } = attempt(ROOT, bin('publint'), 'run', TARBALL, '--strict');
  expect({ failed, said }).toEqual({ failed: false, said: expect.stringContaining('All good!') });
});

test('attw finds nothing: types resolve in node10, node16 (CommonJS and ES modules) and bundlers', () => {
  const { failed, said } = attempt(ROOT, bin('attw'), TARBALL, '--format', 'json', '--exclude-entrypoints', './.jsii');
  const { analysis } = JSON.parse(said);
  expect(Object.keys(analysis.entrypoints)).toEqual(expect.arrayContaining(['.', './lib/aws', './lib/core', './lib/flux', './lib/testing']));
  expect({ failed, problems: analysis.problems }).toEqual({ failed: false, problems: [] });
});

test('the jsii assembly depends on the runtime alone, and names two types of it', () => {
  const assembly = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8'));
  expect(Object.keys(assembly.dependencies).sort()).toEqual(['cdktf', 'constructs']);
  expect(foreignTypes(assembly).filter((name) => !name.startsWith('constructs.'))).toEqual(['cdktf.IResolvable', 'cdktf.TerraformProvider']);
});

test('what is for tests of users is no part of the jsii assembly, and of no other language', () => {
  const { types } = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8'));
  expect(Object.keys(types)).toContain(`${MANIFEST.name}.FluxInstallation`);
  const places = new Set(Object.values<any>(types).map(({ locationInModule }) => locationInModule.filename.split('/')[1]));
  expect([...places].sort()).toEqual(['aws', 'azure', 'core', 'flux', 'gcp']);
});

test('the declarations offer no internal members, but of classes that others extend', () => {
  expect(removable(join(ROOT, 'lib')).map((member) => member.getText())).toEqual([]);
  const types = (file: string) => readFileSync(join(ROOT, 'lib', file), 'utf8');
  expect(types('core/jwks.d.ts')).not.toMatch(/^\s+_/m);
  expect(types('core/shared/flux/identity-base.d.ts')).toMatch(/ _\w+/);
});

test('docstrings link to pages, in the declarations and for other languages', () => {
  const texts = [...files.filter((file) => file.endsWith('.d.ts') && file.startsWith('lib/')), '.jsii'].map((file) => readFileSync(join(ROOT, file), 'utf8'));
  expect(texts.filter((text) => /Guide: docs\//.test(text))).toEqual([]);
  expect(texts.filter((text) => text.includes(`Guide: ${guideBase(MANIFEST.version, MANIFEST.repository.url)}/docs/`)).length).toBeGreaterThan(60);
});

test('what the running code knows of its package is what package.json says', () => {
  expect(readFileSync(join(ROOT, 'lib/core/shared/package/this-package.ts'), 'utf8')).toContain(thisPackage(SOURCE).join('\n'));
  expect(MANIFEST.engines.node).toBe(`>= ${SOURCE.minNodeVersion}`);
});

describe('nothing is packed that the post-compile steps have not been over', () => {
  const folder = join(WORK, 'unfit');
  const prepack = () => attempt(ROOT, process.execPath, bin('ts-node'), '--transpile-only', 'scripts/post-compile/prepack.ts', folder);
  beforeAll(() => {
    mkdirSync(folder);
    execFileSync('tar', ['-xzf', TARBALL, '--strip-components=1', '-C', folder]);
  });

  test('what was packed can be packed', () => {
    expect(prepack()).toEqual({ failed: false, said: '' });
    expect(eagerBindings(join(folder, 'lib'))).toEqual([]);
  });

  test.each([
    ['an index that loads all it exports', 'lib/aws/index.js', '__exportStar(require("./flux-irsa-role"), exports);', 'lib/aws/index.js loads all it exports'],
    ['a module that needs bindings', 'lib/aws/s3-hosted-issuer.js', 'const a = require("@cdktf/provider-aws/lib/iam-role");', 's3-hosted-issuer.js needs a package of bindings'],
    ['an assembly that depends on bindings', '.jsii', '{"dependencies":{"@cdktf/provider-aws":"^21.0.0"}}', 'the jsii assembly depends on bindings'],
  ])('%s', (_, file, text, reason) => {
    const before = readFileSync(join(folder, file));
    writeFileSync(join(folder, file), text);
    expect(prepack()).toEqual({ failed: true, said: expect.stringContaining(reason) });
    writeFileSync(join(folder, file), before);
  });

  test('sources that are newer than what was compiled', () => {
    cpSync(join(ROOT, 'lib'), join(folder, 'lib'), { recursive: true, preserveTimestamps: true });
    expect(prepack().said).toBe('');
    utimesSync(join(folder, 'lib/index.ts'), new Date(), new Date());
    expect(prepack()).toEqual({ failed: true, said: expect.stringContaining('index.ts is newer than what was compiled') });
  });
});
