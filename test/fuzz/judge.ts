import { Fn, TerraformStack, Token } from 'cdktf';
import { conditionsOf, evaluable, wrongCondition } from './conditions';
import { Decoded, decoded, rendered, wrong } from './observe';
import { MARK, Outcome, probe, put, Slot, variable } from './slots';

/** Slots that take text for Terraform, such as the `yaml` of a delivery: what it means there is what arrives. */
const TEMPLATES = ['FluxFile(content)'];

/** What became of an input. */
export type Kind = 'refused' | 'exact' | 'wrong' | 'crashed';

export interface Verdict {
  readonly kind: Kind;
  /** For `wrong` and `crashed`: what was found. */
  readonly found?: string;
}

/** An input of a slot. */
export type Input =
  /** A text, alone. */
  | { readonly as: 'text'; readonly text: string }
  /** A text at the place in the slot's sample where anything goes. */
  | { readonly as: 'within'; readonly text: string }
  /** Texts around a value that only Terraform knows, at that place. */
  | { readonly as: 'around'; readonly before: string; readonly after: string }
  /** A value that only Terraform knows, or one of another type, or a forged one. */
  | { readonly as: 'thing'; readonly make: (scope: TerraformStack) => unknown };

interface Basis {
  readonly probe?: string;
  readonly decoded?: Decoded;
  /** The same with a value that only Terraform knows in its place, which is `MARK`. */
  readonly known?: Decoded;
}
const BASES = new Map<string, Basis>();

/** What the slot looks like with `MARK` in it. */
export function basisOf(slot: Slot): Basis {
  const known = BASES.get(slot.name);
  if (known !== undefined) return known;
  // A row that has a token there has it for want of a plain text that is accepted.
  const text = slot.sample.includes('${TfToken[') ? undefined : probe(slot);
  const outcome = text === undefined ? undefined : put(slot, () => text);
  const late = outcome?.kind === 'accepted' ? listening(() => put(slot, (scope) => text!.replace(MARK, () => variable(scope)))).outcome : undefined;
  const basis = outcome?.kind !== 'accepted' ? {} : {
    probe: text,
    decoded: decoded(outcome.observed),
    known: late?.kind === 'accepted' ? decoded(evaluable(late.observed), MARK) : undefined,
  };
  BASES.set(slot.name, basis);
  return basis;
}

/** Puts an input into a slot and judges what comes of it. */
export function judge(slot: Slot, input: Input): Verdict {
  const basis = basisOf(slot);
  if (input.as === 'around') return judgeAround(slot, basis, input);
  const text = input.as === 'thing' ? undefined : input.as === 'text' || basis.probe === undefined ? input.text : basis.probe.replace(MARK, () => input.text);
  const { outcome } = listening(() => put(slot, input.as === 'thing' ? input.make : () => text));
  if (outcome.kind === 'refused') return { kind: 'refused' };
  if (outcome.kind === 'crashed') return { kind: 'crashed', found: crash(outcome.error) };
  const condition = wrongCondition(outcome.observed.json);
  if (condition !== undefined) return { kind: 'wrong', found: condition };
  if (text === undefined || basis.decoded === undefined || basis.probe === undefined) return { kind: 'exact' };
  if (TEMPLATES.includes(slot.name) && /[$%]\{/.test(text)) return template(outcome.observed.json, text);
  // As a whole the text stands where the whole sample stood; within it, where the mark stood.
  const [mark, now] = input.as === 'within' || basis.probe === MARK ? [MARK, (input as { text: string }).text] : [basis.probe, text];
  const found = wrong(decoded(outcome.observed), basis.decoded, mark, TEMPLATES.includes(slot.name) ? rendered(now) : now);
  return found === undefined ? { kind: 'exact' } : { kind: 'wrong', found };
}

/** What stands around a value that only Terraform knows arrives around it, if both are taken. */
function judgeAround(slot: Slot, { probe: sample = MARK, known }: Basis, { before, after }: Extract<Input, { as: 'around' }>): Verdict {
  const { outcome, said } = listening(() => put(slot, (scope) => sample.replace(MARK, () => before + variable(scope) + after)));
  if (outcome.kind === 'refused') return { kind: 'refused' };
  if (outcome.kind === 'crashed') return { kind: 'crashed', found: crash(outcome.error) };
  // CDKTF doubts what it made of a text in a function.
  if (said !== '') return { kind: 'wrong', found: said };
  const condition = wrongCondition(outcome.observed.json);
  if (condition !== undefined) return { kind: 'wrong', found: condition };
  if (known === undefined || TEMPLATES.includes(slot.name)) return { kind: 'exact' };
  const found = wrong(decoded(evaluable(outcome.observed), MARK), known, MARK, before + MARK + after);
  return found === undefined ? { kind: 'exact' } : { kind: 'wrong', found };
}

/** A template that Terraform has yet to read is given to it as it is. */
function template(json: any, text: string): Verdict {
  const changed = Object.values<any>(json.resource?.local_file ?? {}).find(({ content }) => content !== text);
  return changed === undefined ? { kind: 'exact' } : { kind: 'wrong', found: `content ${JSON.stringify(changed.content)}` };
}

/** How a slot takes values that only Terraform knows. */
export function treatment(slot: Slot): string {
  const within = basisOf(slot).probe;
  const ways = [variable, ...within === undefined || within === MARK ? [] : [(scope: TerraformStack) => within.replace(MARK, () => variable(scope))]];
  for (const way of ways) {
    const outcome = put(slot, way);
    if (outcome.kind !== 'accepted') continue;
    const { resource, data, provider } = outcome.observed.json;
    const texts = textsOf([resource, data, provider, outcome.observed.values]).filter((text) => text.includes('var.fuzz'));
    if (texts.length === 0) return 'taken, shows nowhere';
    const conditions = conditionsOf(outcome.observed.json).filter((condition) => condition.includes('var.fuzz'));
    const free = texts.filter((text) => !conditions.includes(text) && /\$\{(?!jsonencode\()[^{}]*var\.fuzz/.test(text));
    const encoded = texts.some((text) => text.includes('jsonencode(var.fuzz)') || /jsonencode\("[^"]*\$\{var\.fuzz/.test(text));
    const how = [
      ...encoded ? ['encoded'] : [],
      ...free.some((text) => text === '${var.fuzz}') ? ['as it is'] : [],
      ...free.some((text) => text !== '${var.fuzz}') ? ['within a text'] : [],
      ...conditions.length > 0 ? ['checked'] : [],
    ];
    return how.join(', ') || 'encoded';
  }
  return 'plain only';
}

/** Values of Terraform that refer to nothing in the stack. */
export const GROUNDLESS = (text: string) => () => Token.asString(Fn.join('', [text]));

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, item]) => key === '//' ? [] : [key, ...textsOf(item)]) : [];
}

function crash(error: any): string {
  const at = String(error?.stack ?? error).split('\n').find((line) => line.includes('/lib/'))?.trim() ?? '';
  return `${error?.name}: ${String(error?.message ?? error).slice(0, 200)} ${at}`;
}

/** What an action prints is a part of what comes of it. */
export function listening(action: () => Outcome): { outcome: Outcome; said: string } {
  let said = '';
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => {
    const own = console[name];
    console[name] = (...parts: unknown[]) => void (said += `${parts.map(String).join(' ')}\n`);
    return () => void (console[name] = own);
  });
  try {
    return { outcome: action(), said };
  } finally {
    spies.forEach((restore) => restore());
  }
}
