import { parse } from 'yaml';
import { KubernetesObject } from '../conformance/kustomize';

const NAME = 'flux-operator';

/**
 * Stands in for the chart of the Flux Operator, which is published in no way that is open here: account, rights and Deployment, with
 * what the chart makes of our values (docs/flux/flux-operator.md).
 */
export function operatorObjects(values: string): KubernetesObject[] {
  const given = { extraEnvs: [], extraVolumes: [], extraVolumeMounts: [], ...parse(values) };
  const { commonAnnotations: annotations, commonLabels: labels, extraEnvs: env, extraVolumes: volumes, extraVolumeMounts: volumeMounts } = given;
  const metadata = { name: NAME, namespace: 'flux-system', annotations, labels };
  // The operator takes part in elections unless it is told otherwise, and opens a web interface.
  const args = ['--enable-leader-election=false', '--web-server-port=0', '--log-encoding=json'];
  const containers = [{ name: 'manager', image: NAME, args, env, volumeMounts }];
  const template = { metadata: { annotations, labels: { ...labels, app: NAME } }, spec: { serviceAccountName: NAME, volumes, containers } };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: { app: NAME } }, template } },
  ];
}
