import { spawnSync } from 'child_process';
import { writeFileSync } from 'fs';
import { join } from 'path';
import { CASES } from './cases';
import { attempt, MANIFEST, project, projectOf, run, TARBALL } from './support';
import { model, pull } from '../access/models';

/** Who can do what, from the tarball: the command, and what users' tests import. */
const { bindings, body } = CASES[0];
const WEB = "{ action: 'ecr:ListImages', resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/web' }";
const PROGRAM = `
  const stack = new TerraformStack(new App(), 's');
  ${body}
  expectAccess(stack).of(images).allows(${WEB});
  try { expectAccess(stack).of(images).denies(${WEB}); } catch (error) { console.log(error.message); }`;
let folder: string;
beforeAll(() => { folder = project('aws', ...bindings); });

describe('the command', () => {
  const npx = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('npx', ['--no', MANIFEST.name, ...args], { cwd: folder, encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  beforeAll(() => {
    writeFileSync(join(folder, 'old.access.json'), JSON.stringify(model()));
    writeFileSync(join(folder, 'wider.access.json'), JSON.stringify(model({ grants: [pull('*')] })));
  });

  test.each([
    ['the same', ['old.access.json', 'old.access.json'], { status: 0, stdout: 'prod: no change of access\n', stderr: '' }],
    ['less', ['wider.access.json', 'old.access.json'], { status: 0, stdout: expect.stringMatching(/^narrower /), stderr: '' }],
    ['more', ['old.access.json', 'wider.access.json'], { status: 1, stdout: expect.stringMatching(/^wider /), stderr: '' }],
    ['trouble', ['old.access.json', 'none'], { status: 2, stdout: '', stderr: expect.stringMatching(/^none: cannot be read \(ENOENT\)/) }],
  ])('%s', (_, files, expected) => {
    expect(npx('diff', ...files)).toEqual(expected);
  });

  test('loads nothing of Terraform', () => {
    const program = `require('./node_modules/${MANIFEST.name}/lib/cli/main').main('x', ['--help']); console.log(JSON.stringify(Object.keys(require.cache)))`;
    const loaded: string[] = JSON.parse(run(folder, 'node', '-e', program).trim().split('\n').pop()!);
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded.filter((file) => /node_modules\/(cdktf|constructs|@cdktf)\//.test(file))).toEqual([]);
  });
});

test('the schema of reports, for any program', () => {
  const said = run(folder, 'node', '-p', `JSON.stringify([require('${MANIFEST.name}/lib/access/access.v1.schema.json')].map(({ $id, required }) => [$id, required.length])[0])`);
  expect(JSON.parse(said)).toEqual([`${model().schema}/${model().version}`, 7]);
});

test.each([
  ['CommonJS', 'access.cjs', `const { App, TerraformStack, TerraformOutput } = require('cdktf');
    const lib = require('${MANIFEST.name}'); const { expectAccess } = require('${MANIFEST.name}/lib/testing');`],
  ['an ES module', 'access.mjs', `import { App, TerraformStack, TerraformOutput } from 'cdktf';
    import * as lib from '${MANIFEST.name}'; import { expectAccess } from '${MANIFEST.name}/lib/testing';`],
])('expectAccess from %s', (_, file, imports) => {
  writeFileSync(join(folder, file), `${imports}${PROGRAM}`);
  expect(run(folder, 'node', file)).toMatch(/^expectAccess: identity "s\/Images" may ecr:ListImages on .*, by \{"Action":/);
});

describe('expectAccess and checkFluxObjects under another test runner', () => {
  const program = (runner: string) => `import { test } from '${runner}';
    import { App, TerraformStack, TerraformOutput } from 'cdktf';
    import * as lib from '${MANIFEST.name}'; import { checkFluxObjects, expectAccess } from '${MANIFEST.name}/lib/testing';
    const stack = new TerraformStack(new App(), 's');
    ${body}
    const source = JSON.stringify({ apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'OCIRepository', metadata: { name: 'apps', namespace: 'flux-system' },
      spec: { url: 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/apps/web' } });
    test('objects', () => { if (!/set \`provider: aws\`/.test(checkFluxObjects(installation, source).problems.join())) throw new Error('not found'); });
    test('holds', () => { expectAccess(stack).of(images).allows(${WEB}); });
    test('does not hold', () => { expectAccess(stack).of(images).denies(${WEB}); });`;

  test('node:test', () => {
    writeFileSync(join(folder, 'runner.test.mjs'), program('node:test'));
    const { failed, said } = attempt(folder, 'node', '--test', '--test-reporter=tap', 'runner.test.mjs');
    expect({ failed, said }).toEqual({ failed: true, said: expect.stringMatching(/\nok 1 - objects[\s\S]*\nok 2 - holds[\s\S]*\nnot ok 3 - does not hold[\s\S]*expectAccess: identity "s\/Images" may/) });
  });

  test('vitest', () => {
    const { devDependencies } = MANIFEST;
    const names = [...bindings, 'cdktf', 'constructs'].map((name) => [name, devDependencies[name]]);
    const own = projectOf('vitest', { ...Object.fromEntries(names), vitest: '^3.2.0', [MANIFEST.name]: `file:${TARBALL}` });
    writeFileSync(join(own, 'runner.test.mjs'), program('vitest'));
    const { failed, said } = attempt(own, 'npx', 'vitest', 'run', '--reporter=tap-flat', '--no-color');
    expect({ failed, said }).toEqual({ failed: true, said: expect.stringMatching(/\nok 1 - .*objects[\s\S]*\nok 2 - .*holds[\s\S]*\nnot ok 3 - .*does not hold[\s\S]*expectAccess: identity /) });
  });
});
