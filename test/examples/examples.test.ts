import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { App, TerraformStack } from 'cdktf';
import { addExamples } from '../../examples/stacks';
import { expectStableAddresses } from '../../lib/testing';

const EXAMPLES = resolve(__dirname, '../../examples');

/** Synthesizes every example as `npm run synth` does; returns the files by stack. */
function synthesize(): Record<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'cdktf-flux-identity-examples-'));
  try {
    const app = new App({ outdir });
    addExamples(app);
    app.synth();
    return Object.fromEntries(readdirSync(join(outdir, 'stacks')).sort().map((stack) => [stack, readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Without what is about the machine or the tool. */
function essence(text: string): any {
  const stack = JSON.parse(text, (key, value) => key === '//' ? undefined : value);
  delete stack.terraform.backend;
  return stack;
}

const stacks = synthesize();

test.each(Object.keys(stacks))('%s', (stack) => {
  expect(essence(stacks[stack])).toMatchSnapshot();
});

test('every example folder has a stack, and every stack a folder', () => {
  const folders = readdirSync(EXAMPLES).filter((entry) => statSync(join(EXAMPLES, entry)).isDirectory());
  const source = readFileSync(join(EXAMPLES, 'stacks.ts'), 'utf8');
  expect(folders.filter((folder) => !source.includes(`'./${folder}/stack`))).toEqual([]);
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'cdktf-flux-identity-examples-')) });
  addExamples(app);
  expect(app.node.children.filter(TerraformStack.isStack).map(({ node }) => node.id).sort()).toEqual(Object.keys(stacks));
});

test('synthesizing twice gives the same bytes', () => {
  expect(synthesize()).toEqual(stacks);
});

test('every address is as recorded, or moved: an upgrade of this library destroys nothing', () => {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'cdktf-flux-identity-examples-')) });
  addExamples(app);
  expectStableAddresses(app, JSON.parse(readFileSync(join(__dirname, 'addresses.json'), 'utf8')));
});
