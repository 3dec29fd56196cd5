import { Kube, KubeError } from './kube';
import { KubernetesObject } from '../conformance/kustomize';

/** All controllers that Flux 2.9 can have. */
export const ALL_CONTROLLERS = [
  'source-controller', 'kustomize-controller', 'helm-controller', 'notification-controller', 'image-reflector-controller', 'image-automation-controller', 'source-watcher',
];
const NAMESPACE = 'flux-system';

export const deployment = (name: string): KubernetesObject => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: NAMESPACE } });

/** What the pods of each controller are to be. */
export async function templatesIn(kube: Kube): Promise<{ readonly [controller: string]: any }> {
  const deployments = await Promise.all(ALL_CONTROLLERS.map((name) => kube.get(deployment(name))));
  return Object.fromEntries(deployments.map(({ metadata, spec }) => [metadata.name, spec.template]));
}

/** The controllers whose pods restart between the two. */
export function restarted(before: { readonly [controller: string]: any }, now: { readonly [controller: string]: any }): string[] {
  return ALL_CONTROLLERS.filter((name) => JSON.stringify(now[name]) !== JSON.stringify(before[name]));
}

/** Stands in for whatever makes Deployments ready. */
export async function makeReady(kube: Kube): Promise<void> {
  const { items } = await kube.call('GET', `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`);
  await Promise.all(items.map(async ({ metadata, spec: { replicas } }: any) => {
    const conditions = [
      { type: 'Available', status: 'True', reason: 'Live', message: '' },
      { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message: '' },
    ];
    const numbers = Object.fromEntries(['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas'].map((name) => [name, replicas]));
    const status = { observedGeneration: metadata.generation, ...numbers, conditions };
    const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${metadata.name}/status`;
    await kube.call('PATCH', path, { status }, 'application/merge-patch+json').catch((error) => {
      // It is gone, or another already.
      if (!(error instanceof KubeError)) throw error;
    });
  }));
}
