import { execFile, execFileSync } from 'child_process';
import { createHash } from 'crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { tmpdir } from 'os';
import { basename, join } from 'path';
import { KubernetesObject, parseObjects } from './kustomize';
import { FLUX_MANIFESTS, FLUX_OPERATOR } from './programs';
import { FluxVersion } from '../../lib/core/flux-version';

/** A version of the manifests that the operator has none of yet: those of 2.9, to see what it does by the number alone. */
export const NEXT_VERSION = 'v2.10.0';

/** The Flux Operator, and the artifact with the manifests of Flux that it pulls: one layer, served on loopback. */
export class FluxOperator {
  public static async start(): Promise<FluxOperator> {
    const layer = archive();
    const digest = (content: Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`;
    const descriptor = (mediaType: string, content: Buffer) => ({ mediaType, size: content.length, digest: digest(content) });
    const config = Buffer.from('{}');
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = Buffer.from(JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: descriptor('application/vnd.oci.image.config.v1+json', config),
      layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
    }));
    const blobs = new Map([config, layer].map((content) => [digest(content), content]));
    const server = createServer(({ method, url = '' }, response) => {
      const content = url.includes('/manifests/') ? manifest : blobs.get(url.replace(/.*\//, '')) ?? config;
      response.writeHead(200, { 'content-type': url.includes('/manifests/') ? mediaType : 'application/octet-stream', 'content-length': content.length });
      response.end(method === 'HEAD' ? undefined : content);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new FluxOperator(server);
  }

  private constructor(private readonly server: Server) {}

  /** What the operator applies for a FluxInstance, but CRDs. An error with its message where it refuses. */
  public async build(instance: string): Promise<KubernetesObject[]> {
    const { port } = this.server.address() as AddressInfo;
    const args = ['build', 'instance', '-f', '-', '--distribution-artifact', `oci://127.0.0.1:${port}/flux:latest`];
    // Not `run`: it would wait in this process, which serves the artifact.
    const stdout = await new Promise<string>((resolve, reject) => {
      const child = execFile(FLUX_OPERATOR.path!, args, { maxBuffer: Infinity }, (error, out, err) => error ? reject(new Error(`flux-operator: ${err}`)) : resolve(out));
      child.stdin!.end(instance);
    });
    return parseObjects(stdout);
  }

  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** The CRDs are most of the text, and nothing that the library changes: the operator is not given them, and has less to do. */
function withoutCrds(yaml: string): string {
  return yaml.split(/^---\n/m).filter((document) => !/^kind: CustomResourceDefinition$/m.test(document)).join('---\n');
}

function manifestsOf(version: FluxVersion): string {
  const name = readdirSync(FLUX_MANIFESTS.path!).find((each) => each.startsWith(`v${version}.`));
  if (name === undefined) throw new Error(`no manifests of Flux ${version} in ${FLUX_MANIFESTS.path}`);
  return join(FLUX_MANIFESTS.path!, name);
}

/** `flux/<version>/*.yaml`, as the operator looks for it. */
function archive(): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    for (const version of [FluxVersion.V2_6, FluxVersion.V2_7, FluxVersion.V2_8, FluxVersion.V2_9]) {
      const from = manifestsOf(version);
      const names = [basename(from), ...(version === FluxVersion.V2_9 ? [NEXT_VERSION] : [])];
      for (const name of names) {
        mkdirSync(join(directory, 'flux', name), { recursive: true });
        for (const file of readdirSync(from)) writeFileSync(join(directory, 'flux', name, file), withoutCrds(readFileSync(join(from, file), 'utf8')));
      }
    }
    return execFileSync('tar', ['-czf', '-', 'flux'], { cwd: directory, maxBuffer: Infinity });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
