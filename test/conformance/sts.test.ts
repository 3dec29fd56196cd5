import { execFile } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { Testing } from 'cdktf';
import { calculateJwkThumbprint, createLocalJWKSet, decodeJwt, exportJWK, generateKeyPair, JWK, jwtVerify, KeyLike, SignJWT } from 'jose';
import { roleOf } from './aws';
import { EKS_ISSUER } from './computed';
import { canAssumeWithWebIdentity } from './iam';
import { KubernetesObject, kustomizeBuild, managerOf, objectOf, parseObjects } from './kustomize';
import { describeWith, KUSTOMIZE, TERRAFORM } from './programs';
import { evaluate, Evaluation } from './terraform';
import { EksToAws } from '../../examples/eks-to-aws/stack';
import { OtherToAws } from '../../examples/other-to-aws/stack';
import { FluxVersion } from '../../lib/core/flux-version';

const KIND_ISSUER = 'https://oidc.example.com/clusters/kind';

/** A cluster: it signs the tokens of its service accounts, and publishes its keys. */
class Cluster {
  public static async create(issuer: string): Promise<Cluster> {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const jwk = { ...await exportJWK(publicKey), alg: 'RS256', use: 'sig' };
    return new Cluster(issuer, privateKey, { ...jwk, kid: await calculateJwkThumbprint(jwk) });
  }

  private constructor(public readonly issuer: string, private readonly privateKey: KeyLike, public readonly jwk: JWK) {}

  public token(subject: string, audience: string, issuer = this.issuer): Promise<string> {
    return new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid: this.jwk.kid }).setIssuer(issuer).setSubject(subject).setAudience(audience)
      .setIssuedAt().setExpirationTime('1h').sign(this.privateKey);
  }
}

/** What AWS answers, by what the stacks made in it: OIDC providers and roles. */
class Sts {
  public readonly sessions: string[] = [];
  private readonly server: Server;

  public constructor(private readonly evaluations: Evaluation[], private readonly clusters: Cluster[]) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => void this.answer(new URLSearchParams(Buffer.concat(chunks).toString())).then(
        (xml) => response.writeHead(200, { 'content-type': 'text/xml' }).end(xml),
        ({ code, message }) => response.writeHead(code === 'AccessDenied' ? 403 : 400, { 'content-type': 'text/xml' })
          .end(`<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`),
      ));
    });
  }

  public start(): Promise<string> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}`)));
  }

  public stop(): void {
    this.server.close();
  }

  private async answer(query: URLSearchParams): Promise<string> {
    const refuse = (code: string, message: string): never => { throw { code, message }; };
    const [roleArn, session, token] = ['RoleArn', 'RoleSessionName', 'WebIdentityToken'].map((name) => query.get(name) ?? refuse('MissingParameter', name));
    if (query.get('Action') !== 'AssumeRoleWithWebIdentity') refuse('InvalidAction', String(query.get('Action')));
    if (!/^[\w+=,.@-]{2,64}$/.test(session)) refuse('ValidationError', `RoleSessionName ${session}`);
    const resources = this.evaluations.flatMap((evaluation) => Object.entries(evaluation.resources));
    const { iss } = decodeJwt(token);
    const provider = resources.find(([address, { url }]) => address.startsWith('aws_iam_openid_connect_provider.') && url === iss)?.[1]
      ?? refuse('InvalidIdentityToken', `No OpenIDConnect provider found in your account for ${iss}`);
    const keys = createLocalJWKSet({ keys: this.clusters.filter(({ issuer }) => issuer === iss).map(({ jwk }) => jwk) });
    const { payload } = await jwtVerify(token, keys).catch(({ message }) => refuse('InvalidIdentityToken', message));
    const audience = String(payload.aud);
    if (!provider.client_id_list.includes(audience)) refuse('InvalidIdentityToken', 'Incorrect token audience');
    const role = resources.find(([address, { arn }]) => address.startsWith('aws_iam_role.') && arn === roleArn)?.[1];
    const identity = { issuer: String(iss), sub: String(payload.sub), aud: audience, provider: provider.arn };
    if (role === undefined || !canAssumeWithWebIdentity(JSON.parse(role.assume_role_policy), identity)) {
      refuse('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
    }
    this.sessions.push(session);
    const credentials = '<AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken>'
      + `<Expiration>${new Date(Date.now() + 3600_000).toISOString()}</Expiration>`;
    return '<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>'
      + `<AssumedRoleUser><Arn>${roleArn}/${session}</Arn><AssumedRoleId>AROAEXAMPLE:${session}</AssumedRoleId></AssumedRoleUser>`
      + `<Credentials>${credentials}</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
  }
}

