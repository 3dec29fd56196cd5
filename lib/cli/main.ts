import { Command, CommandError, Output } from './command';
import { DIFF } from './diff';

// The doctor knows facts of the library's services, which load its runtime: a second that nobody else waits for.
/* eslint-disable @typescript-eslint/no-require-imports */
const COMMANDS: { readonly [name: string]: Command } = {
  diff: DIFF,
  doctor: {
    usage: 'doctor --access FILE --state [STACK=]FILE ... --cluster FILE [--claims FILE] [--discovery FILE] [--jwks FILE] [--error FILE] [--json]\n'
      + '       doctor --error FILE [--json]\n       doctor commands --access FILE',
    about: 'names the layer that refuses Flux: 0 healthy, 1 refused, 2 cannot tell or trouble; `commands` prints how to get the files',
    run: (args, out) => (require('./doctor') as typeof import('./doctor')).run(args, out),
  },
  probes: {
    usage: 'probes --access FILE --artifact ADDRESS ... [--region REGION] [--json]',
    about: 'prints Flux objects that use a granted right, to apply, watch and delete; calls nothing',
    run: (args, out) => (require('./probes') as typeof import('./probes')).run(args, out),
  },
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The exit status of trouble: bad arguments, unreadable files. */
const TROUBLE = 2;

/**
 * The command line of the package, `npx <package> <command>`. It reads files and calls nothing.
 *
 * @param program what it is called: each runtime's package has a command of its own name
 * @returns the exit status
 */
export function main(program: string, args: readonly string[], out: Output = console.log, err: Output = console.error): number {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? err : out)(help(program));
    return name === undefined ? TROUBLE : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    err(`No command ${JSON.stringify(name)}.\n\n${help(program)}`);
    return TROUBLE;
  }
  try {
    return command.run(rest, out);
  } catch (error: any) {
    if (error instanceof CommandError || String(error.code).startsWith('ERR_PARSE_ARGS')) {
      err(`${error.message}\nUsage: ${program} ${command.usage}`);
    } else if (error.name === 'AccessFileError') {
      err(error.message);
    } else {
      throw error;
    }
    return TROUBLE;
  }
}

function help(program: string): string {
  const lines = Object.values(COMMANDS).map(({ usage, about }) => `  ${usage}\n      ${about}`);
  return [`Usage: ${program} <command>`, '', ...lines].join('\n');
}
