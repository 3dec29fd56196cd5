/** Runs the quick start of the README as it stands there: `readme.ts <outdir>`. */
import { readFileSync } from 'fs';
import Module from 'module';
import { join, resolve } from 'path';
import * as ts from 'typescript';
import { SOURCE } from '../../projenrc/runtimes';

const root = resolve(__dirname, '..', '..');
process.env.CDKTF_OUTDIR = resolve(process.argv[2]);
const sample = /## Quick start[\s\S]*?```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))![1];
const { outputText } = ts.transpileModule(sample, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
const program: any = new Module(join(root, 'quick-start.js'), module);
program.paths = module.paths;
program._compile(outputText.replace(`require("${SOURCE.packageName}")`, 'require("./lib")'), join(root, 'quick-start.js'));
