import { parseArgs } from 'util';
import { Command, CommandError, Output } from './command';
import { contents } from './files';
import { Finding, ofMessages, renderFindings, shownFindings } from '../doctor/finding';
import { MESSAGES_PAGE, messagesIn } from '../doctor/messages';

const STATUS = { healthy: 0, refused: 1, cannotTell: 2 };

const OPTIONS = { error: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `doctor`: which layer refuses Flux, told from files. */
export const DOCTOR: Command = {
  usage: 'doctor --error FILE [--json]',
  about: 'names the layer that refuses Flux: 0 healthy, 1 refused, 2 cannot tell or trouble',
  run: (args, out) => {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
    if (positionals.length > 0) throw new CommandError(`doctor takes no argument ${JSON.stringify(positionals[0])}`);
    if (values.error === undefined) throw new CommandError('doctor needs --error FILE');
    const found = messagesIn(contents(values.error, 'a text with the error'));
    return report(found.length > 0 ? ofMessages(found) : [UNKNOWN], values.json === true, out);
  },
};

const UNKNOWN: Finding = {
  verdict: 'cannot tell',
  layer: 'flux object',
  of: [],
  saw: 'no message that is known',
  fix: 'Pass the whole text: kubectl describe of the object, or the log of its controller.',
  page: MESSAGES_PAGE,
};

function report(findings: readonly Finding[], json: boolean, out: Output): number {
  const shown = shownFindings(findings);
  out(json ? JSON.stringify({ findings: shown }, null, 2) : shown.length === 0 ? 'healthy: no layer refuses' : renderFindings(shown));
  return shown.some(({ verdict }) => verdict === 'refused') ? STATUS.refused : shown.length > 0 ? STATUS.cannotTell : STATUS.healthy;
}
