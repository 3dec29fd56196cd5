import { IConstruct } from 'constructs';
import { Installation, requireInVersion, requireObjectLevel, requireReachable, requireTrust, requireUse } from './checks';
import { FluxController } from '../../../core/flux-controller';
import { FluxContext, FluxEnvVariable, FluxMount, FluxProjectedToken, FluxSettings, IFluxIdentity } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { FluxVersion } from '../../../core/flux-version';
import { ALL_CONTROLLERS, existsIn, hasObjectLevel } from '../../../core/shared/flux/controllers';
import { FLUX_OPERATOR } from '../../../core/shared/flux/operator';
import { requireVersion } from '../../../core/shared/flux/versions';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { checkNamespace } from '../../../core/shared/kubernetes/names';
import { TOKEN_DIRECTORY } from '../../../core/shared/kubernetes/token-directory';
import { byKey, byPath, byText } from '../../../core/shared/sort';
import { FluxConfigProps } from '../../flux-config';
import type { FluxTenant } from '../../flux-tenant';

/** A Kubernetes object, as far as the model looks into it. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

/** Everything that one service account is told, by all its identities together. */
export interface AccountModel {
  readonly account: FluxServiceAccount;
  readonly annotations: { [name: string]: string };
  readonly podLabels: { [name: string]: string };
  readonly stamps: { [cloud: string]: string };
  readonly env: FluxEnvVariable[];
  readonly tokens: FluxProjectedToken[];
  readonly mounts: FluxMount[];
  readonly identities: IFluxIdentity[];
}

/**
 * What a Flux installation must be told, merged from identities and free of any format. Renderers turn it into patches,
 * manifests or values; conflicts are found here, when it is made.
 */
export class FluxModel {
  public readonly namespace: string;
  public readonly version: FluxVersion;
  public readonly controllers: FluxController[];
  /** Controller-level accounts, in the fixed order of the controllers; the operator's is not among them. */
  public readonly controllerAccounts: AccountModel[];
  /** The account of the Flux Operator. */
  public readonly operatorAccount: AccountModel | undefined;
  /** Object-level accounts, by namespace and name. */
  public readonly objectAccounts: AccountModel[];
  /** Those of them that Flux asks Kubernetes for tokens of. */
  public readonly tokenAccounts: AccountModel[];
  /** The ConfigMaps and Secrets that identities need, by kind, namespace and name. */
  public readonly objects: KubernetesObject[];
  public readonly tenants: FluxTenant[];
  private readonly identities: IFluxIdentity[];
  private readonly context: FluxContext;
  private readonly installation: Installation;

  /** @param operator whether the Flux Operator's own account can be configured here */
  public constructor(private readonly at: IConstruct, private readonly props: FluxConfigProps, operator = false) {
    this.version = props.version;
    this.namespace = props.namespace ?? 'flux-system';
    checkNamespace(at, this.namespace);
    this.context = { issuer: props.issuer, version: this.version, namespace: this.namespace };
    this.controllers = this.installed();
    this.installation = { at, issuer: props.issuer, version: this.version, namespace: this.namespace, controllers: this.controllers, operator };
    this.tenants = this.checkedTenants();
    // By path, so that the order in which identities are listed changes nothing.
    this.identities = byPath([...props.identities ?? [], ...this.tenants.flatMap(({ identities }) => identities)]);
    const tokenUsers = this.remoteTokenUsers();
    const accounts = this.merge(tokenUsers);
    const controllerAccounts = accounts.filter(({ account }) => account.fluxController !== undefined);
    this.operatorAccount = controllerAccounts.find(({ account }) => account.fluxController === FLUX_OPERATOR);
    this.controllerAccounts = ALL_CONTROLLERS.flatMap((name) => controllerAccounts.filter(({ account }) => account.fluxController === name));
    this.objectAccounts = accounts.filter(({ account }) => account.fluxController === undefined)
      .sort((a, b) => byText(String(a.account), String(b.account)));
    const tokenNames = new Set(tokenUsers.map(String));
    this.tokenAccounts = this.objectAccounts.filter(({ account, identities }) => identities.length > 0 || tokenNames.has(String(account)));
    if (this.tokenAccounts.length > 0) requireObjectLevel(this.installation, this.tokenAccounts[0].account);
    this.objects = this.mergeObjects();
  }

  /** The installed controllers whose objects may name a service account for cloud access. */
  public get objectLevelControllers(): FluxController[] {
    return this.controllers.filter((controller) => hasObjectLevel(controller, this.version));
  }

  private installed(): FluxController[] {
    const { controllers, version } = this.props;
    if (controllers === undefined) return ALL_CONTROLLERS.filter((controller) => existsIn(controller, version));
    if (controllers.length === 0) {
      throw new ValidationError(this.at, {
        given: 'an empty list of `controllers`.',
        allowed: 'at least one controller',
        why: 'nothing would be told anything, and the Flux Operator takes an empty list for its four default controllers',
        fix: 'list the installed controllers, or leave `controllers` out for all of the version',
      });
    }
    controllers.forEach((controller) => requireInVersion(this.at, version, controller));
    return ALL_CONTROLLERS.filter((controller) => controllers.includes(controller));
  }

  private checkedTenants(): FluxTenant[] {
    const tenants = byPath(this.props.tenants ?? []);
    const namespaces = new Map<string, FluxTenant>();
    for (const tenant of tenants) {
      tenant._readBy(this.at, this.namespace);
      const other = namespaces.get(tenant.namespace);
      if (other !== undefined) {
        throw new ValidationError(this.at, {
          given: `namespace "${tenant.namespace}" in two tenants: "${other.node.path}" and "${tenant.node.path}".`,
          allowed: 'one tenant per namespace',
          why: 'whoever may write Flux objects in a namespace can use every account in it',
          fix: 'make one tenant of both, or give one of them a namespace of its own',
        });
      }
      namespaces.set(tenant.namespace, tenant);
    }
    return tenants.sort((a, b) => byText(a.namespace, b.namespace));
  }

