/** Where a command prints. */
export type Output = (text: string) => void;

/** One command of the command line. */
export interface Command {
  /** Its arguments, after the name of the program. */
  readonly usage: string;
  readonly about: string;
  /** Runs it; returns the exit status. */
  readonly run: (args: readonly string[], out: Output) => number;
}

/** Arguments that make no sense; the usage is shown beside it. */
export class CommandError extends Error {
  public readonly name = 'CommandError';
}
