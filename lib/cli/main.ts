import { Command, CommandError, Output } from './command';
import { DIFF } from './diff';
import { DOCTOR } from './doctor';
import { PROBES } from './probes';

const COMMANDS: { readonly [name: string]: Command } = { diff: DIFF, doctor: DOCTOR, probes: PROBES };

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
