import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { isDeepStrictEqual } from 'util';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { KUSTOMIZE, run } from './programs';

const FIXTURES = join(__dirname, 'fixtures');

/** An installation of Flux to build on: what `flux bootstrap` puts in its repository. */
export enum Fixture {
  FLUX_2_9 = 'flux-2.9',
  FLUX_2_10 = 'flux-2.10',
}

/** Options of `kustomizeBuild`. */
export interface KustomizeOptions {
  /** Directories of `fixtures/` that the user lists beside our resources, such as `shard1`. */
  readonly besides?: string[];
}

/** Builds our `kustomization.yaml` beside the files of a fixture, as Flux does with its bootstrap repository. */
export function kustomizeBuild(kustomization: string, fixture: Fixture, options: KustomizeOptions = {}): KubernetesObject[] {
  const { besides = [] } = options;
  const directory = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    cpSync(join(FIXTURES, fixture), directory, { recursive: true });
    for (const name of besides) {
      mkdirSync(join(directory, name));
      cpSync(join(FIXTURES, name), join(directory, name), { recursive: true });
    }
    const document = parse(kustomization);
    writeFileSync(join(directory, 'kustomization.yaml'), besides.length === 0 ? kustomization : stringify({ ...document, resources: [...document.resources, ...besides] }));
    const { status, stdout, stderr } = run(KUSTOMIZE, ['build', '.'], directory);
    if (status !== 0) throw new Error(`kustomize: ${stderr}`);
    return parseObjects(stdout);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The objects of a fixture, untouched. */
export function fixtureObjects(fixture: Fixture): KubernetesObject[] {
  return ['gotk-components.yaml', 'gotk-sync.yaml'].flatMap((file) => parseObjects(readFileSync(join(FIXTURES, fixture, file), 'utf8')));
}

/** A Kubernetes object, whatever its kind. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: { readonly [name: string]: string } };
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
 * What a build did to its objects: the new value at each path that changed (undefined where it is gone), `<kind> <name>`
 * first. Lists of named things go by name, and by mount path: kustomize puts what it adds in front.
 */
export function changesOf(before: readonly KubernetesObject[], after: readonly KubernetesObject[]): { [path: string]: unknown } {
  const found: { [path: string]: unknown } = {};
  const compare = (old: any, now: any, path: string) => {
    if (isDeepStrictEqual(old, now)) return;
    const [left, right] = [fieldsOf(old), fieldsOf(now)];
    if (left === undefined || right === undefined) found[path] = now;
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
