import { generateKeyPairSync, randomBytes } from 'crypto';
import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Certificate } from './cloud';
import { Front } from './front';
import { Kube, KubeError } from './kube';
import { podOf } from './pod';
import { endAll, freePorts, Process } from './process';
import { bin } from './programs';
import { GENERIC_AUDIENCE, Source } from './stack';

export const CONTROLLERS = ['source-controller', 'kustomize-controller', 'helm-controller', 'flux-operator'] as const;

/** People, beside the administrator. */
const USERS = ['tenant', 'writer'] as const;

/** What a machine is put into. */
export interface Surroundings {
  /** A folder of its own; `ca.crt`, `server.crt` and `server.key` are one above. */
  readonly folder: string;
  readonly ca: string;
  /** The port of the clouds' proxy. */
  readonly proxy: number;
  /** What else is around a controller. */
  readonly environment: (controller: string) => Promise<{ readonly [name: string]: string }>;
}

/** What differs between the API servers of one cluster that take each other's place. */
export interface Settings {
  /** The key pair that signs tokens, and those whose tokens are accepted. */
  readonly signs: string;
  readonly accepts: readonly string[];
  /** Of the remote cluster alone. Default: the one that everything here has. */
  readonly certificate?: Certificate;
}

/** Seconds that an API server has to finish what it does. */
const FINISHING = 5;

/** A cluster with Flux, and another cluster that Flux applies to: two API servers on one etcd, and the controllers as processes. */
export class Machine {
  public readonly controllers = new Map<string, Process>();
  public kube!: Kube;
  public remote!: Kube;
  /** The administrator of both. */
  public readonly token = randomBytes(16).toString('hex');
  /** Whoever has no rights of his own: `admin` binds some. */
  private readonly users = new Map(USERS.map((name) => [name, randomBytes(16).toString('hex')]));
  public remotePort!: number;
  private etcd!: string;
  private readonly fronts = { cluster: new Front(), remote: new Front() };
  private readonly servers: { cluster?: Process; remote?: Process } = {};
  private readonly processes: Process[] = [];
  private readonly ports = new Map<string, readonly number[]>();

  public constructor(public readonly source: Source, private readonly around: Surroundings) {}

  /**
   * Starts etcd, both API servers, and the controllers of Kubernetes that Flux needs: those that fill aggregated roles, make accounts, and
   * put the API server's authority into each namespace.
   */
  public async start(): Promise<void> {
    const [etcdPort, peerPort] = await freePorts(2);
    const { folder, ca } = this.around;
    mkdirSync(folder, { recursive: true });
    this.kube = new Kube(`https://127.0.0.1:${await this.fronts.cluster.listen()}`, ca, this.token);
    this.remotePort = await this.fronts.remote.listen();
    this.remote = new Kube(`https://127.0.0.1:${this.remotePort}`, ca, this.token);
    this.write('tokens.csv', [`${this.token},admin,admin,"system:masters"`, ...[...this.users].map(([name, token]) => `${token},${name},${name}`)].join('\n'));
    const [client, peer] = [`http://127.0.0.1:${etcdPort}`, `http://127.0.0.1:${peerPort}`];
    this.etcd = client;
    this.run('etcd', [bin('kubernetes'), 'etcd', '--data-dir=etcd', `--listen-client-urls=${client}`, `--advertise-client-urls=${client}`, `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`, `--initial-cluster=default=${peer}`, '--unsafe-no-fsync', '--log-level=error']);
    this.write('authentication.json', JSON.stringify({
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AuthenticationConfiguration',
      jwt: [{
        issuer: { url: this.source.issuer, discoveryURL: `${this.kube.address}/.well-known/openid-configuration`, audiences: [GENERIC_AUDIENCE], certificateAuthority: ca },
        claimMappings: { username: { claim: 'sub', prefix: 'flux:' } },
      }],
    }));
    for (const name of ['cluster', 'remote']) this.keyPair(name);
    await this.replace('cluster', { signs: 'cluster', accepts: ['cluster'] });
    this.write('admin.kubeconfig', this.kubeconfig(this.token));
    this.run('kube-controller-manager', [bin('kubernetes'), 'kube-controller-manager', '--kubeconfig=admin.kubeconfig', '--leader-elect=false', '--secure-port=0',
      '--controllers=namespace-controller,garbage-collector-controller,serviceaccount-controller,clusterrole-aggregation-controller,root-ca-certificate-publisher-controller',
      '--root-ca-file=../ca.crt', '--use-service-account-credentials=false']);
    // Anybody may read what is public anyway: the remote cluster verifies tokens with it.
    await this.kube.apply([binding('discovery', 'system:service-account-issuer-discovery', { kind: 'Group', name: 'system:unauthenticated' })]);
    await this.replace('remote', { signs: 'remote', accepts: ['remote'] });
  }

