import { writeFileSync } from 'fs';
import * as ts from 'typescript';
import { walk } from './walk';

/** A class or an interface of the declarations. */
type Declaration = ts.ClassDeclaration | ts.InterfaceDeclaration;

/**
 * Takes the members whose names begin with "_" out of the declarations of classes, so that editors do not offer them.
 * Not of what another class extends, and not what a base or an interface of a class wants: `tsc` would refuse the rest of it.
 * (`stripInternal` of the compiler knows neither, and jsii refuses it.)
 */
export function internalMembers(lib: string): void {
  const members = removable(lib);
  for (const source of new Set(members.map((member) => member.getSourceFile()))) {
    let text = source.text;
    // From the end on, so that the places before it stay.
    for (const member of members.filter((each) => each.getSourceFile() === source).reverse()) {
      text = text.slice(0, member.getFullStart()) + text.slice(member.end);
    }
    writeFileSync(source.fileName, text);
  }
}

/** The members that can be taken out, in their order: none when it was done. */
export function removable(lib: string): ts.ClassElement[] {
  const files = walk(lib, '.d.ts');
  const options: ts.CompilerOptions = { skipLibCheck: true, types: ['node'], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16 };
  // The sources lie beside, and would be taken for what the declarations import.
  const host = ts.createCompilerHost(options);
  const exists = host.fileExists;
  host.fileExists = (file) => exists(file) && !(file.startsWith(lib) && /(?<!\.d)\.ts$/.test(file));
  const program = ts.createProgram(files, options, host);
  const checker = program.getTypeChecker();
  const all = files.flatMap((file) => declarations(program.getSourceFile(file)!));
  const extended = new Set(all.flatMap((each) => parents(each, ts.SyntaxKind.ExtendsKeyword)).map((type) => symbolOf(checker, type)));
  return all.filter(ts.isClassDeclaration)
    .filter((each) => each.name !== undefined && !extended.has(checker.getSymbolAtLocation(each.name)))
    .flatMap((each) => {
      const wanted = new Set(inherited(checker, each));
      return each.members.filter((member) => isInternal(member) && !wanted.has(member.name!.getText()));
    });
}

function isInternal(member: ts.ClassElement): boolean {
  return member.name !== undefined && ts.isIdentifier(member.name) && member.name.text.startsWith('_')
    && !(ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword));
}

function declarations(source: ts.SourceFile): Declaration[] {
  return source.statements.filter((each): each is Declaration => ts.isClassDeclaration(each) || ts.isInterfaceDeclaration(each));
}

function parents(declaration: Declaration, kind?: ts.SyntaxKind): ts.ExpressionWithTypeArguments[] {
  return (declaration.heritageClauses ?? []).filter((clause) => kind === undefined || clause.token === kind).flatMap((clause) => [...clause.types]);
}

function symbolOf(checker: ts.TypeChecker, type: ts.ExpressionWithTypeArguments): ts.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(type.expression);
  return symbol?.declarations?.some(ts.isImportSpecifier) ? checker.getAliasedSymbol(symbol) : symbol;
}

/** The names that interfaces and abstract members of the bases want. */
function inherited(checker: ts.TypeChecker, declaration: ts.ClassDeclaration): string[] {
  return parents(declaration).flatMap((type) => checker.getTypeAtLocation(type).getProperties().map((property) => property.name));
}
