import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { TerraformStack } from 'cdktf';
import * as ts from 'typescript';
import { call as callRow, Row } from './row';
import { ROWS } from './rows';
import { stack } from '../support';

/** What the configurations call, not users. */
const CALLED_BY_THE_LIBRARY = ['trusts', 'fluxSettings', 'fluxObjects', 'memberOf', 'kubernetesUserNameOf'];
/** Marks of tokens that this program did not make: they would end as an exception of cdktf, at synthesis. */
const FORGED = '${TfToken[TOKEN.987654321]}';
const FORGED_LIST = ['#{TfToken[TOKEN.987654321]}'];
/** Options that are maps from text to text. */
const MAPS = ['tags', 'labels', 'keepers', 'encryptionContext'];

test('every public constructor, factory and method that takes something has a row', () => {
  expect(Object.keys(ROWS).sort()).toEqual(modules(join(__dirname, '../../lib/index.ts')).flatMap(callables).sort());
});

describe.each(Object.entries(ROWS))('%s', (name, row) => {
  test('right uses are accepted, with each option and without it', () => {
    const failures: string[] = [];
    for (const [what, change] of rightUses(row)) {
      const { call } = prepared(name, row, change);
      try {
        call();
      } catch (error: any) {
        failures.push(`${what}: ${error.stack.slice(0, 500)}`);
      }
    }
    expect(failures).toEqual([]);
  });

  test('wrong ones are refused by name, and leave nothing behind', () => {
    const failures: string[] = [];
    for (const [what, change, named] of wrongUses(row)) {
      const { call, scope } = prepared(name, row, change);
      const before = scope.node.root.node.findAll().length;
      try {
        call();
        failures.push(`${what}: accepted`);
      } catch (error: any) {
        if (error.name !== 'ValidationError') failures.push(`${what}: ${error.stack.slice(0, 400)}`);
        else if (named !== undefined && !error.message.includes(named)) failures.push(`${what}: does not name it: ${error.message}`);
        else if (/\n {2}Why/.exec(error.message) === null) failures.push(`${what}: ${error.message}`);
      }
      if (scope.node.root.node.findAll().length !== before) failures.push(`${what}: leaves something in the tree`);
    }
    expect(failures).toEqual([]);
  });

  const options = optionsOf(row);
  if (options !== undefined) {
    test('the row has every option', () => {
      const { call } = prepared(name, row, (args) => { args[options].unknown = 1; });
      const names = Object.keys({ ...row.args(stack())[options], ...row.optional?.(stack()) });
      expect(call).toThrow(`Allowed: ${names.sort().join(', ')}\n`);
    });
  }
});

type Change = (args: any[], scope: TerraformStack) => void;

/** The call with changed arguments, everything that it needs made before. */
function prepared(name: string, row: Row, change: Change): { call: () => unknown; scope: TerraformStack } {
  const scope = stack();
  const on = row.on?.(scope);
  const args = row.args(scope).map((arg) => isOptions(arg) ? { ...arg } : arg);
  change(args, scope);
  return { scope, call: () => callRow(name, row, scope, args, on) };
}

function rightUses(row: Row): [string, Change][] {
  const options = optionsOf(row);
  const names = Object.keys(row.optional?.(stack()) ?? {});
  return [
    ['as it is', () => undefined],
    ['options without a prototype, as parsers make them', (args) => { if (options !== undefined) args[options] = Object.assign(Object.create(null), args[options]); }],
    ...Array.from({ length: row.spare ?? 0 }, (_, index): [string, Change] => [`without argument ${index + 1} from the end`, (args) => { args.length -= index + 1; }]),
    ...names.flatMap((option): [string, Change][] => [
      [`with ${option}`, (args, scope) => Object.assign(args[options!], row.beside?.(scope)[option], { [option]: row.optional!(scope)[option] })],
      [`with ${option} undefined`, (args, scope) => Object.assign(args[options!], { [option]: undefined }, row.beside?.(scope)[`no ${option}`] ?? row.beside?.(scope)[option], { [option]: undefined })],
    ]),
  ];
}

function* wrongUses(row: Row): Generator<[string, Change, string?]> {
  const sample = stack();
  const args = row.args(sample);
  const options = optionsOf(row);
  for (const [index, arg] of args.entries()) {
    const spare = index >= args.length - (row.spare ?? 0);
    for (const wrong of [...wrongFor(arg), ...(spare ? [] : [undefined])]) {
      yield [`argument ${index + 1}: ${said(wrong)}`, (given) => { given[index] = wrong; }];
    }
  }
  if (args[0] instanceof TerraformStack && args.length === 3 && row.spare === undefined) yield ['no options', (given) => { given.length = 2; }];
  if (options === undefined) return;
  const optional = row.optional?.(sample) ?? {};
  for (const [option, value] of Object.entries({ ...args[options], ...optional })) {
    for (const wrong of [...wrongFor(value, option), ...(option in optional ? [] : [undefined])]) {
      yield [`${option}: ${said(wrong)}`, (given, scope) => Object.assign(given[options], row.beside?.(scope)[option], { [option]: wrong }), wordOf(option)];
    }
  }
}

