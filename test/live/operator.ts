import { parse } from 'yaml';
import { KubernetesObject } from '../conformance/kustomize';

const NAME = 'flux-operator';

/**
 * Stands in for the chart of the Flux Operator, which is published in no way that is open here: account, rights and Deployment, with
 * what the chart makes of our values (docs/flux/flux-operator.md).
 */
export function operatorObjects(values: string): KubernetesObject[] {
  const given = { extraEnvs: [], extraVolumes: [], extraVolumeMounts: [], multitenancy: {}, ...parse(values) };
  const { commonAnnotations: annotations, commonLabels: labels, multitenancy } = given;
  const { extraEnvs: env, extraVolumes: volumes, extraVolumeMounts: volumeMounts } = given;
  const metadata = { name: NAME, namespace: 'flux-system', annotations, labels };
  // The operator takes part in elections unless it is told otherwise, and opens a web interface.
  const args = [
    '--enable-leader-election=false', '--web-server-port=0', '--log-encoding=json',
    ...multitenancy.enabled ? [`--default-service-account=${multitenancy.defaultServiceAccount}`] : [],
    ...multitenancy.enabledForWorkloadIdentity ? [`--default-workload-identity-service-account=${multitenancy.defaultWorkloadIdentityServiceAccount}`] : [],
  ];
  const containers = [{ name: 'manager', image: NAME, args, env, volumeMounts }];
  const template = { metadata: { annotations, labels: { ...labels, app: NAME } }, spec: { serviceAccountName: NAME, volumes, containers } };
  return [
    roleFor('edit', ['create', 'delete', 'deletecollection', 'patch', 'update']),
    roleFor('view', ['get', 'list', 'watch']),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: { app: NAME } }, template } },
  ];
}

/** Whoever may edit in a namespace may edit these. */
function roleFor(what: 'edit' | 'view', verbs: readonly string[]): KubernetesObject {
  const labels = Object.fromEntries(['admin', 'edit'].map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, 'true']));
  const rules = [{ apiGroups: ['fluxcd.controlplane.io'], resources: ['resourcesets', 'resourcesetinputproviders'], verbs }];
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: `${NAME}-${what}`, labels }, rules };
}
