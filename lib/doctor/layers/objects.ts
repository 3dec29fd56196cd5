import { flagsOf } from './gates';
import { decideAws } from '../../access/aws-decision';
import { hostMatches, hostOf } from '../../core/shared/flux/hosts';
import { KINDS } from '../../core/shared/flux/kinds';
import { FluxObject, FluxObjectUse } from '../../core/shared/flux/object-uses';
import { ecrResource, isOfResource } from '../addresses';
import { managerOf } from '../cluster';
import type { Finding } from '../finding';
import { fluxObjects, Given, Patient, servicesOf, shownList } from '../patient';

const CLOUDS = ['aws', 'azure', 'gcp'];
const page = (anchor: string) => `docs/troubleshooting.md#${anchor}`;

/** What is wrong with the Flux objects themselves. Those that are ready are right, whatever they look like. */
export function judgeObjects(given: Given, patients: readonly Patient[]): Finding[] {
  return fluxObjects(given.cluster).filter(({ ready }) => !ready).flatMap((object): Finding[] => {
    const found = object.problem === undefined ? forgotten(given, object) ?? firstOf(object.uses, (use) => used(given, patients, object, use)) : {
      saw: object.problem, fix: 'set `type: oci`',
    };
    return found === undefined ? [] : [{ verdict: 'refused', layer: 'flux object', of: [object.name], ...found }];
  });
}

type Found = Pick<Finding, 'saw' | 'fix'> & Partial<Finding>;

