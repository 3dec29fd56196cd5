import { Cluster } from './cluster';
import type { Finding } from './finding';
import type { Layer } from './layers';
import { AWS_SERVICES, AZURE_SERVICES, GCP_SERVICES } from './services';
import { States } from './state';
import type { AccessGrant, AccessIdentity, AccessModel, AccessSettings, AccessTrust } from '../access/model';
import { CloudKind, KINDS } from '../core/shared/flux/kinds';
import { FluxObject, fluxObjectOf } from '../core/shared/flux/object-uses';
import { CredentialKind, ServiceFacts } from '../core/shared/flux/service';

/** All that was given. */
export interface Given {
  readonly model: AccessModel;
  readonly states: States;
  readonly cluster: Cluster;
  /** The claims of a token of the cluster. */
  readonly claims?: { readonly iss?: unknown };
  /** The discovery document and the keys of the cluster. */
  readonly discovery?: { readonly issuer?: unknown };
  readonly jwks?: { readonly keys: readonly { readonly kid?: string }[] };
  /** The time by which certificates are judged. */
  readonly now: Date;
}

/** One account in one cloud. */
export interface Patient {
  /** `team-a/flux (aws)`. */
  readonly who: string;
  readonly account: string;
  readonly namespace: string;
  readonly name: string;
  readonly level: 'controller' | 'object';
  readonly identity: AccessIdentity;
  readonly settings: AccessSettings;
  readonly trusts: readonly AccessTrust[] | 'unknown';
  readonly grants: readonly AccessGrant[];
  /** The controllers that act as it: itself, or those whose objects may name it and are granted something. */
  readonly controllers: readonly string[];
}

/** What a layer says against somebody. */
export interface Refusal extends Omit<Finding, 'verdict' | 'layer' | 'of'> {
  readonly layer: Layer;
  readonly cannotTell?: true;
}

/** A layer: the first thing that it has against an account, or nothing. */
export type Judge = (given: Given, patient: Patient) => Refusal | undefined;

/** Every account of an access model, in each of its clouds. */
export function patientsOf(model: AccessModel): Patient[] {
  return model.identities.flatMap((identity) => identity.subjects.flatMap((subject): Patient[] => {
    const grants = model.grants.filter((grant) => grant.identity === identity.key);
    if ('node' in subject) return nodePatients(model, identity, grants);
    if (!('account' in subject)) return [];
    const { account, level } = subject;
    const [namespace, name] = account.split('/');
    const own = subjectOf(account);
    return [{
      who: `${account} (${identity.cloud})`,
      account,
      namespace,
      name,
      level,
      identity,
      settings: identity.settings.find((each) => each.account === account) ?? { account },
      trusts: identity.trust === 'unknown' ? 'unknown' : ofThisCluster(identity.trust.filter(({ subject: trusted }) => trusted === own)),
      grants,
      controllers: level === 'controller' ? [name] : controllersOf(grants).filter((controller) => model.flux.controllers.includes(controller)),
    }];
  }));
}

/** The controllers that act as the nodes: those that use what the nodes are granted, and are nobody else in the cloud. */
function nodePatients(model: AccessModel, identity: AccessIdentity, grants: readonly AccessGrant[]): Patient[] {
  const { namespace, controllers } = model.flux;
  const others = model.identities.filter(({ cloud }) => cloud === identity.cloud).flatMap(({ subjects }) => subjects)
    .flatMap((subject) => 'account' in subject ? [subject.account] : []);
  return controllersOf(grants).filter((name) => controllers.includes(name) && !others.includes(`${namespace}/${name}`)).map((name): Patient => {
    const account = `${namespace}/${name}`;
    return {
      who: `${account} by the nodes (${identity.cloud})`, account, namespace, name, level: 'controller', identity, settings: { account }, trusts: [], grants, controllers: [name],
    };
  });
}

/** Whether an account acts as what its node is. */
export function isByNode({ identity }: Pick<Patient, 'identity'>): boolean {
  return identity.credential === CredentialKind.NODE;
}

/** An identity may be that of accounts of other clusters, too. */
function ofThisCluster(trusts: readonly AccessTrust[]): readonly AccessTrust[] {
  const own = trusts.filter(({ issuer }) => issuer === 'cluster');
  return own.length > 0 ? own : trusts;
}

/** What Kubernetes calls an account in its tokens. */
export function subjectOf(account: string): string {
  return `system:serviceaccount:${account.replace('/', ':')}`;
}

function controllersOf(grants: readonly AccessGrant[]): string[] {
  const kinds = grants.flatMap((grant) => grant.kinds === 'unknown' ? [] : grant.kinds);
  return [...new Set(kinds.flatMap((kind) => KINDS[kind as CloudKind]?.controllers ?? []))];
}

/** The Flux objects of a cluster that reach clouds, and are not suspended, with whether they are ready. */
export function fluxObjects(cluster: Cluster): (FluxObject & { readonly ready: boolean })[] {
  return cluster.all().flatMap((object) => {
    if (object.spec?.suspend === true) return [];
    const found = fluxObjectOf(object);
    return found === undefined ? [] : [{ ...found, ready: isReady(object) }];
  });
}

function isReady({ metadata, status }: any): boolean {
  const [ready] = (status?.conditions ?? []).filter(({ type }: any) => type === 'Ready');
  return ready?.status === 'True' && (metadata.generation === undefined || ready.observedGeneration === undefined || ready.observedGeneration === metadata.generation);
}

const SERVICES: readonly ServiceFacts[] = [AWS_SERVICES, AZURE_SERVICES, GCP_SERVICES].flatMap((rows) => Object.values<ServiceFacts>(rows));

/** The services of a cloud, by the names that the access model knows them by. */
export function servicesOf(cloud: string): readonly ServiceFacts[] {
  return SERVICES.filter((service) => service.cloud === cloud);
}

/** `x`, `y` and `z` for people. */
export function shownList(values: readonly string[]): string {
  return values.length === 0 ? 'nothing' : [...new Set(values)].join(', ');
}
