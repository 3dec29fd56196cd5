import { Runtime } from '../../projenrc/runtimes';

/**
 * A source file of one runtime, for another: module specifiers and the names of bindings. The library's own name stays where
 * it is data: annotations, marks of objects, resource addresses.
 */
export function rewriteSource(text: string, from: Runtime, to: Runtime): string {
  return text
    .replace(new RegExp(`(\\bfrom |\\brequire\\(\\s*|\\bimport\\()(['"])${from.name}(/[^'"]*)?\\2`, 'g'), `$1$2${to.name}$3$2`)
    .replace(new RegExp(`@${from.name}/provider-`, 'g'), `@${to.name}/provider-`)
    .replace(new RegExp(`(\\bfrom |\\brequire\\(|\\bimport\\()(['"])${from.packageName}(/[^'"]*)?\\2`, 'g'), `$1$2${to.packageName}$3$2`);
}

/** A page for people: the names of the runtime and of the package too. Addresses stay, and keys of annotations. */
export function rewritePage(text: string, from: Runtime, to: Runtime): string {
  return rewriteSource(text, from, to)
    .replace(new RegExp(`(?<![/\\w])${from.packageName}(?![/\\w])`, 'g'), to.packageName)
    .replace(new RegExp(`(?<![/\\w-])${from.name}(?![\\w/.-])`, 'g'), to.name)
    .replace(new RegExp(from.title, 'g'), to.title);
}
