import { TerraformVariable } from 'cdktf';
import { jsonTemplate } from '../../../../lib/core/shared/terraform/text';
import { jsonSize } from '../../../../lib/core/shared/terraform/text-size';
import { decoded, resolved, stack } from '../../../support';

const scope = stack();
const token = new TerraformVariable(scope, 'v', {}).stringValue;
const template = (value: unknown) => resolved(scope, jsonTemplate(value));

test.each(['plain', '', '"quoted"', 'back\\slash', 'new\nline', 'tab\t', 'ünï ✓', '100%', '$5', 'a:b', 'true', '0123'])('%j comes back as it is', (text) => {
  expect(JSON.parse(template({ [text]: [text, 1, true, null] }))).toEqual({ [text]: [text, 1, true, null] });
});

test.each<[string, string]>([
  ['${aws:PrincipalTag/team}', '"$${aws:PrincipalTag/team}"'], ['%{if x}', '"%%{if x}"'], ['%%{x', '"%%%{x"'],
  // Terraform leaves `$$${` as it is, so the other dollars have to come from an expression.
  ['$${x}', '"${"$"}$${x}"'], ['$$${x}', '"${"$$"}$${x}"'], ['$ {x}', '"$ {x}"'],
])('template marks in %j are escaped', (text, expected) => expect(template(text)).toBe(expected));

test('tokens as values, as keys, and among other text', () => {
  expect(template({ a: token })).toBe('{"a":${jsonencode(var.v)}}');
  expect(template({ [`${token}:sub`]: 'x' })).toBe('{${jsonencode("${var.v}:sub")}:"x"}');
  expect(decoded(template([`${token}/*`, 'b']))).toEqual(['<var.v/*>', 'b']);
});

test('quotes, line ends and template marks beside a token stay out of Terraform functions', () => {
  const encoded = '${substr(jsonencode(var.v), 1, (length(jsonencode(var.v)) - 2))}';
  expect(template(`"${token}\\\n`)).toBe(`"\\"${encoded}\\\\\\n"`);
  expect(template(`\${x}${token}`)).toBe(`"$\${x}${encoded}"`);
});

test('equal structures give equal text', () => expect(template({ a: [token, 'x'] })).toBe(template({ a: [token, 'x'] })));

describe('jsonSize', () => {
  test('plain text is its length, and nothing is left to check', () => {
    const size = jsonSize({ a: 'b"' });
    expect([size.estimate, size.least, size.fits(1)]).toEqual(['{"a":"b\\""}'.length, '{"a":"b\\""}'.length, undefined]);
  });

  test('each token has one weight; Terraform adds up the real lengths', () => {
    const size = jsonSize([token, token, 'x']);
    expect(size.least).toBe('["","","x"]'.length);
    expect(size.estimate).toBe('["","","x"]'.length + 2 * 128);
    expect(resolved(scope, size.fits(99))).toBe('${(sum([11, (length(var.v) * 2)]) <= 99)}');
  });

  test('the check of many tokens resolves in linear time', () => {
    const many = stack();
    const values = Array.from({ length: 200 }, (_, index) => new TerraformVariable(many, `many${index}`, {}).stringValue);
    expect(resolved(many, jsonSize(values).fits(99))).toMatch(/^\$\{\(sum\(\[601, \(length\(var\.many0\) \* 1\), .*, \(length\(var\.many199\) \* 1\)\]\) <= 99\)\}$/);
  });
});
