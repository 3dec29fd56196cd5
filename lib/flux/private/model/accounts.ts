import { IConstruct } from 'constructs';
import { FluxContext, FluxEnvVariable, FluxMount, FluxProjectedToken, FluxSettings, IFluxIdentity } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { TOKEN_DIRECTORY } from '../../../core/shared/kubernetes/token-directory';
import { byPath } from '../../../core/shared/sort';

/** Everything that one service account is told, by all its identities together. */
export interface AccountModel {
  readonly account: FluxServiceAccount;
  readonly annotations: { [name: string]: string };
  readonly podLabels: { [name: string]: string };
  readonly stamps: { [cloud: string]: string };
  readonly env: FluxEnvVariable[];
  readonly tokens: FluxProjectedToken[];
  readonly mounts: FluxMount[];
  readonly identities: readonly IFluxIdentity[];
}

/** An account by its identities, in the order of their paths: the order in which they were added changes nothing. */
export function accountOf(at: IConstruct, account: FluxServiceAccount, identities: readonly IFluxIdentity[], context: FluxContext): AccountModel {
  const entry = {
    account,
    annotations: {},
    podLabels: {},
    stamps: {},
    env: [],
    tokens: [],
    mounts: [],
    identities: identities.length < 2 ? identities : byPath(identities),
  };
  for (const identity of entry.identities) merge(at, entry, identity, identity.fluxSettings(account, context));
  return entry;
}

function merge(at: IConstruct, entry: AccountModel, identity: IFluxIdentity, settings: FluxSettings): void {
  assign(at, entry, 'annotation', entry.annotations, settings.annotations);
  assign(at, entry, 'pod label', entry.podLabels, settings.podLabels);
  append(at, entry, 'environment variable', entry.env, settings.env ?? [], ({ name }) => name);
  append(at, entry, 'token file', entry.tokens, settings.tokens ?? [], ({ path }) => path);
  append(at, entry, 'mount path', entry.mounts, settings.mounts ?? [], ({ mountPath }) => mountPath);
  for (const { name, configMapName, secretName } of settings.mounts ?? []) {
    const same = entry.mounts.every((mount) => mount.name !== name || (mount.configMapName === configMapName && mount.secretName === secretName));
    if (!same) conflict(at, entry, 'volume', name);
  }
  // The tokens of all clouds are one volume there: a second one would be dropped without a word.
  const mounted = entry.mounts.find(({ mountPath }) => entry.tokens.length > 0 && mountPath.replace(/\/+$/, '') === TOKEN_DIRECTORY);
  if (mounted !== undefined) conflict(at, entry, 'mount path', mounted.mountPath);
  if (settings.stamp !== undefined) entry.stamps[identity.cloud] = settings.stamp;
}

function assign(at: IConstruct, entry: AccountModel, what: string, into: { [name: string]: string }, from: FluxSettings['annotations']): void {
  for (const [name, value] of Object.entries(from ?? {})) {
    if (Object.hasOwn(into, name) && into[name] !== value) conflict(at, entry, what, name);
    into[name] = value;
  }
}

function append<T>(at: IConstruct, entry: AccountModel, what: string, into: T[], from: T[], key: (item: T) => string): void {
  for (const item of from) {
    if (into.some((other) => key(other) === key(item))) conflict(at, entry, what, key(item));
    into.push(item);
  }
}

function conflict(at: IConstruct, entry: AccountModel, what: string, name: string): never {
  throw new ValidationError(at, {
    given: `${what} ${shown(name)} of "${entry.account}" from two identities.`,
    allowed: `each ${what} from one identity`,
    why: 'Kubernetes keeps one of them and drops the other, silently',
    fix: `give "${entry.account}" one of the identities ${entry.identities.map(({ node }) => `"${node.path}"`).join(' and ')}`,
  });
}
