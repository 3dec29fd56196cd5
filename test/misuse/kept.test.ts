import { call, Row } from './row';
import { ROWS } from './rows';
import { end } from '../fuzz/ends';
import { decoded, observe } from '../fuzz/observe';
import { copied, isObject } from '../fuzz/slots';
import { stack } from '../support';

/** What comes of a call, and of what is done with its result once `after` was done to its arguments. */
function outcome(name: string, row: Row, option: string | undefined, after: (args: any[]) => void): unknown {
  const scope = stack();
  const on = row.on?.(scope);
  const args = row.args(scope).map(copied);
  if (option !== undefined) Object.assign(args[args.length - 1], copied({ ...row.beside?.(scope)[option], [option]: row.optional!(scope)[option] }));
  const use = (made: any, identity: any) => {
    after(args);
    return row.use === undefined ? made : row.use(made, identity);
  };
  try {
    const made = call(name, { ...row, use }, scope, args, on);
    end(name, made, scope, on);
    return decoded(observe(scope, made));
  } catch (error: any) {
    return error.message;
  }
}

function spoil(value: any): void {
  if (Array.isArray(value)) {
    value.forEach(spoil);
    value.length = 0;
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      spoil(item);
      value[key] = typeof item === 'string' ? 'spoiled' : undefined;
    }
  }
}

test.each(Object.entries(ROWS))('%s goes by what it was given, whatever becomes of the objects', (name, row) => {
  const options = [undefined, ...Object.keys(row.optional?.(stack()) ?? {})];
  for (const option of options) {
    expect([option, outcome(name, row, option, (args) => args.forEach(spoil))]).toEqual([option, outcome(name, row, option, () => undefined)]);
  }
});
