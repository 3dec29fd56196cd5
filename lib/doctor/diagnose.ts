import type { Finding } from './finding';
import { judgeAccount, judgeSettings } from './layers/accounts';
import { judgeAws, judgeAwsPermission } from './layers/aws';
import { judgeAzure, judgeAzurePermission } from './layers/azure';
import { judgeController, judgeVersion } from './layers/controllers';
import { judgeGate } from './layers/gates';
import { judgeGcp, judgeGcpPermission } from './layers/gcp';
import { judgeIssuer, judgeKeys } from './layers/issuer';
import { judgeNodes } from './layers/nodes';
import { judgeObjects } from './layers/objects';
import { judgeOverrides } from './layers/overrides';
import { judgeOwner } from './layers/owner';
import { judgePod } from './layers/pods';
import { judgeTokenRight } from './layers/token-right';
import { Given, Judge, Patient, patientsOf, Refusal } from './patient';

const CLOUD: { readonly [cloud: string]: Judge } = { aws: judgeAws, azure: judgeAzure, gcp: judgeGcp };
const PERMISSION: { readonly [cloud: string]: (given: Given, patient: Pick<Patient, 'identity' | 'grants'>) => Refusal | undefined } = {
  aws: judgeAwsPermission, azure: judgeAzurePermission, gcp: judgeGcpPermission,
};

/** The layers of an account, in the order in which a request of Flux passes them. */
const LAYERS: readonly Judge[] = [
  judgeVersion, judgeController, judgeAccount, judgeSettings, judgeOverrides, judgePod, judgeGate, judgeTokenRight, judgeNodes, judgeIssuer,
  judgeKeys,
  (given, patient) => CLOUD[patient.identity.cloud]?.(given, patient),
  (given, patient) => PERMISSION[patient.identity.cloud]?.(given, patient),
  judgeOwner,
];

/** What refuses Flux. Of each account the first layer counts, what comes behind it may follow from it; one cause is one finding. */
export function diagnose(given: Given): Finding[] {
  const patients = patientsOf(given.model);
  const stranger = otherCluster(given, patients);
  if (stranger !== undefined) return [stranger];
  const found = patients.flatMap((patient) => first(LAYERS, (layer) => layer(given, patient)).map((refusal) => [patient.who, refusal] as const));
  const secrets = given.model.identities.filter(({ subjects }) => subjects.every((subject) => 'secret' in subject)).flatMap((identity) => {
    const grants = given.model.grants.filter((grant) => grant.identity === identity.key);
    const judges = [PERMISSION[identity.cloud], ...identity.cloud === 'azure' ? [judgeAzure] : []];
    return first(judges, (judge) => judge?.(given, { identity, grants, trusts: [] } as any)).map((refusal) => [identity.key, refusal] as const);
  });
  return [...judgeObjects(given, patients), ...merged([...found, ...secrets]), ...unknownStates(given)];
}

function first<T, R>(values: readonly T[], judge: (value: T) => R | undefined): R[] {
  for (const value of values) {
    const found = judge(value);
    if (found !== undefined) return [found];
  }
  return [];
}

/** One cause is one finding: whoever has the same is named in it. */
function merged(all: readonly (readonly [string, Refusal])[]): Finding[] {
  const findings = new Map<string, Finding>();
  for (const [who, { cannotTell, ...refusal }] of all) {
    const key = JSON.stringify([cannotTell, refusal.layer, refusal.saw]);
    const before = findings.get(key);
    const expected = [...new Set([before?.expected, refusal.expected].flatMap((text) => text === undefined ? [] : text.split('\n')))];
    findings.set(key, {
      verdict: cannotTell ? 'cannot tell' : 'refused',
      ...before ?? refusal,
      of: [...new Set([...before?.of ?? [], who])],
      ...(expected.length === 0 ? {} : { expected: expected.join('\n') }),
    });
  }
  return [...findings.values()];
}

/** A dump whose accounts all say something else is that of another cluster. */
function otherCluster({ cluster, states, model }: Given, patients: readonly Patient[]): Finding | undefined {
  const annotated = patients.flatMap(({ namespace, name, settings }) => Object.entries(settings.annotations ?? {}).flatMap(([annotation, value]) => {
    const saw = cluster.find('ServiceAccount', namespace, name)?.metadata.annotations?.[annotation];
    const wanted = states.text(value);
    return saw === undefined || wanted === undefined ? [] : [saw === wanted];
  }));
  const fix = 'pass the dump and the state of the cluster of this access report: see `doctor commands`';
  if (annotated.length > 1 && !annotated.includes(true)) {
    return { verdict: 'cannot tell', layer: 'account', of: [], saw: `every account of ${model.installation} says another identity: the dump or a state is another cluster's`, fix };
  }
  const none = patients.length > 0 && cluster.knows('ServiceAccount') && cluster.all('ServiceAccount').every(({ metadata }) => metadata.namespace !== model.flux.namespace);
  if (!none || patients.every(({ level }) => level === 'object')) return undefined;
  return { verdict: 'cannot tell', layer: 'account', of: [], saw: `the dump holds no account of namespace ${model.flux.namespace}, which Flux is in`, fix };
}

/** What could not be told for want of a state: one finding for each stack. */
function unknownStates({ states }: Given): Finding[] {
  const missing = [...states.missing].map(([stack, addresses]): Finding => {
    const known = states.has(stack);
    return {
      verdict: 'cannot tell',
      layer: [...addresses].every((address) => /openid_connect_provider|workload_identity_pool/.test(address)) ? 'trust anchor' : 'identity',
      of: [...addresses].sort(),
      saw: known ? `the state of stack ${stack} does not have them` : `there is no state of stack ${stack}`,
      fix: known ? `apply stack ${stack}, then write its state again: terraform show -json` : `pass it: --state ${stack}=FILE, of terraform show -json in its directory`,
    };
  });
  const ambiguous = [...states.ambiguous].sort();
  if (ambiguous.length === 0) return missing;
  return [...missing, {
    verdict: 'cannot tell', layer: 'identity', of: ambiguous, saw: 'several states have them, with other values', fix: 'name the states: --state STACK=FILE for each',
  }];
}
