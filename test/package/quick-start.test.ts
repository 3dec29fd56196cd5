import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { attempt, MANIFEST, projectOf, ROOT, run, TARBALL } from './support';

/** The README's quick start as a new user has it: an empty folder, its program, its test, its commands. */
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
/** What runs it, at the version that was tried: a new one of somebody else's is not to fail this. */
const TOOLS: { readonly [name: string]: string } = { tsx: '4.23.15' };
const samples = [...README.matchAll(/^`(main(?:\.test)?\.ts)`[^\n]*\n\n```ts\n([\s\S]*?)^```/gm)].map(([, file, code]) => ({ file, code }));

test('from an empty folder to the first test that passes, and a stack', () => {
  expect(samples.map(({ file }) => file)).toEqual(['main.ts', 'main.test.ts']);
  const [, packages, tools] = /^npm install (.+) && npm install --save-dev (.+)$/m.exec(README)!;
  const versions: [string, string][] = [...packages.split(' '), ...tools.split(' ')]
    .map((name) => [name, name === MANIFEST.name ? `file:${TARBALL}` : MANIFEST.devDependencies[name] ?? TOOLS[name]]);
  expect(versions.filter(([, version]) => version === undefined)).toEqual([]);
  const folder = projectOf('quick-start', Object.fromEntries(versions));
  for (const { file, code } of samples) writeFileSync(join(folder, file), code);

  expect(README).toContain('\nnpx tsx --test main.test.ts\n');
  const { failed, said } = attempt(folder, 'npx', 'tsx', '--test', 'main.test.ts');
  expect({ failed, said }).toEqual({ failed: false, said: expect.stringMatching(/# pass 1\n/) });
  expect(JSON.parse(readFileSync(join(folder, 'cdktf.out/stacks/flux/cdk.tf.json'), 'utf8')).output.kustomization.value).toContain('role-arn');
  expect(run(folder, 'npx', 'tsc', '--noEmit', '--strict', '--module', 'nodenext', '--types', 'node', 'main.ts', 'main.test.ts')).toBe('');
});
