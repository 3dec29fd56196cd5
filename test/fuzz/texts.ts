import * as fc from 'fast-check';

/** Texts that YAML, JSON, Terraform, kustomize or a cloud's own syntax would take for something else than text. */
export const AWKWARD: readonly string[] = [
  '', ' ', ' leading', 'trailing ', 'two  spaces', '\t', 'tab\there', 'tab before the end\t\nof a line', '\ttab: first',
  'true', 'True', 'no', 'NO', 'y', 'off', 'null', '~', 'Null', '0123', '0x1f', '0o17', '1e3', '1_000', '.inf', '.NaN', '12:30:45', '2026-11-22', '=', '<<', '-0',
  '"', '""', '"quoted"', "'", "'single'", "''", '`tick`', 'a: b', 'a:', ': a', '- a', '-', '? a', '# comment', 'a #comment', '{a: 1}', '{', '}', '[1, 2]', '[', ']', ',',
  '&anchor', '*alias', '!tag', '!!binary x', '| text', '> text', '|', '>-', '%directive', '%YAML 1.2', '@at', '...', '---', '--- a', '\n---\n', '\n...\n', 'a\n---\nkind: Injected\n',
  '${', '${}', '${x}', '${file("/etc/hostname")}', '${jsonencode(1)}', '$${escaped}', '$$${thrice}', '$$', '$', 'end$', '%{', '%{if true}yes%{endif}', '%%{escaped}', '%', 'end%', '${"', '"}${', '~}', '%{~',
  '$(VAR)', '${VAR:=default}', '{{ .Values.x }}', '<%= x %>', '\\', '\\n', '\\"', '\\u0041', 'C:\\dir\\"x"', '\\${x}', '\\$',
  'a\nb', 'a\n\nb\n', '\n', '\na', 'a\r\nb', 'a\rb', '\r', 'a\u0085b', 'a\u2028b', 'a\u2029b', '\u2028', 'x\u2028kind: Injected', 'x\u0085kind: Injected', 'x\nkind: Injected\ny: z', 'x\n  address: https://evil\n',
  'Grüße, 世界 🚀', 'e\u0301', '\u202Eevil', '\uFEFFbom', 'zero\u200Bwidth', '\u00A0', '\u0000', 'a\u0000b', '\u0007', '\u001b[31m', '\u007f', '\ud800', 'a\udc00b', '\uffff', '\ufffe',
  '<script>&amp;</script>', '&', '<', '*', '?', '${*}', 'a/../b', '../../etc/passwd', '/', '//', 'a b', 'A', '[team-a/flux]', 'x" || true || "', "' || true || '", ') || (true', '" == "" || "" == "',
  'constructor', '__proto__', 'toString', 'arn:aws:iam::*:role/*', '*:*', '::', 'x@y', 'x,y', 'x;y', 'x|y', 'a=b', '+', '-----BEGIN', '0', '-1', 'é'.repeat(40), 'a'.repeat(300), 'x'.repeat(5000),
  '${TfToken[TOKEN.987654321]}', '#{TfToken[TOKEN.987654321]}', '&{TfToken[TOKEN.987654321]}', '${TfToken[', 'TfToken',
];

const PIECES = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...AWKWARD.filter((text) => text.length < 60)) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z0-9_.\/:@ -]{0,20}$/) },
);

/** An awkward text: one of the list, several in a row, or anything. */
export const TEXTS: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...AWKWARD) },
  { weight: 3, arbitrary: fc.array(PIECES, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.nat({ max: 20_000 }).map((length) => 'x'.repeat(length)) },
);

/** Anything but a text. */
export const THINGS: fc.Arbitrary<unknown> = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
})
  .filter((value) => typeof value !== 'string');
