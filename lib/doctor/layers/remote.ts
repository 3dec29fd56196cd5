import { actsAs } from './controllers';
import { FluxController } from '../../core/flux-controller';
import { RemoteKind } from '../../core/shared/flux/kinds';
import type { FluxObject } from '../../core/shared/flux/object-uses';
import type { Finding } from '../finding';
import { Given, Patient, shownList } from '../patient';

const REMOTE: readonly string[] = Object.values(RemoteKind);

/** Whether an object finds its remote cluster: the ConfigMap that it names, the cluster in it, and who comes in. */
export function judgeRemote(given: Given, patients: readonly Patient[], object: FluxObject): Pick<Finding, 'layer' | 'saw' | 'expected' | 'says' | 'fix'> | undefined {
  const { remote, namespace } = object;
  if (remote === undefined || remote.includes('${')) return undefined;
  const map = given.cluster.find('ConfigMap', namespace, remote);
  const where = `ConfigMap ${namespace}/${remote}`;
  const fix = 'apply FluxManifests, which has the ConfigMap of each FluxRemoteCluster';
  if (map === undefined) {
    // Of namespaces that nobody asked for, no ConfigMap is in the dump.
    const isAsked = given.cluster.all('ConfigMap').some(({ metadata }) => metadata.namespace === namespace);
    return isAsked ? { layer: 'settings', saw: `no ${where}`, expected: 'the ConfigMap of the remote cluster', says: `ConfigMap "${remote}" not found`, fix } : undefined;
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

/** The remote clusters that an account is granted. */
function clustersOf({ states }: Given, { grants }: Patient): (string | undefined)[] {
  return grants.filter(({ kinds }) => kinds !== 'unknown' && kinds.some((kind) => REMOTE.includes(kind))).map(({ resource }) => states.text(resource));
}

function accountOf(given: Given, { kind, namespace }: FluxObject, named: unknown): string {
  const account = typeof named === 'string' && named !== '' ? named : undefined;
  return actsAs(given, namespace, account, kind === 'HelmRelease' ? FluxController.HELM : FluxController.KUSTOMIZE, 'default-kubeconfig-service-account');
}
