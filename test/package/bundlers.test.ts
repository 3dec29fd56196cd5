import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { CASES } from './cases';
import { bin, project, ROOT, run, WORK } from './support';

/** The program of one cloud, with rendering, in one file: bundled with that cloud's bindings, and run where there is no node_modules. */
const { bindings, providers, body, resource, missing } = CASES[0];
const PROGRAM = `
  const { App, TerraformStack, TerraformOutput } = require('cdktf');
  const lib = require('cdktf-flux-identity');
  ${providers.map(({ name, module }) => `const { ${name} } = require('${module}');`).join('\n')}
  const stack = new TerraformStack(new App({ outdir: 'out' }), 's');
  ${providers.map(({ name, config }) => `new ${name}(stack, '${name}', ${config});`).join('\n')}
  ${body}
  try { ${missing.use}; } catch (error) { console.log(error.message); }
  stack.node.root.synth();
`;
const BUNDLERS = ['esbuild', 'rollup', 'webpack'];

test.each(BUNDLERS)('%s', (bundler) => {
  const folder = project('aws', ...bindings);
  const entry = join(folder, `${bundler}-entry.js`);
  const bundle = join(folder, `${bundler}-bundle.cjs`);
  writeFileSync(entry, PROGRAM);
  if (bundler === 'esbuild') run(folder, bin('esbuild'), entry, '--bundle', '--platform=node', '--log-level=error', `--outfile=${bundle}`);
  else run(ROOT, process.execPath, join(__dirname, 'bundlers', `${bundler}.cjs`), entry, bundle);

  const away = join(WORK, `away-${bundler}`);
  mkdirSync(away);
  copyFileSync(bundle, join(away, 'bundle.cjs'));
  const said = run(away, 'node', 'bundle.cjs');
  expect(said).toContain(`npm install ${missing.name}`);
  const stack = JSON.parse(readFileSync(join(away, 'out/stacks/s/cdk.tf.json'), 'utf8'));
  expect(Object.keys(stack.resource)).toContain(resource);
  expect(stack.output.kustomization.value).toContain('kind: Kustomization');
});
