import { cpSync, existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'fs';
import { basename, join } from 'path';
import { CASES } from './cases';
import { attempt, bin, compilerOf, COMPILERS, MANIFEST, projectOf, ROOT, run, WORK } from './support';
import { bindingName, SOURCE, TWIN } from '../../projenrc/runtimes';
import { rewriteSource } from '../../scripts/twin/rewrite';
import { model } from '../access/models';

/** The package for the other runtime, of `npm run twin`, on the Node that its bindings want. */
const built = join(ROOT, 'dist', TWIN.name);
const nodePackage = `node-${process.platform}-${process.arch}`;
const node = join(built, 'node_modules', nodePackage, 'bin', 'node');
if (!existsSync(node)) throw new Error('The twin is not built. Run `npm run twin` first.');
const tarball = join(built, `${TWIN.packageName}-${MANIFEST.version}.tgz`);
const NEEDED = {
  [TWIN.packageName]: `file:${tarball}`,
  [TWIN.name]: TWIN.tested[TWIN.name],
  'constructs': TWIN.tested.constructs,
  'typescript': MANIFEST.devDependencies.typescript,
  '@types/node': MANIFEST.devDependencies['@types/node'],
};
const TSCONFIG = JSON.stringify({ compilerOptions: { strict: true, module: 'nodenext', target: 'es2022', skipLibCheck: false, types: ['node'] }, files: ['app.ts'] });

test('its examples are equal to the others but for what is listed', () => {
  const [ours, theirs] = ['examples-source', 'examples-twin'].map((folder) => join(WORK, folder));
  const tsNode = join(ROOT, 'node_modules/ts-node/dist/bin.js');
  run(ROOT, 'env', `CDKTF_OUTDIR=${ours}`, process.execPath, tsNode, '--prefer-ts-exts', '--transpile-only', 'examples/main.ts');
  run(built, 'env', `CDKTF_OUTDIR=${theirs}`, node, tsNode, '--transpile-only', 'examples/main.ts');
  const said = run(ROOT, bin('ts-node'), '--transpile-only', 'scripts/twin/compare.ts', ours, theirs);
  expect(said).toMatch(/^\d\d stacks are equal but for/);
});

test('no tarball of another version lies beside it: a release takes all', () => {
  expect(readdirSync(built).filter((file) => file.endsWith('.tgz'))).toEqual([basename(tarball)]);
});

describe('in a fresh project, without flags', () => {
  let folder: string;
  beforeAll(() => {
    folder = projectOf('twin', { ...NEEDED, [bindingName(TWIN, 'aws')]: TWIN.tested[bindingName(TWIN, 'aws')] });
    writeFileSync(join(folder, 'app.ts'), `
      import { AwsProvider } from '@${TWIN.name}/provider-aws/lib/provider';
      import { App, TerraformStack } from '${TWIN.name}';
      import { ClusterIssuer, FluxController, FluxIrsaRole, FluxOidcProvider, FluxServiceAccount } from '${TWIN.packageName}';
      const app = new App();
      const stack = new TerraformStack(app, 's');
      new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
      const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod' });
      new FluxIrsaRole(stack, 'Images', {
        oidcProviders: [new FluxOidcProvider(stack, 'Oidc', { issuer })], serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
      });
      app.synth();`);
    writeFileSync(join(folder, 'tsconfig.json'), TSCONFIG);
  });

  test.each(Object.keys(COMPILERS))('it compiles without skipLibCheck, by TypeScript %s', (version) => {
    expect(attempt(folder, node, compilerOf(version), '-p', '.')).toEqual({ failed: false, said: '' });
  });

  test('it runs', () => {
    expect(attempt(folder, node, 'app.js')).toEqual({ failed: false, said: '' });
    const stack = JSON.parse(readFileSync(join(folder, 'cdktf.out/stacks/s/cdk.tf.json'), 'utf8'));
    expect(Object.keys(stack.resource)).toContain('aws_iam_role');
  });

  test('its command has its own name, and reads the reports of both packages', () => {
    expect(readdirSync(join(folder, 'node_modules/.bin'))).not.toContain(SOURCE.packageName);
    const command = realpathSync(join(folder, 'node_modules/.bin', TWIN.packageName));
    expect(attempt(folder, node, command, '--help')).toEqual({ failed: false, said: expect.stringContaining(`Usage: ${TWIN.packageName} <command>`) });
    const report = join(folder, 'prod.access.json');
    writeFileSync(report, JSON.stringify(model()));
    expect(attempt(folder, node, command, 'diff', report, report)).toEqual({ failed: false, said: 'prod: no change of access\n' });
  });

  test('a Node that is too old is named', () => {
    const program = `Object.defineProperty(process.versions, 'node', { value: '20.9.0' }); require('${TWIN.packageName}')`;
    expect(attempt(folder, node, '-e', program).said).toContain(`${TWIN.packageName} is made for Node ${TWIN.minNodeVersion} or later`);
  });
});

describe('with bindings that need what docs/support.md says', () => {
  let folder: string;
  const clouds = CASES.filter(({ cloud }) => cloud !== 'aws');
  beforeAll(() => {
    // Google's as a project of its own would have them: generated, packed, and taken under the name that is looked for.
    const own = join(WORK, 'own-bindings');
    cpSync(join(built, 'node_modules', bindingName(TWIN, 'google')), own, { recursive: true });
    writeFileSync(join(own, 'package.json'), JSON.stringify({ name: 'own-google', version: '0.0.0', main: 'lib/index.js' }));
    run(own, 'npm', 'pack', '--loglevel=error');
    const [, overrides] = /```json\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'docs/support.md'), 'utf8'))!;
    folder = projectOf('twin-clouds', {
      ...NEEDED, [bindingName(TWIN, 'azurerm')]: TWIN.tested[bindingName(TWIN, 'azurerm')], [bindingName(TWIN, 'google')]: `file:${join(own, 'own-google-0.0.0.tgz')}`,
    }, JSON.parse(overrides));
    writeFileSync(join(folder, 'app.ts'), rewriteSource(`
      import { App, TerraformOutput, TerraformStack } from '${SOURCE.name}';
      import * as lib from '${SOURCE.packageName}';
      ${clouds.flatMap(({ providers }) => providers).map(({ name, module }) => `import { ${name} } from '${module}';`).join('\n')}
      const app = new App();
      ${clouds.map(({ cloud, providers, body }) => `
        function ${cloud}(stack: TerraformStack) {
          ${providers.map(({ name, config }) => `new ${name}(stack, '${name}', ${config});`).join('\n')}
          ${body}
        }
        ${cloud}(new TerraformStack(app, '${cloud}'));`).join('\n')}
      app.synth();`, SOURCE, TWIN));
    writeFileSync(join(folder, 'tsconfig.json'), TSCONFIG);
  });

  test.each(Object.keys(COMPILERS))('Azure and Google compile without skipLibCheck, by TypeScript %s', (version) => {
    expect(attempt(folder, node, compilerOf(version), '-p', '.')).toEqual({ failed: false, said: '' });
  });

  test('they run, with one copy of the runtime', () => {
    expect(attempt(folder, node, 'app.js')).toEqual({ failed: false, said: '' });
    for (const { cloud, resource } of clouds) {
      expect(Object.keys(JSON.parse(readFileSync(join(folder, 'cdktf.out/stacks', cloud, 'cdk.tf.json'), 'utf8')).resource)).toContain(resource);
    }
    expect(existsSync(join(folder, 'node_modules', bindingName(TWIN, 'azurerm'), 'node_modules'))).toBe(false);
  });
});

test('a stack of the other runtime is refused by name', () => {
  const folder = projectOf('twin-wrong', { [TWIN.packageName]: `file:${tarball}`, [SOURCE.name]: SOURCE.tested[SOURCE.name], constructs: TWIN.tested.constructs });
  const program = `const { App, TerraformStack } = require('${SOURCE.name}');
    require('${TWIN.packageName}').ClusterIssuer.eks(new TerraformStack(new App(), 's'), 'Cluster', { clusterName: 'prod' })`;
  const { said } = attempt(folder, node, '-e', program);
  expect(said).toContain(`${TWIN.packageName} is for ${TWIN.title} (${TWIN.name}), and this stack is of ${SOURCE.title} (${SOURCE.name}).`);
  expect(said).toContain(`npm install ${SOURCE.packageName}`);
});
