import { isPeerError, missingPeer } from './peers';

/**
 * Defines one export that is loaded when it is first read, and kept. The index files are rewritten to call this
 * (scripts/post-compile).
 */
export function lazyExport(exports: object, name: string, load: () => any): void {
  let standIn: object | undefined;
  Object.defineProperty(exports, name, {
    enumerable: true,
    configurable: true,
    get: () => {
      const real = attempt(name, load);
      if (real.error !== undefined) return standIn ??= standInFor(name, load);
      Object.defineProperty(exports, name, { enumerable: true, configurable: true, value: real.value });
      return real.value;
    },
  });
}

/** The export, or the error that names the package it needs. Any other error is thrown. */
function attempt(name: string, load: () => any): { value?: any; error?: Error } {
  try {
    return { value: load()[name] };
  } catch (error) {
    const ours = isPeerError(error) ? error as Error : missingPeer(error);
    if (ours === undefined) throw error;
    return { error: ours };
  }
}

/**
 * What an export is as long as its package is missing. It says so when it is used, not when it is read: ES modules read every
 * export, and would turn an error into `undefined`.
 */
function standInFor(name: string, load: () => any): object {
  const use = () => {
    const real = attempt(name, load);
    if (real.error !== undefined) throw real.error;
    return real.value;
  };
  const target = { [name]: class {} }[name];
  return new Proxy(target, {
    construct: (_, args, newTarget) => Reflect.construct(use(), args, newTarget === target ? use() : newTarget),
    // Asked by the engine and by tools that look at exports, not by who uses the class. Nothing is an instance of it.
    get: (_, key) => typeof key === 'symbol' || ['prototype', 'name', 'length', 'then', '__esModule'].includes(key) ? Reflect.get(target, key) : use()[key],
  });
}
