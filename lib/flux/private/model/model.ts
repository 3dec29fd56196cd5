import { IConstruct } from 'constructs';
import { AccountModel, accountOf } from './accounts';
import { Installation, requireGrantUse, requireInVersion, requireObjectLevel, requireReachable, requireTogether, requireTrust, requireUse } from './checks';
import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxController } from '../../../core/flux-controller';
import { FluxContext, IFluxIdentity } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { FluxVersion } from '../../../core/flux-version';
import { ALL_CONTROLLERS, existsIn, hasObjectLevel } from '../../../core/shared/flux/controllers';
import { FluxIdentityBase } from '../../../core/shared/flux/identity-base';
import { FLUX_OPERATOR } from '../../../core/shared/flux/operator';
import { inTree } from '../../../core/shared/input/once-per-app';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { checkNamespace } from '../../../core/shared/kubernetes/names';
import { byKey, byText } from '../../../core/shared/sort';
import type { FluxLockdown } from '../../flux-lockdown';
import type { FluxRemoteCluster } from '../../flux-remote-cluster';
import type { FluxTenant } from '../../flux-tenant';

/** A Kubernetes object, as far as the model looks into it. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

/** What a Flux is, before anything is added to it. */
export interface ModelProps {
  readonly issuer: IClusterIssuer;
  readonly version: FluxVersion;
  readonly namespace?: string;
  readonly controllers?: FluxController[];
  readonly lockdown?: FluxLockdown;
  readonly strictSubstitution?: boolean;
}

/** The word of a delivery that cannot tell every account what it needs: it throws, and nothing is added. */
export type Admit = (account: AccountModel) => void;

/**
 * What one Flux must be told, merged from identities and free of any format. What is added is checked against what is there, and
 * added as a whole or not at all. Renderers turn it into patches, manifests or values.
 */
export class FluxModel {
  public readonly version: FluxVersion;
  public readonly namespace: string;
  public readonly controllers: FluxController[];
  public readonly lockdown?: FluxLockdown;
  public readonly strictSubstitution: boolean;
  public readonly context: FluxContext;
  private readonly installation: Installation;
  private identities = new Set<IFluxIdentity>();
  private readonly accounts = new Map<string, AccountModel>();
  private readonly tokenUsers = new Set<string>();
  private readonly objectsByName = new Map<string, { object: KubernetesObject; owner: IConstruct }>();
  private readonly tenantsByNamespace = new Map<string, FluxTenant>();
  private remotes: FluxRemoteCluster[] = [];
  private readonly admits: Admit[] = [];
  private changes = 0;
  private ordered?: { changes: number; accounts: AccountModel[] };

  public constructor(private readonly at: IConstruct, { issuer, version, namespace = 'flux-system', controllers, lockdown, strictSubstitution = false }: ModelProps) {
    checkNamespace(at, namespace);
    this.version = version;
    this.namespace = namespace;
    this.controllers = installed(at, version, controllers);
    this.lockdown = lockdown;
    this.strictSubstitution = strictSubstitution;
    this.context = { issuer, version, namespace };
    this.installation = { at, issuer, version, namespace, controllers: this.controllers };
  }

  /** Another number after every change: what was rendered before is out of date. */
  public get revision(): number {
    return this.changes;
  }

  /** Controller-level accounts, in the fixed order of the controllers; the operator's is not among them. */
  public get controllerAccounts(): AccountModel[] {
    return ALL_CONTROLLERS.map((name) => this.ownAccount(name)).filter((account) => account !== undefined);
  }

  /** The account of the Flux Operator. */
  public get operatorAccount(): AccountModel | undefined {
    return this.ownAccount(FLUX_OPERATOR);
  }

  /** Object-level accounts, by namespace and name. */
  public get objectAccounts(): readonly AccountModel[] {
    if (this.ordered?.changes !== this.changes) {
      const accounts = [...this.accounts.values()].filter(({ account }) => account.fluxController === undefined);
      this.ordered = { changes: this.changes, accounts: accounts.sort((a, b) => byText(String(a.account), String(b.account))) };
    }
    return this.ordered.accounts;
  }

