import { existsSync } from 'fs';
import { dirname, join } from 'path';
import { MINIMUM_BINDINGS, MINIMUM_NODE, RUNTIME } from './this-package';

/*
 * Nothing of the runtime is imported here: the indexes of the package load this file first, and what is missing is named by it.
 */

/** The runtimes there are, and the package of this library for each. */
export const TITLES: { readonly [runtime: string]: string } = { cdktf: 'CDK for Terraform', cdktn: 'CDK Terrain' };
export const PACKAGE = packageFor(RUNTIME);
const OTHER = Object.keys(TITLES).find((runtime) => runtime !== RUNTIME)!;
/** Set by the libraries of jsii in other languages. In its engine, a `require` that failed once fails for good. */
const LANGUAGE = () => /^[A-Za-z]+/.exec(process.env.JSII_AGENT ?? '')?.[0];
const NOT_FOUND = /cannot find (?:module|package)|dynamic(?:ally)? require/i;
const found = new Set<string>();

/** The npm package of this library for a runtime; PyPI's is named alike. */
export function packageFor(runtime: string): string {
  return `${runtime}-flux-identity`;
}

/**
 * A module of a package of bindings. Where the package is missing or too old, a stand-in that says so when something of it is
 * used: modules that fail to load leave bundlers and ES modules with halves, whose errors name nothing.
 */
export function peer<T extends object>(name: string, load: () => T): T {
  let real: T | undefined;
  const use = () => real ??= loaded(name, load);
  try {
    return use();
  } catch (error) {
    if (!isPeerError(error)) throw error;
    return new Proxy({} as T, { get: (_, key) => (use() as any)[key] });
  }
}

function loaded<T>(name: string, load: () => T): T {
  if (LANGUAGE() !== undefined && !isInstalled(name)) throw missing(name);
  if (!found.has(name)) refuseOld(name);
  try {
    return load();
  } catch (error) {
    throw missingPeer(error) ?? error;
  }
}

/** The error that names the package to install, if that is what went wrong. */
export function missingPeer(error: any): Error | undefined {
  const message = String(error?.message);
  if (error?.code !== 'MODULE_NOT_FOUND' && !NOT_FOUND.test(message)) return undefined;
  const name = [...Object.keys(MINIMUM_BINDINGS), RUNTIME, 'constructs'].find((each) => new RegExp(`["'\`]${each}(/|["'\`])`).test(message));
  return name === undefined ? undefined : missing(name);
}

/** Whether an error is one of ours about a package. */
function isPeerError(error: any): boolean {
  return error?.name === 'PackageError';
}

/** An error about a package that is missing, too old, or of the other runtime. */
function packageError(given: string, why: string, fix: string): Error {
  return Object.assign(new Error(`${given}.\n  Why: ${why}\n  Fix: ${fix}`), { name: 'PackageError' });
}

function missing(name: string): Error {
  if (name === RUNTIME || name === 'constructs') {
    const other = isInstalled(OTHER) ? ` This project has ${OTHER}: then it is ${packageFor(OTHER)} that you want, in place of ${PACKAGE}.` : '';
    return packageError(`${name} is not installed`, `${PACKAGE} is made of ${TITLES[RUNTIME]}.${other}`, other === '' ? install(name) : moveTo(OTHER));
  }
  const twin = name.replace(RUNTIME, OTHER);
  const other = isInstalled(twin) ? ` ${twin} is there, which is for ${TITLES[OTHER]} (${packageFor(OTHER)}).` : '';
  return packageError(`${name} is not installed`, `the cloud bindings are optional peer dependencies of ${PACKAGE}.${other}`, install(name));
}

function refuseOld(name: string): void {
  const version = versionOf(name);
  if (version === undefined) return;
  // 0.0.0 is of bindings that a project generated for itself.
  if (version !== '0.0.0' && isBelow(version, MINIMUM_BINDINGS[name])) {
    throw packageError(`${name} ${version} is too old`,
      `${PACKAGE} sets attributes that it does not have: they would be missing from the plan without a word. It needs ${MINIMUM_BINDINGS[name]} or later.`,
      install(name, MINIMUM_BINDINGS[name]));
  }
  found.add(name);
}

/** The version that is installed. Literal paths, so that bundlers see them. */
function versionOf(name: string): string | undefined {
  /* eslint-disable @typescript-eslint/no-require-imports, import/no-extraneous-dependencies */
  try {
    if (name.endsWith('-aws')) return require('@cdktf/provider-aws/package.json').version;
    if (name.endsWith('-google')) return require('@cdktf/provider-google/package.json').version;
    if (name.endsWith('-azurerm')) return require('@cdktf/provider-azurerm/package.json').version;
    return require('@cdktf/provider-azuread/package.json').version;
  } catch {
    return undefined;
  }
  /* eslint-enable */
}

function isBelow(version: string, minimum: string): boolean {
  const [have, want] = [version, minimum].map((text) => text.split(/[.-]/).map(Number));
  const differs = want.findIndex((part, index) => have[index] !== part);
  return differs !== -1 && have[differs] < want[differs];
}

/** Whether a package lies where Node looks. By a look at the files: see `LANGUAGE`. */
function isInstalled(name: string): boolean {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', name))) return true;
    if (dirname(folder) === folder) return false;
  }
}

/** How to exchange this package for the one of another runtime, in the language of the program. */
export function moveTo(runtime: string): string {
  const language = LANGUAGE();
  const [name, module] = [packageFor(runtime), packageFor(runtime).replace(/-/g, '_')];
  if (language === undefined) return `npm uninstall ${PACKAGE} ${RUNTIME} && npm install ${name}, and import from '${name}'`;
  if (language === 'Python') return `pip uninstall ${PACKAGE} && pip install ${name}, and import ${module} in place of ${PACKAGE.replace(/-/g, '_')}`;
  return `use the ${language} package of ${name} in place of the one of ${PACKAGE}`;
}

/** How to install a package, in the language of the program. */
function install(name: string, version?: string): string {
  const language = LANGUAGE();
  if (language === undefined) return `npm install ${name}${version === undefined ? '' : `@^${version}`}`;
  const binding = name.replace(/^@cdktf\//, 'cdktf-cdktf-').replace(/^@/, '').replace('/', '-');
  if (language === 'Python') return `pip install ${version === undefined ? binding : `"${binding}>=${version}"`} and import ${binding.replace(/-/g, '_')} first, before ${PACKAGE.replace(/-/g, '_')}`;
  return `add the ${language} package of ${name}${version === undefined ? '' : ` ${version} or later`}, and use a class of it before ${PACKAGE}`;
}

if (isBelow(process.versions.node, MINIMUM_NODE)) {
  throw packageError(`Node ${process.versions.node} is too old`, `${PACKAGE} is made for Node ${MINIMUM_NODE} or later, and tested there.`, 'install a version of Node that is supported, as with `nvm install 24`: https://nodejs.org');
}
