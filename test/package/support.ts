import { execFileSync, spawnSync } from 'child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';

export const ROOT = resolve(__dirname, '../..');
export const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
/** The folder of this run and the tarball in it (setup.ts). */
export const WORK = process.env.PACKAGE_TEST_FOLDER!;
export const TARBALL = process.env.PACKAGE_TEST_TARBALL!;

export function run(cwd: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What a program says, and whether it failed. */
export function attempt(cwd: string, command: string, ...args: string[]): { failed: boolean; said: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  return { failed: status !== 0, said: `${stdout}${stderr}` };
}

/** A fresh project with the package, its required peers and the given bindings, at the versions that are tested. Made once. */
export function project(name: string, ...bindings: string[]): string {
  const versions = Object.fromEntries([...bindings, 'cdktf', 'constructs', 'typescript', '@types/node']
    .map((dependency) => [dependency, MANIFEST.devDependencies[dependency]]));
  return projectOf(name, { ...versions, [MANIFEST.name]: `file:${TARBALL}` });
}

/** A fresh project with these dependencies, and what else its package.json says. Made once. */
export function projectOf(name: string, dependencies: { [name: string]: string }, more: object = {}, ...options: string[]): string {
  const folder = join(WORK, name);
  if (existsSync(folder)) return folder;
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, dependencies, ...more }));
  run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', ...options);
  return folder;
}

/** The compilers that users have: the range of each. */
export const COMPILERS: { readonly [version: string]: string } = { 5.9: '~5.9.0', 6: '~6.0.3', 7: '~7.0.2' };

export function compilerOf(version: string): string {
  return join(projectOf(`typescript-${version}`, { typescript: COMPILERS[version] }), 'node_modules/typescript/bin/tsc');
}

/** A program of this repository's devDependencies. */
export function bin(name: string): string {
  return join(ROOT, 'node_modules', '.bin', name);
}
