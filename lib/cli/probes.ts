import { parseArgs } from 'util';
import { Command, CommandError } from './command';
import { readModel } from './files';
import { probeable, probesOf, renderProbes } from '../doctor/probes';

/** `probes`: Flux objects that use exactly the rights of grants. */
export const run: Command['run'] = (args, out) => {
  const { values } = parseArgs({
    args: [...args],
    options: { access: { type: 'string' }, artifact: { type: 'string', multiple: true }, region: { type: 'string' }, json: { type: 'boolean' } },
  });
  if (values.access === undefined) throw new CommandError('probes needs --access FILE');
  const model = readModel(values.access);
  if (values.artifact === undefined) {
    throw new CommandError(`probes needs --artifact ADDRESS of something that is granted:\n${probeable(model).map((line) => `  ${line}`).join('\n')}`);
  }
  const probes = probesOf(model, values.artifact, values.region);
  out(values.json ? JSON.stringify({ apiVersion: 'v1', kind: 'List', items: probes.map(({ object }) => object) }, null, 2) : renderProbes(probes));
  return 0;
};
