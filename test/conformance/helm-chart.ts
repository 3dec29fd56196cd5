import { KubernetesObject, objectOf } from './kustomize';

/** The chart that the tables below were read from; see docs/flux/helm-chart.md. */
export const CHART = { name: 'flux2', version: '2.19.0', flux: '2.8.8' };

/** The Deployment that the chart makes of a key, and the account that it runs as. */
const CONTROLLERS: { readonly [key: string]: { readonly deployment: string; readonly account: string } } = {
  sourceController: { deployment: 'source-controller', account: 'source-controller' },
  kustomizeController: { deployment: 'kustomize-controller', account: 'kustomize-controller' },
  helmController: { deployment: 'helm-controller', account: 'helm-controller' },
  notificationController: { deployment: 'notification-controller', account: 'notification-controller' },
  imageReflectionController: { deployment: 'image-reflector-controller', account: 'image-reflector-controller' },
  imageAutomationController: { deployment: 'image-automation-controller', account: 'image-automation-controller' },
  sourceWatcher: { deployment: 'source-watcher', account: 'source-watcher-controller' },
};

type Objects = { readonly deployment: any; readonly account: () => any };

/** What the chart does with a value of a controller: maps join its own, lists follow its own. */
const VALUES: { readonly [path: string]: (objects: Objects, value: any) => void } = {
  'serviceAccount.annotations': ({ account }, value) => join(account().metadata, 'annotations', value),
  'labels': ({ deployment }, value) => join(deployment.spec.template.metadata, 'labels', value),
  'annotations': ({ deployment }, value) => join(deployment.spec.template.metadata, 'annotations', value),
  'extraEnv': ({ deployment }, value) => follow(managerIn(deployment), 'env', value),
  'volumeMounts': ({ deployment }, value) => follow(managerIn(deployment), 'volumeMounts', value),
  'volumes': ({ deployment }, value) => follow(deployment.spec.template.spec, 'volumes', value),
  'container.additionalArgs': ({ deployment }, value) => follow(managerIn(deployment), 'args', value),
};

/** What the chart makes of our values, on objects that Flux publishes. A value that it does not read is an error. */
export function chartBuild(objects: readonly KubernetesObject[], values: object): KubernetesObject[] {
  const built: KubernetesObject[] = JSON.parse(JSON.stringify(objects));
  for (const [key, value] of Object.entries(values)) {
    if (CONTROLLERS[key] === undefined) throw new Error(`the chart does not read ${key}`);
    const { deployment, account } = CONTROLLERS[key];
    const of: Objects = { deployment: objectOf(built, 'Deployment', deployment), account: () => objectOf(built, 'ServiceAccount', account) };
    for (const [path, content] of leaves(value, '')) {
      if (VALUES[path] === undefined) throw new Error(`the chart does not read ${key}.${path}`);
      VALUES[path](of, content);
    }
  }
  return built;
}

function leaves(value: any, path: string): Array<[string, any]> {
  if (VALUES[path] !== undefined || value === null || typeof value !== 'object' || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, path === '' ? name : `${path}.${name}`));
}

function managerIn(deployment: any): any {
  return deployment.spec.template.spec.containers[0];
}

function join(into: any, field: string, values: any): void {
  // Kubernetes refuses a map whose values are not text.
  const wrong = Object.entries(values).find(([, value]) => typeof value !== 'string');
  if (wrong !== undefined) throw new Error(`${field} ${wrong[0]} is not text: ${wrong[1]}`);
  into[field] = { ...into[field], ...values };
}

function follow(into: any, field: string, values: any): void {
  if (!Array.isArray(values)) throw new Error(`${field} is not a list: ${JSON.stringify(values)}`);
  into[field] = [...into[field], ...values];
}
