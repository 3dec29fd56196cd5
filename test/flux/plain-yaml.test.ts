import { Lazy, Token } from 'cdktf';
import { stringify } from 'yaml';
import { plainYaml } from '../../lib/flux/private/render/plain-yaml';

const OPTIONS = { blockQuote: 'literal', aliasDuplicateObjects: false, compat: 'yaml-1.1', lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity } as const;

/** What programs put into Kubernetes objects, and what tells readers of YAML apart. */
const TEXTS = [
  '', 'a', 'v1', 'apps/v1', 'ServiceAccount', 'team-a', 'arn:aws:iam::111122223333:role/flux-1', 'flux@acme-prod.iam.gserviceaccount.com', 'rbac.authorization.k8s.io/v1',
  'serviceaccounts/token', 'a=b', 'a'.repeat(254), 'a'.repeat(255), 'a'.repeat(256), 'a_b', 'a.', 'a-', 'a:', 'a=', 'a: b', 'a #b', 'a b', ' a', 'a ', '-a', '- a', '?', '? a', 'a\nb', 'a\tb',
  'y', 'Y', 'n', 'N', 'yes', 'Yes', 'YES', 'no', 'on', 'On', 'off', 'OFF', 'true', 'True', 'TRUE', 'false', 'null', 'Null', 'NULL', '~', 'nullable', 'yesterday', 'nope', 'y/n', 'no.', 'e1', 'E10', 'e-5', 'e1a', 'inf', 'nan',
  '1', '0x1f', '0o7', '1e3', '1.5', '.inf', '.nan', '1:30', '2026-11-28', '111122223333', '<<', '=', '_', '_a', '/a', '*', '&a', '!a', '%a', '@a', '`a', '|', '>', '"a"', '\'a\'', '{', '[a]', 'a,b', 'a{b', 'ä', 'aä', '\u2028', 'a\u0085',
  '/', '//', '/spec/0', '/a:', '/a b', '/ab:c', '/a\n', '--a', '--a-b=c', '--a=', '--', '---', '--1', '- -a', '${a}', '${a}-b', '${a}:', '${a}${b}', '/${a}', 'a${b}', '${a', '$a', '${a b}', '$${a}',
  'a\n', 'a\nb\n', 'a: b\n  c: d\n', ' a\nb\n', 'a\n b\n', 'a \nb\n', 'a\n\nb\n', 'a\n\n', '\n', '---\n', 'a\n---\nb\n', '...\n', '%a\nb\n', 'ä\n', '|\n', '"a"\n', '# a\n', 'a\tb\n', 'a\r\nb\n', '- a\n- b\n',
];

/** The same numbers in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor(state / 65536) % below;
  };
}

function structure(next: (below: number) => number, depth: number): unknown {
  const kind = depth === 0 ? 0 : next(4);
  if (kind === 0) return TEXTS[next(next(3) === 0 ? TEXTS.length : 11)];
  if (kind === 1) return Array.from({ length: next(4) + (next(9) === 0 ? 0 : 1) }, () => structure(next, depth - 1));
  const keys = Array.from({ length: next(4) + (next(9) === 0 ? 0 : 1) }, (_, index) => next(20) === 0 ? TEXTS[next(TEXTS.length)] : `key${index}`);
  return Object.fromEntries(keys.map((key) => [key, structure(next, depth - 1)]));
}

test.each(TEXTS.map((text) => [text]))('%j is written as the serializer does, as a value, an item and a key, or left to it', (text) => {
  for (const value of [{ a: text }, [text], { [text]: 'a' }, { a: [text, { b: text }] }]) {
    expect([undefined, stringify(value, OPTIONS)]).toContain(plainYaml(value));
  }
});

test('any structure is written as the serializer does, or left to it', () => {
  const next = numbers(7);
  let written = 0;
  for (let round = 0; round < 6000; round++) {
    const value = structure(next, 5);
    const text = plainYaml(value);
    if (text === undefined) continue;
    written++;
    expect(text).toBe(stringify(value, OPTIONS));
  }
  expect(written).toBeGreaterThan(300);
});

test('what is no text, and what is empty, is left to the serializer', () => {
  for (const value of [null, undefined, true, 1, {}, [], { a: null }, { a: {} }, [[]], { a: 1 }, { a: [true] }, { '': 'a' }]) expect(plainYaml(value)).toBeUndefined();
});

test('what holds a token, or is one, is left to who holds it back', () => {
  const token = Token.asString({ a: 1 });
  const own = { creationStack: ['a'], resolve: () => 'a', toString: () => 'a' };
  const line = `a: ${token}\n`;
  const tokens = [token, line, Token.asList({}), Token.asStringMap({}), Lazy.anyValue({ produce: () => 'a' }), own, new (class { public readonly a = 'a'; })()];
  for (const value of tokens) for (const whole of [value, [value], { a: value }]) expect(plainYaml(whole)).toBeUndefined();
});

test('patches with variables are plain, and files that hold them', () => {
  const patch = [{ op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--default-service-account=flux' }, { op: 'add', path: '/a', value: '${flux_a__stamp}' }];
  expect(plainYaml(patch)).toBeDefined();
  expect(plainYaml({ patches: [{ target: { kind: 'Deployment' }, patch: stringify(patch, OPTIONS) }] })).toBeDefined();
});

test('objects of Kubernetes are plain', () => {
  expect(plainYaml({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'flux', annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/a' } } })).toBeDefined();
  expect(plainYaml({ rules: [{ apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] }] })).toBeDefined();
});
