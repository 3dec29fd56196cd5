import { Fn } from 'cdktf';
import { cluster, known, resolved } from './fakes';
import { YamlTemplate } from '../../lib/flux/private/render/yaml';

// What Go's parsers take for what it was: no text ends a line, or is a word or a number of YAML.
test.each<[unknown, string]>([
  [{ a: 'word', b: ['x', { c: 'y' }] }, 'a: word\nb:\n  - x\n  - c: "y"\n'],
  ['word', 'word\n'],
  ['no', '"no"\n'],
  [{ a: 'a\nb\n' }, 'a: |\n  a\n  b\n'],
  [null, 'null\n'],
  [[], '[]\n'],
  [true, 'true\n'],
  [{ a: 'tab\there', b: 'plain', c: 1, d: ['two words'] }, 'a: "tab\\there"\nb: plain\nc: 1\nd:\n  - two words\n'],
  [{ a: 'x\t\ny' }, 'a: "x\\t\\ny"\n'],
  [{ 'a\u0085b': 'two\nlines', 'b': true, 'c': null }, '"a\\u0085b": |-\n  two\n  lines\nb: true\nc: null\n'],
  ...['\u007f', '\u0085', '\u009f', '\u2028', '\u2029', '\ufeff', '\ufffe', '\uffff'].map((char): [unknown, string] => (
    [{ a: `x${char}kind: Injected`, b: 'no' }, `a: "x\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}kind: Injected"\nb: "no"\n`]
  )),
  [{ a: 'a\u00a0b' }, 'a: a\u00a0b\n'],
  [{ a: 'long '.repeat(60) + 'end' }, `a: ${'long '.repeat(60)}end\n`],
  [{ a: 'long '.repeat(60) + 'end\t' }, `a: "${'long '.repeat(60)}end\\t"\n`],
  [{ a: '${x}', b: '%{y}' }, 'a: $${x}\nb: "%%{y}"\n'],
])('%j as text for Terraform', (value, expected) => {
  expect(YamlTemplate.text(value)).toBe(expected);
});

test('an object that stands twice is written twice', () => {
  const one = { a: 1 };
  expect(YamlTemplate.text([one, one])).toBe('- a: 1\n- a: 1\n');
  expect(YamlTemplate.text([one, one, '\u0085'])).toBe('- a: 1\n- a: 1\n- "\\u0085"\n');
});

describe('values that only Terraform knows', () => {
  const rendered = (render: (value: string) => string) => {
    const { stack } = cluster();
    return resolved(stack, render(known(stack, 'v')));
  };
  const SAFE = '${replace(jsonencode(var.v), "\\u0085", "\\\\u0085")}';

  it('end no line in YAML', () => {
    expect(rendered((v) => YamlTemplate.text({ a: v, b: '${x}' }))).toBe(`a: ${SAFE}\nb: $\${x}\n`);
    expect(rendered((v) => new YamlTemplate().render([{ a: v }, 'b']))).toBe(`a: ${SAFE}\n---\nb\n`);
    expect(rendered((v) => YamlTemplate.forFlux().render([{ a: v }]))).toBe(`a: ${SAFE}\n`);
  });

  it('are JSON in JSON, which ends none', () => {
    expect(rendered((v) => YamlTemplate.json({ a: v, b: '${x}' }))).toBe('{"a":${jsonencode(var.v)},"b":"$${x}"}');
  });

  it('stand in a text that is escaped as a whole: literals stay as they are', () => {
    expect(YamlTemplate.value({ a: '${x}' })).toBe('a: ${x}\n');
    expect(rendered((v) => Fn.base64encode(YamlTemplate.value({ a: v })))).toBe(`\${base64encode("a: ${SAFE}\\n")}`);
  });

  it('may stand in a text within the document', () => {
    expect(rendered((v) => {
      const text = new YamlTemplate();
      return text.render([{ patch: text.embed({ a: v, b: 'no' }) }]);
    })).toBe(`patch: |\n  a: ${SAFE}\n  b: "no"\n`);
  });
});
