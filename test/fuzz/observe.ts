import { TerraformElement, TerraformStack, Testing, Tokenization } from 'cdktf';
import { Construct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import { FluxInstallation } from '../../lib';
import { accessMarkdown } from '../../lib/access/markdown';
import { accessModel } from '../../lib/flux/private/access/collect';
import { resolved } from '../support';

/** All that a call made: resources, and what the result lets users read. */
export interface Observed {
  /** `cdk.tf.json`. */
  readonly json: any;
  /** Texts, lists and maps of the result, as Terraform would be given them. */
  readonly values: { readonly [name: string]: unknown };
  /** What is said at synthesis. */
  readonly warnings: string[];
  /** Who can do what, as it is written for people to read and commit. */
  readonly reports: () => string[];
}

/** Looks at everything. */
export function observe(scope: TerraformStack, made: any): Observed {
  const ends = scope.node.children.filter(({ node }) => node.id.startsWith('End'));
  const json = JSON.parse(Testing.synth(scope));
  return {
    json,
    values: Object.assign(valuesOf(scope, made, 'result'), ...ends.map((child) => valuesOf(scope, child, child.node.id))),
    warnings: scope.node.root.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => /^@cdktf\/(warn|info|error)$/.test(type)).map(({ data }) => String(data)),
    reports: () => scope.node.findAll().filter((node): node is FluxInstallation => node instanceof FluxInstallation).flatMap((installation) => {
      const model = accessModel(installation);
      return [JSON.stringify(model), accessMarkdown(model)];
    }),
  };
}

function valuesOf(scope: TerraformStack, made: any, prefix: string): { [name: string]: unknown } {
  const found: { [name: string]: unknown } = {};
  if (typeof made !== 'object' || made === null || TerraformElement.isTerraformElement(made)) return found;
  const names = new Set<string>();
  for (let type = made; type !== null && type !== Object.prototype && type !== Construct.prototype; type = Object.getPrototypeOf(type)) {
    Object.entries(Object.getOwnPropertyDescriptors(type)).filter(([name, { get, value }]) => !name.startsWith('_') && (get || isText(value))).forEach(([name]) => names.add(name));
  }
  for (const name of names) {
    const value = made[name];
    if (isText(value)) found[`${prefix}.${name}`] = resolved(scope, value);
  }
  return found;
}

/** Text, or plain lists and maps of it: not constructs. */
function isText(value: unknown, depth = 0): boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || Tokenization.isResolvable(value)) return true;
  if (typeof value !== 'object' || value === null || depth > 6) return false;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).every((item) => isText(item, depth + 1));
}

/** What was observed, as Terraform and then Flux would read it. */
export interface Decoded {
  readonly resources: unknown;
  /** As text for Terraform. */
  readonly rendered: { readonly [name: string]: unknown };
  /** As the program that called reads it. */
  readonly raw: { readonly [name: string]: unknown };
}

/**
 * Templates rendered, JSON and YAML within texts parsed. Lists are sorted, for their order may come of the text itself; addresses
 * go by their types, for names may have a part of it.
 *
 * @param variable what `var.fuzz` is
 */
export function decoded({ json, values }: Observed, variable?: string): Decoded {
  const blocks = [...blocksOf(json.resource, ''), ...blocksOf(json.data, 'data.'), ...Object.entries(json.provider ?? {}).map(([type, body]) => ({ address: `provider.${type}`, type, body }))];
  const named = new Map(blocks.map(({ address, type }) => [address, `${type}.@`]));
  const shown = (text: string) => rendered(text.replace(ADDRESS, (address) => named.get(address) ?? address).replace(LENGTH, 'sum([length'), variable);
  const read = (value: unknown): any => everyText(value, (text) => canonical(shown(text)), shown);
  return {
    resources: sorted(blocks.map(({ type, body }) => [type, read(withoutNotes(body))])),
    rendered: read(values),
    raw: everyText(values, canonical) as any,
  };
}

