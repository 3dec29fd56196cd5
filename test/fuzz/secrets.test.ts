import { TerraformStack } from 'cdktf';
import { listening } from './judge';
import { MARKED, SECRET_TEXTS } from './secrets';
import { copied, Outcome, put, putWhole, SLOTS } from './slots';
import { Row } from '../misuse/row';
import { ROWS } from '../misuse/rows';
import { stack } from '../support';

/** Which secret stands for all others where there are many places. */
const [KEY] = SECRET_TEXTS;
const TOKEN = SECRET_TEXTS.find((text) => text.startsWith('ghp_'))!;

/** What is said of an input: the error, or warnings and access reports, and whatever was printed meanwhile. */
function heard(action: () => Outcome): string {
  const { outcome, said } = listening(action);
  return [said, ...outcome.kind === 'accepted' ? [...outcome.observed.warnings, ...outcome.observed.reports()] : [String(outcome.error?.stack), outcome.error.message]].join('\n');
}

/** An argument, or an option among them, of whatever type it is. */
interface Place {
  readonly name: string;
  readonly row: string;
  readonly index: number;
  readonly option?: string;
}

/** All of everything that users can call. */
const PLACES: readonly Place[] = Object.entries(ROWS).flatMap(([row, made]) => placesOf(row, made));

function placesOf(row: string, made: Row): Place[] {
  const scope = stack();
  const args = made.args(scope);
  const last = args.length - 1;
  const options = isOptions(args[last]) ? { ...args[last], ...made.optional?.(scope) } : {};
  return [
    ...args.map((_, index) => ({ name: `${row}[${index}]`, row, index })),
    ...Object.keys(options).map((option) => ({ name: `${row}(${option})`, row, index: last, option })),
  ];
}

function isOptions(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

test('every export is fed', () => {
  expect([...new Set(PLACES.map(({ row }) => row))]).toEqual(Object.keys(ROWS)); // which a test of `test/misuse` holds to the exports
});

test('a mark is found where it is said', () => {
  expect(heard(() => ({ kind: 'refused', error: new Error(`given: ${KEY}`) }))).toContain(MARKED);
  expect(heard(() => { console.log(KEY); return { kind: 'refused', error: new Error('refused') }; })).toContain(MARKED);
});

test('no error, warning, log or report shows a secret that was given for a text, or in it', () => {
  const leaks = SLOTS.flatMap((slot, index) => some([...SECRET_TEXTS, slot.sample + KEY, TOKEN + slot.sample, `${slot.sample} ${TOKEN}`], index).flatMap((text) => {
    const leak = leakIn(heard(() => put(slot, () => text)));
    return leak === undefined ? [] : [`${slot.name} ${JSON.stringify(text.slice(0, 40))}: ${leak}`];
  }));
  expect(leaks).toEqual([]);
});

test('nor one that was given for anything else', () => {
  const wrong: ((sample: any) => unknown)[] = [
    () => KEY, () => [TOKEN], () => ({ a: KEY }), () => ({ [TOKEN]: 'a' }),
    (sample) => isOptions(sample) ? { ...copied(sample), [TOKEN]: 1 } : [sample, TOKEN],
  ];
  const leaks = PLACES.flatMap(({ name, row, index, option }, place) => some(wrong, place).flatMap((make) => {
    const leak = leakIn(heard(() => putWhole(row, index, option, (sample: unknown, _scope: TerraformStack) => make(sample))));
    return leak === undefined ? [] : [`${name}: ${leak}`];
  }));
  expect(leaks).toEqual([]);
});

/** All in the long run; in the short one some, so that each comes to some place. */
function some<T>(list: readonly T[], index: number): readonly T[] {
  return process.env.FUZZ === 'long' ? list : [0, 1, 2].map((step) => list[(3 * index + step) % list.length]);
}

function leakIn(said: string): string | undefined {
  const at = said.indexOf(MARKED);
  return at < 0 ? undefined : said.slice(Math.max(0, at - 200), at + 60);
}
