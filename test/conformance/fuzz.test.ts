import * as fc from 'fast-check';
import { describeWith, GO_YAML, run, TERRAFORM } from './programs';
import { evaluateAll, TerraformError } from './terraform';
import { basisOf, treatment } from '../fuzz/judge';
import { evaluated, parting, replaced, yamlIn } from '../fuzz/observe';
import { OPEN } from '../fuzz/open';
import { MARK, put, Slot, SLOTS, variable } from '../fuzz/slots';
import { TEXTS } from '../fuzz/texts';

const SEED = Number(process.env.FUZZ_SEED ?? 1);
const EACH = Number(process.env.FUZZ_EACH ?? 2);

test('how each slot takes values that only Terraform knows', () => {
  const table = SLOTS.map((slot) => `${slot.name}: ${treatment(slot)}`);
  expect(table.sort()).toMatchSnapshot();
});

/** A stack that Terraform is to evaluate. */
interface Case {
  readonly slot: Slot;
  readonly text: string;
  readonly how: 'plain' | 'token';
  readonly stack: string;
}

describeWith([TERRAFORM, GO_YAML], 'what is awkward, after Terraform and the parsers of Flux', () => {
  test('every text stands at its place, or is refused', () => {
    const started = Date.now();
    const cases = SLOTS.flatMap((slot, index) => casesOf(slot, SEED + index));
    const failures: string[] = [];
    const counts: { [kind: string]: number } = {};
    const count = (kind: string) => void (counts[kind] = (counts[kind] ?? 0) + 1);
    const yaml: { where: string; text: string; read: unknown }[] = [];
    for (let from = 0; from < cases.length;) {
      // Whole slots only: each is held against its own mark.
      let to = Math.min(from + 240, cases.length);
      while (to < cases.length && cases[to].slot === cases[to - 1].slot) to++;
      const batch = cases.slice(from, to);
      const results = evaluateAll(batch.map(({ stack, text, how }) => ({ stack, variables: how === 'token' ? { fuzz: text } : undefined })));
      const marks = new Map(batch.flatMap(({ slot, text, how }, index) => text === MARK && how === 'plain' ? [[slot, results[index]] as const] : []));
      batch.forEach(({ slot, text, how }, index) => {
        const result = results[index];
        const mark = marks.get(slot);
        const fail = (found: string) => {
          const isOpen = OPEN.some((open) => open.slot.test(slot.name) && open.found.test(found));
          count(isOpen ? 'known hole' : 'wrong');
          if (!isOpen) failures.push(`${slot.name} ${how} ${JSON.stringify(text.slice(0, 100))}: ${found}`);
        };
        if (result instanceof TerraformError) {
          // A condition of ours, which says what is wrong: that is how values are refused that only Terraform knows.
          if (how === 'token' && result.diagnostics.every(({ summary }) => /(precondition|postcondition) failed/.test(summary))) count('checked');
          else fail(`Terraform: ${result.message.slice(0, 300)}`);
          return;
        }
        if (mark === undefined || mark instanceof TerraformError) return fail(`its mark is refused: ${mark?.message.slice(0, 300)}`);
        const [now, then] = [result, mark].map(({ resources }) => evaluated(Object.entries(resources).map(([address, body]) => ({ type: address.replace(/\.[^.]*$/, ''), body })), {}));
        const found = parting(now, replaced(then, MARK, text));
        if (found !== undefined) return fail(found);
        count(how === 'token' ? 'token exact' : 'exact');
        for (const { text: document, read } of yamlIn(Object.values(result.resources))) yaml.push({ where: `${slot.name} ${JSON.stringify(text.slice(0, 100))}`, text: document, read });
      });
      from = to;
    }
    const { stdout, stderr } = run(GO_YAML, [], process.cwd(), {}, JSON.stringify(yaml.map(({ text }) => text)));
    if (!stdout.startsWith('[')) throw new Error(stderr);
    JSON.parse(stdout).forEach(({ documents, error }: any, index: number) => {
      const { where, read } = yaml[index];
      const found = error ?? parting(texts(documents), texts(read));
      if (found === undefined) return;
      if (OPEN.some((open) => open.slot.test(where) && open.found.test(found))) return count('known hole');
      count('read otherwise by Go');
      failures.push(`${where}: Go reads otherwise: ${found}`);
    });
    process.stderr.write(`Fuzz after Terraform: ${cases.length} stacks, ${yaml.length} YAML texts read by Go, ${JSON.stringify(counts)}, ${Math.round((Date.now() - started) / 1000)} s, FUZZ_SEED=${SEED}\n`);
    expect(failures).toEqual([]);
  });
});

/** The mark, then awkward texts, in plain text and as values that only Terraform knows: those that synth accepts. */
function casesOf(slot: Slot, seed: number): Case[] {
  const { probe } = basisOf(slot);
  if (probe === undefined) return [];
  // Terraform takes neither half characters nor NUL in its configuration, and what it normalizes is the same text to it.
  const texts = fc.sample(TEXTS.filter((text) => !/[\ud800-\udfff]/u.test(text) && !text.includes('\u0000') && text === text.normalize('NFC') && text.length < 6000), { seed, numRuns: EACH });
  const inputs = [
    ...[MARK, ...texts].map((text) => ({ text, how: 'plain' as const, make: () => probe.replace(MARK, () => text) })),
    ...[MARK, ...texts].map((text) => ({ text, how: 'token' as const, make: (scope: any) => probe.replace(MARK, () => variable(scope)) })),
  ];
  return inputs.flatMap(({ text, how, make }) => {
    const outcome = put(slot, make);
    if (outcome.kind !== 'accepted') return [];
    const { json, values } = outcome.observed;
    const shown = Object.fromEntries(Object.entries(values).filter(([name, value]) => typeof value === 'string' && /(yaml|policy|operatorValues)$/i.test(name)));
    json.resource = { ...json.resource, fuzz_observed: { values: shown } };
    return [{ slot, text, how, stack: JSON.stringify(json) }];
  });
}

/** Scalars as text: both parsers say the same of numbers, in other words. */
function texts(value: any): any {
  if (Array.isArray(value)) return value.map(texts);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, texts(item)]));
  return typeof value === 'string' || value === null ? value : String(value);
}