  /** Whether Flux asks Kubernetes for tokens of an account. */
  public usesToken({ account, identities }: AccountModel): boolean {
    return account.fluxController === undefined && (identities.length > 0 || this.tokenUsers.has(String(account)));
  }

  /** Whether controllers must be able to act as accounts that objects name. */
  public get usesObjectLevel(): boolean {
    return this.lockdown?.coversClouds === true || this.objectAccounts.some((account) => this.usesToken(account));
  }

  /** The installed controllers whose objects may name a service account for cloud access. */
  public get objectLevelControllers(): FluxController[] {
    return this.controllers.filter((controller) => hasObjectLevel(controller, this.version));
  }

  /** The ConfigMaps and Secrets that identities need, by kind, namespace and name. */
  public get objects(): KubernetesObject[] {
    const remotes = new Set<IConstruct>(this.remotes);
    return Object.values(byKey(Object.fromEntries(this.objectsByName))).filter(({ owner }) => !remotes.has(owner)).map(({ object }) => object);
  }

  /** The tenants, by namespace. */
  public get tenants(): FluxTenant[] {
    return [...this.tenantsByNamespace.values()].sort((a, b) => byText(a.namespace, b.namespace));
  }

  /** The remote clusters, by the namespace and name of their ConfigMaps. */
  public get remoteClusters(): FluxRemoteCluster[] {
    return [...this.remotes].sort((a, b) => byText(a._name, b._name));
  }

  /** The ConfigMaps of the remote clusters. */
  public get remoteObjects(): KubernetesObject[] {
    return this.remoteClusters.map((cluster) => cluster._object());
  }

  /** The identities, in the order in which they came. */
  public get allIdentities(): readonly IFluxIdentity[] {
    return [...this.identities];
  }

  /** Lets a delivery have its word on every account, those that are there and those that come. */
  public admitBy(admit: Admit): void {
    this.accounts.forEach((account) => admit(account));
    this.admits.push(admit);
  }

  /** What was rendered is out of date, though nothing was added. */
  public outdate(): void {
    this.changes += 1;
  }

  /** Forgets whatever has left the tree since it was added: Terraform does not make it, so Flux must not be told of it. */
  public dropRemoved(): void {
    const [identities, tenants, remotes] = [[...this.identities], [...this.tenantsByNamespace.values()], this.remotes];
    if ([...identities, ...tenants, ...remotes].every(inTree)) return;
    this.identities = new Set();
    this.remotes = [];
    [this.accounts, this.tokenUsers, this.objectsByName, this.tenantsByNamespace].forEach((index) => index.clear());
    identities.filter(inTree).forEach((identity) => this.take(identity));
    tenants.filter(inTree).forEach((tenant) => this.addTenant(tenant));
    remotes.filter(inTree).forEach((remote) => this.addRemoteCluster(remote));
    this.changes += 1;
  }

  public addIdentity(identity: IFluxIdentity): void {
    if (this.identities.has(identity)) return;
    requireTogether(this.installation, 'identity', identity);
    requireTrust(this.installation, identity);
    requireUse(this.installation, identity);
    this.take(identity);
    if (identity instanceof FluxIdentityBase) identity._admitBy(this.at, (grant) => requireGrantUse(this.installation, identity, grant));
  }

  public addTenant(tenant: FluxTenant): void {
    requireTogether(this.installation, 'tenant', tenant);
    this.dropIfRemoved(this.tenantsByNamespace.get(tenant.namespace));
    const other = this.tenantsByNamespace.get(tenant.namespace);
    if (other !== undefined) {
      throw new ValidationError(tenant, {
        given: `namespace "${tenant.namespace}" in two tenants: "${other.node.path}" and "${tenant.node.path}".`,
        allowed: 'one tenant per namespace',
        why: 'whoever may write Flux objects in a namespace can use every account in it',
        fix: 'make one tenant of both, or give one of them a namespace of its own',
      });
    }
    const added = tenant._accounts().filter((account) => !this.accounts.has(String(account)))
      .map((account) => accountOf(this.at, account, [], this.context));
    added.forEach((account) => this.admit(account));
    this.tenantsByNamespace.set(tenant.namespace, tenant);
    added.forEach((account) => this.accounts.set(String(account.account), account));
    this.changes += 1;
  }

