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
        throw missingPeer(error) ?? error;
      }
    },
  });
}
