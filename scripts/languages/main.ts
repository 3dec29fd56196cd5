/**
 * The package in other languages, by jsii-pacmak: `main.ts <package> [language...]`, from a folder that was compiled and
 * packed, into its dist/languages. Python is built as a wheel; the others as code.
 */
import { execFileSync } from 'child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { CDKTF, CDKTN, languagesOf } from '../../projenrc/runtimes';

const root = resolve(process.argv[2] ?? '.');
const languages = process.argv.length > 3 ? process.argv.slice(3) : ['python', 'go', 'java', 'dotnet'];
const out = join(root, 'dist', 'languages');
const stage = join(out, 'stage');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const runtime = [CDKTF, CDKTN].find(({ packageName }) => packageName === manifest.name)!;
const targets = languagesOf(runtime);

// A folder of its own: the bindings stay out, which pip would install all four of, and the bundled package goes in, which npm
// would leave out of the tarball without a word.
rmSync(out, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });
for (const file of ['lib', 'README.md', 'LICENSE']) cpSync(join(root, file), join(stage, file), { recursive: true });
for (const name of manifest.bundledDependencies) {
  const from = [join(root, 'node_modules', name), resolve(__dirname, '../../node_modules', name)].find(existsSync)!;
  cpSync(from, join(stage, 'node_modules', name), { recursive: true });
}
const { scripts, devDependencies, peerDependenciesMeta, peerDependencies, overrides, ...rest } = manifest;
const write = (file: string, content: object) => writeFileSync(join(stage, file), `${JSON.stringify(content, null, 2)}\n`);
write('package.json', {
  ...rest,
  peerDependencies: { [runtime.name]: peerDependencies[runtime.name], constructs: peerDependencies.constructs },
  jsii: { ...rest.jsii, targets: { ...targets, js: { npm: manifest.name } } },
});
write('.jsii', { ...JSON.parse(readFileSync(join(root, '.jsii'), 'utf8')), targets: { ...targets, js: { npm: manifest.name } } });
writeFileSync(join(stage, '.npmignore'), 'lib/**/*.ts\n!lib/**/*.d.ts\nlib/**/*.md\n!.jsii\n');

for (const language of languages) {
  execFileSync(process.execPath, [
    resolve(__dirname, '../../node_modules/jsii-pacmak/bin/jsii-pacmak'), '--outdir', out, '--targets', language,
    ...(language === 'python' ? [] : ['--code-only']), '--rosetta-unknown-snippets', 'verbatim', stage,
  ], { stdio: 'inherit', cwd: root });
}
