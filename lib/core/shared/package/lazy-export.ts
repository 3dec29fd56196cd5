import { missingPeer } from './peers';

/**
 * Defines one export that is loaded when it is first read, and kept. The index files are rewritten to call this
 * (scripts/post-compile).
 */
export function lazyExport(exports: object, name: string, load: () => any): void {
  Object.defineProperty(exports, name, {
    enumerable: true,
    configurable: true,
    get: () => {
      try {
        const value = load()[name];
        Object.defineProperty(exports, name, { enumerable: true, value });
        return value;
      } catch (error) {
        const missing = missingPeer(error);
        if (missing === undefined) throw error;
        return standIn(missing);
      }
    },
  });
}

/**
 * Throws the error at whatever is done with it. Node reads every export when an ES module imports one, and takes what throws
 * for `undefined`, whose errors name nothing.
 */
function standIn(error: Error): unknown {
  const throws = () => { throw error; };
  return new Proxy(class {}, new Proxy({}, { get: () => throws }));
}
