import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { CASES } from './cases';
import { project, projectOf, run } from './support';

/** The same program on every Node that is supported, from npm: the same bytes. */
const NODES = ['20', '22', '24'];
const { bindings, providers, body } = CASES[0];

test('Node 20, 22 and 24 synthesize the same', () => {
  const folder = project('aws', ...bindings);
  const nodes = projectOf('nodes', Object.fromEntries(NODES.map((version) => [`node-${version}`, `npm:node-${process.platform}-${process.arch}@^${version}`])));
  writeFileSync(join(folder, 'nodes.js'), `
    const { App, TerraformStack, TerraformOutput } = require('cdktf');
    const lib = require('cdktf-flux-identity');
    ${providers.map(({ name, module }) => `const { ${name} } = require('${module}');`).join('\n')}
    const stack = new TerraformStack(new App({ outdir: 'nodes' }), 's');
    ${providers.map(({ name, config }) => `new ${name}(stack, '${name}', ${config});`).join('\n')}
    ${body}
    stack.node.root.synth();
    console.log(process.versions.node);`);
  const stacks = NODES.map((version) => {
    expect(run(folder, join(nodes, 'node_modules', `node-${version}`, 'bin/node'), 'nodes.js')).toMatch(new RegExp(`^${version}\\.`));
    return readFileSync(join(folder, 'nodes/stacks/s/cdk.tf.json'), 'utf8');
  });
  expect(new Set(stacks).size).toBe(1);
  expect(stacks[0]).toContain('aws_iam_role');
});