  /** The accounts whose plain tokens remote clusters accept: they need no identity in a cloud, but Flux must get their tokens. */
  private remoteTokenUsers(): FluxServiceAccount[] {
    const remotes = this.props.remoteClusters ?? [];
    if (remotes.length > 0) {
      requireVersion(this.at, this.version, FluxVersion.V2_7, `remote cluster "${remotes[0].node.path}"`,
        'this Flux does not read `spec.kubeConfig.configMapRef`: it would apply to its own cluster or refuse the object');
    }
    return remotes.map((remote) => remote._tokenUser()).filter((account) => account !== undefined);
  }

  private merge(tokenUsers: FluxServiceAccount[]): AccountModel[] {
    const accounts = new Map<string, AccountModel>();
    for (const account of [...this.tenants.flatMap((tenant) => tenant._accounts()), ...tokenUsers]) {
      accounts.set(String(account), emptyAccount(account));
    }
    for (const identity of this.identities) {
      requireTrust(this.installation, identity);
      requireUse(this.installation, identity);
      for (const account of identity.serviceAccounts) {
        requireReachable(this.installation, identity, account);
        const entry = accounts.get(String(account)) ?? emptyAccount(account);
        accounts.set(String(account), entry);
        this.requireSingle(entry, identity);
        entry.identities.push(identity);
        this.mergeSettings(entry, identity, identity.fluxSettings(account, this.context));
      }
    }
    return [...accounts.values()];
  }

  private mergeObjects(): KubernetesObject[] {
    const objects = new Map<string, { object: KubernetesObject; identity: IFluxIdentity }>();
    for (const identity of this.identities) {
      for (const object of identity.fluxObjects(this.context) as KubernetesObject[]) {
        const key = `${object.kind} ${object.metadata.namespace}/${object.metadata.name}`;
        const other = objects.get(key);
        if (other !== undefined && JSON.stringify(other.object) !== JSON.stringify(object)) {
          throw new ValidationError(this.at, {
            given: `${key} of "${other.identity.node.path}" and, with other contents, of "${identity.node.path}".`,
            allowed: 'each Kubernetes object once',
            why: 'whichever is applied last would overwrite the other',
            fix: 'give one of them another name',
          });
        }
        objects.set(key, { object, identity });
      }
    }
    return Object.values(byKey(Object.fromEntries(objects))).map(({ object }) => object);
  }

  private mergeSettings(entry: AccountModel, identity: IFluxIdentity, settings: FluxSettings): void {
    this.assign(entry, 'annotation', entry.annotations, settings.annotations ?? {});
    this.assign(entry, 'pod label', entry.podLabels, settings.podLabels ?? {});
    this.append(entry, 'environment variable', entry.env, settings.env ?? [], ({ name }) => name);
    this.append(entry, 'token file', entry.tokens, settings.tokens ?? [], ({ path }) => path);
    this.append(entry, 'mount path', entry.mounts, settings.mounts ?? [], ({ mountPath }) => mountPath);
    for (const { name, configMapName, secretName } of settings.mounts ?? []) {
      const same = entry.mounts.every((mount) => mount.name !== name || (mount.configMapName === configMapName && mount.secretName === secretName));
      if (!same) this.conflict(entry, 'volume', name);
    }
    // The tokens of all clouds are one volume there: a second one would be dropped without a word.
    const mounted = entry.mounts.find(({ mountPath }) => entry.tokens.length > 0 && mountPath.replace(/\/+$/, '') === TOKEN_DIRECTORY);
    if (mounted !== undefined) this.conflict(entry, 'mount path', mounted.mountPath);
    if (settings.stamp !== undefined) entry.stamps[identity.cloud] = settings.stamp;
  }

  private assign(entry: AccountModel, what: string, into: { [name: string]: string }, from: { readonly [name: string]: string }): void {
    for (const [name, value] of Object.entries(from)) {
      if (name in into && into[name] !== value) this.conflict(entry, what, name);
      into[name] = value;
    }
  }

  private append<T>(entry: AccountModel, what: string, into: T[], from: T[], key: (item: T) => string): void {
    for (const item of from) {
      if (into.some((other) => key(other) === key(item))) this.conflict(entry, what, key(item));
      into.push(item);
    }
  }

  private conflict(entry: AccountModel, what: string, name: string): never {
    throw new ValidationError(this.at, {
      given: `${what} ${shown(name)} of "${entry.account}" from two identities.`,
      allowed: `each ${what} from one identity`,
      why: 'Kubernetes keeps one of them and drops the other, silently',
      fix: `give "${entry.account}" one of the identities ${entry.identities.map(({ node }) => `"${node.path}"`).join(' and ')}`,
    });
  }

  private requireSingle(entry: AccountModel, identity: IFluxIdentity): void {
    const other = entry.identities.find(({ cloud }) => cloud === identity.cloud);
    if (other === undefined) return;
    throw new ValidationError(this.at, {
      given: `service account "${entry.account}" in two identities of cloud "${identity.cloud}": "${other.node.path}" and "${identity.node.path}".`,
      allowed: 'one identity per service account and cloud',
      why: 'the account can be told to act as one of them only; the other\'s grants would never be used',
      fix: 'make one identity with both sets of grants, or give one of them another service account',
    });
  }
}

function emptyAccount(account: FluxServiceAccount): AccountModel {
  return { account, annotations: {}, podLabels: {}, stamps: {}, env: [], tokens: [], mounts: [], identities: [] };
}
