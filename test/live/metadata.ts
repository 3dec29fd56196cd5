import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { Cloud } from './cloud';
import { clusterToken } from './clouds/google';
import { Kube } from './kube';
import { PROJECT } from '../conformance/computed';

/** The metadata server of GKE, as the pod of one controller sees it: the pool that is built into GKE gives its account a token. */
export class GkeMetadata {
  private readonly server: Server;

  public constructor(private readonly kube: Kube, private readonly cloud: Cloud, private readonly controller: string, issuer: string) {
    const [, location, , cluster] = issuer.split('/').slice(-4);
    const values: { readonly [name: string]: () => Promise<object | string> | string } = {
      'project/project-id': () => PROJECT,
      'instance/attributes/cluster-location': () => location,
      'instance/attributes/cluster-name': () => cluster,
      'instance/service-accounts/default/token': () => this.token(issuer),
    };
    this.server = createServer((request, response) => {
      const value = values[new URL(request.url!, 'http://metadata').pathname.replace('/computeMetadata/v1/', '')];
      const answer = (status: number, body: object | string) =>
        response.writeHead(status, { 'metadata-flavor': 'Google' }).end(typeof body === 'string' ? body : JSON.stringify(body));
      Promise.resolve(value?.()).then((body) => (body === undefined ? answer(404, 'not here') : answer(200, body)), (error) => answer(403, error.message));
    });
  }

  /** @returns where it is, as `GCE_METADATA_HOST` wants it */
  public async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async token(issuer: string): Promise<object> {
    const pool = `${PROJECT}.svc.id.goog`;
    const account = await this.kube.get({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: this.controller, namespace: 'flux-system' } });
    const subject = await this.kube.tokenOf('flux-system', this.controller, pool);
    const clouds = Object.create(this.cloud.clouds, { note: { value: (decision: string) => this.cloud.log.push(`metadata of ${this.controller} | ${decision}`) } });
    const credential = await clusterToken(clouds, subject, `${pool}:${issuer}`, account.metadata.annotations?.['iam.gke.io/gcp-service-account']);
    return { access_token: credential, token_type: 'Bearer', expires_in: 3600 };
  }
}
