import { scopesOf } from './azure';
import { actsAs } from './controllers';
import { flagsOf } from './gates';
import { holdsOn } from './gcp';
import { judgeRemote } from './remote';
import { decideAws } from '../../access/aws-decision';
import { FluxController } from '../../core/flux-controller';
import { FluxCloud } from '../../core/flux-identity';
import { FluxKind } from '../../core/flux-kind';
import { hostMatches, hostOf } from '../../core/shared/flux/hosts';
import { KINDS } from '../../core/shared/flux/kinds';
import { FluxObject, FluxObjectUse } from '../../core/shared/flux/object-uses';
import { CredentialKind } from '../../core/shared/flux/service';
import { acrName, ecrResource, garResource, isOfResource } from '../addresses';
import { managerIn } from '../cluster';
import type { Finding } from '../finding';
import { listOf } from '../json';
import { fluxObjects, Given, isByNode, Patient, servicesOf, shownList } from '../patient';

const CLOUDS = ['aws', 'azure', 'gcp'];
const page = (anchor: string) => `docs/troubleshooting.md#${anchor}`;

/** What is wrong with the Flux objects themselves. Those that are ready are right, whatever they look like; one cause is one finding. */
export function judgeObjects(given: Given, patients: readonly Patient[]): Finding[] {
  const findings = new Map<string, Finding>();
  for (const object of fluxObjects(given.cluster).filter(({ ready }) => !ready)) {
    const found = object.problem === undefined ? wrongIn(given, patients, object) : { saw: object.problem, fix: 'set `type: oci`' };
    if (found === undefined) continue;
    const key = JSON.stringify(found);
    findings.set(key, { verdict: 'refused', layer: 'flux object', ...found, of: [...findings.get(key)?.of ?? [], object.name] });
  }
  return [...findings.values()];
}

function wrongIn(given: Given, patients: readonly Patient[], object: FluxObject): Found | undefined {
  return forgotten(given, object) ?? judgeRemote(given, patients, object) ?? firstOf(object.uses, (use) => used(given, patients, object, use));
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
    return row?.hosts?.some((pattern) => hostMatches(pattern, host)) && isOfResource(without!, given.states.text(resource), service);
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
  return otherHost(use) ?? noRegion(given, object, use) ?? pullSecrets(given, object, use) ?? otherAccount(given, patients, object, use)
    ?? notGranted(given, patients, object, use);
}

const REGISTRIES: readonly FluxKind[] = [FluxKind.OCI_REPOSITORY, FluxKind.HELM_REPOSITORY, FluxKind.IMAGE_REPOSITORY];
/** Clouds whose registries Flux knows by their hosts; those of Azure may have others, in private clouds. */
const KNOWN_REGISTRIES: readonly string[] = [FluxCloud.AWS, FluxCloud.GCP];

/** A Bucket of S3 of an account of its own: the account says no region, and Flux takes none from the controller. */
function noRegion(given: Given, { namespace }: FluxObject, use: FluxObjectUse): Found | undefined {
  const account = accountOf(given, namespace, use);
  const isOfS3 = use.kind === FluxKind.BUCKET && use.cloud === FluxCloud.AWS;
  if (!isOfS3 || use.region !== undefined || account === controllerOf(given, use)) return undefined;
  return {
    saw: `it names no region, and acts as ${account}`,
    expected: 'spec.region: that of the bucket',
    says: 'an AWS region is required for authenticating with a service account',
    fix: 'set spec.region',
    page: page('an-aws-region-is-required-for-authenticating-with-a-service-account'),
  };
}

/** An OCIRepository takes the pull secrets of the account that it names, and then asks no cloud. */
function pullSecrets({ cluster }: Given, { namespace }: FluxObject, { kind, account }: FluxObjectUse): Found | undefined {
  const named = kind === FluxKind.OCI_REPOSITORY && account !== undefined ? cluster.find('ServiceAccount', namespace, account) : undefined;
  const secrets = listOf(named?.imagePullSecrets).map(({ name }) => String(name));
  return secrets.length === 0 ? undefined : {
    layer: 'account',
    saw: `imagePullSecrets of ServiceAccount ${namespace}/${account}: ${shownList(secrets)}; Flux logs in with those, and asks no cloud`,
    expected: 'none',
    says: '401 or 403 of the registry',
    fix: 'remove imagePullSecrets of the account, and keep what puts them there away from it; pods get them from an account of their own',
    page: page('401-of-a-registry-no-basic-auth-credentials-not-authorized'),
  };
}

