import { UNKNOWN, variableOf } from './accounts';
import { FluxCloud } from '../../core/flux-identity';
import { KINDS } from '../../core/shared/flux/kinds';
import { livePods, managerOf } from '../cluster';
import { listOf } from '../json';
import { fluxObjects, Given, isByNode, Judge, Patient, Refusal, shownList } from '../patient';

/** Variables that the SDK of a cloud takes before what the cluster gives. */
const FIRST: { readonly [cloud: string]: readonly string[] } = {
  [FluxCloud.AWS]: ['AWS_ACCESS_KEY_ID'],
  [FluxCloud.AZURE]: ['AZURE_CLIENT_SECRET', 'AZURE_CLIENT_CERTIFICATE_PATH'],
  [FluxCloud.GCP]: ['GOOGLE_APPLICATION_CREDENTIALS'],
};
/** What a cluster puts into pods that have an identity of their own: it comes before what their node is. */
export const INJECTED: { readonly [cloud: string]: readonly string[] } = {
  [FluxCloud.AWS]: ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'],
  [FluxCloud.AZURE]: ['AZURE_FEDERATED_TOKEN_FILE'],
};
/** What the webhook of a cluster injects, by the annotation of the account that it reads: it leaves what stands there already. */
const WEBHOOKS: readonly { readonly cluster: string; readonly annotation: string; readonly variable: string; readonly skip: string }[] = [
  { cluster: 'eks', annotation: 'eks.amazonaws.com/role-arn', variable: 'AWS_ROLE_ARN', skip: 'eks.amazonaws.com/skip-containers' },
  { cluster: 'aks', annotation: 'azure.workload.identity/client-id', variable: 'AZURE_CLIENT_ID', skip: 'azure.workload.identity/skip-containers' },
];

/** Whether the Deployment says something that comes before the identity of the account, or keeps it away. */
export const judgeOverrides: Judge = (given, patient) => {
  if (patient.level !== 'controller' || patient.trusts === 'unknown') return undefined;
  const { cluster, model } = given;
  const deployment = cluster.find('Deployment', model.flux.namespace, patient.name);
  const template = deployment?.spec?.template;
  const container = managerOf(template?.spec, patient.name);
  if (container === undefined) return undefined;
  return otherAudience(given, patient) ?? otherValue(given, patient, template, container) ?? otherCredentials(given, patient, container)
    ?? (isByNode(patient) ? notTheNode(given, patient, template, container) : network(given, patient, template.spec));
};

function wrong(saw: string, expected: string, fix: string): Refusal {
  return { layer: 'settings', saw, expected, says: 'no credentials are found, or AccessDenied', fix };
}

/** IRSA mounts tokens of the audience that an annotation asks for. */
function otherAudience({ cluster, model, states }: Given, { account, namespace, name, settings, trusts }: Patient): Refusal | undefined {
  if (model.cluster.kind !== 'eks' || settings.annotations?.['eks.amazonaws.com/role-arn'] === undefined || trusts === 'unknown') return undefined;
  const saw = cluster.find('ServiceAccount', namespace, name)?.metadata.annotations?.['eks.amazonaws.com/audience'];
  const wanted = trusts.flatMap(({ audiences }) => audiences).map((audience) => states.text(audience));
  if (saw === undefined || wanted.length === 0 || wanted.includes(undefined) || wanted.includes(saw)) return undefined;
  return wrong(`eks.amazonaws.com/audience of ServiceAccount ${account}: ${saw}`, shownList(wanted as string[]), 'remove the annotation, and restart the controller');
}

function otherValue({ model, states }: Given, { name, settings }: Patient, template: any, container: any): Refusal | undefined {
  for (const { cluster, annotation, variable, skip } of WEBHOOKS) {
    const value = settings.annotations?.[annotation];
    if (model.cluster.kind !== cluster || value === undefined) continue;
    const skipped = String(template.metadata?.annotations?.[skip] ?? '').split(/[,;]/).map((each) => each.trim());
    if (skipped.includes(container.name)) return wrong(`pod annotation ${skip} of Deployment ${name}: ${skipped.join(', ')}`, 'the webhook acts on the container', 'remove it');
    const [saw, wanted] = [variableOf(container, variable), states.text(value)];
    if (settings.env?.[variable] !== undefined || saw === undefined || saw === UNKNOWN || wanted === undefined || saw === wanted) continue;
    return wrong(`variable ${variable} of Deployment ${name}: ${saw}; the webhook leaves what is there`, `${wanted}, or no such variable`, 'remove the variable from the Deployment');
  }
  return undefined;
}

