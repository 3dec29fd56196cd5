import { join } from 'path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..');
const INDEX = join(ROOT, 'lib/index.ts');
const program = ts.createProgram([INDEX], {
  target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, experimentalDecorators: true, skipLibCheck: true,
});
const checker = program.getTypeChecker();
const exported = new Map(checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(INDEX)!)!)
  .map(({ name, declarations }) => [name, declarations![0]]));
const interfaces = new Map([...exported].filter((entry): entry is [string, ts.InterfaceDeclaration] => ts.isInterfaceDeclaration(entry[1])));
const isPrivate = ({ modifiers }: ts.ConstructorDeclaration | ts.MethodDeclaration) => (
  modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false
);

/** What users call: constructors and methods, by the types of their parameters. */
const calls = [...exported.values()].filter((node) => ts.isClassDeclaration(node)).flatMap(({ members }) => [...members])
  .filter((node) => ts.isConstructorDeclaration(node) || ts.isMethodDeclaration(node)).filter((node) => !isPrivate(node))
  .map(({ parameters }) => parameters.map(({ type }) => type?.getText() ?? ''));
const isOfConstruct = ([scope, id]: string[]) => scope === 'Construct' && id === 'string';
const ofConstructs = new Set(calls.filter(isOfConstruct).flat());
const ofMethods = new Set(calls.filter((types) => !isOfConstruct(types)).flat());
const bases = new Set([...interfaces.values()].flatMap(({ heritageClauses = [] }) => heritageClauses.flatMap(({ types }) => (
  types.map(({ expression }) => expression.getText())
))));
const named = (ending: RegExp) => [...interfaces.keys()].filter((name) => ending.test(name));

test('there are exports, and calls of them', () => {
  expect(interfaces.size).toBeGreaterThan(80);
  expect(ofConstructs.size).toBeGreaterThan(40);
});

test('`Props` are of constructs, and what several of them share is `BaseProps`', () => {
  expect(named(/(?<!Base)Props$/).filter((name) => !ofConstructs.has(name) || ofMethods.has(name))).toEqual([]);
  expect(named(/BaseProps$/).filter((name) => !bases.has(name) || ofConstructs.has(name) || ofMethods.has(name))).toEqual([]);
});

test('`Options` are of methods', () => {
  expect(named(/Options$/).filter((name) => !ofMethods.has(name) || ofConstructs.has(name))).toEqual([]);
});

test('what users pass has one of these names, or is a thing of its own', () => {
  expect([...ofConstructs, ...ofMethods].filter((name) => interfaces.has(name) && !/(Props|Options)$/.test(name)).sort()).toEqual([
    'AzureDevOpsProviderConfig', 'FluxContext', 'GcpRole', 'IAwsIdentity', 'IClusterIssuer', 'IFluxIdentity',
  ]);
});

test('no two of one option differ only in name', () => {
  const contents = [...interfaces].map(([name, node]) => [name, checker.getTypeAtLocation(node).getProperties()] as const)
    .filter(([name, properties]) => !name.startsWith('I') && properties.length === 1)
    .map(([, [property]]) => `${property.name}: ${checker.typeToString(checker.getTypeOfSymbol(property))}`);
  expect(contents.filter((one, index) => contents.indexOf(one) !== index)).toEqual([]);
});

test('every identity has `grant` in the interface of its cloud', () => {
  const identities = [...interfaces].filter(([name]) => /^I(Aws|Azure|Gcp)Identity$/.test(name));
  expect(identities.map(([name]) => name).sort()).toEqual(['IAwsIdentity', 'IAzureIdentity', 'IGcpIdentity']);
  for (const [, node] of identities) expect(checker.getTypeAtLocation(node).getProperty('grant')).toBeDefined();
});

test('a cluster that something is told is its `issuer`, several are `issuers`', () => {
  const wrong = [...interfaces].flatMap(([name, node]) => checker.getTypeAtLocation(node).getProperties()
    .filter((property) => /^IClusterIssuer(\[\])?$/.test(checker.typeToString(checker.getTypeOfSymbol(property))) && !/^issuers?$/.test(property.name))
    .map((property) => `${name}.${property.name}`));
  expect(wrong).toEqual([]);
});
