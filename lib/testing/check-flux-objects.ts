import { parseAllDocuments } from 'yaml';
import { judgeAccess } from './judge-access';
import { FluxCloud, IFluxIdentity } from '../core/flux-identity';
import { FluxKind } from '../core/flux-kind';
import { FluxServiceAccount } from '../core/flux-service-account';
import { hostMatches, hostOf } from '../core/shared/flux/hosts';
import { FluxIdentityBase } from '../core/shared/flux/identity-base';
import { CloudKind, KINDS } from '../core/shared/flux/kinds';
import { FluxObject, fluxObjectOf, FluxObjectUse } from '../core/shared/flux/object-uses';
import { FLUX_OPERATOR } from '../core/shared/flux/operator';
import { CredentialKind } from '../core/shared/flux/service';
import { kindsUsing } from '../core/shared/flux/use';
import { sorted } from '../core/shared/sort';
import { FluxFields } from '../flux/flux-fields';
import { FluxInstallation } from '../flux/flux-installation';

/** What was found of one Flux object. */
export interface CheckedFluxObject {
  /** Its kind, namespace and name: `OCIRepository team-a/apps`. */
  readonly object: string;
  /** The service account that it acts as, `<namespace>/<name>`; undefined where it reaches no cloud as one. */
  readonly account?: string;
  /** The path of the identity that it acts as. */
  readonly identity?: string;
  /** What would fail at run time. */
  readonly problem?: string;
}

/** What was found of all. */
export interface CheckedFluxObjects {
  /** Every object of Flux that can reach a cloud or a remote cluster, in the order of the documents; other objects are left out. */
  readonly objects: readonly CheckedFluxObject[];
  /** The problems, each with its object: empty where all is well. */
  readonly problems: readonly string[];
}

/**
 * Reads Flux objects of your own, as they are in your repository, against the identities of an installation: which object acts as which
 * identity, which forgot its `provider`, which names an account that no identity is for, or one that is granted nothing of use to it.
 * Give it what kustomize builds, or files whose objects name their namespaces. It needs no Terraform, no cluster and no cloud.
 *
 * ```ts
 * expect(checkFluxObjects(flux, readFileSync('apps.yaml', 'utf8')).problems).toEqual([]);
 * ```
 *
 * @param installation the Flux that reads the objects
 * @param yaml one or more streams of YAML
 */
export function checkFluxObjects(installation: FluxInstallation, yaml: string | readonly string[]): CheckedFluxObjects {
  if (!(installation instanceof FluxInstallation)) throw new Error('checkFluxObjects: the first argument is a FluxInstallation.');
  const found = documentsOf(yaml).map(fluxObjectOf).filter((object) => object !== undefined);
  const objects = new Check(installation, found).all();
  return { objects, problems: objects.flatMap(({ object, problem }) => problem === undefined ? [] : [`${object}: ${problem}`]) };
}

function documentsOf(yaml: string | readonly string[]): any[] {
  return [yaml].flat().flatMap((stream, index) => {
    if (typeof stream !== 'string') throw new Error(`checkFluxObjects: stream ${index + 1} is no text.`);
    return parseAllDocuments(stream, { version: '1.1' }).flatMap((document) => {
      if (document.errors.length > 0) throw new Error(`checkFluxObjects: stream ${index + 1} is no YAML: ${document.errors[0].message}`);
      const value = document.toJS();
      if (value === null || typeof value !== 'object') return [];
      return value.kind === 'List' && Array.isArray(value.items) ? value.items : [value];
    });
  });
}

class Check {
  public constructor(private readonly installation: FluxInstallation, private readonly found: readonly FluxObject[]) {}

  public all(): CheckedFluxObject[] {
    return this.found.map((object) => ({ object: object.name, ...this.judge(object) }));
  }

  private judge(object: FluxObject): Omit<CheckedFluxObject, 'object'> {
    if (object.problem !== undefined) return { problem: object.problem };
    const problem = this.forgotten(object) ?? this.remote(object);
    const use = object.uses[0] ?? this.ofRepository(object);
    const judged = use === undefined ? {} : this.use(object, use);
    return { ...judged, ...(problem === undefined ? {} : { problem }) };
  }

