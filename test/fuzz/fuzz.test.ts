import * as fc from 'fast-check';
import { AROUND, CASES } from './cases';
import { basisOf, GROUNDLESS, Input, judge, Verdict } from './judge';
import { OPEN } from './open';
import { MARK, Slot, SLOTS } from './slots';
import { AWKWARD, TEXTS, THINGS } from './texts';
import { ROWS } from '../misuse/rows';

/** The short run of `npm test` is the same each time; `npm run fuzz` says what its seed was. */
const INPUTS = Number(process.env.FUZZ_INPUTS ?? (process.env.FUZZ === 'long' ? 100_000 : 0));
const SEED = Number(process.env.FUZZ_SEED ?? (INPUTS > 0 ? Date.now() % 2 ** 31 : 1));
const SHORT = { slots: 20, each: 10 };

/** What takes constructs and constants only; the ids of grants are checked alike, in `test/core`. */
const NOTHING_TO_WRITE = [
  'FluxAksExtensionSettings', 'FluxAzureEnvironment', 'FluxHelmValues', 'FluxInstallation#addIdentity', 'FluxOperatorValues',
  'FluxTenant#addIdentity', 'FluxTesting.value', 'Grant#applyBefore', 'Jwks#and',
];

const counts = new Map<string, Map<string, number>>();
const stale = new Set(OPEN);

/** Counts a verdict, and gives what is wrong with it. */
function failure(slot: Slot, input: Input, { kind, found }: Verdict): string | undefined {
  const own = counts.get(slot.name) ?? new Map<string, number>();
  counts.set(slot.name, own.set(kind, (own.get(kind) ?? 0) + 1));
  if (found === undefined) return undefined;
  const known = OPEN.find((open) => open.slot.test(slot.name) && open.found.test(found));
  if (known !== undefined) {
    stale.delete(known);
    return undefined;
  }
  return `${slot.name} ${said(input)}: ${kind}: ${found}`;
}

function said(input: Input): string {
  if (input.as === 'thing') return 'a thing';
  const [text, ...after] = input.as === 'around' ? [input.before, input.after] : [input.text];
  return [text, ...after].map((part) => JSON.stringify(part.slice(0, 200))).join(' around a value, and ');
}

const INPUT: fc.Arbitrary<Input> = fc.oneof(
  { weight: 4, arbitrary: TEXTS.map((text): Input => ({ as: 'within', text })) },
  { weight: 2, arbitrary: TEXTS.map((text): Input => ({ as: 'text', text })) },
  { weight: 1, arbitrary: THINGS.map((thing): Input => ({ as: 'thing', make: () => thing })) },
  { weight: 2, arbitrary: fc.tuple(TEXTS, TEXTS).map(([before, after]): Input => ({ as: 'around', before, after })) },
  { weight: 1, arbitrary: TEXTS.filter((text) => !text.includes('TfToken[')).map((text): Input => ({ as: 'thing', make: GROUNDLESS(text) })) },
);

test('every public constructor, factory and method that takes text has slots', () => {
  const without = Object.keys(ROWS).filter((row) => !SLOTS.some((slot) => slot.row === row) && !row.endsWith('#grant'));
  expect(without.sort()).toEqual(NOTHING_TO_WRITE);
  expect(new Set(SLOTS.map(({ name }) => name)).size).toBe(SLOTS.length);
});

test.each(CASES)('%s takes %j, or refuses it', (name, text) => {
  const slot = SLOTS.find((found) => found.name === name)!;
  const input: Input = { as: 'within', text };
  expect(failure(slot, input, judge(slot, input))).toBeUndefined();
});

test.each(AROUND)('%s takes %j and %j around a value, or refuses them', (name, before, after) => {
  const slot = SLOTS.find((found) => found.name === name)!;
  const input: Input = { as: 'around', before, after };
  expect(failure(slot, input, judge(slot, input))).toBeUndefined();
});

test.each(['%{if true}yes%{endif}', '${"%{'])('a call of the caller\'s own with %j in it is his own, in conditions too', (text) => {
  const slot = SLOTS.find(({ name }) => name === 'KmsPermissions.decryptByGrant(encryptionContext.app)')!;
  const input: Input = { as: 'thing', make: GROUNDLESS(text) };
  expect(failure(slot, input, judge(slot, input))).toBeUndefined();
});

/** All slots, or in the short run some of them. */
function slotsOf(seed: number): readonly Slot[] {
  if (INPUTS > 0) return SLOTS;
  return fc.sample(fc.shuffledSubarray([...SLOTS], { minLength: SHORT.slots, maxLength: SHORT.slots }), { seed, numRuns: 1 })[0];
}

test('what is awkward is refused by name, or arrives as it is', () => {
  const started = Date.now();
  const slots = slotsOf(SEED);
  const numRuns = INPUTS > 0 ? Math.ceil(INPUTS / slots.length) : SHORT.each;
  const failures: string[] = [];
  for (const [index, slot] of slots.entries()) {
    const result = fc.check(fc.property(INPUT, (input) => {
      const found = failure(slot, input, judge(slot, input));
      if (found !== undefined) throw new Error(found);
    }), { numRuns, seed: SEED + index, endOnFailure: INPUTS === 0 });
    if (result.failed) failures.push(result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance));
  }
  report(started);
  expect(failures).toEqual([]);
});

if (INPUTS > 0) {
  test('every slot was accepted with something awkward, or takes only what it knows', () => {
    const never = SLOTS.filter((slot) => basisOf(slot).probe === MARK && (counts.get(slot.name)?.get('exact') ?? 0) === 0)
      .filter((slot) => !AWKWARD.some((text) => judge(slot, { as: 'within', text }).kind === 'exact'));
    expect(never.map(({ name }) => name)).toEqual([]);
    expect([...stale].map(({ why }) => why)).toEqual([]);
  });
}

function report(started: number) {
  const total = new Map<string, number>();
  for (const own of counts.values()) for (const [kind, count] of own) total.set(kind, (total.get(kind) ?? 0) + count);
  const lines = [...counts].sort().map(([name, own]) => `  ${name}: ${[...own].map(([kind, count]) => `${kind} ${count}`).join(', ')}`);
  const inputs = [...total.values()].reduce((sum, count) => sum + count, 0);
  const text = `Fuzz: ${inputs} inputs in ${counts.size} slots, ${[...total].map(([kind, count]) => `${kind} ${count}`).join(', ')}, ${Math.round((Date.now() - started) / 1000)} s, FUZZ_SEED=${SEED}\n`;
  process.stderr.write(INPUTS > 0 ? `${lines.join('\n')}\n${text}` : text);
}