function otherCredentials(given: Given, patient: Patient, container: any): Refusal | undefined {
  const { identity, account, name } = patient;
  const own = given.model.identities.flatMap(({ settings }) => settings.filter((each) => each.account === account));
  const known = own.flatMap(({ env = {} }) => Object.keys(env));
  const first = [...FIRST[identity.cloud] ?? [], ...identity.credential === 'Pod Identity' ? ['AWS_WEB_IDENTITY_TOKEN_FILE'] : [],
    ...isByNode(patient) ? INJECTED[identity.cloud] ?? [] : []];
  const found = first.find((variable) => !known.includes(variable) && ![undefined, '', UNKNOWN].includes(variableOf(container, variable)));
  if (found === undefined || !fails(given, patient)) return undefined;
  return wrong(`variable ${found} of Deployment ${name}: it comes before the identity of the account`, 'no such variable', 'remove what belongs to it from the Deployment');
}

/** Whether objects of the controller fail in this cloud, and none is ready: then the credentials may be bad, whosever they are. */
export function fails({ cluster }: Given, { identity, name }: Patient): boolean {
  const own = fluxObjects(cluster).filter(({ uses }) => uses.some(({ kind, account, secret, cloud = identity.cloud }) => (
    account === undefined && secret === undefined && cloud === identity.cloud && (KINDS[kind].controllers as readonly string[]).includes(name)
  )));
  return own.length > 0 && !own.some(({ ready }) => ready);
}

/** GKE's metadata server answers for the node where a pod has the network of its node. */
function network({ model }: Given, { identity, name, settings }: Patient, podSpec: any): Refusal | undefined {
  const byMetadata = model.cluster.kind === 'gke' && identity.cloud === FluxCloud.GCP && settings.env?.GOOGLE_APPLICATION_CREDENTIALS === undefined;
  if (!byMetadata || podSpec.hostNetwork !== true || listOf(podSpec.containers).length === 0) return undefined;
  return wrong(`hostNetwork of Deployment ${name}: true; the metadata server gives the identity of the node`, 'false', 'remove hostNetwork');
}

/** What gives a controller an identity of its own, or keeps it from the metadata service: then it is not its node. */
function notTheNode(given: Given, patient: Patient, template: any, container: any): Refusal | undefined {
  const { identity, account, namespace, name } = patient;
  if (!fails(given, patient)) return undefined;
  if (/^true$/i.test(variableOf(container, 'AWS_EC2_METADATA_DISABLED') ?? '') && identity.cloud === FluxCloud.AWS) {
    return wrong(`variable AWS_EC2_METADATA_DISABLED of Deployment ${name}: true; the SDK does not ask what the node is`, 'no such variable', 'remove the variable from the Deployment');
  }
  const variable = injectedInto(given, patient);
  if (variable === undefined) return undefined;
  const cause = {
    AWS_WEB_IDENTITY_TOKEN_FILE: given.cluster.find('ServiceAccount', namespace, name)?.metadata.annotations?.[ROLE] && `annotation ${ROLE} of ServiceAccount ${account}`,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `an EKS Pod Identity association of ${account}`,
    AZURE_FEDERATED_TOKEN_FILE: template.metadata?.labels?.[USE] === 'true' && `pod label ${USE} of Deployment ${name}`,
  }[variable];
  return !cause ? undefined : wrong(
    `${cause}: the pods have ${variable}, which comes before what their node is`, 'the controller is nobody of its own', `remove it, and restart ${name}; or grant to that identity`,
  );
}

const ROLE = 'eks.amazonaws.com/role-arn';
const USE = 'azure.workload.identity/use';

/** A variable that all pods of a controller have, and by which they are somebody of their own. */
export function injectedInto({ cluster, model }: Given, { identity, name }: Patient): string | undefined {
  const pods = livePods(cluster, model.flux.namespace, name).map(({ spec }) => managerOf(spec, name));
  return pods.length === 0 ? undefined : INJECTED[identity.cloud]?.find((variable) => pods.every((container) => ![undefined, ''].includes(variableOf(container, variable))));
}
