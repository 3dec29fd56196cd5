import { Fn, TerraformVariable, Token } from 'cdktf';
import {
  asInJson, escapeTemplate, jsonPart, jsonTemplate, jsonValue, literal, literalOf, templateOfJson, TerraformText, unescapeTemplate,
} from '../../../../lib/core/shared/terraform/text';
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

/** What a template is, by the text that it comes to. */
const MARKS: readonly (readonly [text: string, template: string])[] = [
  ['', ''], ['plain', 'plain'], ['$', '$'], ['$$', '$$'], ['$ {', '$ {'], ['{$}', '{$}'], ['%', '%'], ['% {', '% {'],
  ['${x}', '$${x}'], ['%{x}', '%%{x}'], ['%%{x}', '%%%{x}'], ['${', '$${'], ['a${b${c', 'a$${b$${c'], ['${x}%{y}', '$${x}%%{y}'],
  ['$${x}', '${"$"}$${x}'], ['$$$${x}', '${"$$$"}$${x}'], ['$${x}$${y}', '${"$"}$${x}${"$"}$${y}'],
];

describe('literals', () => {
  test.each(MARKS)('%j is %j to Terraform, and back', (text, expected) => {
    expect(escapeTemplate(text)).toBe(expected);
    expect(unescapeTemplate(expected)).toBe(text);
    expect(literalOf(expected)).toBe(text);
    expect(literal({ [text]: [text] })).toEqual({ [expected]: [expected] });
    expect(templateOfJson(JSON.stringify({ a: text }))).toBe(escapeTemplate(JSON.stringify({ a: text })));
  });

  test.each(['${var.x}', '%{if x}', 'a ${"$"} b', '$$ ${x}', '$$${x}'])('%j holds a value', (value) => expect(literalOf(value)).toBeUndefined());

  test.each([undefined, null, true, 0, 1.5])('%j is no text', (value) => {
    expect(literal(value)).toBe(value);
    expect(literal([value, { a: value }])).toEqual([value, { a: value }]);
  });

  test('what is a token as a whole stays one', () => {
    const variable = new TerraformVariable(stack(), 'v', {});
    for (const value of [variable.value, variable.listValue, Token.asStringMap(variable.value)]) expect(literal(value)).toBe(value);
    expect(literal(Object.assign(Object.create(null), { a: '${x}' }))).toEqual({ a: '$${x}' });
  });

  test.each<[string, string]>([
    [`a-${token}-b`, 'a-${var.v}-b'],
    [`\${x}${token}\${y}`, '$${x}${var.v}$${y}'],
    [`%{x}${token}`, '%%{x}${var.v}'],
    // Marks at the end would become one with the token's.
    [`a$${token}`, 'a${"$"}${var.v}'],
    [`a%$%${token}$`, 'a${"%$%"}${var.v}${"$"}'],
    [`$a${token}`, '$a${var.v}'],
    [`$$\${x}${token}`, '${"$$"}$${x}${var.v}'],
  ])('beside a token too (%#)', (value, expected) => expect(resolved(scope, literal(value))).toBe(expected));
});

test('in an argument of a function a mark beside a token stands between quotes', () => {
  const warned = jest.spyOn(console, 'warn').mockImplementation(() => undefined); // cdktf, of text around tokens
  expect(resolved(scope, Fn.upper(literal(`\${x}${token}`)))).toBe('${upper("${"$${"}x}${var.v}")}');
  warned.mockRestore();
});