  /** A new key pair for tokens. */
  public keyPair(name: string): { readonly publicKey: string } {
    // As cloud providers do it, signing keys are the machine's own.
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    this.write(`${name}.key`, privateKey);
    this.write(`${name}.pub`, publicKey);
    return { publicKey };
  }

  /**
   * Puts an API server in the place of the one that there is, as it is done in a cluster of several: new calls go to the new one as soon as
   * it is ready, and the old one finishes its own.
   *
   * @param when ends the old one
   */
  public async replace(cluster: 'cluster' | 'remote', settings: Settings, when = (end: () => Promise<void>) => end()): Promise<void> {
    const { certificate } = settings;
    const [port] = await freePorts(1);
    const server = this.apiServer(cluster, port, settings);
    const itself = new Kube(`https://127.0.0.1:${port}`, certificate?.ca ?? this.around.ca, this.token);
    await server.until('ready', () => itself.ready(), this.processes);
    if (cluster === 'remote') await server.until('verifying tokens of the cluster', () => this.verifiesTokens(itself), this.processes);
    this.fronts[cluster].to = port;
    if (certificate !== undefined) this.remote = new Kube(this.remote.address, certificate.ca, this.token);
    const before = this.servers[cluster];
    this.servers[cluster] = server;
    if (before !== undefined) await when(() => before.stop(FINISHING));
  }

  /** Starts a controller of Flux as its Deployment says, or starts it again. */
  public async startController(name: string, args: readonly string[] = []): Promise<void> {
    await this.controllers.get(name)?.end();
    // Artifacts are known by the address of the storage: whoever starts again keeps it.
    if (!this.ports.has(name)) this.ports.set(name, await freePorts(3));
    const [metrics, health, storage] = this.ports.get(name)!;
    const root = join(this.around.folder, name);
    const pod = await podOf(this.kube, this.source.kind, name, root);
    this.write(`${name}.kubeconfig`, this.kubeconfig(pod.token));
    const kept = pod.args.filter((arg) => !/^--(events-addr|storage-path|storage-addr|storage-adv-addr|enable-leader-election)\b/.test(arg) || arg === '--enable-leader-election=false');
    const ours = [`--metrics-addr=127.0.0.1:${metrics}`, `--health-addr=127.0.0.1:${health}`, '--concurrent=20', '--requeue-dependency=1s'];
    const stored = {
      'source-controller': [`--storage-path=${root}/data`, `--storage-addr=127.0.0.1:${storage}`, `--storage-adv-addr=127.0.0.1:${storage}`],
      'flux-operator': [`--storage-path=${root}/data`],
    }[name] ?? [];
    for (const folder of ['data', 'tmp']) mkdirSync(join(root, folder), { recursive: true });
    const process = this.run(name, [bin(name), ...kept, ...ours, ...stored, ...args], {
      ...pod.environment,
      ...await this.around.environment(name),
      KUBECONFIG: join(this.around.folder, `${name}.kubeconfig`),
      HTTP_PROXY: `http://127.0.0.1:${this.around.proxy}`,
      HTTPS_PROXY: `http://127.0.0.1:${this.around.proxy}`,
      NO_PROXY: '127.0.0.1',
      SSL_CERT_FILE: join(this.around.folder, '../ca.crt'),
      GIT_SSL_CAINFO: join(this.around.folder, '../ca.crt'),
      RUNTIME_NAMESPACE: 'flux-system',
      HOME: join(root, 'tmp'),
      TMPDIR: join(root, 'tmp'),
      // There is no machine of Amazon's to ask.
      AWS_EC2_METADATA_DISABLED: 'true',
      // The operator does not start without it.
      ...name === 'flux-operator' ? { GODEBUG: 'fips140=on' } : {},
    });
    this.controllers.set(name, process);
    await process.until('working', () => process.says('Starting workers'), this.processes);
  }