/** What a pod finds when it starts: its environment, and files in which token. */
interface Pod {
  readonly subject: string;
  readonly env: { readonly [name: string]: string };
  /** Token files by path, with the audience of each. */
  readonly tokens: { readonly [path: string]: string };
}

/** What the kubelet gives the pods of a Deployment. */
function podOf(objects: KubernetesObject[], controller: string): Pod {
  const { metadata, spec: { template: { spec } } } = objectOf(objects, 'Deployment', controller);
  const { env, volumeMounts } = managerOf(objects, controller);
  const plain = env.filter(({ value }: any) => value !== undefined).map(({ name, value }: any) => [name, value]);
  const tokens = spec.volumes.filter(({ projected }: any) => projected !== undefined).flatMap(({ name, projected }: any) => {
    const { mountPath } = volumeMounts.find((mount: any) => mount.name === name);
    return projected.sources.map(({ serviceAccountToken: { path, audience } }: any) => [join(mountPath, path), audience]);
  });
  return { subject: `system:serviceaccount:${metadata.namespace}:${spec.serviceAccountName}`, env: Object.fromEntries(plain), tokens: Object.fromEntries(tokens) };
}

/** What EKS puts into pods whose service account has the annotation. */
function annotatedPod(account: KubernetesObject): Pod {
  const file = '/var/run/secrets/eks.amazonaws.com/serviceaccount/token';
  return {
    subject: `system:serviceaccount:${account.metadata.namespace}:${account.metadata.name}`,
    env: { AWS_ROLE_ARN: account.metadata.annotations!['eks.amazonaws.com/role-arn'], AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_REGION: 'eu-west-1' },
    tokens: { [file]: 'sts.amazonaws.com' },
  };
}

/** Makes the token of a projected volume. */
type Mint = (subject: string, audience: string) => Promise<string>;

/** Reads credentials as a container does: with the environment of the pod and nothing else. */
const CONTAINER = `require('@aws-sdk/credential-provider-web-identity').fromTokenFile()()
  .then((credentials) => console.log(JSON.stringify(credentials)), (error) => console.log(JSON.stringify({ error: error.name, message: error.message })))`;

