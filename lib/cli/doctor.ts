import { parseArgs } from 'util';
import { Command, CommandError, Output } from './command';
import { contents, readModel } from './files';
import { parseJson } from '../access/file';
import { parseCluster } from '../doctor/cluster';
import { commandsFor } from '../doctor/commands';
import { diagnose } from '../doctor/diagnose';
import { Finding, ofMessages, renderFindings, shownFindings } from '../doctor/finding';
import { MESSAGES_PAGE, messagesIn } from '../doctor/messages';
import type { Given } from '../doctor/patient';
import { parseState, States } from '../doctor/state';

const STATUS = { healthy: 0, refused: 1, cannotTell: 2 };

const FILE = { type: 'string' } as const;
const FILES = { type: 'string', multiple: true } as const;
const OPTIONS = {
  access: FILE, state: FILES, cluster: FILES, claims: FILE, discovery: FILE, jwks: FILE, error: FILE, json: { type: 'boolean' },
} as const;

interface Values {
  readonly access?: string;
  readonly state?: readonly string[];
  readonly cluster?: readonly string[];
  readonly claims?: string;
  readonly discovery?: string;
  readonly jwks?: string;
  readonly error?: string;
  readonly json?: boolean;
}

/** `doctor`: which layer refuses Flux, told from files. */
export const run: Command['run'] = (args, out) => {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  const [command, ...others] = positionals;
  if (command === 'commands' && others.length === 0) return commands(values, out);
  if (command !== undefined) throw new CommandError(`doctor takes no argument ${JSON.stringify(command === 'commands' ? others[0] : command)}`);
  return report(values.access === undefined ? ofError(values) : examine({ ...values, access: values.access }), values.json === true, out);
};

function commands({ access }: Values, out: Output): number {
  if (access === undefined) throw new CommandError('doctor commands needs --access FILE');
  out(commandsFor(readModel(access)).join('\n'));
  return STATUS.healthy;
}

function ofError({ error, ...others }: Values): Finding[] {
  const [given] = Object.keys(others).filter((name) => name !== 'json');
  if (given !== undefined) throw new CommandError(`--${given} needs --access FILE beside it`);
  if (error === undefined) throw new CommandError('doctor needs --access FILE, or --error FILE');
  const found = ofMessages(messagesIn(contents(error, 'a text with the error')));
  return found.length > 0 ? found : [UNKNOWN];
}

function examine(values: Values & { readonly access: string }): Finding[] {
  const model = readModel(values.access);
  if (values.cluster === undefined) throw new CommandError('doctor needs --cluster FILE: see `doctor commands`');
  const states = (values.state ?? []).map((given) => {
    const [, stack, file] = /^(?:([\w.-]+)=)?(.+)$/s.exec(given) ?? [];
    const path = file ?? given;
    return parseState(contents(path, 'a state (terraform show -json)'), path, stack ?? path.split(/[\\/]/).pop()!.replace(/\.json$/, ''));
  });
  const json = (file: string | undefined, what: string, how: string) => file === undefined ? undefined : parseJson(contents(file, what), file, how);
  const given: Given = {
    model,
    states: new States(states),
    cluster: parseCluster(values.cluster.map((file) => [file, contents(file, 'a dump (kubectl get -o json)')] as const)),
    claims: json(values.claims, 'the claims of a token', 'Pass the claims alone, the second part of a token, decoded.'),
    discovery: json(values.discovery, 'the discovery document', 'Pass what `kubectl get --raw /.well-known/openid-configuration` prints.'),
    jwks: keys(json(values.jwks, 'the keys', HOW_KEYS), values.jwks),
    now: new Date(),
  };
  const found = diagnose(given);
  // What the error says that the files do not show.
  const said = values.error === undefined ? [] : ofMessages(messagesIn(contents(values.error, 'a text with the error')));
  return [...found, ...said.filter(({ layer }) => !found.some((finding) => finding.verdict === 'refused' && finding.layer === layer))];
}

const HOW_KEYS = 'Pass what `kubectl get --raw /openid/v1/jwks` prints.';

function keys(jwks: any, file: string | undefined): Given['jwks'] {
  if (jwks !== undefined && !Array.isArray(jwks?.keys)) throw new CommandError(`${file}: this JSON is no set of keys. ${HOW_KEYS}`);
  return jwks;
}

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
