import * as fc from 'fast-check';
import { ACCOUNT, ComputedTable, PROJECT, uuidOf } from './computed';
import { bootstrapped, kustomize } from './installation';
import { parseObjects } from './kustomize';
import { describeWith, FLUX_MANIFESTS, GO_YAML, KUSTOMIZE, run, TERRAFORM } from './programs';
import { evaluateAll, TerraformError } from './terraform';
import { FluxVersion } from '../../lib';
import { basisOf, treatment } from '../fuzz/judge';
import { evaluated, parting, replaced, yamlIn } from '../fuzz/observe';
import { OPEN } from '../fuzz/open';
import { MARK, put, Slot, SLOTS, variable } from '../fuzz/slots';
import { TEXTS } from '../fuzz/texts';

const SEED = Number(process.env.FUZZ_SEED ?? 1);
/** Awkward texts for each slot, plain and as values that only Terraform knows. */
const EACH = Number(process.env.FUZZ_EACH ?? 1);
/** How many slots; 0 for all. */
const WANTED = Number(process.env.FUZZ_SLOTS ?? 60);
/** Kustomizations that kustomize builds: each takes half a second. */
const BUILDS = WANTED === 0 ? 200 : 30;

/** Stands for a resource of another stack, which this one has not. */
const ELSEWHERE = ['AzureCertificateSecret.pkcs12[1]'];

/** What providers compute, whatever text they are given: names are refused by clouds, and what is found by a name is another for each. */
const COMPUTED: ComputedTable = {
  'aws_iam_role': (args, address) => named('role', args, address),
  'aws_iam_user': (args, address) => named('user', args, address),
  'aws_iam_access_key': () => ({ id: 'AKIAEXAMPLE', secret: 'secret', encrypted_secret: 'wcBMA+encrypted' }),
  'data.azurerm_storage_account': () => ({ id: '/subscriptions/s/storageAccounts/a', allow_nested_items_to_be_public: true, https_traffic_only_enabled: true }),
  'data.google_storage_bucket': () => ({ public_access_prevention: 'inherited', uniform_bucket_level_access: true }),
  'azuredevops_service_principal_entitlement': () => ({ id: uuidOf('entitlement'), descriptor: 'aadsp.entitlement' }),
  'data.azuredevops_project': () => ({ id: uuidOf('project') }),
  'data.azuredevops_group': () => ({ descriptor: 'vssgp.group' }),
  'google_service_account': ({ account_id: id, project = PROJECT }) => {
    const email = `${id}@${project}.iam.gserviceaccount.com`;
    return { email, id: `projects/${project}/serviceAccounts/${email}`, name: `projects/${project}/serviceAccounts/${email}`, member: `serviceAccount:${email}` };
  },
};

/** A name that only Terraform knows does not stand in what AWS gives: it takes none that is awkward. */
function named(kind: string, { name, path = '/' }: any, address: string): object {
  const own = name === undefined || String(name).includes('${') ? uuidOf(address) : name;
  return { name: name ?? own, id: name ?? own, arn: `arn:aws:iam::${ACCOUNT}:${kind}${path}${own}`, unique_id: uuidOf(address) };
}

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

/** A YAML text as Terraform renders it, with what our parser reads there. */
interface Rendered extends Pick<Case, 'slot' | 'text' | 'how'> {
  readonly yaml: string;
  readonly read: unknown;
  /** What is rendered there for the mark. */
  readonly ofMark?: string;
}

describeWith([TERRAFORM, GO_YAML, KUSTOMIZE, FLUX_MANIFESTS], 'what is awkward, after Terraform, kustomize and the parsers of Flux', () => {
  test('every text stands at its place, or is refused', () => {
    const started = Date.now();
    const slots = slotsOf();
    const found = new Findings();
    const rendered = slotGroups(slots).flatMap((group) => afterTerraform(group, found));
    afterGo(rendered, found);
    const builds = afterKustomize(rendered, found);
    process.stderr.write([
      ...WANTED === 0 ? found.table() : [],
      `Fuzz after Terraform: ${slots.length} slots, ${found.inputs} stacks, ${rendered.length} YAML texts read by Go, ${builds} builds of kustomize,`,
      `${found.total()}, ${Math.round((Date.now() - started) / 1000)} s, FUZZ_SEED=${SEED}\n`,
    ].join(' '));
    expect(found.failures).toEqual([]);
    expect(found.never(slots)).toEqual([]);
    expect(rendered.length).toBeGreaterThan(slots.length);
    expect(builds).toBeGreaterThan(0);
  });
});

/** What came of everything, by slot. */
class Findings {
  public readonly failures: string[] = [];
  public inputs = 0;
  private readonly counts = new Map<string, Map<string, number>>();