/** An address that only another cloud has. */
function otherHost({ kind, cloud, url }: FluxObjectUse): Found | undefined {
  const host = url === undefined ? undefined : hostOf(url);
  if (host === undefined || cloud === undefined) return undefined;
  const has = (of: string) => servicesOf(of).some(({ hosts = [] }) => hosts.some((pattern) => hostMatches(pattern, host)));
  if (has(cloud)) return undefined;
  const other = CLOUDS.find((each) => each !== cloud && has(each));
  if (other === undefined && !(REGISTRIES.includes(kind) && KNOWN_REGISTRIES.includes(cloud))) return undefined;
  return {
    saw: `provider: ${cloud}, and the address is ${host}`,
    expected: other === undefined ? 'no provider, or an address of its cloud' : `provider: ${other}`,
    says: `invalid ${cloud} registry: '${host}'`,
    fix: other === undefined ? 'remove spec.provider, or correct the address' : `set spec.provider: ${other}`,
    page: page('invalid-registry-or-git-address-must-match'),
  };
}

function otherAccount(given: Given, patients: readonly Patient[], { namespace }: FluxObject, use: FluxObjectUse): Found | undefined {
  const account = accountOf(given, namespace, use);
  const inCloud = patients.filter(({ identity }) => use.cloud === undefined || identity.cloud === use.cloud);
  if (inCloud.some((patient) => patient.account === account)) return undefined;
  const byNodes = given.model.identities.some(({ credential, cloud }) => credential === CredentialKind.NODE && cloud === use.cloud);
  if (use.account !== undefined && byNodes) return notTheNodes(given, use, account);
  // Of accounts that this report knows nothing of, others may take care; by the nodes or by what is not of the library, too.
  if (given.model.identities.some(({ credential, cloud }) => ['node', 'unknown'].includes(credential) && (use.cloud === undefined || cloud === use.cloud))) return undefined;
  const mayUse = ({ grants }: Patient) => use.cloud !== undefined || grants.some(({ kinds }) => kinds.includes(use.kind));
  const near = inCloud.filter((patient) => patient.level === 'object' && patient.namespace === namespace && mayUse(patient)).map(({ name }) => name);
  const isOurs = near.length > 0 || (inCloud.length > 0 && use.account === undefined && account.startsWith(`${given.model.flux.namespace}/`));
  if (!isOurs || KINDS[use.kind].objectLevel === undefined) return undefined;
  // Which cloud a decryption asks it does not say: where nobody here may decrypt as its account, and the controller has no key of its own.
  if (use.cloud === undefined && (near.length === 0 || use.account !== undefined || hasAgeKey(given))) return undefined;
  // Nodes that are not in the report may have the right.
  const unsure = near.length === 0 ? { verdict: 'cannot tell' as const } : {};
  const field = use.kind === 'Kustomization' ? 'spec.decryption.serviceAccountName' : 'spec.serviceAccountName';
  return {
    ...unsure,
    saw: `it acts as ${account}, which no identity${use.cloud === undefined ? '' : ` in ${use.cloud}`} is for`,
    expected: near.length > 0 ? `${field}: ${shownList(near)}` : `an identity of ${account}`,
    says: 'no credentials are found, or AccessDenied',
    fix: near.length > 0 ? `set ${field}${use.account === undefined ? ', or deliver the default account of the lockdown as it is rendered now' : ''}` : `name an account that has an identity: ${shownList(inCloud.map((each) => each.account))}`,
  };
}

/** Annotations that give an account an identity, without which an object that names it fails; on GKE none is needed. */
const ANNOTATIONS: { readonly [cloud: string]: string } = { [FluxCloud.AWS]: 'eks.amazonaws.com/role-arn', [FluxCloud.AZURE]: 'azure.workload.identity/client-id' };

/** An object that names an account is not the node that its controller runs on. */
function notTheNodes({ cluster }: Given, { account: name, cloud }: FluxObjectUse, account: string): Found | undefined {
  const found = cluster.find('ServiceAccount', account.split('/')[0], name!);
  const annotation = ANNOTATIONS[cloud!];
  // Somebody else's identity, of another report.
  if (annotation !== undefined && found?.metadata.annotations?.[annotation] !== undefined) return undefined;
  return {
    ...annotation === undefined ? { verdict: 'cannot tell' as const } : {},
    saw: `it acts as ${account}, which no identity in ${cloud} is for, and not as the nodes`,
    expected: 'no spec.serviceAccountName: then the nodes act',
    says: annotation === undefined ? 'Permission denied on resource (or it may not exist)' : `invalid ${annotation} annotation, or it is not set`,
    fix: 'remove spec.serviceAccountName, or give the account an identity',
  };
}