/** Values of another type than one that is right. */
function wrongFor(value: any, option?: string): unknown[] {
  const always = [null, Promise.resolve(value)];
  if (typeof value === 'string') return [...always, 5, true, {}, ['text'], FORGED, `a ${FORGED}`, FORGED_LIST[0]];
  if (typeof value === 'number') return [...always, '5', {}, NaN];
  if (typeof value === 'boolean') return [...always, 'true', 1, {}];
  if (Array.isArray(value)) return [...always, 'abc', 5, {}, [undefined], [null], [5], ...(typeof value[0] === 'string' ? [[FORGED], FORGED_LIST] : ['abc', [{}]])];
  // What holds no options of its own would pass as none, and the right be wider.
  if (isOptions(value)) return [...always, 'abc', 5, ['a'], new Map(Object.entries(value)), new Date(0), Object.create(value), ...(MAPS.includes(option!) ? [{ a: 5 }, { a: null }, { a: FORGED }, { [FORGED]: 'a' }] : [])];
  return [...always, 'abc', 5, [], {}];
}

function optionsOf(row: Row): number | undefined {
  const args = row.args(stack());
  const last = args.length - 1;
  return isOptions(args[last]) ? last : undefined;
}

function isOptions(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The part of an option's name that an error has, whatever words it uses: the last. */
function wordOf(option: string): string {
  return /[A-Z]?[a-z]+$/.exec(option)![0].slice(1, 6);
}

function said(value: any): string {
  return value === undefined ? 'undefined' : value instanceof Promise ? 'a promise' : JSON.stringify(value) ?? String(value);
}

/** The modules behind an index, from its text. */
function modules(index: string): string[] {
  return [...readFileSync(index, 'utf8').matchAll(/export \* from '(.*)'/g)].flatMap(([, module]) => {
    const path = join(dirname(index), module);
    return existsSync(`${path}.ts`) ? [`${path}.ts`] : modules(join(path, 'index.ts'));
  });
}

/** What a module's exported classes let users call with arguments. */
function callables(path: string): string[] {
  const source = parsed(path);
  return source.statements.filter(ts.isClassDeclaration).filter((declared) => has(declared, ts.SyntaxKind.ExportKeyword)).flatMap((declared) => {
    const name = declared.name!.text;
    const visible = declared.members.filter((member) => !has(member, ts.SyntaxKind.PrivateKeyword) && !has(member, ts.SyntaxKind.ProtectedKeyword));
    const constructors = visible.filter(ts.isConstructorDeclaration).map(() => name);
    const factories = visible.filter(ts.isMethodDeclaration).filter((method) => takesSomething(method) && has(method, ts.SyntaxKind.StaticKeyword))
      .map((method) => method.name.getText()).filter((text) => !text.startsWith('_')).map((text) => `${name}.${text}`);
    const methods = [...new Set(methodsOf(path, declared))].filter((text) => !text.startsWith('_') && !CALLED_BY_THE_LIBRARY.includes(text)).map((text) => `${name}#${text}`);
    return [...constructors, ...factories, ...methods];
  });
}

/** The methods of a class with its internal bases, which users see as its own. */
function methodsOf(path: string, declared: ts.ClassDeclaration): string[] {
  const own = declared.members.filter(ts.isMethodDeclaration)
    .filter((method) => takesSomething(method) && ![
      ts.SyntaxKind.StaticKeyword, ts.SyntaxKind.AbstractKeyword, ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword,
    ].some((kind) => has(method, kind))).map((method) => method.name.getText());
  const base = declared.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0].expression.getText();
  const from = parsed(path).statements.filter(ts.isImportDeclaration)
    .filter(({ importClause }) => importClause?.namedBindings?.getText().match(/\w+/g)?.includes(base ?? '') === true)
    .map(({ moduleSpecifier }) => (moduleSpecifier as ts.StringLiteral).text).find((module) => module.startsWith('.'));
  if (from === undefined) return own;
  const file = join(dirname(path), `${from}.ts`);
  const parent = parsed(file).statements.filter(ts.isClassDeclaration).find(({ name }) => name?.text === base)!;
  return [...own, ...methodsOf(file, parent)];
}

function takesSomething({ parameters }: ts.MethodDeclaration): boolean {
  return parameters.length > 0;
}

function parsed(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
}

function has(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);
}