  /** The cluster, as somebody sees it who is no administrator. */
  public as(user: typeof USERS[number]): Kube {
    return this.kube.as(this.users.get(user)!);
  }

  /** What the controllers said last about an object. */
  public about(kind: string, name: string, namespace: string): string {
    return [...this.controllers.values()].map((process) => process.tail(2, `"${kind}":{"name":"${name}","namespace":"${namespace}"}`)).filter((text) => text !== '').join('\n');
  }

  /** @throws Error when a program ended by itself */
  public check(): void {
    const ended = [...this.processes, ...this.controllers.values()].map((process) => process.ended()).filter((each) => each !== undefined);
    if (ended.length > 0) throw new Error(ended.join('\n'));
  }

  /** Controllers first, then the API servers, then etcd. */
  public async close(): Promise<void> {
    await endAll([...this.controllers.values(), ...[...this.processes].reverse()]);
    for (const front of Object.values(this.fronts)) front.close();
  }

  /** An API server is ready before it has the keys of an issuer, and asks for them only every ten seconds: until then it lets nobody in. */
  private async verifiesTokens(remote: Kube): Promise<boolean> {
    try {
      const token = await this.kube.tokenOf('default', 'default', GENERIC_AUDIENCE);
      await remote.as(token).call('GET', '/version');
      return true;
    } catch (error) {
      // There is no account yet, or it is not let in yet.
      if (error instanceof KubeError && [401, 404].includes(error.status)) return false;
      throw error;
    }
  }

  private apiServer(cluster: 'cluster' | 'remote', port: number, { signs, accepts, certificate }: Settings): Process {
    const name = `${cluster}-${port}`;
    if (certificate !== undefined) {
      this.write(`${name}.crt`, certificate.cert);
      this.write(`${name}.crt.key`, certificate.key);
    }
    const tls = certificate === undefined ? ['--tls-cert-file=../server.crt', '--tls-private-key-file=../server.key']
      : [`--tls-cert-file=${name}.crt`, `--tls-private-key-file=${name}.crt.key`];
    const own = cluster === 'cluster' ? [`--service-account-issuer=${this.source.issuer}`]
      : ['--service-account-issuer=https://remote.example.com', '--authentication-config=authentication.json'];
    return this.run(name, [bin('kubernetes'), 'kube-apiserver', `--etcd-servers=${this.etcd}`, `--etcd-prefix=/${cluster}`, '--bind-address=127.0.0.1', `--secure-port=${port}`,
      ...tls, ...own, `--service-account-signing-key-file=${signs}.key`, ...accepts.map((key) => `--service-account-key-file=${key}.pub`),
      `--service-account-jwks-uri=${this[cluster === 'cluster' ? 'kube' : 'remote'].address}/openid/v1/jwks`, '--authorization-mode=RBAC', '--token-auth-file=tokens.csv',
      '--service-cluster-ip-range=10.96.0.0/24', '--allow-privileged', '--anonymous-auth=true']);
  }

  private run(name: string, command: readonly string[], env: { readonly [name: string]: string } = {}): Process {
    const process = new Process(name, command, env, join(this.around.folder, `${name}.log`), this.around.folder);
    if (!(CONTROLLERS as readonly string[]).includes(name)) this.processes.push(process);
    return process;
  }

  private kubeconfig(token: string): string {
    return JSON.stringify({
      'apiVersion': 'v1',
      'kind': 'Config',
      'current-context': 'live',
      'contexts': [{ name: 'live', context: { cluster: 'live', user: 'live' } }],
      'clusters': [{ name: 'live', cluster: { 'server': this.kube.address, 'certificate-authority-data': Buffer.from(this.around.ca).toString('base64') } }],
      'users': [{ name: 'live', user: { token } }],
    });
  }

  private write(name: string, content: string): void {
    writeFileSync(join(this.around.folder, name), content, { mode: 0o600 });
  }
}

/** Who is given rights. */
interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly name: string;
  readonly namespace?: string;
}

/** A ClusterRoleBinding. */
export function binding(name: string, role: string, ...subjects: readonly Subject[]): any {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: subjects.map((subject) => ({ ...subject.kind === 'ServiceAccount' ? {} : { apiGroup: 'rbac.authorization.k8s.io' }, ...subject })),
  };
}
