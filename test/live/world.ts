import { execFile, execFileSync } from 'child_process';
import { createHash } from 'crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { request } from 'http';
import { tmpdir } from 'os';
import { join } from 'path';
import { certificateFor } from './certificate';
import { Certificate, Cloud, HOSTS, Stores } from './cloud';
import { ADMIN, OBJECT } from './clouds/call';
import { repositoryIn } from './clouds/thief';
import { Cloud as CloudName, CLOUDS, Estate, estateOf, Level, LEVELS } from './estate';
import { endAll, freePorts, Process } from './process';
import { bin } from './programs';
import { ACCOUNT, TENANT } from '../conformance/computed';

/** What moto reads of a signature: region and service. */
const signed = (service: 's3' | 'kms') => ({
  host: `${service}.eu-west-1.amazonaws.com`, authorization: `AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

/** The clouds and all that is in them, for every machine of a run. */
export class World {
  public folder!: string;
  public certificate!: Certificate;
  public cloud!: Cloud;
  public estate!: Estate;
  public proxy!: number;
  public readonly stores: Stores = { moto: 0, registry: 0 };
  /** What sops encrypted for each key, as a repository holds it. */
  public readonly secrets = new Map<string, string>();
  private processes: Process[] = [];

  public async start(): Promise<void> {
    this.folder = mkdtempSync(join(tmpdir(), 'live-'));
    const [moto, registry, debug] = await freePorts(3);
    Object.assign(this.stores, { moto, registry });
    this.certificate = certificateFor(HOSTS, this.folder);
    const run = (name: string, command: readonly string[], env = {}) => {
      const process = new Process(name, [bin(name), ...command], { HOME: this.folder, ...env }, join(this.folder, `${name}.log`), this.folder);
      this.processes.push(process);
      return process.until('answering', () => this.store(name as 'moto' | 'registry', 'GET', name === 'moto' ? '/moto-api/' : '/v2/').then(() => true, () => false));
    };
    writeFileSync(join(this.folder, 'registry.json'), JSON.stringify({
      version: 0.1,
      log: { level: 'warn', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(this.folder, 'registry') } },
      http: { addr: `127.0.0.1:${registry}`, relativeurls: true, debug: { addr: `127.0.0.1:${debug}` } },
    }));
    await Promise.all([
      run('moto', ['-H', '127.0.0.1', '-p', String(moto)], { MOTO_ACCOUNT_ID: ACCOUNT }),
      run('registry', ['serve', 'registry.json']),
    ]);
    this.cloud = new Cloud(this.certificate, this.stores, certificateFor(HOSTS, mkdtempSync(join(this.folder, 'other-'))));
    this.proxy = await this.cloud.listen();
    repositoryIn(this.cloud.clouds.repositories = join(this.folder, 'repositories'));
    const key = async () => JSON.parse(await this.store('moto', 'POST', '/', '{}', {
      ...signed('kms'), 'x-amz-target': 'TrentService.CreateKey', 'content-type': 'application/x-amz-json-1.1',
    })).KeyMetadata.Arn;
    this.estate = estateOf({ controller: await key(), object: await key() });
    await this.fill();
  }

  public async close(): Promise<void> {
    this.cloud?.close();
    await endAll(this.processes);
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  /** Buckets, artifacts and charts, and secrets that sops encrypts through the clouds. */
  private async fill(): Promise<void> {
    const owners = CLOUDS.flatMap((cloud) => LEVELS.map((level) => ({ cloud, level })));
    await Promise.all(owners.map(async ({ cloud, level }) => this.secrets.set(`${cloud}-${level}`, await this.encrypt(cloud, level))));
    for (const { cloud, level } of owners) {
      const { registry, repository, chart, bucket } = this.estate[cloud][level];
      const other = level === 'controller' ? 'object' : 'controller';
      const files = {
        'plain/applied.yaml': JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied' }, data: { cell: `${cloud}-${level}` } }),
        'decrypt/secret.yaml': this.secrets.get(`${cloud}-${level}`)!,
        'other-key/secret.yaml': this.secrets.get(`${cloud}-${other}`)!,
      };
      await this.artifact(`${registry}/${repository}`, files);
      await this.chart(`${registry}/${chart}`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '{{ .Release.Name }}' }, data: { cell: `${cloud}-${level}` } });
      if (cloud === 'aws') {
        await this.store('moto', 'PUT', `/${bucket}`, '<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>', signed('s3'));
        await this.store('moto', 'PUT', `/${bucket}/${OBJECT.name}`, OBJECT.content, signed('s3'));
      }
    }
  }

  /** Pushes an artifact of Flux, tag `v1`. */
  public async artifact(repository: string, files: { readonly [path: string]: string }): Promise<void> {
    await this.push(repository, 'v1', 'application/vnd.cncf.flux.config.v1+json', '{}', 'application/vnd.cncf.flux.content.v1.tar+gzip', packed(this.folder, files));
  }

  /** Pushes a chart of one object, version 0.1.0. */
  public async chart(repository: string, object: object): Promise<void> {
    const chart = { apiVersion: 'v2', name: 'chart', version: '0.1.0' };
    await this.push(repository, '0.1.0', 'application/vnd.cncf.helm.config.v1+json', JSON.stringify(chart), 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
      packed(this.folder, { 'chart/Chart.yaml': JSON.stringify(chart), 'chart/templates/live.yaml': JSON.stringify(object) }));
  }

  /** A Secret as whoever writes the repository encrypts it: by sops, with the right to encrypt. */
  private async encrypt(cloud: CloudName, level: Level): Promise<string> {
    const { sopsKey } = this.estate[cloud][level];
    const file = join(this.folder, `${cloud}-${level}.yaml`);
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: `decrypted-${cloud}` }, stringData: { cell: `${cloud}-${level}` } }));
    const { clouds } = this.cloud;
    const flag = { aws: '--kms', azure: '--azure-kv', gcp: '--gcp-kms' }[cloud];
    const credentials = {
      aws: { AWS_ACCESS_KEY_ID: clouds.give({ principal: ADMIN }, 'AKIA'), AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1' },
      azure: { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: 'administrator', AZURE_CLIENT_SECRET: 'secret' },
      gcp: { GOOGLE_OAUTH_ACCESS_TOKEN: clouds.give({ principal: ADMIN }), SOPS_GCP_KMS_CLIENT_TYPE: 'rest' },
    }[cloud];
    const env = { PATH: '/usr/bin:/bin', HOME: this.folder, HTTPS_PROXY: `http://127.0.0.1:${this.proxy}`, SSL_CERT_FILE: join(this.folder, 'ca.crt'), ...credentials };
    const args = ['encrypt', '--input-type', 'json', '--output-type', 'yaml', '--encrypted-regex', '^stringData$', flag, sopsKey, file];
    return new Promise((resolve, reject) => {
      execFile(bin('sops'), args, { env, cwd: this.folder, timeout: 60_000 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`sops ${flag}: ${stderr}\n${this.cloud.log.slice(-5).join('\n')}`));
        else resolve(stdout);
      });
    });
  }

  private async push(repository: string, tag: string, configType: string, config: string, layerType: string, layer: Buffer): Promise<void> {
    const blob = async (content: Buffer, mediaType: string) => {
      const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
      const started = await fetch(`http://127.0.0.1:${this.stores.registry}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
      const location = new URL(started.headers.get('location')!, `http://127.0.0.1:${this.stores.registry}`);
      location.searchParams.set('digest', digest);
      const put = await fetch(location, { method: 'PUT', body: new Uint8Array(content), headers: { 'content-type': 'application/octet-stream' } });
      if (put.status !== 201) throw new Error(`${repository}: ${put.status} ${await put.text()}`);
      return { mediaType, digest, size: content.length };
    };
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: await blob(Buffer.from(config), configType),
      layers: [await blob(layer, layerType)],
      annotations: { 'org.opencontainers.image.revision': 'v1@sha1:0', 'org.opencontainers.image.source': 'https://example.com' },
    });
    await this.store('registry', 'PUT', `/v2/${repository}/manifests/${tag}`, manifest, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' });
  }

  private async store(name: 'moto' | 'registry', method: string, path: string, body?: string, headers: { readonly [name: string]: string } = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: this.stores[name], method, path, headers: { ...headers, ...body === undefined ? {} : { 'content-length': Buffer.byteLength(body) } }, timeout: 10_000 }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk)).on('error', reject).on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode! < 300) resolve(text);
          else reject(new Error(`${name}: ${method} ${path}: ${response.statusCode} ${text}`));
        });
      });
      sent.on('timeout', () => sent.destroy(new Error(`${name} does not answer`))).on('error', reject).end(body);
    });
  }
}

/** A .tar.gz of these files. */
function packed(folder: string, files: { readonly [path: string]: string }): Buffer {
  const root = mkdtempSync(join(folder, 'packed-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  execFileSync('tar', ['-czf', join(folder, 'packed.tgz'), '-C', root, ...new Set(Object.keys(files).map((path) => path.split('/')[0]))]);
  return readFileSync(join(folder, 'packed.tgz'));
}
