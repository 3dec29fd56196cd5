import { actsAs } from './controllers';
import { FluxController } from '../../core/flux-controller';
import { RemoteKind } from '../../core/shared/flux/kinds';
import type { FluxObject } from '../../core/shared/flux/object-uses';
import { ALWAYS_THERE, configMapsCommand } from '../config-maps';
import type { Finding } from '../finding';
import { Given, Patient, shownList } from '../patient';

type Found = Pick<Finding, 'layer' | 'saw' | 'expected' | 'says' | 'fix'> & Partial<Finding>;

const REMOTE: readonly string[] = Object.values(RemoteKind);

/** Whether an object finds its remote cluster: the ConfigMap that it names, the cluster in it, and who comes in. */
export function judgeRemote(given: Given, patients: readonly Patient[], object: FluxObject): Found | undefined {
  const { remote, namespace } = object;
  if (remote === undefined || remote.includes('${')) return undefined;
  const map = given.cluster.find('ConfigMap', namespace, remote);
  const where = `ConfigMap ${namespace}/${remote}`;
  const fix = 'apply FluxManifests, which has the ConfigMap of each FluxRemoteCluster';
  if (map === undefined) {
    const missing = { layer: 'settings', expected: 'the ConfigMap of the remote cluster', says: `ConfigMap "${remote}" not found` } as const;
    if (isAsked(given, namespace, remote)) return { ...missing, saw: `no ${where}`, fix };
    // Somebody else's, who has no account of the report.
    if (!patients.some((each) => each.namespace === namespace)) return undefined;
    const command = `${configMapsCommand(namespace, [remote])} >> cluster.json`;
    return { ...missing, verdict: 'cannot tell', saw: `the dump does not have ${where}`, fix: `pass it, too: ${command}; where that does not find it, ${fix}` };
  }
  const { provider, cluster, serviceAccountName } = map.data ?? {};
  const inCloud = patients.filter(({ identity }) => identity.cloud === provider);
  const account = accountOf(given, object, serviceAccountName);
  const patient = inCloud.find((each) => each.account === account);
  const granting = (each: Patient) => clustersOf(given, each).some((text) => text?.toLowerCase() === String(cluster).toLowerCase());
  const neighbours = inCloud.filter((each) => each.level === 'object' && each.namespace === namespace);
  if (patient === undefined || (!granting(patient) && serviceAccountName === undefined && neighbours.some(granting))) {
    const near = neighbours.map(({ name }) => name);
    return near.length === 0 ? undefined : {
      layer: 'settings',
      saw: `serviceAccountName of ${where}: ${serviceAccountName ?? 'not there'}, so it acts as ${account}`,
      expected: shownList(near),
      says: 'no credentials are found, or AccessDenied',
      fix,
    };
  }
  const granted = clustersOf(given, patient);
  if (typeof cluster !== 'string' || granted.length === 0 || granted.includes(undefined) || granting(patient)) return undefined;
  return {
    layer: 'settings',
    saw: `cluster of ${where}: ${cluster}`,
    expected: `one that ${patient.who} is granted: ${shownList(granted as string[])}`,
    says: 'AccessDenied, or the cluster is not found',
    fix,
  };
}

/** Whether a ConfigMap would be in the dump if it were there: outside of Flux's namespace they are asked for by name. */
function isAsked({ cluster, model }: Given, namespace: string, name: string): boolean {
  const inDump = cluster.all('ConfigMap').filter(({ metadata }) => metadata.namespace === namespace).map(({ metadata }) => `${namespace}/${metadata.name}`);
  const { remoteClusters = [], flux } = model;
  if (namespace === flux.namespace || remoteClusters.includes(`${namespace}/${name}`)) return inDump.length > 0;
  return inDump.some((each) => !each.endsWith(`/${ALWAYS_THERE}`) && !remoteClusters.includes(each));
}

/** The remote clusters that an account is granted. */
function clustersOf({ states }: Given, { grants }: Patient): (string | undefined)[] {
  return grants.filter(({ kinds }) => kinds !== 'unknown' && kinds.some((kind) => REMOTE.includes(kind))).map(({ resource }) => states.text(resource));
}

function accountOf(given: Given, { kind, namespace }: FluxObject, named: unknown): string {
  const account = typeof named === 'string' && named !== '' ? named : undefined;
  return actsAs(given, namespace, account, kind === 'HelmRelease' ? FluxController.HELM : FluxController.KUSTOMIZE, 'default-kubeconfig-service-account');
}