/** A key of the controller's own, which decrypts for every Kustomization. */
function hasAgeKey({ cluster, model }: Given): boolean {
  return flagsOf(managerIn(cluster, model.flux.namespace, FluxController.KUSTOMIZE), 'sops-age-secret').length > 0;
}

/** Whom an object acts as: kinds without object level know their controller alone. */
function accountOf(given: Given, namespace: string, use: FluxObjectUse): string {
  if (KINDS[use.kind].objectLevel === undefined) return controllerOf(given, use);
  const flag = use.kind === 'Kustomization' ? 'default-decryption-service-account' : 'default-service-account';
  return actsAs(given, namespace, use.account, controllerName(use), flag);
}

function controllerOf({ model }: Given, use: FluxObjectUse): string {
  return `${model.flux.namespace}/${controllerName(use)}`;
}

function controllerName({ kind }: FluxObjectUse): string {
  return (KINDS[kind].controllers as readonly string[])[0];
}

/** A registry, or a repository of one, that whoever acts is not granted: there the address says all. */
function notGranted(given: Given, patients: readonly Patient[], { namespace }: FluxObject, use: FluxObjectUse): Found | undefined {
  // A HelmRepository names what its charts stand below.
  const asked = use.cloud === undefined || use.kind === FluxKind.HELM_REPOSITORY ? undefined : ASKED[use.cloud](use.url ?? '');
  const account = accountOf(given, namespace, use);
  const patient = patients.find((each) => each.account === account && each.identity.cloud === use.cloud);
  if (asked === undefined || patient === undefined || isGranted(given, patient, asked)) return undefined;
  const neighbours = use.account !== undefined || KINDS[use.kind].objectLevel === undefined ? [] : patients
    .filter((each) => each.level === 'object' && each.namespace === namespace && each.identity.cloud === use.cloud && isGranted(given, each, asked));
  if (neighbours.length > 0) {
    const names = shownList(neighbours.map(({ name }) => name));
    return {
      saw: `it acts as ${patient.who}, which is not granted ${asked}`,
      expected: `spec.serviceAccountName: ${names}`,
      says: 'AccessDenied',
      fix: `set spec.serviceAccountName: ${names}`,
    };
  }
  // What nodes may do besides, and what roles are held above the resource, is in no report.
  const isAll = use.cloud === FluxCloud.AWS && !isByNode(patient);
  return {
    ...isAll ? {} : { verdict: 'cannot tell' as const },
    layer: 'permission',
    saw: `${patient.who} is granted ${shownList(patient.grants.map((grant) => given.states.text(grant.resource) ?? '?'))}`,
    expected: `${asked}, which the object asks`,
    says: use.cloud === FluxCloud.AWS ? `is not authorized to perform: ecr:BatchGetImage on resource: ${asked}` : 'denied, or Permission denied on resource (or it may not exist)',
    fix: 'grant it, or correct the address',
    page: page(use.cloud === FluxCloud.AWS ? 'no-identity-based-policy-allows-the-action' : use.cloud === FluxCloud.GCP ? 'permission-denied-on-resource-google' : 'does-not-have-authorization-to-perform-action-over-scope'),
  };
}

/** What an address of a registry comes to in the words of its cloud; nothing of other addresses. */
const ASKED: { readonly [cloud in FluxCloud]: (url: string) => string | undefined } = {
  [FluxCloud.AWS]: ecrResource,
  [FluxCloud.AZURE]: acrName,
  [FluxCloud.GCP]: garResource,
};

/** Whether it may be that somebody has what an address asks: where it is not known, too. */
function isGranted(given: Given, patient: Patient, asked: string): boolean {
  const rights = patient.grants.flatMap((grant) => grant.rights);
  const resources = rights.flatMap((right) => right.resources.map((each) => given.states.text(each)));
  if (rights.length === 0) return true;
  switch (patient.identity.cloud) {
    case FluxCloud.AWS: {
      if (rights.some(({ actions }) => actions === undefined)) return true;
      const statements = rights.map(({ actions = [], resources: of }) => ({ actions, resources: of.map((each) => given.states.text(each) ?? '${unknown}') }));
      return decideAws(statements, { action: 'ecr:BatchGetImage', resource: asked }).allowed !== false;
    }
    // Of a resource group nobody can say here which registries are in it.
    case FluxCloud.AZURE: return [...resources, ...scopesOf(given, patient)]
      .some((each) => each === undefined || !each.includes('/providers/') || each.toLowerCase().endsWith(`/registries/${asked}`));
    default: return resources.some((each) => each === undefined || `${asked}/`.startsWith(`${each}/`)) || holdsOn(given, patient, asked);
  }
}
