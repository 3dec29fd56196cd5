/**
 * Makes the package for the other runtime of the same source, in dist/<runtime>: sources and examples with the names of
 * that runtime, an install of its own, jsii, the post-compile steps, the tarball.
 */
import { execFileSync } from 'child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { dirname, join, relative, resolve } from 'path';
import { rewritePage, rewriteSource } from './rewrite';
import { standIns } from './stand-ins';
import { bindingName, peersOf, SOURCE, thisPackage, TWIN } from '../../projenrc/runtimes';
import { walk } from '../post-compile/walk';

const root = resolve(__dirname, '..', '..');
const out = join(root, 'dist', TWIN.name);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: out, stdio: 'inherit' });
/** Node as a package of npm: what runs this may be older than what the twin wants. */
const nodePackage = `node-${process.platform}-${process.arch}`;
const write = (file: string, content: string | object) => {
  mkdirSync(dirname(join(out, file)), { recursive: true });
  writeFileSync(join(out, file), typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
};

/** Its package.json: what is published, or what it is compiled with. */
function packageJson(peers: { [name: string]: string }): object {
  const { scripts, overrides, devDependencies, devEngines, '//': _, peerDependenciesMeta, ...rest } = manifest;
  const optional = Object.keys(TWIN.bindings).map((provider) => bindingName(TWIN, provider)).filter((name) => name in peers);
  return {
    ...rest,
    name: TWIN.packageName,
    description: manifest.description.replace(SOURCE.title, TWIN.title).replace('CDK for Terraform', TWIN.title),
    bin: { [TWIN.packageName]: `bin/${TWIN.packageName}` },
    keywords: manifest.keywords.map((keyword: string) => keyword === SOURCE.name ? TWIN.name : keyword),
    engines: { node: `>= ${TWIN.minNodeVersion}` },
    peerDependencies: peers,
    ...(optional.length === 0 ? {} : { peerDependenciesMeta: Object.fromEntries(optional.map((name) => [name, { optional: true }])) }),
  };
}

// Tarballs of whatever version: a release takes all that lie here.
const tarballs = existsSync(out) ? readdirSync(out).filter((file) => file.endsWith('.tgz')) : [];
for (const made of ['lib', 'bin', 'examples', 'cdktf.out', ...tarballs]) rmSync(join(out, made), { recursive: true, force: true });
const sources = walk(join(root, 'lib'), '.ts').filter((file) => !file.endsWith('.d.ts'));
for (const file of [...sources, ...walk(join(root, 'lib'), '.json'), ...walk(join(root, 'examples'), '')]) {
  write(relative(root, file), rewriteSource(readFileSync(file, 'utf8'), SOURCE, TWIN));
}
write(`bin/${TWIN.packageName}`, readFileSync(join(root, 'bin', SOURCE.packageName), 'utf8'));
chmodSync(join(out, 'bin', TWIN.packageName), 0o755);
write('lib/core/shared/package/this-package.ts', `${thisPackage(TWIN).join('\n')}\n`);
write('README.md', rewritePage(readFileSync(join(root, 'README.md'), 'utf8'), SOURCE, TWIN));
const tsconfig = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
write('tsconfig.json', { ...tsconfig, compilerOptions: { ...tsconfig.compilerOptions, types: ['node'] } });
for (const file of ['LICENSE', '.npmignore', 'CHANGELOG.md']) if (existsSync(join(root, file))) copyFileSync(join(root, file), join(out, file));

// The runtime alone: the bindings are no part of the API, and jsii would want an assembly of each.
const compiled = packageJson({ [TWIN.name]: TWIN.runtimeVersion, constructs: TWIN.constructsVersion });
write('package.json', {
  ...compiled,
  devDependencies: { ...TWIN.tested, '@types/node': manifest.devDependencies['@types/node'], [nodePackage]: '^22.11.0' },
  overrides: { [bindingName(TWIN, 'azurerm')]: { [TWIN.name]: `$${TWIN.name}` } }, // its peer is an older runtime
});
run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error');
standIns(root, out, SOURCE, TWIN);
run(process.execPath, join(root, 'node_modules', 'jsii', 'bin', 'jsii'), '--silence-warnings=reserved-word');
run(join(out, 'node_modules', nodePackage, 'bin', 'node'), join(root, 'node_modules', 'ts-node', 'dist', 'bin.js'), '--transpile-only', '--cwd-mode', join(root, 'scripts', 'post-compile', 'main.ts'), out);
write('package.json', packageJson(peersOf(TWIN)));
run('npm', 'pack', '--loglevel=error');
