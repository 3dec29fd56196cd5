import { parseArgs } from 'util';
import { Command, CommandError } from './command';
import { readModel } from './files';
import { AccessChange, compare } from '../access/diff';
import { AccessFileError } from '../access/file';
import { changesMarkdown } from '../access/markdown';

/** `diff OLD NEW`: what a change means for who can do what. */
export const DIFF: Command = {
  usage: 'diff OLD.access.json NEW.access.json [--json | --markdown]',
  about: 'compares two access reports: 0 the same access or less, 1 more access, 2 trouble',
  run: (args, out) => {
    const { values, positionals } = parseArgs({
      args: [...args], allowPositionals: true, options: { json: { type: 'boolean' }, markdown: { type: 'boolean' } },
    });
    if (positionals.length !== 2) throw new CommandError(`diff takes two files, got ${positionals.length}`);
    if (values.json && values.markdown) throw new CommandError('--json and --markdown: one of them');
    const [before, after] = positionals.map(readModel);
    if (before.installation !== after.installation) {
      throw new AccessFileError(`${positionals[1]}: the report of ${JSON.stringify(after.installation)}, while ${positionals[0]} is that of `
        + `${JSON.stringify(before.installation)}. Pass two reports of one installation.`);
    }
    const changes = compare(before, after);
    out(render(after.installation, changes, values.json ? 'json' : values.markdown ? 'markdown' : 'text'));
    return changes.some(({ effect }) => effect === 'wider') ? 1 : 0;
  },
};

function render(installation: string, changes: readonly AccessChange[], form: 'json' | 'markdown' | 'text'): string {
  if (form === 'json') return JSON.stringify({ installation, changes }, null, 2);
  if (form === 'markdown') return changesMarkdown(installation, changes).trimEnd();
  if (changes.length === 0) return `${installation}: no change of access`;
  return changes.map(({ effect, what }) => `${effect.padEnd(8)} ${what}`).join('\n');
}
