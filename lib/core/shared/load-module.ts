/**
 * Loads a module when it is first needed: bindings, because the provider packages are optional peers and a user of one cloud
 * installs one; YAML, because programs that render nothing should not pay for it.
 */
export function loadModule<T>(module: string): T {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require(module) as T;
  } catch (error) {
    throw missingPeer(error) ?? error;
  }
}

/** The error that names the package to install, if that is what went wrong. */
export function missingPeer(error: any): Error | undefined {
  const missing = error?.code === 'MODULE_NOT_FOUND' && /'(@cdktf\/provider-[a-z]+)/.exec(error.message);
  if (!missing) return undefined;
  return new Error(`${missing[1]} is not installed.\n  Why: the cloud bindings are optional peer dependencies of cdktf-flux-identity.\n  Fix: npm install ${missing[1]}`);
}

/**
 * Defines one export that is loaded when it is first read, and kept. The index files are rewritten to call this.
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
