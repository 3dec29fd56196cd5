import { TerraformStack, Testing } from 'cdktf';
import { IConstruct } from 'constructs';

/** The addresses of the resources of an app, by stack: what its states know. Plain data, to be kept as a JSON file beside your tests. */
export interface RecordedAddresses {
  readonly [stack: string]: readonly string[];
}

interface Synthesized {
  readonly resource?: { readonly [type: string]: { readonly [name: string]: unknown } };
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
  readonly removed?: readonly { readonly from: string; readonly lifecycle?: { readonly destroy?: boolean } }[];
}

/**
 * The addresses of all resources below a construct, sorted: write them to a file once, and again whenever a change is meant.
 *
 * ```ts
 * writeFileSync('test/addresses.json', JSON.stringify(addressesOf(app), null, 2));
 * ```
 *
 * @param scope the app, or a stack
 */
export function addressesOf(scope: IConstruct): RecordedAddresses {
  return Object.fromEntries(synthesizedBelow(scope).map(([stack, text]) => [stack, addressesIn(text)]));
}

/**
 * Fails if a resource that was recorded has gone from its address: Terraform would destroy it, and with a role or a pool what Flux uses
 * right now. A `moved` block (`moveFromId` of the resource) from the recorded address to one that is there, and a `removed` block that
 * does not destroy, explain it. Fails as well if an address is not recorded yet, so that the record never lags behind.
 *
 * ```ts
 * expectStableAddresses(app, JSON.parse(readFileSync('test/addresses.json', 'utf8')));
 * ```
 *
 * @param scope the app, or a stack
 * @param recorded what `addressesOf` gave
 */
export function expectStableAddresses(scope: IConstruct, recorded: RecordedAddresses): void {
  check(recorded);
  const now = new Map(synthesizedBelow(scope));
  const found: string[] = [];
  for (const stack of [...new Set([...Object.keys(recorded), ...now.keys()])].sort()) {
    const text = now.get(stack);
    if (text === undefined) {
      found.push(`stack "${stack}" is gone, and nothing looks after the ${recorded[stack].length} resources in its state. Keep its id, or destroy it first.`);
      continue;
    }
    const before = new Set(recorded[stack] ?? []);
    const after = new Set(addressesIn(text));
    const moved = new Map((text.moved ?? []).map(({ from, to }) => [from, to]));
    const kept = new Set((text.removed ?? []).filter(({ lifecycle }) => lifecycle?.destroy === false).map(({ from }) => from));
    const successors = new Set([...before].map((address) => end(moved, address)));
    const gone = [...before].filter((address) => !after.has(end(moved, address)) && !kept.has(address));
    const fresh = [...after].filter((address) => !before.has(address) && !successors.has(address));
    for (const address of gone) {
      const type = address.slice(0, address.indexOf('.'));
      const alike = fresh.filter((other) => other.startsWith(`${type}.`));
      found.push(`stack "${stack}": ${address} is gone, and Terraform would destroy what it stands for. ${alike.length === 0 ? 'Keep its construct'
        : `If it is now ${alike.join(' or ')}, say so there: moveFromId('${address}'). Otherwise keep its construct`}, or record anew if that is meant.`);
    }
    if (fresh.length > 0) found.push(`stack "${stack}": not recorded yet: ${fresh.join(', ')}. Record anew with addressesOf.`);
  }
  if (found.length > 0) throw new Error(`expectStableAddresses:\n- ${found.join('\n- ')}`);
}

/** Where an address ends up: `moved` blocks may follow each other. */
function end(moved: ReadonlyMap<string, string>, address: string): string {
  const seen = new Set<string>();
  let at = address;
  while (moved.has(at) && !seen.has(at)) {
    seen.add(at);
    at = moved.get(at)!;
  }
  return at;
}

function synthesizedBelow(scope: IConstruct): [string, Synthesized][] {
  const stacks = scope.node.findAll().filter((node): node is TerraformStack => TerraformStack.isStack(node));
  return stacks.map((stack): [string, Synthesized] => [stack.node.path, JSON.parse(Testing.synth(stack))]).sort(([a], [b]) => (a < b ? -1 : 1));
}

function addressesIn({ resource = {} }: Synthesized): string[] {
  return Object.entries(resource).flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`)).sort();
}

function check(recorded: RecordedAddresses): void {
  const good = recorded !== null && typeof recorded === 'object' && !Array.isArray(recorded)
    && Object.values(recorded).every((list) => Array.isArray(list) && list.every((address) => typeof address === 'string'));
  if (!good) throw new Error('expectStableAddresses: the record is { "<stack>": ["<type>.<name>", ...] }, as addressesOf gives it.');
}