describe('text in which values are encoded', () => {
  const INNER = '${substr(jsonencode(var.v), 1, (length(jsonencode(var.v)) - 2))}';
  const LINE_SAFE = '${replace(jsonencode(var.v), "\\u0085", "\\\\u0085")}';

  test('lists, maps, keys, and what is a token as a whole', () => {
    const { value, listValue } = new TerraformVariable(scope, 'w', {});
    const text = new TerraformText();
    const held = text.holdAll({ [`k-${token}`]: [token, 'x', 1, null, false], a: value, b: listValue, c: Token.asStringMap(value), d: undefined });
    expect(resolved(scope, text.template(JSON.stringify(held)))).toBe(
      '{${jsonencode("k-${var.v}")}:[${jsonencode(var.v)},"x",1,null,false],"a":${jsonencode(var.w)},"b":${jsonencode(var.w)},"c":${jsonencode(var.w)}}',
    );
  });

  test('each at its place, however many there are', () => {
    const many = Array.from({ length: 12 }, (_, index) => `${token}/${index}`);
    expect(decoded(template(many))).toEqual(many.map((_, index) => `<var.v/${index}>`));
    const text = new TerraformText();
    expect(decoded(resolved(scope, text.template(JSON.stringify(text.holdAll(many)))))).toEqual(many.map((_, index) => `<var.v/${index}>`));
  });

  test('line ends of YAML are escaped where the text is YAML', () => {
    const rendered = (inYaml: boolean, value: string) => {
      const text = new TerraformText(escapeTemplate, inYaml);
      return resolved(scope, text.template(JSON.stringify(text.hold(value))));
    };
    expect([rendered(true, token), rendered(false, token)]).toEqual([LINE_SAFE, '${jsonencode(var.v)}']);
    expect(rendered(true, `"${token}`)).toContain('replace(substr(jsonencode(var.v)');
    expect(rendered(false, `"${token}`)).toBe(`"\\"${INNER}"`);
  });

  test('strings are read as they are meant there', () => {
    const text = new TerraformText(escapeTemplate, false, (value) => value.replace('<v>', token));
    expect(resolved(scope, text.template(JSON.stringify(text.holdAll({ '<v>': ['a<v>', 'b'] }))))).toBe('{${jsonencode(var.v)}:[${jsonencode("a${var.v}")},"b"]}');
  });

  test('literals that another text escapes as a whole stay as they are', () => {
    expect(jsonValue({ a: '${x} %{y}' })).toBe('{"a":"${x} %{y}"}');
    expect(resolved(scope, jsonValue({ a: token, b: 'x' }))).toBe('{"a":${jsonencode(var.v)},"b":"x"}');
    expect(resolved(scope, jsonValue([`"${token}`]))).toBe(`["\\"${INNER}"]`);
  });

  test('beside tokens template marks of literals are hidden from CDKTF, in other strings too', () => {
    expect(template({ a: '${x}', b: token, c: '%{y}', d: '$${z}' })).toBe('{"a":"$${x}","b":${jsonencode(var.v)},"c":"%%{y}","d":"${"$"}$${z}"}');
    const text = new TerraformText();
    expect(resolved(scope, text.template(JSON.stringify(text.holdAll(['${x}', token]))))).toBe('["$${x}",${jsonencode(var.v)}]');
  });

  test.each([
    [`a$${token}`, `"a\\u0024${INNER}"`], [`a%${token}`, `"a\\u0025${INNER}"`], [`${token}$`, `"${INNER}\\u0024"`], [`$a"${token}`, `"$a\\"${INNER}"`], [`a\u2028${token}`, '${jsonencode("a\u2028${var.v}")}'],
    [`\${"${token}`, `"$\${\\"${INNER}"`], [`a%b"${token}`, `"a%b\\"${INNER}"`], [`"\u2028${token}`, `"\\"\\u2028${INNER}"`],
  ])('a last mark of a literal is no mark of the value (%#)', (value, expected) => expect(template(value)).toBe(expected));

  test('as a part of JSON that is written by hand', () => {
    expect(jsonPart('plain')).toBe('plain');
    expect(resolved(scope, jsonPart(`a/${token}/b`))).toBe(`a/${INNER}/b`);
  });
});

test.each([
  ['\u007e', '\u007e'], ['\u007f', '\\u007f'], ['\u0085', '\\u0085'], ['\u009f', '\\u009f'], ['\u00a0', '\u00a0'], ['\u2027', '\u2027'], ['\u2028', '\\u2028'],
  ['\u2029', '\\u2029'], ['\u202a', '\u202a'], ['\ufeff', '\\ufeff'], ['\ufffd', '\ufffd'], ['\ufffe', '\\ufffe'], ['\uffff', '\\uffff'], ['a\u0085b\u2028', 'a\\u0085b\\u2028'],
])('between quotes YAML reads %j as JSON does', (char, expected) => expect(asInJson(`"${char}"`)).toBe(`"${expected}"`));
