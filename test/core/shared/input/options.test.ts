import { Fn, TerraformVariable, Token } from 'cdktf';
import { FLAG, instanceOf, listOf, oneOf, TEXT, TEXT_MAP } from '../../../../lib/core/shared/input/option-shape';
import { checkOptions, checkValue } from '../../../../lib/core/shared/input/options';
import { refused, stack } from '../../../support';

class Thing {}
const THING = instanceOf<Thing>('a Thing', () => Thing);
const SHAPES: any = { name: TEXT, things: listOf(THING).optional, tags: TEXT_MAP.optional, on: FLAG.optional, color: oneOf('Color', { RED: 'red' }).optional };
const refusal = (options: any) => refused(() => checkOptions(stack(), 'Box', options, SHAPES));

test.each<[any, string, string]>([
  [undefined, '[test] nothing as the options of Box', 'pass an object; where every option has a default, leave it out'],
  [Promise.resolve({}), '[test] a value of type Promise as the options of Box', 'await the promise, and pass what it comes to'],
  [[{}], '[test] a list as the options of Box', 'pass one object, not a list; where several are meant, each as an argument of its own'],
  [new Map([['name', 'a']]), '[test] a value of type Map as the options of Box',
    'pass what a literal makes: `{ ...options }` of an instance, `Object.fromEntries(options)` of a Map'],
  [{}, '[test] option "name" of Box: nothing', 'pass text'],
  [{ name: null }, '[test] option "name" of Box: null', 'pass text'],
  [{ name: Promise.resolve('a') }, '[test] option "name" of Box: a value of type Promise', 'await the promise, and pass what it comes to'],
  [{ name: 'a', nmae: 'b' }, '[test] option "nmae" of Box', 'correct the spelling, or remove it'],
  [{ name: 'a', on: null }, '[test] option "on" of Box: null', 'leave the option out, or pass what it takes'],
  [{ name: 'a', on: 'no' }, '[test] option "on" of Box: text', 'pass true or false'],
  [{ name: 'a', color: 'blue' }, '[test] option "color" of Box: "blue"', 'pass a constant of Color: red'],
  [{ name: 'a', things: [new Thing(), undefined] }, '[test] option "things" of Box: nothing as item 2', 'pass a Thing'],
  [{ name: 'a', tags: 'b' }, '[test] option "tags" of Box: text', 'pass a plain object whose values are texts'],
  [{ name: 'a', tags: new Map([['a', 'b']]) }, '[test] option "tags" of Box: a value of type Map', 'pass a plain object whose values are texts'],
  [{ name: 'a', tags: { a: 'b', c: undefined } }, '[test] option "tags" of Box: nothing as "c"', 'pass a plain object whose values are texts'],
  [{ name: Fn.tobool(true) }, '[test] option "name" of Box: a value of type FunctionCall',
    'say of what type the value is: `stringValue`, `numberValue` or `listValue` of a variable; Token.asString(...), asNumber(...) or asList(...) of anything else'],
  [{ name: 'a', things: new Set([new Thing()]) }, '[test] option "things" of Box: a value of type Set', 'pass a list, each item a Thing'],
])('%p is refused', (options, given, fix) => {
  const error = refusal(options);
  expect(error.given).toBe(`${given} is not accepted.`);
  expect(error.fix).toBe(fix);
});

test('the one key that CDKTF loses', () => {
  const error = refusal({ name: 'a', tags: JSON.parse('{"__proto__": "b"}') });
  expect(error.given).toBe('[test] option "tags" of Box: the key "__proto__" is not accepted.');
  expect(error.allowed).toBe('an object without that key: CDKTF loses it on its way to Terraform');
});

test('a class of another copy of the library is told apart', () => {
  const { Thing: Other } = { Thing: class extends Object {} };
  expect(refusal({ name: 'a', things: [new Other()] }).fix).toBe('it is the Thing of another copy of the library: see `npm ls cdktf-flux-identity`, and install one');
});

test('errors show no contents: a key may have been passed in a wrong place', () => {
  const secret = 'MIIEvQIBADANBg';
  for (const options of [{ name: [secret] }, { name: { secret } }, { name: 'a', things: secret }, { name: 'a', things: [secret] }, { name: 'a', tags: secret }]) {
    expect(JSON.stringify(refusal(options))).not.toContain(secret);
  }
});

test('right values, and undefined for optional ones', () => {
  checkOptions(undefined, 'Box', { name: 'a', things: [new Thing()], tags: { a: 'b' }, on: false, color: 'red' }, SHAPES);
  checkOptions(undefined, 'Box', { name: '', things: undefined, tags: undefined, on: undefined, color: undefined }, SHAPES);
  expect(refused(() => checkValue(undefined, 'color', 'blue' as any, SHAPES.color)).given).toBe('color "blue" is not accepted.');
});

test('maps that only Terraform knows, whole or in part', () => {
  const variable = new TerraformVariable(stack(), 'tags', {});
  for (const tags of [Token.asStringMap(variable.value), variable.value, Fn.merge([variable.value, { a: 'b' }]), { a: variable.value, b: variable.stringValue }]) {
    checkOptions(undefined, 'Box', { name: 'a', tags }, SHAPES);
  }
});