function firstOf<T>(values: readonly T[], judge: (value: T) => Found | undefined): Found | undefined {
  for (const value of values) {
    const found = judge(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** No provider, and an address that the installation is granted: what others host stays without. */
function forgotten(given: Given, { without, name }: FluxObject): Found | undefined {
  const host = without?.url === undefined ? undefined : hostOf(without.url);
  if (host === undefined || host.includes('${')) return undefined;
  const grant = given.model.grants.find(({ service, resource, identity }) => {
    const cloud = given.model.identities.find(({ key }) => key === identity)?.cloud ?? '';
    const row = servicesOf(cloud).find((each) => each.name === service);
    return row?.hosts?.some((pattern) => hostMatches(pattern, host)) && isOfResource(without!.url!, given.states.text(resource), service);
  });
  if (grant === undefined) return undefined;
  const cloud = given.model.identities.find(({ key }) => key === grant.identity)!.cloud;
  return {
    saw: `${name.split(' ')[0]} names no provider, and asks ${host}`,
    expected: `provider: ${cloud}`,
    says: '401 Unauthorized, or authentication required',
    fix: `set spec.provider: ${cloud}`,
    page: page('401-of-a-registry-no-basic-auth-credentials-not-authorized'),
  };
}

function used(given: Given, patients: readonly Patient[], object: FluxObject, use: FluxObjectUse): Found | undefined {
  if ([use.account, use.url, use.secret].some((text) => text?.includes('${'))) return undefined;
  const { kind } = KINDS[use.kind];
  if (use.secret !== undefined) {
    return KINDS[use.kind].secret !== undefined || use.cloud === undefined ? undefined : {
      saw: `${kind} names Secret "${use.secret}" beside its provider`,
      expected: 'one of them',
      says: 'the credentials of the Secret are refused',
      fix: 'remove spec.secretRef',
    };
  }
  return otherHost(use) ?? otherAccount(given, patients, object, use) ?? notGranted(given, patients, object, use);
}

/** An address that only another cloud has. */
function otherHost({ cloud, url }: FluxObjectUse): Found | undefined {
  const host = url === undefined ? undefined : hostOf(url);
  if (host === undefined || cloud === undefined) return undefined;
  const has = (of: string) => servicesOf(of).some(({ hosts = [] }) => hosts.some((pattern) => hostMatches(pattern, host)));
  const other = has(cloud) ? undefined : CLOUDS.find((each) => each !== cloud && has(each));
  return other === undefined ? undefined : {
    saw: `provider: ${cloud}, and the address is ${host}`,
    expected: `provider: ${other}`,
    says: `invalid ${cloud} registry: '${host}'`,
    fix: `set spec.provider: ${other}`,
    page: page('invalid-registry-or-git-address-must-match'),
  };
}

function otherAccount(given: Given, patients: readonly Patient[], { namespace }: FluxObject, use: FluxObjectUse): Found | undefined {
  const account = accountOf(given, namespace, use);
  const inCloud = patients.filter(({ identity }) => use.cloud === undefined || identity.cloud === use.cloud);
  if (account === undefined || inCloud.some((patient) => patient.account === account)) return undefined;
  // Of accounts that this report knows nothing of, others may take care; by the nodes or by what is not of the library, too.
  if (given.model.identities.some(({ credential, cloud }) => ['node', 'unknown'].includes(credential) && (use.cloud === undefined || cloud === use.cloud))) return undefined;
  const near = inCloud.filter((patient) => patient.level === 'object' && patient.namespace === namespace).map(({ name }) => name);
  const isOurs = near.length > 0 || (inCloud.length > 0 && use.account === undefined && account.startsWith(`${given.model.flux.namespace}/`));
  if (!isOurs || KINDS[use.kind].objectLevel === undefined || use.cloud === undefined) return undefined;
  // Nodes that are not in the report may have the right.
  const unsure = near.length === 0 ? { verdict: 'cannot tell' as const } : {};
  const field = use.kind === 'Kustomization' ? 'spec.decryption.serviceAccountName' : 'spec.serviceAccountName';
  return {
    ...unsure,
    saw: `it acts as ${account}, which no identity in ${use.cloud} is for`,
    expected: near.length > 0 ? `${field}: ${shownList(near)}` : `an identity of ${account}`,
    says: 'no credentials are found, or AccessDenied',
    fix: near.length > 0 ? `set ${field}` : `name an account that has an identity: ${shownList(inCloud.map((each) => each.account))}`,
  };
}

/** Whom an object acts as: what it names, the default account of the lockdown, or its controller. */
function accountOf({ cluster, model }: Given, namespace: string, { kind, account }: FluxObjectUse): string | undefined {
  const [controller] = KINDS[kind].controllers as readonly string[];
  const levels = KINDS[kind].objectLevel !== undefined;
  if (account !== undefined && levels) return `${namespace}/${account}`;
  const container = managerOf(cluster.find('Deployment', model.flux.namespace, controller)?.spec?.template?.spec, controller);
  const flag = kind === 'Kustomization' ? 'default-decryption-service-account' : 'default-service-account';
  const [byDefault] = levels ? flagsOf(container, flag).slice(-1) : [];
  return byDefault === undefined ? `${model.flux.namespace}/${controller}` : `${namespace}/${byDefault}`;
}

/** A repository of Amazon ECR that the account is not granted: there the address says all. */
function notGranted(given: Given, patients: readonly Patient[], { namespace }: FluxObject, use: FluxObjectUse): Found | undefined {
  const resource = ecrResource(use.url ?? '');
  const patient = patients.find((each) => each.account === accountOf(given, namespace, use) && each.identity.cloud === 'aws');
  if (resource === undefined || patient === undefined || patient.grants.length === 0) return undefined;
  const rights = patient.grants.flatMap((grant) => grant.rights);
  if (rights.some(({ actions }) => actions === undefined)) return undefined;
  const statements = rights.map(({ actions = [], resources }) => ({ actions, resources: resources.map((each) => given.states.text(each) ?? '${unknown}') }));
  if (decideAws(statements, { action: 'ecr:BatchGetImage', resource }).allowed !== false) return undefined;
  return {
    layer: 'permission',
    saw: `${patient.who} is granted ${shownList(patient.grants.map((grant) => given.states.text(grant.resource) ?? '?'))}`,
    expected: `${resource}, which the object asks`,
    says: `is not authorized to perform: ecr:BatchGetImage on resource: ${resource}`,
    fix: 'grant it, or correct the address',
    page: page('no-identity-based-policy-allows-the-action'),
  };
}