describeWith([TERRAFORM, KUSTOMIZE], 'the AWS SDK with our environment', () => {
  let kind: Cluster;
  let eks: Cluster;
  let sts: Sts;
  let endpoint: string;
  let onKind: Evaluation;
  let onEks: Evaluation;
  let files: string;

  beforeAll(async () => {
    [kind, eks] = await Promise.all([Cluster.create(KIND_ISSUER), Cluster.create(EKS_ISSUER)]);
    // One account holds both: its roles have different names.
    onKind = evaluate(new OtherToAws(Testing.app(), 'flux-aws-other'), {
      computed: { aws_iam_role: () => ({ name: 'images-on-kind', arn: 'arn:aws:iam::111122223333:role/images-on-kind' }) },
    });
    onEks = evaluate(new EksToAws(Testing.app(), 'flux-aws-eks'));
    sts = new Sts([onKind, onEks], [kind, eks]);
    endpoint = await sts.start();
    files = mkdtempSync(join(tmpdir(), 'conformance-'));
  });

  afterAll(() => {
    sts.stop();
    rmSync(files, { recursive: true, force: true });
  });

  /** Credentials, or an error by its name, for a pod whose tokens are minted so. */
  async function credentials(pod: Pod, mint: Mint): Promise<any> {
    const env: { [name: string]: string } = { ...pod.env, AWS_ENDPOINT_URL_STS: endpoint, PATH: process.env.PATH! };
    for (const [path, audience] of Object.entries(pod.tokens)) {
      const file = join(files, path.replace(/\//g, '_'));
      writeFileSync(file, await mint(pod.subject, audience));
      // The container's file system is ours: the path moves, everything else stays.
      for (const name of Object.keys(env)) if (env[name] === path) env[name] = file;
    }
    return new Promise((resolve, reject) => execFile(process.execPath, ['-e', CONTAINER], { env, cwd: __dirname }, (error, stdout) =>
      error ? reject(error) : resolve(JSON.parse(stdout))));
  }

  const sourceOnKind = () => podOf(kustomizeBuild(onKind.outputs.kustomization, FluxVersion.V2_10), 'source-controller');

  it('gives credentials to the controller of a cluster that is not EKS, in a session named after it', async () => {
    expect(await credentials(sourceOnKind(), (...claims) => kind.token(...claims))).toMatchObject({ accessKeyId: 'ASIAEXAMPLE', sessionToken: 'session' });
    expect(sts.sessions.pop()).toBe('source-controller.flux-system.eu-west-1.fluxcd.io');
  });

  const REFUSED = { error: 'AccessDenied', message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity' };
  const invalid = (message: string) => ({ error: 'InvalidIdentityTokenException', message });
  it.each<[string, (kind: Cluster, eks: Cluster) => Mint, object]>([
    ['another audience', (cluster) => (subject) => cluster.token(subject, 'https://kubernetes.default.svc'), invalid('Incorrect token audience')],
    ['another service account', (cluster) => (_, audience) => cluster.token('system:serviceaccount:flux-system:helm-controller', audience), REFUSED],
    ['another namespace', (cluster) => (_, audience) => cluster.token('system:serviceaccount:default:source-controller', audience), REFUSED],
    ['another cluster that AWS trusts', (_, other) => (...claims) => other.token(...claims), REFUSED],
    [
      'an issuer that differs by a slash', (cluster) => (...claims) => cluster.token(...claims, `${KIND_ISSUER}/`),
      invalid(`No OpenIDConnect provider found in your account for ${KIND_ISSUER}/`),
    ],
    [
      'another key', (_, other) => (...claims) => other.token(...claims, KIND_ISSUER),
      invalid('no applicable key found in the JSON Web Key Set'),
    ],
  ])('refuses a token of %s', async (_, mint, error) => {
    expect(await credentials(sourceOnKind(), mint(kind, eks))).toMatchObject(error);
  });

  it.each([
    ['source-controller', 'Images'], ['image-reflector-controller', 'Images'], ['kustomize-controller', 'Sops'], ['image-automation-controller', 'Automation'],
  ])('gives %s on EKS the role %s by its annotation, and no other account the same', async (controller, role) => {
    const pod = annotatedPod(objectOf(kustomizeBuild(onEks.outputs.kustomization, FluxVersion.V2_10), 'ServiceAccount', controller));
    expect(pod.env.AWS_ROLE_ARN).toBe(roleOf(onEks, role).arn);
    expect(await credentials(pod, (...claims) => eks.token(...claims))).toMatchObject({ accessKeyId: 'ASIAEXAMPLE' });
    expect(await credentials(pod, (_, audience) => eks.token('system:serviceaccount:team-a:flux', audience))).toMatchObject(REFUSED);
  });

  it('gives the object-level account its role, and its controllers not', async () => {
    const pod = annotatedPod(objectOf(parseObjects(onEks.outputs.manifests), 'ServiceAccount', 'flux', 'team-a'));
    expect(pod.env.AWS_ROLE_ARN).toBe(roleOf(onEks, 'TeamA').arn);
    expect(await credentials(pod, (...claims) => eks.token(...claims))).toMatchObject({ accessKeyId: 'ASIAEXAMPLE' });
    expect(await credentials(pod, (_, audience) => eks.token('system:serviceaccount:flux-system:source-controller', audience)))
      .toMatchObject(REFUSED);
  });
});