  private use({ namespace }: FluxObject, use: FluxObjectUse): Omit<CheckedFluxObject, 'object'> {
    if (use.secret !== undefined) return this.bySecret(namespace, use);
    if ([use.account, use.url].some((text) => text?.includes('${'))) return {}; // known when Flux has substituted
    const account = this.accountOf(namespace, use);
    const inCloud = this.identities.filter(({ cloud }) => use.cloud === undefined || cloud === use.cloud);
    const own = inCloud.filter(({ serviceAccounts }) => serviceAccounts.some((each) => String(each) === account));
    const identity = own.find((each) => this.isOfUse(each, use.kind)) ?? own[0] ?? this.ofNodes(inCloud, use);
    if (identity === undefined) return { account, problem: this.nobody(namespace, account, use, inCloud) };
    const problem = this.fields(account, use, identity) ?? this.grants(use, identity) ?? this.repository(use, identity);
    return { account, identity: identity.node.path, ...(problem === undefined ? {} : { problem }) };
  }

  /** Where Flux looks when the object names nobody, too. */
  private accountOf(namespace: string, { kind, account }: FluxObjectUse): string {
    const { lockdown, namespace: home } = this.installation;
    const [controller] = KINDS[kind].controllers;
    if (account !== undefined && KINDS[kind].objectLevel !== undefined) return `${namespace}/${account}`;
    if (lockdown?.coversClouds !== true || KINDS[kind].objectLevel === undefined) return `${home}/${controller}`;
    if (controller === FLUX_OPERATOR) return `${namespace}/${controller}`;
    return `${namespace}/${kind === FluxKind.KUSTOMIZATION ? lockdown.defaultDecryptionServiceAccount : lockdown.defaultServiceAccount}`;
  }

  private bySecret(namespace: string, { kind, secret, account }: FluxObjectUse): Omit<CheckedFluxObject, 'object'> {
    const { secret: takes } = KINDS[kind];
    if (takes === undefined) return { problem: `it names Secret "${secret}" beside its provider: Flux takes the Secret, and no identity` };
    if (account !== undefined && kind === FluxKind.BUCKET) return { problem: `it names Secret "${secret}" and account "${account}": Flux refuses both together` };
    const identity = this.identities.find((each) => each instanceof FluxIdentityBase
      && each._secrets.some(({ use, name, namespace: where }) => use === takes && name === secret && where === namespace));
    return identity === undefined ? {} : { identity: identity.node.path };
  }

  private nobody(namespace: string, account: string, { kind, cloud, account: named }: FluxObjectUse, inCloud: readonly IFluxIdentity[]): string {
    const where = cloud === undefined ? '' : ` of cloud "${cloud}"`;
    const usable = KINDS[kind].objectLevel === undefined ? [] : sorted(inCloud.flatMap(({ serviceAccounts }) => serviceAccounts)
      .filter((each) => each.fluxController === undefined && each.namespace === namespace).map(({ name }) => name));
    const field = kind === FluxKind.KUSTOMIZATION ? 'decryption.serviceAccountName' : 'serviceAccountName';
    const others = [...new Set(usable)].map((name) => `"${name}"`).join(', ');
    const hint = others === '' ? '' : `; set \`${field}\`, in its namespace there is ${others}`;
    return `it ${named === undefined ? 'names no account and acts as' : 'acts as'} "${account}", which no identity${where} is for${hint}`;
  }

