import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';

const BINDING = /^@cdkt[fn]\/provider-/;

/**
 * Takes the bindings out of the jsii assembly. No type of theirs is in the public API, and with them a package in another
 * language would depend on all four, which are gigabytes.
 */
export function withoutBindings(root: string): void {
  const file = join(root, '.jsii');
  const assembly = JSON.parse(readFileSync(file, 'utf8'));
  const named = namedBindings(assembly);
  if (named.length > 0) throw new Error(`The public API names types of bindings: ${named.join(', ')}`);
  for (const list of [assembly.dependencies, assembly.dependencyClosure]) {
    for (const name of Object.keys(list ?? {}).filter((each) => BINDING.test(each))) delete list[name];
  }
  writeFileSync(file, `${JSON.stringify(assembly, null, 2)}\n`);
}

/** The types of other packages that the types of an assembly refer to. */
export function foreignTypes(assembly: any): string[] {
  const found = new Set<string>();
  const visit = (value: any): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, each] of Object.entries<any>(value)) {
      if (['fqn', 'base'].includes(key) && typeof each === 'string') found.add(each);
      else if (key === 'interfaces' && Array.isArray(each)) each.filter((name) => typeof name === 'string').forEach((name) => found.add(name));
      else visit(each);
    }
  };
  visit(assembly.types);
  return [...found].filter((name) => !name.startsWith(`${assembly.name}.`)).sort();
}

function namedBindings(assembly: any): string[] {
  return foreignTypes(assembly).filter((name) => BINDING.test(name));
}
