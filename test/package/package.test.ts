import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { CASES } from './cases';
import { attempt, project, run } from './support';

/**
 * The packed tarball, as users get it: installed by npm in fresh projects with one cloud's bindings each, used from
 * TypeScript without `skipLibCheck`, from plain JavaScript and from an ES module.
 */
describe.each(CASES)('with the bindings of $cloud only', ({ cloud, bindings, providers, body, resource, missing }) => {
  const use = providers.map(({ name, config }) => `new ${name}(stack, '${name}', ${config});`).join('\n');
  let folder: string;
  beforeAll(() => { folder = project(cloud, ...bindings); });

  const synthesized = () => JSON.parse(readFileSync(join(folder, 'cdktf.out/stacks/s/cdk.tf.json'), 'utf8'));

  test('plain JavaScript: the root import works and loads no other cloud', () => {
    writeFileSync(join(folder, 'app.js'), `
      const { App, TerraformStack, TerraformOutput } = require('cdktf');
      const lib = require('cdktf-flux-identity');
      ${providers.map(({ name, module }) => `const { ${name} } = require('${module}');`).join('\n')}
      const stack = new TerraformStack(new App(), 's');
      ${use}
      ${body}
      stack.node.root.synth();
      const loaded = Object.keys(require.cache).filter((file) => file.includes('cdktf-flux-identity') || file.includes('@cdktf'));
      console.log(JSON.stringify(loaded));`);
    const loaded: string[] = JSON.parse(run(folder, 'node', 'app.js').trim().split('\n').pop()!);
    expect(loaded.some((file) => file.includes(`/lib/${cloud}/`))).toBe(true);
    const others = ['aws', 'gcp', 'azure'].filter((other) => other !== cloud);
    expect(loaded.filter((file) => others.some((other) => file.includes(`/cdktf-flux-identity/lib/${other}/`)))).toEqual([]);
    expect(Object.keys(synthesized().resource)).toContain(resource);
  });

  test(`plain JavaScript: the folder import works (lib/${cloud})`, () => {
    const names = JSON.parse(run(folder, 'node', '-p', `JSON.stringify(Object.keys(require('cdktf-flux-identity/lib/${cloud}')))`));
    expect(names.length).toBeGreaterThan(3);
  });

  const program = `
      const stack = new TerraformStack(new App(), 's');
      ${body}
      try { ${missing.use}; } catch (error) { console.log(error.message); }`;

  test('what needs the bindings of another cloud says which package to install', () => {
    writeFileSync(join(folder, 'missing.js'), `
      const { App, TerraformStack, TerraformOutput } = require('cdktf');
      const lib = require('cdktf-flux-identity');${program}`);
    expect(run(folder, 'node', 'missing.js')).toContain(`${missing.name} is not installed.`);
    expect(run(folder, 'node', 'missing.js')).toContain(`Fix: npm install ${missing.name}`);
  });

  test('in an ES module too', () => {
    writeFileSync(join(folder, 'missing.mjs'), `
      import { App, TerraformStack, TerraformOutput } from 'cdktf';
      import * as lib from 'cdktf-flux-identity';${program}`);
    expect(run(folder, 'node', 'missing.mjs')).toContain(`Fix: npm install ${missing.name}`);
  });

  test('an ES module can import by name', () => {
    writeFileSync(join(folder, 'app.mjs'), "import { FluxServiceAccount, FluxController } from 'cdktf-flux-identity';\nconsole.log(FluxServiceAccount.controller(FluxController.SOURCE).subject);\n");
    expect(run(folder, 'node', 'app.mjs').trim()).toBe('system:serviceaccount:flux-system:source-controller');
  });

  test('TypeScript without skipLibCheck compiles and runs', () => {
    writeFileSync(join(folder, 'app.ts'), `
      import { App, TerraformOutput, TerraformStack } from 'cdktf';
      import * as lib from 'cdktf-flux-identity';
      ${providers.map(({ name, module }) => `import { ${name} } from '${module}';`).join('\n')}
      const app = new App();
      const stack = new TerraformStack(app, 's');
      ${use}
      ${body}
      app.synth();`);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
      compilerOptions: { strict: true, module: 'commonjs', target: 'es2022', esModuleInterop: true, skipLibCheck: false, types: ['node'], outDir: 'out' }, files: ['app.ts'],
    }));
    expect(attempt(folder, 'npx', 'tsc', '-p', '.')).toEqual({ failed: false, said: '' });
    run(folder, 'node', 'out/app.js');
    expect(Object.keys(synthesized().resource)).toContain(resource);
  });
});
