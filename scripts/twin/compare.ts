/**
 * Holds the stacks of two packages or languages against each other: `compare.ts <cdktf.out> <cdktf.out> [stack...]`, all of
 * them or those that are named. Only what `differs` names may differ.
 */
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

/** What two runtimes say differently of the same stack, by its path in the JSON. */
const differs: ReadonlyArray<{ readonly path: RegExp; readonly what: string; readonly same?: (left: any, right: any) => boolean }> = [
  { path: /^\/\/\/\/metadata\/version$/, what: 'the version of the runtime' },
  { path: /^\/terraform\/backend\/local\/path$/, what: 'the path of the local state' },
  { path: /^\/terraform\/required_providers\/[a-z]+\/version$/, what: 'the version of a provider' },
  {
    path: /^\/terraform\/required_providers\/[a-z]+\/source$/,
    what: 'how the source of a provider is written',
    same: (left, right) => left.replace(/^(?!.*\/)/, 'hashicorp/') === right.replace(/^(?!.*\/)/, 'hashicorp/'),
  },
];

interface Difference {
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

function differences(left: any, right: any, path = ''): Difference[] {
  if (JSON.stringify(left) === JSON.stringify(right)) return [];
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return [{ path, left, right }];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) => differences(left[key], right[key], `${path}/${key}`));
}

const [left, right] = process.argv.slice(2, 4).map((folder) => join(folder, 'stacks'));
const named = process.argv.slice(4).sort();
const stacks = named.length > 0 ? named : readdirSync(left).sort();
if (stacks.length === 0 || JSON.stringify(stacks) !== JSON.stringify(readdirSync(right).sort())) throw new Error('The two have other stacks');
const counts = new Map<string, number>();
const others: string[] = [];
for (const stack of stacks) {
  const [a, b] = [left, right].map((folder) => JSON.parse(readFileSync(join(folder, stack, 'cdk.tf.json'), 'utf8')));
  for (const { path, left: x, right: y } of differences(a, b)) {
    const known = differs.find((each) => each.path.test(path) && (each.same?.(x, y) ?? true));
    if (known === undefined) others.push(`${stack} ${path}: ${JSON.stringify(x)?.slice(0, 200)} -> ${JSON.stringify(y)?.slice(0, 200)}`);
    else counts.set(known.what, (counts.get(known.what) ?? 0) + 1);
  }
}
console.log(`${stacks.length} stacks are equal but for ${[...counts].map(([what, count]) => `${what} (${count})`).join(', ')}`);
if (others.length > 0) {
  console.error(`Not equal:\n${others.join('\n')}`);
  process.exit(1);
}
