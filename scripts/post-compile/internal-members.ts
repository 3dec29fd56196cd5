import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';
import { walk } from './walk';

/** A class or an interface of the declarations. */
type Declaration = ts.ClassDeclaration | ts.InterfaceDeclaration;

/**
 * Takes the members whose names begin with "_" out of the declarations of classes, so that editors do not offer them.
 * Not of what another class extends, and not what an interface of a class wants: `tsc` would refuse the rest of it.
 * (`stripInternal` of the compiler knows neither, and jsii refuses it.)
 */
export function internalMembers(lib: string): void {
  const files = walk(lib, '.d.ts');
  const program = ts.createProgram(files, { skipLibCheck: true, types: ['node'], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16 });
  const checker = program.getTypeChecker();
  const sources = files.map((file) => program.getSourceFile(file)!);
  const extended = new Set(sources.flatMap(declarations).flatMap((each) => parents(each, ts.SyntaxKind.ExtendsKeyword)
    .map((type) => symbolOf(checker, type))));
  for (const source of sources) {
    const cuts = declarations(source)
      .filter(ts.isClassDeclaration)
      .filter((each) => each.name !== undefined && !extended.has(checker.getSymbolAtLocation(each.name)))
      .flatMap((each) => {
        const wanted = new Set(inherited(checker, each));
        return each.members.filter((member) => isInternal(member) && !wanted.has(member.name!.getText()));
      });
    if (cuts.length === 0) continue;
    let text = source.text;
    for (const member of [...cuts].reverse()) text = text.slice(0, member.getFullStart()) + text.slice(member.end);
    writeFileSync(source.fileName, text);
  }
}

/** The members with such a name that are still in the declarations of classes: of those that others extend. */
export function remainingMembers(lib: string): string[] {
  return walk(lib, '.d.ts').flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
    return declarations(source).filter(ts.isClassDeclaration)
      .flatMap((each) => each.members.filter(isInternal).map((member) => `${join('lib', file.slice(lib.length))} ${each.name?.text}.${member.name!.getText()}`));
  });
}

function isInternal(member: ts.ClassElement): boolean {
  return member.name !== undefined && ts.isIdentifier(member.name) && member.name.text.startsWith('_')
    && !(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private);
}

function declarations(source: ts.SourceFile): Declaration[] {
  return source.statements.filter((each): each is Declaration => ts.isClassDeclaration(each) || ts.isInterfaceDeclaration(each));
}

function parents(declaration: Declaration, kind?: ts.SyntaxKind): ts.ExpressionWithTypeArguments[] {
  return (declaration.heritageClauses ?? []).filter((clause) => kind === undefined || clause.token === kind).flatMap((clause) => [...clause.types]);
}

function symbolOf(checker: ts.TypeChecker, type: ts.ExpressionWithTypeArguments): ts.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(type.expression);
  return symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** The names that interfaces and abstract members of the bases want. */
function inherited(checker: ts.TypeChecker, declaration: ts.ClassDeclaration): string[] {
  return parents(declaration).flatMap((type) => checker.getTypeAtLocation(type).getProperties().map((property) => property.name));
}