/** Where a text did not arrive, or something else did, or changed; undefined when it is exact. */
export function wrong(found: Decoded, sample: Decoded, mark: string, text: string): string | undefined {
  const values = Object.keys({ ...found.rendered, ...sample.rendered }).flatMap((name) => {
    const raw = parting(found.raw[name], replaced(sample.raw[name], mark, text), name);
    const read = raw === undefined ? undefined : parting(found.rendered[name], replaced(sample.rendered[name], mark, text), name);
    return read === undefined ? [] : [read];
  });
  return parting(found.resources, replaced(sample.resources, mark, text)) ?? values[0];
}

/** The texts that Terraform is given, without what cdktf notes beside them. */
function withoutNotes(body: any): any {
  if (Array.isArray(body)) return body.map(withoutNotes);
  const { '//': _, ...rest } = body;
  return rest;
}

/** The same of what Terraform evaluated: no templates are left. */
export function evaluated(resources: readonly { readonly type: string; readonly body: unknown }[], values: unknown): unknown {
  return { resources: sorted(resources.map(({ type, body }) => [type, everyText(body, canonical)])), values: everyText(values, canonical) };
}

/** How many characters of a policy are known: it changes with the text, and the policy itself stands beside it. */
const LENGTH = /(?<=[( ])sum\(\[\d+/g;

const ADDRESS = /(?<![\w.-])(?:data\.)?[a-z]\w*\.[A-Za-z_][\w-]*/g;

function blocksOf(byType: any, prefix: string) {
  return Object.entries<any>(byType ?? {}).flatMap(([type, byName]) => Object.entries<any>(byName)
    .map(([name, body]) => ({ address: `${prefix}${type}.${name}`, type: `${prefix}${type}`, body })));
}

/** What has a mark for a text, with the text in the place of the mark. */
export function replaced(structure: unknown, mark: string, text: string): unknown {
  const put = (found: string) => found.split(mark).join(text);
  return everyText(structure, (found) => canonical(put(found)), put);
}

/** Where two structures part, and what each has there; undefined when they are the same. */
export function parting(left: unknown, right: unknown, path = ''): string | undefined {
  if (typeof left === 'object' && typeof right === 'object' && left !== null && right !== null && Array.isArray(left) === Array.isArray(right)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const found = parting((left as any)[key], (right as any)[key], `${path}/${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return Object.is(left, right) ? undefined : `${path}: ${JSON.stringify(left)?.slice(0, 300)} in place of ${JSON.stringify(right)?.slice(0, 300)}`;
}

/** Applies a function to each text, and one to each key, which is no JSON whatever it looks like; lists are sorted after it. */
function everyText(value: unknown, change: (text: string) => unknown, changeKey = (key: string) => key): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return sorted(value.map((item) => everyText(item, change, changeKey)));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    return [changeKey(key), everyText(item, change, changeKey)];
  });
  // `Testing.synth` takes the notes of CDKTF away wherever it finds their key.
  return Object.fromEntries(entries.filter(([key]) => key !== '//').sort(([left], [right]) => left < right ? -1 : 1));
}

function sorted(list: unknown[]): unknown[] {
  return list.map((item) => [JSON.stringify(item), item] as const)
    .sort(([left], [right]) => left < right ? -1 : left > right ? 1 : 0).map(([, item]) => item);
}

/** JSON and YAML as what they say; other text as it is. */
function canonical(text: string): unknown {
  if (/^\s*[[{]/.test(text)) {
    try {
      return { json: everyText(JSON.parse(text), canonical) };
    } catch { /* text that only looks like it */ }
  }
  if (isYaml(text)) {
    // Go's parser ends lines at these too; what is between quotes is escaped by whoever writes YAML for it.
    const documents = parseAllDocuments(text.replace(/[\u0085\u2028\u2029]/g, '\n'), { version: '1.1' });
    if (documents.some(({ errors }) => errors.length > 0)) return { brokenYaml: text };
    return { yaml: sorted(documents.map((document) => everyText(document.toJS(), canonical))) };
  }
  return text;
}

/** The texts in a structure that are YAML, and what our parser reads there. */
export function yamlIn(value: unknown): { text: string; read: unknown }[] {
  if (typeof value === 'string') {
    if (!isYaml(value)) return [];
    const documents = parseAllDocuments(value, { version: '1.1' });
    const broken = documents.some(({ errors }) => errors.length > 0);
    const read = broken ? { broken: String(documents.map(({ errors }) => errors)) } : documents.map((document) => document.toJS());
    return [{ text: value, read }];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(yamlIn) : [];
}

function isYaml(text: string): boolean {
  return text.endsWith('\n') && /^(---\n)?[\w"'.{-][^\n]*:/.test(text);
}

/** A template as Terraform renders it; an expression is `<expression>`, unless it is a text itself, or one that `variable` gives a value. */
export function rendered(template: string, variable?: string): string {
  let text = '';
  for (let at = 0; at < template.length;) {
    if (template.startsWith('$${', at) || template.startsWith('%%{', at)) {
      text += template.slice(at + 1, at + 3);
      at += 3;
    } else if (template.startsWith('${', at) || template.startsWith('%{', at)) {
      const stop = closing(template, at + 2);
      text += ofExpression(template[at], template.slice(at + 2, stop), variable);
      at = stop + 1;
    } else {
      text += template[at++];
    }
  }
  return text;
}

function ofExpression(mark: string, expression: string, variable: string | undefined): string {
  const value = variable === undefined || mark === '%' ? undefined : valueOf(expression, variable);
  if (value !== undefined) return value;
  const literal = /^"((?:[^"\\$%]|\\.|[$%](?!\{))*)"$/.exec(expression);
  if (literal && mark === '$') return JSON.parse(`"${literal[1]}"`);
  // What nobody evaluates here holds the text in one way or another.
  const said = variable !== undefined && expression.includes('var.fuzz') ? '<?>' : `<${mark}${expression.replace(/"/g, "'").replace(/\\/g, '/')}>`;
  return expression.startsWith('jsonencode(') ? JSON.stringify(said) : said;
}

function inJson(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** What an expression comes to that encodes the variable, alone or within text; undefined for every other. */
function valueOf(expression: string, variable: string): string | undefined {
  if (expression === 'var.fuzz') return variable;
  if (/^"(?:[^"\\$]|\\.|\$(?!\{)|\$\{[^{}]*\})*"$/s.test(expression)) {
    const inner = expression.slice(1, -1).replace(/(\$+)\{([^{}]*)\}/g, (all, marks, held) => marks.length === 1 ? JSON.stringify(valueOf(held, variable) ?? '<?>').slice(1, -1) : all.slice(1)).replace(/%%(?=\{)/g, '%');
    return JSON.parse(`"${inner.replace(/[\u0000-\u001f]/g, inJson)}"`);
  }
  const encoded = /^jsonencode\(([^]*)\)$/.exec(expression)?.[1];
  const encodes = encoded === undefined ? undefined : valueOf(encoded, variable);
  if (encodes !== undefined) return JSON.stringify(encodes).replace(/[\u2028\u2029]/g, inJson);
  const part = /^substr\((jsonencode\([^]*\)), 1, \(length\(\1\) - 2\)\)$/.exec(expression)?.[1];
  if (part !== undefined) return valueOf(part, variable)?.slice(1, -1);
  const safe = /^replace\(([^]*), "\\u0085", "\\\\u0085"\)$/.exec(expression)?.[1];
  return safe === undefined ? undefined : valueOf(safe, variable)?.replace(/\u0085/g, '\\u0085');
}

function closing(template: string, from: number): number {
  let depth = 1;
  for (let at = from, quoted = false; at < template.length; at++) {
    const char = template[at];
    if (quoted && char === '\\') at++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === '{') depth++;
    else if (!quoted && char === '}' && --depth === 0) return at;
  }
  return template.length; // Terraform refuses it, and so does the comparison
}
