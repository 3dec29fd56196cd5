import { broadOf } from './broad';
import { AccessText, asReference, eachText } from './values';
import { AccessGrant, AccessIdentity, AccessModel, AccessRight, AccessSettings, AccessSubject, AccessTrust, AccessValue, SCHEMA, VERSION } from '../../../access/model';
import { IFluxIdentity } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { FluxIdentityBase, IdentityGrant, IdentityTrust } from '../../../core/shared/flux/identity-base';
import { FLUX_OPERATOR } from '../../../core/shared/flux/operator';
import { BoundRight, CredentialKind } from '../../../core/shared/flux/service';
import { kindsUsing } from '../../../core/shared/flux/use';
import { isObjectLevel } from '../../../core/shared/kubernetes/service-accounts';
import { byText, sorted } from '../../../core/shared/sort';
import type { FluxInstallation } from '../../flux-installation';
import type { FluxModel } from '../model/model';

/**
 * Who can do what by an installation: read from its identities and their grants, never from what they were rendered to.
 *
 * @param text how texts that may hold tokens are put
 */
export function accessModel(installation: FluxInstallation, text: AccessText = asReference): AccessModel {
  return new Collector(installation, text).model();
}

/** The name of an installation, unique in its app as long as paths are: `prod/Flux` is `prod-Flux`. */
export function nameOf(installation: FluxInstallation): string {
  return installation.node.path.replace(/\//g, '-');
}

/** An identity, and what it is known by. */
interface Keyed {
  readonly identity: IFluxIdentity;
  readonly key: string;
  readonly subjects: AccessSubject[];
  readonly principals: AccessValue[];
}

class Collector {
  private readonly flux: FluxModel;

  public constructor(private readonly installation: FluxInstallation, private readonly text: AccessText) {
    this.flux = installation._model;
  }

  public model(): AccessModel {
    const { installation } = this;
    const identities = this.keyed();
    return {
      schema: SCHEMA,
      version: VERSION,
      installation: nameOf(installation),
      flux: { version: installation.version, namespace: installation.namespace, controllers: installation.controllers },
      cluster: { kind: installation.issuer.kind, issuer: this.value(installation.issuer.issuerUrl) },
      identities: identities.map((each) => this.identity(each)),
      grants: ordered(identities.flatMap((each) => this.grants(each)), (grant) => JSON.stringify([
        grant.identity, grant.service, grant.verb, grant.resource, grant.rights,
      ])),
      remoteClusters: notEmpty(this.flux.remoteClusters.map((remote) => remote._name)),
      patches: notEmpty(installation._userPatches.map((patch) => JSON.stringify(eachText(patch, (text) => this.value(text))))),
    };
  }

  private value(text: string): AccessValue {
    return this.text(this.installation, text);
  }

  /** Identities under keys that no construct's name is part of. */
  private keyed(): Keyed[] {
    const found = ordered(this.flux.allIdentities.map((identity) => {
      const subjects = subjectsOf(identity);
      const principals = identity instanceof FluxIdentityBase ? identity._principals.map((principal) => this.value(principal)) : [];
      return { identity, subjects, principals, key: `${identity.cloud} ${subjects.map(subjectKey).join(', ')}` };
    }), ({ key, principals }) => JSON.stringify([key, principals]));
    const counts = new Map<string, number>();
    return found.map((each) => {
      const count = (counts.get(each.key) ?? 0) + 1;
      counts.set(each.key, count);
      return count === 1 ? each : { ...each, key: `${each.key} (${count})` };
    });
  }

  private identity({ identity, key, subjects, principals }: Keyed): AccessIdentity {
    const own = identity instanceof FluxIdentityBase ? identity : undefined;
    return {
      key,
      cloud: identity.cloud,
      credential: own?._credential ?? 'unknown',
      principals,
      subjects,
      trust: own === undefined ? 'unknown' : ordered(own._trust.map((trust) => this.trust(trust)), (trust) => JSON.stringify(trust)),
      settings: ordered(identity.serviceAccounts.map((account) => this.settings(identity, account)), ({ account }) => account),
      grants: own === undefined ? 'unknown' : 'listed',
    };
  }

  private trust({ anchor, issuer, subject, audiences }: IdentityTrust): AccessTrust {
    return {
      anchor: this.value(anchor),
      issuer: issuer === this.installation.issuer ? 'cluster' : this.value(issuer.issuerUrl),
      subject,
      audiences: audiences.map((audience) => this.value(audience)),
    };
  }

  private settings(identity: IFluxIdentity, account: FluxServiceAccount): AccessSettings {
    const { annotations, podLabels, env = [], tokens = [], mounts = [] } = identity.fluxSettings(account, this.flux.context);
    const variables = env.map(({ name, value, secretName, secretKey }) => [name, secretName === undefined ? value! : `Secret ${secretName}, key ${secretKey}`]);
    return {
      account: String(account),
      annotations: this.values(annotations),
      podLabels: this.values(podLabels),
      env: this.values(Object.fromEntries(variables)),
      tokens: notEmpty(tokens.map(({ path, audience }) => ({ path, audience: this.value(audience) }))),
      mounts: notEmpty(mounts.map(({ mountPath, configMapName, secretName }) => ({
        mountPath, from: configMapName === undefined ? `Secret ${secretName}` : `ConfigMap ${configMapName}`,
      }))),
    };
  }

  private values(texts: { readonly [name: string]: string } = {}): { [name: string]: AccessValue } | undefined {
    const names = sorted(Object.keys(texts));
    return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, this.value(texts[name])]));
  }

  private grants({ identity, key }: Keyed): AccessGrant[] {
    if (!(identity instanceof FluxIdentityBase)) return [];
    return identity._grants.map((each) => this.grant(identity, each, key));
  }

  private grant(identity: FluxIdentityBase, given: IdentityGrant, key: string): AccessGrant {
    const { grant, service, verb, resource, rights } = given;
    const { version, controllers } = this.installation;
    const only = rights.length === 1 && rights[0].resources.length === 1 ? rights[0].resources[0] : '*';
    return {
      identity: key,
      service: service?.name ?? 'other',
      verb: verb ?? 'as composed',
      resource: this.value(resource ?? only),
      rights: rights.map((right) => this.right(right)),
      kinds: service === undefined ? 'unknown' : sorted(kindsUsing({ version, controllers: [...controllers, FLUX_OPERATOR] }, identity, given)),
      broad: broadOf(given, identity.cloud),
      owner: grant.ownerStatements === undefined ? undefined : 'must agree',
    };
  }

  private right({ actions, role, resources, condition }: BoundRight): AccessRight {
    return {
      actions: actions && sorted(actions),
      role: role && this.value(role),
      resources: resources.map((resource) => this.value(resource)),
      condition: condition && eachText(condition, (text) => this.value(text)),
    };
  }
}

function subjectsOf(identity: IFluxIdentity): AccessSubject[] {
  const accounts = identity.serviceAccounts.map((account): AccessSubject => ({
    account: String(account), level: isObjectLevel(account) ? 'object' : 'controller',
  }));
  const secrets = identity instanceof FluxIdentityBase
    ? identity._secrets.map(({ namespace, name, use }): AccessSubject => ({ secret: `${namespace}/${name}`, use })) : [];
  const all = ordered([...accounts, ...secrets], subjectKey);
  return all.length === 0 && identity instanceof FluxIdentityBase && identity._credential === CredentialKind.NODE ? [{ node: true }] : all;
}

function subjectKey(subject: AccessSubject): string {
  if ('account' in subject) return subject.account;
  return 'secret' in subject ? `Secret ${subject.secret} (${subject.use})` : 'nodes';
}

/** A list that says something: an empty one is not in the model. */
function notEmpty<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function ordered<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items.length < 2 ? [...items] : items.map((item) => ({ item, key: key(item) })).sort((a, b) => byText(a.key, b.key)).map(({ item }) => item);
}
