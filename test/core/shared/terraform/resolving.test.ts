import { Lazy, ref, Token, Tokenization } from 'cdktf';
import { lightValue } from '../../../../lib/core/shared/terraform/light-token';
import { resolvingTokensOnly } from '../../../../lib/core/shared/terraform/resolving';
import { resolved, stack } from '../../../support';

const variable = Token.asString(ref('var.v'));
/** Texts with tokens, like tokens, and like the numbers that stand for tokens. */
const TEXTS = ['', 'plain', variable, `a ${variable} b`, `port ${Token.asNumber(ref('var.n'))}`, '${a} %{b} $${c}', '-1.5e+289', 'TfToken', '${TfToken[', '#{TfToken', '1e5 a-e+3'];

test.each(TEXTS)('a token that comes to %j is what cdktf makes of it', (text) => {
  const s = stack();
  expect(resolved(s, lightValue(() => text))).toEqual(resolved(s, text));
  expect(resolved(s, lightValue(() => ({ [text]: [text] })))).toEqual(resolved(s, { [text]: [text] }));
});

test('a structure that resolves itself is what cdktf makes of it, and for others as it was', () => {
  const structure = () => ({
    texts: [...TEXTS],
    none: undefined,
    null: null,
    no: false,
    zero: 0,
    number: Token.asNumber(ref('var.n')),
    list: Token.asList(ref('var.l')),
    map: Token.asStringMap(ref('var.m')),
    inner: { none: undefined, empty: {}, later: Lazy.anyValue({ produce: () => ({ a: variable }) }), [variable]: 'a key', ...Object.fromEntries(TEXTS.map((text, index) => [`t${index}`, text])) },
  });
  const own = resolvingTokensOnly(structure());
  expect(resolved(stack(), own)).toEqual(resolved(stack(), structure()));
  expect(Object.keys(own)).toEqual(Object.keys(structure()));
  expect(Tokenization.isResolvable(own)).toBe(true);
});

test('what fails is told as cdktf tells it, with the place', () => {
  const structure = () => ({ a: { b: { c: () => 'a function' } } });
  expect(() => resolved(stack(), resolvingTokensOnly(structure()))).toThrow('at \'/a/b/c\'');
  const circle: any = { a: {} };
  circle.a.b = circle.a;
  expect(() => resolved(stack(), resolvingTokensOnly(circle))).toThrow('circular');
});
