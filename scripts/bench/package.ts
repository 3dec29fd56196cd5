import { cpSync, mkdtempSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as ts from 'typescript';
import { lazyExports } from '../post-compile/lazy-exports';
import { optionalBindings } from '../post-compile/optional-bindings';

const ROOT = join(__dirname, '..', '..');

/**
 * The library compiled as the package ships it, lazy index and optional bindings included, and the programs and the fleet of the examples
 * beside it, compiled and as sources, in a temporary folder.
 */
export function compiledPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'flux-identity-bench-'));
  const programs = join(__dirname, 'programs');
  const config = ts.parseJsonConfigFileContent(ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config, ts.sys, ROOT);
  const program = ts.createProgram({
    rootNames: [...config.fileNames.filter((name) => !name.endsWith('.d.ts')), ...readdirSync(programs).map((name) => join(programs, name))],
    options: { ...config.options, rootDir: ROOT, outDir: folder },
  });
  const { diagnostics } = program.emit();
  const errors = [...program.getSyntacticDiagnostics(), ...diagnostics];
  if (errors.length > 0) throw new Error(ts.formatDiagnostics(errors, { getCanonicalFileName: (name) => name, getCurrentDirectory: () => ROOT, getNewLine: () => '\n' }));
  symlinkSync(realpathSync(join(ROOT, 'node_modules')), join(folder, 'node_modules'), 'dir');
  writeFileSync(join(folder, 'package.json'), '{ "main": "lib/index.js", "types": "lib/index.d.ts" }\n');
  cpSync(programs, join(folder, 'scripts', 'bench', 'programs-ts'), { recursive: true });
  cpSync(join(ROOT, 'examples', 'fleet'), join(folder, 'examples', 'fleet'), { recursive: true });
  optionalBindings(join(folder, 'lib'));
  lazyExports(join(folder, 'lib'));
  return folder;
}