  public count(slot: Slot, kind: string): void {
    const own = this.counts.get(slot.name) ?? new Map<string, number>();
    this.counts.set(slot.name, own.set(kind, (own.get(kind) ?? 0) + 1));
  }

  public fail({ slot, text, how }: Pick<Case, 'slot' | 'text' | 'how'>, found: string): void {
    const known = OPEN.some((open) => open.slot.test(slot.name) && open.found.test(found));
    this.count(slot, known ? 'known hole' : 'wrong');
    if (!known) this.failures.push(`${slot.name} ${how} ${JSON.stringify(text.slice(0, 100))}: ${found}`);
  }

  /** Slots that take a plain word, but took nothing awkward. */
  public never(slots: readonly Slot[]): string[] {
    return slots.filter((slot) => basisOf(slot).probe === MARK && !['exact', 'token exact'].some((kind) => this.counts.get(slot.name)?.has(kind)))
      .map(({ name }) => name);
  }

  public total(): string {
    const total = new Map<string, number>();
    for (const own of this.counts.values()) for (const [kind, count] of own) total.set(kind, (total.get(kind) ?? 0) + count);
    return said(total);
  }

  public table(): string[] {
    return [...this.counts].sort().map(([name, own]) => `  ${name}: ${said(own)}\n`);
  }
}

function said(counts: Map<string, number>): string {
  return [...counts].map(([kind, count]) => `${kind} ${count}`).join(', ');
}

/** All slots, or some of them, a third of which kustomize sees: the same for the same seed. */
function slotsOf(): readonly Slot[] {
  const all = SLOTS.filter((slot) => !ELSEWHERE.includes(slot.name) && basisOf(slot).probe !== undefined);
  if (WANTED === 0) return all;
  const some = (slots: readonly Slot[], count: number) => {
    const length = Math.min(count, slots.length);
    return fc.sample(fc.shuffledSubarray([...slots], { minLength: length, maxLength: length }), { seed: SEED, numRuns: 1 })[0];
  };
  const delivered = some(all.filter(isDelivered), WANTED / 3);
  return [...delivered, ...some(all.filter((slot) => !delivered.includes(slot)), WANTED - delivered.length)];
}

/** Whether a text there comes into a kustomization. */
function isDelivered(slot: Slot): boolean {
  const outcome = put(slot, () => basisOf(slot).probe);
  return outcome.kind === 'accepted' && kustomizationOf(slot, outcome.observed.values)?.includes(MARK) === true;
}

/** As many as one Terraform evaluates quickly. */
function slotGroups(slots: readonly Slot[]): Slot[][] {
  return Array.from({ length: Math.ceil(slots.length / 15) }, (_, index) => slots.slice(index * 15, index * 15 + 15));
}

/** The mark, then awkward texts, in plain text and as values that only Terraform knows: those that synth accepts. */
function casesOf(slot: Slot, found: Findings): Case[] {
  const probe = basisOf(slot).probe!;
  // Terraform takes neither half characters nor NUL in its configuration, and what it normalizes is the same text to it.
  const texts = fc.sample(TEXTS.filter((text) => !/[\ud800-\udfff]/u.test(text) && !text.includes('\u0000') && text === text.normalize('NFC') && text.length < 6000), { seed: SEED + SLOTS.indexOf(slot), numRuns: 40 });
  const taken = (how: 'plain' | 'token', text: string): Case[] => {
    const outcome = put(slot, (scope) => probe.replace(MARK, () => how === 'plain' ? text : variable(scope)));
    if (outcome.kind !== 'accepted') {
      found.count(slot, 'refused at synth');
      return [];
    }
    const { json, values } = outcome.observed;
    const shown = Object.fromEntries(Object.entries(values).filter(([name, value]) => typeof value === 'string' && /(yaml|policy|operatorValues)$/i.test(name)));
    json.resource = { ...json.resource, fuzz_observed: { values: shown } };
    return [{ slot, text, how, stack: JSON.stringify(json) }];
  };
  const some = (how: 'plain' | 'token'): Case[] => {
    const cases = taken(how, MARK);
    // HCL drops this mark from the beginning of an argument: the value never comes to the library.
    for (const text of texts) {
      if (cases.length > EACH || cases.length === 0) break;
      if (how === 'plain' || !text.startsWith('\ufeff')) cases.push(...taken(how, text));
    }
    return cases;
  };
  return [...some('plain'), ...some('token')];
}