  public addRemoteCluster(remote: FluxRemoteCluster): void {
    requireTogether(this.installation, 'remote cluster', remote);
    const object = remote._object();
    this.requireFree(remote, object);
    const user = remote._tokenUser();
    if (user !== undefined) {
      requireObjectLevel(this.installation, user);
      const account = this.accounts.get(String(user)) ?? accountOf(this.at, user, [], this.context);
      this.admit(account);
      this.accounts.set(String(user), account);
      this.tokenUsers.add(String(user));
    }
    this.objectsByName.set(nameOf(object), { object, owner: remote });
    this.remotes.push(remote);
    this.changes += 1;
  }

  private take(identity: IFluxIdentity): void {
    const changed = identity.serviceAccounts.map((account) => {
      requireReachable(this.installation, identity, account);
      if (account.fluxController === undefined) requireObjectLevel(this.installation, account);
      this.dropIfRemoved(...this.accounts.get(String(account))?.identities ?? []);
      const others = this.accounts.get(String(account))?.identities ?? [];
      this.requireSingle(account, others, identity);
      return accountOf(this.at, account, [...others, identity], this.context);
    });
    const objects = identity.fluxObjects(this.context) as KubernetesObject[];
    objects.forEach((object) => this.requireFree(identity, object));
    changed.forEach((account) => this.admit(account));

    changed.forEach((account) => this.accounts.set(String(account.account), account));
    objects.forEach((object) => this.objectsByName.set(nameOf(object), { object, owner: identity }));
    this.identities.add(identity);
    this.changes += 1;
  }

  /** What is about to be met: all of it need not be looked through each time. */
  private dropIfRemoved(...met: (IConstruct | undefined)[]): void {
    if (!met.every((construct) => construct === undefined || inTree(construct))) this.dropRemoved();
  }

  private ownAccount(name: FluxController): AccountModel | undefined {
    const key = `${this.namespace}/${name}`;
    this.dropIfRemoved(...this.accounts.get(key)?.identities ?? []);
    const account = this.accounts.get(key);
    return account?.account.fluxController === undefined ? undefined : account;
  }

  private admit(account: AccountModel): void {
    this.admits.forEach((admit) => admit(account));
  }

  private requireFree(owner: IConstruct, object: KubernetesObject): void {
    const name = nameOf(object);
    this.dropIfRemoved(this.objectsByName.get(name)?.owner);
    const other = this.objectsByName.get(name);
    if (other === undefined || JSON.stringify(other.object) === JSON.stringify(object)) return;
    throw new ValidationError(this.at, {
      given: `${name} of "${other.owner.node.path}" and, with other contents, of "${owner.node.path}".`,
      allowed: 'each Kubernetes object once',
      why: 'whichever is applied last would overwrite the other',
      fix: 'give one of them another name',
    });
  }

  private requireSingle(account: FluxServiceAccount, others: readonly IFluxIdentity[], identity: IFluxIdentity): void {
    const other = others.find(({ cloud }) => cloud === identity.cloud);
    if (other === undefined) return;
    throw new ValidationError(this.at, {
      given: `service account "${account}" in two identities of cloud "${identity.cloud}": "${other.node.path}" and "${identity.node.path}".`,
      allowed: 'one identity per service account and cloud',
      why: 'the account can be told to act as one of them only; the other\'s grants would never be used',
      fix: 'make one identity with both sets of grants, or give one of them another service account',
    });
  }
}

function installed(at: IConstruct, version: FluxVersion, controllers: FluxController[] | undefined): FluxController[] {
  if (controllers === undefined) return ALL_CONTROLLERS.filter((controller) => existsIn(controller, version));
  if (controllers.length === 0) {
    throw new ValidationError(at, {
      given: 'an empty list of `controllers`.',
      allowed: 'at least one controller',
      why: 'nothing would be told anything, and the Flux Operator takes an empty list for its four default controllers',
      fix: 'list the installed controllers, or leave `controllers` out for all of the version',
    });
  }
  controllers.forEach((controller) => requireInVersion(at, version, controller));
  return ALL_CONTROLLERS.filter((controller) => controllers.includes(controller));
}

function nameOf({ kind, metadata: { namespace, name } }: KubernetesObject): string {
  return `${kind} ${namespace}/${name}`;
}
