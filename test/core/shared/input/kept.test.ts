import { runInNewContext } from 'vm';
import { Fn, TerraformVariable, Token } from 'cdktf';
import { kept } from '../../../../lib/core/shared/input/kept';
import { lightValue } from '../../../../lib/core/shared/terraform/light-token';
import { stack } from '../../../support';

test('lists and plain objects are copied, whatever is in them', () => {
  const given = { list: ['a', { b: ['c'] }], parsed: JSON.parse('{"__proto__": "d"}'), bare: Object.assign(Object.create(null), { e: 1 }) };
  const copy = kept(given);
  expect(copy).toEqual(given);
  expect(Object.keys(copy.parsed)).toEqual(['__proto__']);
  (given.list[1] as any).b.push('more');
  given.bare.e = 2;
  expect([copy.list, copy.bare]).toEqual([['a', { b: ['c'] }], { e: 1 }]);
});

test('so are those of another realm', () => {
  const given = runInNewContext('({ a: ["b"] })');
  const copy = kept(given);
  given.a.push('c');
  expect(copy).toEqual({ a: ['b'] });
});

test('constructs, tokens, values of classes and functions stay what they are', () => {
  const variable = new TerraformVariable(stack(), 'v', {});
  for (const value of [variable, variable.value, lightValue(() => 'a'), Fn.merge([variable.value]), new Date(0), new Map(), () => 'a', 'a', 1, null, undefined]) {
    expect(kept({ value }).value).toBe(value);
  }
  expect(Token.isUnresolved(kept(Token.asStringMap(variable.value)))).toBe(true);
});

test('what holds itself, and lists with holes', () => {
  const circle: any = { a: [] };
  circle.a.push(circle);
  const copy = kept(circle);
  expect(copy.a[0]).toBe(copy);
  expect(copy).not.toBe(circle);
  expect(0 in kept(new Array(1))).toBe(true); // so that nothing skips it
});