  /** What Flux of this version takes, in the words of `FluxFields`. */
  private fields(account: string, { kind, region }: FluxObjectUse, identity: IFluxIdentity): string | undefined {
    const serviceAccount = identity.serviceAccounts.find((each: FluxServiceAccount) => String(each) === account);
    if (serviceAccount === undefined || kind === FluxKind.IMAGE_UPDATE_AUTOMATION) return undefined;
    const takesRegion = kind === FluxKind.BUCKET && identity.cloud === FluxCloud.AWS;
    try {
      FluxFields.of(kind, { identity, installation: this.installation, serviceAccount, region: takesRegion ? region : undefined });
      return undefined;
    } catch (error: any) {
      if (error.name !== 'ValidationError') throw error;
      return error.message.replace(/^\[[^\]]*\] /, '').replace(/\n\s*/g, ' ');
    }
  }

  private grants({ kind }: FluxObjectUse, identity: IFluxIdentity): string | undefined {
    if (this.isOfUse(identity, kind)) return undefined;
    return `identity "${identity.node.path}" is granted nothing that objects of kind ${KINDS[kind].kind} use`;
  }

  /** Whether a grant is for the kind. Others' identities, and those that are granted nothing here, are not judged: rights may come from elsewhere. */
  private isOfUse(identity: IFluxIdentity, kind: CloudKind): boolean {
    if (!(identity instanceof FluxIdentityBase)) return true;
    const { _grants: grants } = identity;
    if (grants.length === 0 || grants.some(({ service }) => service === undefined)) return true;
    const { version, controllers } = this.installation;
    const usedIn = { at: this.installation, version, controllers: [...controllers, FLUX_OPERATOR] };
    return grants.some((grant) => kindsUsing(usedIn, identity, grant).includes(kind));
  }

  /** Whether the identity may pull from the very repository, where the URL says all: Amazon ECR. */
  private repository({ url = '' }: FluxObjectUse, identity: IFluxIdentity): string | undefined {
    const [, account, region, china, name] = /^(?:oci:\/\/)?(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?\/([^:@]+)/.exec(url) ?? [];
    if (name === undefined || !(identity instanceof FluxIdentityBase) || identity._grants.length === 0) return undefined;
    const partition = china !== undefined ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
    const resource = `arn:${partition}:ecr:${region}:${account}:repository/${name}`;
    const { allowed } = judgeAccess(identity, { action: 'ecr:BatchGetImage', resource });
    return allowed === false ? `identity "${identity.node.path}" may not pull from ${resource}` : undefined;
  }

  private ofNodes(inCloud: readonly IFluxIdentity[], { account }: FluxObjectUse): IFluxIdentity | undefined {
    return account !== undefined || this.installation.lockdown?.coversClouds === true ? undefined
      : inCloud.find((each) => each instanceof FluxIdentityBase && each._credential === CredentialKind.NODE);
  }

  /** An object that asks a host of a service that this installation is granted, and says no cloud. */
  private forgotten({ without }: FluxObject): string | undefined {
    const host = without?.url === undefined ? undefined : hostOf(without.url);
    if (without === undefined || host === undefined || host.includes('${')) return undefined;
    const grants = this.identities.flatMap((identity) => identity instanceof FluxIdentityBase ? identity._grants : []);
    const service = grants.map((grant) => grant.service).find((each) => each !== undefined
      && each.hosts?.some((pattern) => hostMatches(pattern, host)) && Object.values(each.verbs).some(({ kinds }) => kinds.includes(without.kind)));
    return service === undefined ? undefined
      : `it names no cloud, and asks ${service.name} (${host}) without credentials: set \`provider: ${service.cloud}\``;
  }

  private remote({ namespace, remote }: FluxObject): string | undefined {
    const { remoteClusters } = this.installation._model;
    if (remote === undefined || remote.includes('${') || remoteClusters.length === 0) return undefined;
    const all = remoteClusters.map(({ _name }) => _name);
    if (all.includes(`${namespace}/${remote}`)) return undefined;
    return `it applies to the cluster of ConfigMap "${namespace}/${remote}", which no FluxRemoteCluster of the installation is: ${all.join(', ')}`;
  }

  /** An automation acts as its repository says, in its own namespace. */
  private ofRepository({ repository }: FluxObject): FluxObjectUse | undefined {
    const found = this.found.find(({ kind, name }) => kind === 'GitRepository' && name === `GitRepository ${repository}`);
    return found?.uses[0] === undefined ? undefined : { ...found.uses[0], kind: FluxKind.IMAGE_UPDATE_AUTOMATION };
  }

  private get identities(): readonly IFluxIdentity[] {
    return this.installation._model.allIdentities;
  }
}
