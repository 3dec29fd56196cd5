import { Fn, Op, TerraformVariable } from 'cdktf';
import { matches, terraformCheck } from '../../../../lib/core/shared/terraform/check';
import { resolved, stack } from '../../../support';

const scope = stack();
const token = new TerraformVariable(scope, 'v', {}).stringValue;
const condition = (value: unknown) => resolved(scope, terraformCheck(value, 'x').condition);

test.each<[string, unknown, string]>([
  ['a variable', Op.eq(token, 'x'), '${(var.v == "x")}'],
  ['a variable inside a text', Op.eq(`a ${token} b`, 'x'), '${("a ${var.v} b" == "x")}'],
  ['self', '${self.arn == "x"}', '${self.arn == "x"}'],
])('%s is a reference: the condition stays', (_, given, expected) => expect(condition(given)).toBe(expected));

test.each<[string, unknown, string]>([
  ['a file', Op.lte(Fn.lengthOf(Fn.file('a.b')), 3), '(length(file("a.b")) <= 3)'],
  ['a join', Op.eq(Fn.join('/', ['a.b', 'c']), 'x'), '(join("/", ["a.b", "c"]) == "x")'],
  ['a text that looks like one', '${"var.v" == "\\"var.v" }', '"var.v" == "\\"var.v" '],
  ['an escaped template', '${"$${var.v}" == ""}', '"$${var.v}" == ""'],
  ['what a `for` binds', '${alltrue([for x in [{ y = 1 }] : x.y == 1])}', 'alltrue([for x in [{ y = 1 }] : x.y == 1])'],
  ['a number', '${1.5 > 1}', '1.5 > 1'],
  ['an attribute of a literal', '${{ a = { b = 1 } }.a.b == 1}', '{ a = { b = 1 } }.a.b == 1'],
  ['a constant', true, 'true'],
])('%s is none: one is added', (_, given, expected) => expect(condition(given)).toBe(`\${(terraform.workspace != "" && ${expected})}`));

test('a pattern on a text around tokens is what cdktf makes of it, without its warning', () => {
  expect(resolved(scope, Op.not(matches('^a', `a-${token}`)))).toBe('${!can(regex("^a", "a-${var.v}"))}');
  expect(resolved(scope, matches('[$][{]', token))).toBe('${can(regex("[$][{]", var.v))}');
});

test('no condition stays none', () => expect(condition(undefined)).toBeUndefined());

test('the message is literal, but for tokens', () => {
  expect(resolved(scope, terraformCheck(true, 'In ${file("x")} of %{y}').errorMessage)).toBe('In $${file("x")} of %%{y}');
  expect(resolved(scope, terraformCheck(true, `\${x} ${token}`).errorMessage)).toBe('$${x} ${var.v}');
});
