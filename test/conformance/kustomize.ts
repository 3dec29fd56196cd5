import { isDeepStrictEqual } from 'util';
import { parse, parseAllDocuments } from 'yaml';
import { bootstrapped, fixture, kustomize } from './installation';
import { FluxVersion } from '../../lib/core/flux-version';

/** Builds our `kustomization.yaml` over an installation, as Flux does with its bootstrap repository. */
export function kustomizeBuild(kustomization: string, version: FluxVersion): KubernetesObject[] {
  return parseObjects(kustomize({ ...bootstrapped(version), 'kustomization.yaml': kustomization }));
}

/** The same where the user lists a shard beside our resources. */
export function kustomizeBuildSharded(kustomization: string, version: FluxVersion): KubernetesObject[] {
  const { resources, ...rest } = parse(kustomization);
  const files = bootstrapped(version);
  return parseObjects(kustomize({
    ...files,
    'shard1/kustomization.yaml': fixture('shard1/kustomization.yaml'),
    'shard1/gotk-components.yaml': files['gotk-components.yaml'],
    'kustomization.yaml': { resources: [...resources, 'shard1'], ...rest },
  }));
}

/** The objects of an installation, untouched. */
export function installedObjects(version: FluxVersion): KubernetesObject[] {
  return Object.values(bootstrapped(version)).flatMap(parseObjects);
}

/** A Kubernetes object, whatever its kind. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: { readonly [name: string]: string };
    readonly labels?: { readonly [name: string]: string };
  };
  readonly [field: string]: any;
}

/** The documents of a YAML stream, read as Kubernetes reads them (YAML 1.1 scalars). */
export function parseObjects(yaml: string): KubernetesObject[] {
  return parseAllDocuments(yaml, { version: '1.1' }).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  }).filter((object) => object !== null);
}

/** The object of that kind and name; an error if there is not exactly one. */
export function objectOf(objects: readonly KubernetesObject[], kind: string, name: string, namespace?: string): KubernetesObject {
  const found = objects.filter(({ kind: of, metadata }) =>
    of === kind && metadata.name === name && (namespace ?? metadata.namespace) === metadata.namespace);
  if (found.length !== 1) throw new Error(`${found.length} objects ${kind} ${name}`);
  return found[0];
}

/**
 * What a build did to its objects: the new value at each path that changed (null where it is gone: Jest takes undefined for
 * nothing), `<kind> <name>` first. Lists of named things go by name, and by mount path: kustomize puts what it adds in front.
 */
export function changesOf(before: readonly KubernetesObject[], after: readonly KubernetesObject[]): { [path: string]: unknown } {
  const found: { [path: string]: unknown } = {};
  const compare = (old: any, now: any, path: string) => {
    if (isDeepStrictEqual(old, now)) return;
    const [left, right] = [fieldsOf(old), fieldsOf(now)];
    if (left === undefined || right === undefined) found[path] = now ?? null;
    else for (const key of new Set([...left.keys(), ...right.keys()])) compare(left.get(key), right.get(key), path === '' ? key : `${path} ${key}`);
  };
  compare(byName(before), byName(after), '');
  return found;
}

function byName(objects: readonly KubernetesObject[]): object {
  const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  if (new Set(names).size < names.length) throw new Error(`an object twice among ${names.join(', ')}`);
  return Object.fromEntries(names.map((name, index) => [name, objects[index]]));
}

function fieldsOf(value: any): Map<string, unknown> | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const keys = value.map((item) => item?.mountPath ?? item?.name);
  if (keys.includes(undefined)) return undefined;
  if (new Set(keys).size < keys.length) throw new Error(`a name twice: the API server refuses ${JSON.stringify(value)}`);
  return new Map(keys.map((key, index) => [key, value[index]]));
}

/** The one container of a controller. */
export function managerOf(objects: readonly KubernetesObject[], controller: string): any {
  const { containers } = objectOf(objects, 'Deployment', controller).spec.template.spec;
  if (containers.length !== 1 || containers[0].name !== 'manager') throw new Error(`${controller} has the containers ${containers.map(({ name }: any) => name).join(', ')}`);
  return containers[0];
}