/** Evaluates the cases of some slots, each held against its mark; gives the YAML texts of those that are exact. */
function afterTerraform(slots: readonly Slot[], found: Findings): Rendered[] {
  const cases = slots.flatMap((slot) => casesOf(slot, found));
  found.inputs += cases.length;
  const results = evaluateAll(cases.map(({ stack, text, how }) => ({ stack, variables: how === 'token' ? { fuzz: text } : undefined })), COMPUTED)
    // Each has a folder of its own, which files are written beside.
    .map((result, index) => result instanceof TerraformError ? result : JSON.parse(JSON.stringify(result.resources).replace(new RegExp(`(?<=")c${index}/`, 'g'), 'c/')));
  const markOf = (one: Case) => results[cases.findIndex(({ slot, text, how }) => slot === one.slot && how === one.how && text === MARK)];
  return cases.flatMap((one, index) => {
    const [result, mark] = [results[index], markOf(one)];
    if (result instanceof TerraformError) {
      // A condition of ours, which says what is wrong: that is how values are refused that only Terraform knows.
      if (one.how === 'token' && result.diagnostics.every(({ summary }) => /(precondition|postcondition) failed/.test(summary))) found.count(one.slot, 'refused by a condition');
      else found.fail(one, `Terraform: ${result.message.slice(0, 300)}`);
      return [];
    }
    if (mark instanceof TerraformError) {
      // What is refused as a plain word can still be refused or not: there is nothing to hold it against.
      found.count(one.slot, 'nothing to compare with');
      return [];
    }
    const [now, then] = [result, mark].map((resources) => evaluated(Object.entries(resources).map(([address, body]) => ({ type: address.replace(/\.[^.]*$/, ''), body })), {}));
    const parted = parting(now, replaced(then, MARK, one.text));
    if (parted !== undefined) {
      found.fail(one, parted);
      return [];
    }
    if (one.text !== MARK) found.count(one.slot, one.how === 'token' ? 'token exact' : 'exact');
    const [delivered, ofMark] = [result, mark].map((resources) => kustomizationOf(one.slot, resources['fuzz_observed.values']));
    return [
      ...yamlIn(Object.values(result)).filter(({ text }) => text !== one.text).map(({ text: yaml, read }) => ({ ...one, yaml, read })),
      ...delivered === undefined || delivered === ofMark ? [] : [{ ...one, yaml: delivered, read: undefined, ofMark }],
    ];
  });
}

/** What is told to Flux as a kustomization. */
function kustomizationOf({ row }: Slot, values: any): string | undefined {
  return values?.[row === 'FluxKustomization' ? 'result.yaml' : 'EndDelivery.yaml'];
}

/** Go's parsers read what ours reads. */
function afterGo(rendered: readonly Rendered[], found: Findings): void {
  const texts = rendered.filter(({ ofMark }) => ofMark === undefined);
  const { stdout, stderr } = run(GO_YAML, [], process.cwd(), {}, JSON.stringify(texts.map(({ yaml }) => yaml)));
  if (!stdout.startsWith('[')) throw new Error(stderr);
  JSON.parse(stdout).forEach(({ documents, error }: any, index: number) => {
    const one = texts[index];
    // Nobody can escape what Terraform encodes as JSON; it is refused before anything is applied.
    if (one.how === 'token' && /control characters are not allowed/.test(error) && /[\u007f-\u009f\ufffe\uffff]/.test(one.text)) return found.count(one.slot, 'token refused by Go');
    const parted = error ?? parting(scalars(documents), scalars(one.read));
    if (parted !== undefined) found.fail(one, `Go reads otherwise: ${parted}`);
  });
}

/** What kustomize builds of a kustomization with a text in it is what it builds with the mark, with the text in its place. */
function afterKustomize(rendered: readonly Rendered[], found: Findings): number {
  const files = bootstrapped(FluxVersion.V2_9);
  const built = new Map<string, unknown>();
  const build = (yaml: string): unknown => {
    if (!built.has(yaml)) {
      try {
        built.set(yaml, scalars(parseObjects(kustomize({ ...files, 'kustomization.yaml': yaml }))));
      } catch (error: any) {
        built.set(yaml, error);
      }
    }
    return built.get(yaml);
  };
  let count = 0;
  for (const one of rendered.filter(({ ofMark }) => ofMark !== undefined)) {
    if (count === BUILDS) break;
    const [now, then] = [build(one.yaml), build(one.ofMark!)];
    if (then instanceof Error) {
      // A file that is not there, a patch of nothing: the samples of `test/misuse` are not made for kustomize.
      found.count(one.slot, 'not for kustomize');
      continue;
    }
    count++;
    const parted = now instanceof Error ? now.message.slice(0, 300) : parting(replaced(now, MARK, MARK), replaced(then, MARK, one.text));
    if (parted === undefined) found.count(one.slot, 'built');
    else found.fail(one, `kustomize: ${parted}`);
  }
  return count;
}

/** Scalars as text: both parsers say the same of numbers, in other words. */
function scalars(value: any): any {
  if (Array.isArray(value)) return value.map(scalars);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, scalars(item)]));
  return typeof value === 'string' || value === null ? value : String(value);
}
