import { ClientRequest } from 'http';
import { request } from 'https';
import { sleep } from './process';
import { KubernetesObject } from '../conformance/kustomize';

/** An answer that is no success. */
export class KubeError extends Error {
  public constructor(public readonly status: number, message: string) {
    super(message);
  }
}

/** An API server, as somebody with a token. */
export class Kube {
  private readonly resources = new Map<string, any[]>();

  public constructor(public readonly address: string, private readonly ca: string, private readonly token: string | undefined) {}

  /** The same, as somebody else. */
  public as(token: string): Kube {
    return new Kube(this.address, this.ca, token);
  }

  /** An API server that is new, or has much to do, answers 429: as every client of Kubernetes this one tries again. */
  public async call(method: string, path: string, body?: unknown, contentType = 'application/json', tries = 20): Promise<any> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(`${this.address}${path}`, {
        method,
        ca: this.ca,
        timeout: 20_000,
        headers: {
          ...this.token === undefined ? {} : { authorization: `Bearer ${this.token}` },
          ...text === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(text) },
        },
      }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk)).on('error', reject).on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          if (response.statusCode === 429 && tries > 1) {
            sleep(500).then(() => this.call(method, path, body, contentType, tries - 1)).then(resolve, reject);
          } else if (response.statusCode! >= 300) {reject(new KubeError(response.statusCode!, `${method} ${path}: ${messageOf(answer)}`));} else {resolve(/json/.test(response.headers['content-type'] ?? '') ? JSON.parse(answer) : answer);}
        });
      });
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer`))).on('error', (error: NodeJS.ErrnoException) => {
        // An API server that stops closes the connections that it has, also those that were just used again.
        if (sent.reusedSocket && error.code === 'ECONNRESET') this.call(method, path, body, contentType, tries).then(resolve, reject);
        else reject(error);
      }).end(text);
    });
  }

  public async ready(): Promise<boolean> {
    return this.call('GET', '/readyz').then(() => true, () => false);
  }

  /** Where an object is. */
  public async pathOf({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): Promise<string> {
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const find = () => this.resources.get(group)?.find((each) => each.kind === kind && !each.name.includes('/'));
    if (find() === undefined) this.resources.set(group, (await this.call('GET', group)).resources);
    const resource = find();
    if (resource === undefined) throw new KubeError(404, `no kind ${kind} in ${apiVersion}`);
    return `${group}${resource.namespaced ? `/namespaces/${namespace ?? 'default'}` : ''}/${resource.name}/${name}`;
  }

  public async get(object: KubernetesObject): Promise<any> {
    return this.call('GET', await this.pathOf(object));
  }

  /** Server-side apply, as Flux does it; waits for kinds and namespaces that are being made. */
  public async apply(objects: readonly KubernetesObject[]): Promise<void> {
    const first = (object: KubernetesObject) => ['Namespace', 'CustomResourceDefinition'].includes(object.kind);
    for (const part of [objects.filter(first), objects.filter((object) => !first(object))]) {
      await Promise.all(part.map((object) => this.eventually(async () => {
        await this.call('PATCH', `${await this.pathOf(object)}?fieldManager=live&force=true`, object, 'application/apply-patch+yaml');
      })));
    }
  }

  public async merge(object: KubernetesObject, patch: object): Promise<void> {
    await this.call('PATCH', await this.pathOf(object), patch, 'application/merge-patch+json');
  }

  /**
   * Hands over the state that objects are in, and every state that they come to, whichever API servers end meanwhile.
   *
   * @param path of all objects of a kind
   * @returns ends it
   */
  public watch(path: string, seen: (object: any) => void): () => void {
    let [sent, ended]: [ClientRequest | undefined, boolean] = [undefined, false];
    const open = () => {
      // Without a version it begins with what there is: a new API server does not know versions before its own.
      sent = request(`${this.address}${path}?watch=1`, { ca: this.ca, agent: false, headers: { authorization: `Bearer ${this.token}` } }, (response) => {
        // An API server that ends says so in place of objects.
        if (response.statusCode !== 200) {
          response.resume();
          return;
        }
        let rest = '';
        response.setEncoding('utf8').on('error', () => {}).on('data', (text: string) => {
          const lines = (rest + text).split('\n');
          rest = lines.pop()!;
          for (const line of lines) seen(JSON.parse(line).object);
        });
      });
      sent.on('error', () => {}).on('close', () => ended || setTimeout(open, 100)).end();
    };
    open();
    return () => {
      ended = true;
      sent!.destroy();
    };
  }

  /** A token of an account, as the kubelet asks for it. */
  public async tokenOf(namespace: string, account: string, audience?: string, pod?: { name: string; uid: string }): Promise<string> {
    const spec = { audiences: audience === undefined ? undefined : [audience], expirationSeconds: 3600, boundObjectRef: pod && { kind: 'Pod', apiVersion: 'v1', ...pod } };
    return (await this.call('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec })).status.token;
  }

  private async eventually(action: () => Promise<void>): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await action();
      } catch (error) {
        if (!(error instanceof KubeError) || ![403, 404, 409, 429, 500].includes(error.status) || attempt === 50) throw error;
        await sleep(200);
      }
    }
  }
}

function messageOf(answer: string): string {
  try {
    return JSON.parse(answer).message;
  } catch {
    return answer.slice(0, 300);
  }
}
