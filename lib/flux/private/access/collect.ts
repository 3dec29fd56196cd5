import { broadOf } from './broad';
import { accessStructure, accessValue } from './values';
import { AccessGrant, AccessIdentity, AccessModel, AccessSettings, AccessSubject, AccessTrust, SCHEMA, VERSION } from '../../../access/model';
import { IFluxIdentity } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { FluxIdentityBase, IdentityGrant, IdentityTrust } from '../../../core/shared/flux/identity-base';
import { FLUX_OPERATOR } from '../../../core/shared/flux/operator';
import { CredentialKind } from '../../../core/shared/flux/service';
import { kindsUsing } from '../../../core/shared/flux/use';
import { inTree } from '../../../core/shared/input/once-per-app';
import { byKey, byText, sorted } from '../../../core/shared/sort';
import type { FluxInstallation } from '../../flux-installation';

/** Who can do what by an installation: read from its identities and their grants, never from what they were rendered to. */
export function accessModel(installation: FluxInstallation): AccessModel {
  const identities = keyed(installation);
  return {
    schema: SCHEMA,
    version: VERSION,
    installation: nameOf(installation),
    flux: { version: installation.version, namespace: installation.namespace, controllers: installation.controllers },
    cluster: { kind: installation.issuer.kind, issuer: accessValue(installation, installation.issuer.issuerUrl) },
    identities: identities.map(({ identity, key }) => identityOf(installation, identity, key)),
    grants: identities.flatMap(({ identity, key }) => grantsOf(installation, identity, key)).sort(by((grant) => JSON.stringify([
      grant.identity, grant.service, grant.verb, grant.resource, grant.rights,
    ]))),
    ...(installation._userPatches.length === 0 ? {} : {
      patches: installation._userPatches.map((patch) => JSON.stringify(accessStructure(installation, patch))),
    }),
  };
}

/** The name of an installation, unique in its app as long as paths are: `prod/Flux` is `prod-Flux`. */
export function nameOf(installation: FluxInstallation): string {
  return installation.node.path.replace(/\//g, '-');
}

/** Identities under keys that no construct's name is part of. */
function keyed(installation: FluxInstallation): { identity: IFluxIdentity; key: string }[] {
  const found = installation._model.allIdentities.map((identity) => ({
    identity, key: `${identity.cloud} ${sorted(subjectsOf(identity).map((subject) => subjectKey(subject))).join(', ')}`,
  })).sort(by(({ key, identity }) => JSON.stringify([key, principalsOf(installation, identity)])));
  const counts = new Map<string, number>();
  return found.map(({ identity, key }) => {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return { identity, key: count === 1 ? key : `${key} (${count})` };
  });
}

function subjectsOf(identity: IFluxIdentity): AccessSubject[] {
  const accounts = identity.serviceAccounts.map((account): AccessSubject => ({
    account: String(account), level: account.fluxController === undefined ? 'object' : 'controller',
  }));
  const secrets = identity instanceof FluxIdentityBase
    ? identity._secrets.map(({ namespace, name, use }): AccessSubject => ({ secret: `${namespace}/${name}`, use })) : [];
  const all = [...accounts, ...secrets].sort(by(subjectKey));
  return all.length === 0 && identity instanceof FluxIdentityBase && identity._credential === CredentialKind.NODE ? [{ node: true }] : all;
}

function subjectKey(subject: AccessSubject): string {
  if ('account' in subject) return subject.account;
  return 'secret' in subject ? `Secret ${subject.secret} (${subject.use})` : 'nodes';
}

function principalsOf(installation: FluxInstallation, identity: IFluxIdentity) {
  return identity instanceof FluxIdentityBase ? identity._principals.map((principal) => accessValue(installation, principal)) : [];
}

function identityOf(installation: FluxInstallation, identity: IFluxIdentity, key: string): AccessIdentity {
  const own = identity instanceof FluxIdentityBase ? identity : undefined;
  return {
    key,
    cloud: identity.cloud,
    credential: own?._credential ?? 'unknown',
    principals: principalsOf(installation, identity),
    subjects: subjectsOf(identity),
    trust: own === undefined ? 'unknown' : own._trust.map((trust) => trustOf(installation, trust)).sort(by((trust) => JSON.stringify(trust))),
    settings: identity.serviceAccounts.map((account) => settingsOf(installation, identity, account)).sort(by(({ account }) => account)),
    grants: own === undefined ? 'unknown' : 'listed',
  };
}

function trustOf(installation: FluxInstallation, { anchor, issuer, subject, audiences }: IdentityTrust): AccessTrust {
  return {
    anchor: accessValue(installation, anchor),
    issuer: issuer === installation.issuer ? 'cluster' : accessValue(installation, issuer.issuerUrl),
    subject,
    audiences: audiences.map((audience) => accessValue(installation, audience)),
  };
}

function settingsOf(installation: FluxInstallation, identity: IFluxIdentity, account: FluxServiceAccount): AccessSettings {
  const { annotations = {}, podLabels = {}, env = [], tokens = [], mounts = [] } = identity.fluxSettings(account, installation._model.context);
  const values = (map: { readonly [name: string]: string }) => Object.fromEntries(Object.entries(byKey(map)).map(([name, value]) => [name, accessValue(installation, value)]));
  const parts = {
    annotations: values(annotations),
    podLabels: values(podLabels),
    env: values(Object.fromEntries(env.map(({ name, value, secretName, secretKey }) => [name, secretName === undefined ? value! : `Secret ${secretName}, key ${secretKey}`]))),
    tokens: tokens.map(({ path, audience }) => ({ path, audience: accessValue(installation, audience) })),
    mounts: mounts.map(({ mountPath, configMapName, secretName }) => ({
      mountPath, from: configMapName === undefined ? `Secret ${secretName}` : `ConfigMap ${configMapName}`,
    })),
  };
  return { account: String(account), ...Object.fromEntries(Object.entries(parts).filter(([, value]) => Object.keys(value).length > 0)) };
}

function grantsOf(installation: FluxInstallation, identity: IFluxIdentity, key: string): AccessGrant[] {
  if (!(identity instanceof FluxIdentityBase)) return [];
  return identity._grants.filter(({ grant }) => inTree(grant)).map((each) => grantOf(installation, identity, each, key));
}

function grantOf(installation: FluxInstallation, identity: FluxIdentityBase, given: IdentityGrant, key: string): AccessGrant {
  const { grant, service, verb, resource, rights } = given;
  const { version, controllers } = installation;
  const broad = broadOf(given, identity.cloud);
  const held = rights.map(({ actions, role, resources, condition }) => ({
    ...(actions === undefined ? {} : { actions: sorted(actions) }),
    ...(role === undefined ? {} : { role: accessValue(installation, role) }),
    resources: resources.map((each) => accessValue(installation, each)),
    ...(condition === undefined ? {} : { condition: accessStructure(installation, condition) }),
  }));
  return {
    identity: key,
    service: service?.name ?? 'other',
    verb: verb ?? 'as composed',
    resource: resource === undefined ? rights.length === 1 && rights[0].resources.length === 1 ? held[0].resources[0] : '*' : accessValue(installation, resource),
    rights: held,
    kinds: service === undefined ? 'unknown' : sorted(kindsUsing({ at: installation, version, controllers: [...controllers, FLUX_OPERATOR] }, identity, given)),
    ...(broad === undefined ? {} : { broad }),
    ...(grant.ownerStatements === undefined ? {} : { owner: 'must agree' as const }),
  };
}

function by<T>(text: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => byText(text(a), text(b));
}
