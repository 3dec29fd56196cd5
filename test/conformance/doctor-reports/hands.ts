/**
 * What people do to a cluster and its clouds, as changes to what is collected afterwards: lists of `kubectl get -o json` and the resources of
 * `terraform show -json`. Written from those two formats alone; nothing of the doctor is known here.
 */

/* eslint-disable @typescript-eslint/no-explicit-any -- documents of other programs */
export type Document = any;

/** What was collected. Each hand changes it in place, and throws when what it wants to touch is not there. */
export class Collected {
  public constructor(
    /** Objects of the cluster. */
    public objects: Document[],
    /** Resources of all states: type, name, values. */
    public resources: Document[],
    /** Claims of a token, where somebody decoded one. */
    public claims?: Document,
    /** What the API server says of its issuer. */
    public discovery?: Document,
    /** What the API server signs with. */
    public jwks?: Document,
  ) {}

  public object(kind: string, namespace: string, name: string): Document {
    return must(this.objects.find((object) => object.kind === kind && object.metadata.namespace === namespace && object.metadata.name === name),
      `${kind} ${namespace}/${name}`);
  }

  public account(namespace: string, name: string): Document {
    return this.object('ServiceAccount', namespace, name);
  }

  /** Annotations of an account, to be edited. */
  public annotations(namespace: string, name: string): Document {
    const { metadata } = this.account(namespace, name);
    metadata.annotations ??= {};
    return metadata.annotations;
  }

  public deployment(controller: string): Document {
    return this.object('Deployment', 'flux-system', controller);
  }

  /** The template of a Deployment's pods. */
  public template(controller: string): Document {
    const { template } = this.deployment(controller).spec;
    template.metadata ??= {};
    template.metadata.labels ??= {};
    template.metadata.annotations ??= {};
    return template;
  }

  public pods(controller: string): Document[] {
    const pods = this.objects.filter(({ kind, metadata, spec }) => kind === 'Pod'
      && (metadata.labels?.app === controller || spec.serviceAccountName === controller));
    return must(pods.length ? pods : undefined, `pods of ${controller}`);
  }

  /** The specs of a Deployment and of its pods: what was applied and rolled out. */
  public specs(controller: string): Document[] {
    return [this.template(controller).spec, ...this.pods(controller).map(({ spec }) => spec)];
  }

  public containers(controller: string): Document[] {
    return this.specs(controller).flatMap(({ containers }) => containers.filter(({ name }: Document) => name === 'manager'));
  }

  /** An environment variable of the controller and of its pods. */
  public env(controller: string, name: string, value: string): void {
    for (const container of this.containers(controller)) {
      container.env = [...(container.env ?? []).filter((entry: Document) => entry.name !== name), { name, value }];
    }
  }

  /** Takes variables away from the pods that run, as if nobody had injected them. */
  public podsWithout(controller: string, ...names: RegExp[]): void {
    for (const { spec } of this.pods(controller)) {
      for (const container of spec.containers) {
        container.env = (container.env ?? []).filter(({ name }: Document) => !names.some((each) => each.test(name)));
      }
    }
  }

  public args(controller: string, change: (args: string[]) => string[]): void {
    for (const container of this.containers(controller)) {
      container.args = change(container.args ?? []);
    }
  }

  public remove(object: Document): void {
    this.objects.splice(this.objects.indexOf(object), 1);
  }

  /** A resource of a state whose values hold all of the texts. */
  public resource(type: string, ...texts: string[]): Document {
    return must(this.all(type).find((resource) => texts.every((text) => JSON.stringify(resource.values).includes(text))),
      `${type} with ${texts.join(', ')}`).values;
  }

  public all(type: string): Document[] {
    return this.resources.filter((resource) => resource.type === type && !/(^|\.)data\./.test(resource.address));
  }

  public lose(type: string, ...texts: string[]): void {
    const values = this.resource(type, ...texts);
    this.resources.splice(this.resources.findIndex((resource) => resource.values === values), 1);
  }

  public add(type: string, values: Document): void {
    this.resources.push({ address: `${type}.theirs`, mode: 'managed', type, name: 'theirs', schema_version: 0, values });
  }

  /** Text of a JSON attribute, replaced: what an edit in a console does. */
  public edit(values: Document, attribute: string, change: (text: string) => string): void {
    values[attribute] = change(values[attribute]);
  }

  /** A policy document of an attribute, changed as data. */
  public policy(values: Document, attribute: string, change: (statements: Document[]) => void): void {
    const document = JSON.parse(values[attribute]);
    document.Statement = [document.Statement].flat();
    change(document.Statement);
    values[attribute] = JSON.stringify(document);
  }

  /** A Flux object that somebody applies; it has failed since. */
  public apply(kind: string, namespace: string, name: string, spec: Document): void {
    this.objects.push({
      apiVersion: API_OF[kind],
      kind,
      metadata: { namespace, name, generation: 1, creationTimestamp: '2026-11-28T09:00:00Z' },
      spec: { interval: '5m', ...spec },
      status: { conditions: [{ type: 'Ready', status: 'False', reason: 'Failed', message: 'failed', lastTransitionTime: '2026-11-28T09:00:05Z' }] },
    });
  }
}

const API_OF: Record<string, string> = {
  OCIRepository: 'source.toolkit.fluxcd.io/v1',
  HelmRepository: 'source.toolkit.fluxcd.io/v1',
  Bucket: 'source.toolkit.fluxcd.io/v1',
  GitRepository: 'source.toolkit.fluxcd.io/v1',
  ImageRepository: 'image.toolkit.fluxcd.io/v1',
  Kustomization: 'kustomize.toolkit.fluxcd.io/v1',
};

function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw new Error(`nothing collected has ${what}`);
  }
  return value;
}
