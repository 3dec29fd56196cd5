import { IConstruct } from 'constructs';
import { FluxController } from '../../core/flux-controller';
import { FluxContext, FluxEnvVariable, FluxMount, FluxProjectedToken, FluxSettings, IFluxIdentity } from '../../core/flux-identity';
import { FluxServiceAccount } from '../../core/flux-service-account';
import { FluxVersion } from '../../core/flux-version';
import { requireIssuer } from '../../core/shared/issuer-url';
import { checkNamespace } from '../../core/shared/kubernetes-names';
import { checkEnum, OptionNames } from '../../core/shared/options';
import { byKey, byPath, byText } from '../../core/shared/sort';
import { shown, ValidationError } from '../../core/shared/validation-error';
import { FluxConfigProps } from '../flux-config';
import { ALL_CONTROLLERS, existsIn, firstVersionOf, hasObjectLevel } from './controllers';

/** The names of the options that every Flux configuration has. */
export const CONFIG_OPTIONS: OptionNames<FluxConfigProps> = { issuer: true, version: true, identities: true, namespace: true, controllers: true };

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
  /** Controller-level accounts, in the fixed order of the controllers. */
  public readonly controllerAccounts: AccountModel[];
  /** Object-level accounts, by namespace and name. */
  public readonly objectAccounts: AccountModel[];
  /** The ConfigMaps and Secrets that identities need, by kind, namespace and name. */
  public readonly objects: KubernetesObject[];
  private readonly identities: IFluxIdentity[];
  private readonly context: FluxContext;

  public constructor(private readonly at: IConstruct, private readonly props: FluxConfigProps) {
    requireIssuer(at, props.issuer);
    checkEnum(at, 'FluxVersion', props.version, FluxVersion);
    this.version = props.version;
    this.namespace = props.namespace ?? 'flux-system';
    checkNamespace(at, this.namespace);
    this.context = { issuer: props.issuer, version: this.version, namespace: this.namespace };
    // By path, so that the order in which identities are listed changes nothing.
    this.identities = byPath(props.identities);
    this.controllers = this.installed();
    const accounts = this.merge();
    this.controllerAccounts = accounts.filter(({ account }) => account.fluxController !== undefined)
      .sort((a, b) => ALL_CONTROLLERS.indexOf(a.account.fluxController!) - ALL_CONTROLLERS.indexOf(b.account.fluxController!));
    this.objectAccounts = accounts.filter(({ account }) => account.fluxController === undefined)
      .sort((a, b) => byText(String(a.account), String(b.account)));
    this.objects = this.mergeObjects();
  }

  /** The installed controllers whose objects may name a service account for cloud access. */
  public get objectLevelControllers(): FluxController[] {
    return this.controllers.filter((controller) => hasObjectLevel(controller, this.version));
  }

  private installed(): FluxController[] {
    const { controllers, version } = this.props;
    if (controllers === undefined) return ALL_CONTROLLERS.filter((controller) => existsIn(controller, version));
    controllers.forEach((controller) => {
      checkEnum(this.at, 'FluxController', controller, FluxController);
      this.requireInVersion(controller);
    });
    return ALL_CONTROLLERS.filter((controller) => controllers.includes(controller));
  }

  private merge(): AccountModel[] {
    const accounts = new Map<string, AccountModel>();
    for (const identity of this.identities) {
      this.requireTrust(identity);
      for (const account of identity.serviceAccounts) {
        this.requireController(identity, account);
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

  private requireTrust(identity: IFluxIdentity): void {
    if (identity.trusts(this.props.issuer)) return;
    throw new ValidationError(this.at, {
      given: `identity "${identity.node.path}", which does not trust the issuer "${this.props.issuer.node.path}" (${shown(this.props.issuer.issuerUrl)}).`,
      allowed: 'identities that trust the cluster this configuration is for',
      why: 'the cloud would refuse every token of this cluster',
      fix: 'add the cluster\'s trust anchor to the identity, or make both from the same ClusterIssuer construct',
    });
  }

  private requireController(identity: IFluxIdentity, account: FluxServiceAccount): void {
    if (account.fluxController === undefined) {
      const controller = ALL_CONTROLLERS.find((name) => name === account.name);
      if (controller === undefined || account.namespace !== this.namespace) return;
      throw new ValidationError(this.at, {
        given: `object-level service account "${account}" of "${identity.node.path}", which is a controller's own.`,
        allowed: 'object-level accounts that no controller runs as',
        why: 'the account would be rendered twice, once by Flux and once here',
        fix: `use FluxServiceAccount.controller(${shown(controller)}, ${shown(account.namespace)})`,
      });
    }
    if (account.namespace !== this.namespace) {
      throw new ValidationError(this.at, {
        given: `controller "${account}" of "${identity.node.path}" for a Flux in namespace "${this.namespace}".`,
        allowed: `controllers of namespace "${this.namespace}"`,
        why: 'the patch would match nothing, which kustomize does not report',
        fix: 'pass the namespace of Flux to FluxServiceAccount.controller and to the configuration alike',
      });
    }
    this.requireInVersion(account.fluxController);
    if (this.controllers.includes(account.fluxController)) return;
    throw new ValidationError(this.at, {
      given: `controller "${account.fluxController}" of "${identity.node.path}", which is not installed.`,
      allowed: this.controllers.join(', '),
      why: 'the patch would match nothing, which kustomize does not report',
      fix: 'add the controller to `controllers` (and to the installation), or remove it from the identity',
    });
  }

  private requireInVersion(controller: FluxController): void {
    if (existsIn(controller, this.version)) return;
    throw new ValidationError(this.at, {
      given: `controller "${controller}" in Flux ${this.version}.`,
      allowed: `Flux ${firstVersionOf(controller)} and later`,
      why: 'this Flux does not have the controller: the patch would match nothing',
      fix: `upgrade to Flux ${firstVersionOf(controller)}, or remove the controller`,
    });
  }
}

function emptyAccount(account: FluxServiceAccount): AccountModel {
  return { account, annotations: {}, podLabels: {}, stamps: {}, env: [], tokens: [], mounts: [], identities: [] };
}
