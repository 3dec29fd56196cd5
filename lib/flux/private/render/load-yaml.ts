import type * as yaml from 'yaml';

/** Loaded when it is first needed: programs that render nothing should not pay for it. */
export function loadYaml(): typeof yaml {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('yaml');
}
