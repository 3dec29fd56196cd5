import { listOf, withoutNulls } from './json';
import { AccessFileError, parseJson } from '../access/file';

const HOW = 'Pass what the commands of `doctor commands` print.';

/** A Kubernetes object. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: any;
  readonly [field: string]: any;
}

/** What a cluster holds, of the kinds that were asked for. */
export class Cluster {
  private readonly kinds = new Map<string, KubernetesObject[]>();
  private readonly named: ReadonlyMap<string, KubernetesObject>;

  public constructor(private readonly objects: readonly KubernetesObject[]) {
    for (const object of objects) {
      const alike = this.kinds.get(object.kind);
      if (alike === undefined) this.kinds.set(object.kind, [object]);
      else alike.push(object);
    }
    this.named = new Map(objects.map((object) => [keyOf(object.kind, object.metadata.namespace, object.metadata.name), object]));
  }

  /** Whether any object of a kind is there: where none is, it may not have been asked for. */
  public knows(kind: string): boolean {
    return this.kinds.has(kind);
  }

  public all(kind?: string): readonly KubernetesObject[] {
    return kind === undefined ? this.objects : this.kinds.get(kind) ?? [];
  }

  public find(kind: string, namespace: string | undefined, name: string): KubernetesObject | undefined {
    return this.named.get(keyOf(kind, namespace, name));
  }
}

function keyOf(kind: string, namespace: string | undefined, name: string): string {
  return `${kind} ${namespace ?? ''}/${name}`;
}

/** Reads lists of `kubectl get -o json`. Secrets are passed over: nobody asked for them. */
export function parseCluster(texts: readonly (readonly [file: string, text: string])[]): Cluster {
  const objects = texts.flatMap(([file, text]) => documents(file, text).map(withoutNulls).flatMap((value) => {
    const items = value?.kind === 'List' || /List$/.test(String(value?.kind)) ? value.items : [value];
    const whole = Array.isArray(items) && items.every((item) => typeof item?.kind === 'string' && typeof item?.metadata?.name === 'string');
    if (!whole) throw new AccessFileError(`${file}: this JSON is no list of Kubernetes objects. ${HOW}`);
    return items;
  }));
  return new Cluster(objects.filter(({ kind }) => kind !== 'Secret').map((object) => ({ ...object, apiVersion: String(object.apiVersion) })));
}

/** One file may be what several commands printed, one after the other. */
function documents(file: string, text: string): any[] {
  const parts = text.split(/(?<=^\})\s*(?=^\{)/m);
  return parts.map((part) => parseJson(part, file, HOW));
}

/** The container of a controller, wherever others are put beside it. */
export function managerOf(podSpec: any, controller: string): any {
  const containers = listOf(podSpec?.containers);
  return containers.find(({ name }) => name === 'manager') ?? containers.find(({ name }) => name === controller)
    ?? containers.find(({ image }) => String(image).includes(controller)) ?? (containers.length === 1 ? containers[0] : undefined);
}

/** The container of a controller as its Deployment has it. */
export function managerIn(cluster: Cluster, namespace: string, controller: string): any {
  return managerOf(cluster.find('Deployment', namespace, controller)?.spec?.template?.spec, controller);
}

/** The tokens that a pod mounts: by path and audience. */
export function tokensOf(podSpec: any): { path: string; audience?: string }[] {
  const sources = listOf(podSpec?.volumes).flatMap(({ projected }) => listOf(projected?.sources));
  return sources.flatMap(({ serviceAccountToken: token }) => token ? [token] : []);
}

/** The pods of a controller that live: neither ended nor going. */
export function livePods(cluster: Cluster, namespace: string, controller: string): KubernetesObject[] {
  return cluster.all('Pod').filter(({ metadata, spec, status }) => (
    metadata.namespace === namespace && spec?.serviceAccountName === controller && metadata.deletionTimestamp === undefined
    && !['Failed', 'Succeeded'].includes(status?.phase) && managerOf(spec, controller) !== undefined
  ));
}
