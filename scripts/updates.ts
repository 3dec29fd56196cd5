/**
 * Takes the newest bindings that the peers of each package let in: those of the twin as what it is compiled with
 * (projenrc/runtimes.ts), those of the source by `npm install --no-save`. The workflow `updates` runs the suites on them.
 */
import { execFileSync } from 'child_process';
import { readFileSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { bindingName, Runtime, SOURCE, TWIN } from '../projenrc/runtimes';

/** The text of projenrc/runtimes.ts with other versions of the bindings that a runtime is tested with. */
export function withTested(text: string, runtime: Runtime, newest: (name: string, range: string) => string): string {
  return Object.entries(runtime.bindings).reduce((changed, [provider, range]) => {
    const name = bindingName(runtime, provider);
    // What is not on this registry has a stand-in, and no version.
    return runtime.tested[name] === undefined ? changed : changed.replace(`'${name}': '${runtime.tested[name]}'`, `'${name}': '${newest(name, range)}'`);
  }, text);
}

/** The newest of the registry in a range: npm lists one as a text, and several in their order. */
export function newestOf(listed: string): string {
  return [JSON.parse(listed)].flat().pop();
}

if (require.main === module) {
  const root = resolve(__dirname, '..');
  const file = join(root, 'projenrc/runtimes.ts');
  const newest = (name: string, range: string) => newestOf(execFileSync('npm', ['view', `${name}@${range}`, 'version', '--json'], { encoding: 'utf8' }));
  writeFileSync(file, withTested(readFileSync(file, 'utf8'), TWIN, newest));
  const ours = Object.entries(SOURCE.bindings).map(([provider, range]) => `${bindingName(SOURCE, provider)}@${newest(bindingName(SOURCE, provider), range)}`);
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', ...ours], { cwd: root, stdio: 'inherit' });
}
