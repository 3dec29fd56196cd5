import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { TerraformStack, Testing } from 'cdktf';
import { GoogleAuth, IdentityPoolClient } from 'google-auth-library';
import { exportJWK, generateKeyPair, JSONWebKeySet, KeyLike, SignJWT } from 'jose';
import { parseAllDocuments } from 'yaml';
import { evaluate } from './cel';
import { applied, Google } from './google';
import {
  CloudStoragePermissions, ClusterIssuer, FluxController, FluxGcpPrincipal, FluxGcpServiceAccount, FluxGcpWorkloadPool, FluxKustomization,
  FluxManifests, FluxServiceAccount, FluxVersion, GkePermissions, IClusterIssuer, Jwks,
} from '../../lib';
import { fluxOf, resolved } from '../support';

/**
 * Google's own client library reads the environment, the credential configuration and the token file that we synthesize, and
 * exchanges real signed tokens at a token service on loopback that knows nothing but our synthesized pool and IAM members.
 */

const PROJECT_NUMBER = '123456789012';
const BUCKET = 'acme-flux-manifests';
const EKS = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE';
const KIND = 'https://kubernetes.default.svc.cluster.local';

/** A cluster that signs tokens of service accounts. */
class Cluster {
  public static async make(issuer: string, kid = 'key-1'): Promise<Cluster> {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    return new Cluster(issuer, privateKey, { keys: [{ ...await exportJWK(publicKey), kid, alg: 'RS256', use: 'sig' }] }, kid);
  }

  private constructor(
    public readonly issuer: string, private readonly key: KeyLike, public readonly jwks: JSONWebKeySet, private readonly kid: string,
  ) {}

  /** A token as the TokenRequest API makes it; only those that are mounted in pods name one. */
  public token(namespace: string, name: string, audience: string, options: { pod?: boolean; expires?: string } = {}): Promise<string> {
    const claims = {
      'kubernetes.io': { namespace, serviceaccount: { name, uid: 'b4b1c1e2' }, ...(options.pod ? { pod: { name: `${name}-0`, uid: 'c5' } } : {}) },
    };
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: this.kid }).setIssuer(this.issuer)
      .setSubject(`system:serviceaccount:${namespace}:${name}`).setAudience([audience])
      .setIssuedAt('-1h').setNotBefore('-1h').setExpirationTime(options.expires ?? '1h').sign(this.key);
  }
}

interface Setup {
  readonly cluster: Cluster;
  readonly google: Google;
  readonly address: string;
  readonly kustomization: any;
  readonly manifests: any[];
}

const opened: Google[] = [];
const roots: string[] = [];
const environment = { ...process.env };

beforeAll(() => {
  // The clients must not go through a proxy to reach loopback.
  process.env.NO_PROXY = process.env.no_proxy = '127.0.0.1';
  // The library would ask Google's resource manager for the project, to show it in messages.
  process.env.GOOGLE_CLOUD_PROJECT = 'acme-prod';
  // The library loads node-fetch by dynamic import, which jest does not know, unless it finds a window that fetches.
  (globalThis as any).window = { fetch };
});

afterEach(() => {
  opened.splice(0).forEach((google) => google.close());
  roots.splice(0).forEach((root) => rmSync(root, { recursive: true }));
  delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
});

afterAll(() => {
  process.env = environment;
  delete (globalThis as any).window;
});

/** Synthesizes source-controller and an object-level tenant, and starts a Google that has applied the stack. */
async function setup(
  cluster: Cluster, impersonating: boolean, options: { jwks?: Jwks; namespaces?: string[]; allowedAudiences?: string[] } = {},
): Promise<Setup> {
  const stack = new TerraformStack(Testing.app(), 'stack');
  const issuer: IClusterIssuer = cluster.issuer === EKS ? ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl: EKS })
    : ClusterIssuer.oidc(stack, 'Cluster', { url: cluster.issuer });
  const pool = new FluxGcpWorkloadPool(stack, 'Pool', { issuer, poolId: 'prod', project: 'acme-prod', projectNumber: PROJECT_NUMBER, ...options });
  const serviceAccounts = [FluxServiceAccount.controller(FluxController.SOURCE), FluxServiceAccount.of('team-a', 'flux')];
  const identity = impersonating
    ? new FluxGcpServiceAccount(stack, 'Identity', { pool, serviceAccounts, accountId: 'flux-apps', project: 'acme-prod' })
    : new FluxGcpPrincipal(stack, 'Identity', { pool, serviceAccounts });
  identity.grant('Manifests', CloudStoragePermissions.read(BUCKET));
  const flux = { installation: fluxOf(stack, { issuer, version: FluxVersion.V2_10, identities: [identity] }) };
  // Project number and project are known: the YAML holds no reference.
  const [kustomization] = parse(resolved(stack, new FluxKustomization(stack, 'Flux', flux).yaml));
  const manifests = parse(resolved(stack, new FluxManifests(stack, 'Manifests', flux).yaml));
  const synthesized = JSON.parse(Testing.synth(stack).replace(/\$\{self\.[^}]*\}/g, 'self'));
  const google = new Google(applied(synthesized, PROJECT_NUMBER), { [EKS]: cluster.issuer === EKS ? cluster.jwks : { keys: [] } });
  opened.push(google);
  return { cluster, google, address: await google.listen(), kustomization, manifests };
}

function parse(yaml: string): any[] {
  expect(yaml).not.toContain('${');
  return parseAllDocuments(yaml).map((document) => document.toJS());
}

/** The files and the environment of source-controller's container, as Kubernetes would mount them; Google's host is loopback. */
async function mount({ cluster, kustomization, manifests, address }: Setup, token?: string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'gcp-'));
  roots.push(root);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const { patch } = kustomization.patches.find(({ target }: any) => target.kind === 'Deployment' && target.name === 'source-controller');
  const { containers: [container], volumes } = parseAllDocuments(patch)[0].toJS().spec.template.spec;
  for (const { name, mountPath } of container.volumeMounts) {
    const { configMap, projected } = volumes.find((volume: any) => volume.name === name);
    for (const { serviceAccountToken: { audience, path } } of projected?.sources ?? []) {
      write(join(mountPath, path), token ?? await cluster.token('flux-system', 'source-controller', audience, { pod: true }));
    }
    const { data = {} } = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMap?.name) ?? {};
    for (const [path, text] of Object.entries<string>(data)) {
      write(join(mountPath, path), text.replace(/https:\/\/(sts|iamcredentials)\.googleapis\.com/g, address).replace('/var/run/', `${root}/var/run/`));
    }
  }
  const [{ name, value }] = container.env;
  process.env[name] = join(root, value);
  return root;
}

/** What Google's library does in the controller: application default credentials. */
async function controllerToken(): Promise<string> {
  return (await new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' }).getAccessToken())!;
}

/** What Flux does at object level: a token for the audience of the annotation, exchanged, then perhaps impersonation. */
async function objectToken({ manifests, address }: Setup, sign: (audience: string) => Promise<string>): Promise<string> {
  const { metadata: { annotations } } = manifests.find(({ kind }) => kind === 'ServiceAccount');
  const audience = `//iam.googleapis.com/${annotations['gcp.auth.fluxcd.io/workload-identity-provider']}`;
  const email = annotations['iam.gke.io/gcp-service-account'];
  const client = new IdentityPoolClient({
    type: 'external_account',
    audience,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${address}/v1/token`,
    service_account_impersonation_url: email === undefined ? undefined : `${address}/v1/projects/-/serviceAccounts/${email}:generateAccessToken`,
    subject_token_supplier: { getSubjectToken: () => sign(audience) },
  } as any);
  return (await client.getAccessToken()).token!;
}

function mayRead({ google }: Setup, token: string): boolean {
  return ['roles/storage.bucketViewer', 'roles/storage.objectViewer'].every((role) => google.may(token, role, 'google_storage_bucket_iam_member', { bucket: BUCKET }));
}

describe.each([['direct', false], ['impersonating', true]])('%s', (_, impersonating) => {
  const who = (subject: string) => impersonating ? 'serviceAccount:flux-apps@acme-prod.iam.gserviceaccount.com'
    : `principal://iam.googleapis.com/projects/${PROJECT_NUMBER}/locations/global/workloadIdentityPools/prod/subject/system:serviceaccount:${subject}`;

  test.each([['EKS', EKS, false], ['kind, uploaded keys', KIND, true]])('%s: right tokens are taken, at both levels', async (_name, issuer, upload) => {
    const cluster = await Cluster.make(issuer);
    const made = await setup(cluster, impersonating, upload ? { jwks: Jwks.fromText(JSON.stringify(cluster.jwks)) } : {});
    await mount(made);
    const controller = await controllerToken();
    expect(made.google.whoIs(controller)).toBe(who('flux-system:source-controller'));
    expect(mayRead(made, controller)).toBe(true);
    const object = await objectToken(made, (audience) => cluster.token('team-a', 'flux', audience));
    expect(made.google.whoIs(object)).toBe(who('team-a:flux'));
    expect(mayRead(made, object)).toBe(true);
    expect(made.google.refusals).toEqual([]);
  });

  const HTTPS = `https://iam.googleapis.com/projects/${PROJECT_NUMBER}/locations/global/workloadIdentityPools/prod/providers/prod`;

  test.each<[string, RegExp, (cluster: Cluster) => Promise<string>]>([
    ['namespace', /condition rejects system:serviceaccount:team-b:source-controller/, (cluster) => cluster.token('team-b', 'source-controller', HTTPS)],
    ['account', /condition rejects system:serviceaccount:flux-system:helm-controller/, (cluster) => cluster.token('flux-system', 'helm-controller', HTTPS)],
    ['audience', /"aud"/, (cluster) => cluster.token('flux-system', 'source-controller', 'sts.amazonaws.com')],
    ['audience, another provider\'s', /"aud"/, (cluster) => cluster.token('flux-system', 'source-controller', `${HTTPS}-2`)],
    ['time', /"exp"/, (cluster) => cluster.token('flux-system', 'source-controller', HTTPS, { expires: '-5m' })],
    ['cluster: same name of the key', /signature/, async () => (await Cluster.make(KIND)).token('flux-system', 'source-controller', HTTPS)],
    ['cluster: another key', /no applicable key/, async () => (await Cluster.make(KIND, 'key-9')).token('flux-system', 'source-controller', HTTPS)],
    ['issuer', /"iss"/, async (cluster) => {
      const other: any = Object.assign(Object.create(Cluster.prototype), cluster, { issuer: `${KIND}/` });
      return other.token('flux-system', 'source-controller', HTTPS);
    }],
  ])('a token with the wrong %s is refused', async (_name, refusal, sign) => {
    const cluster = await Cluster.make(KIND);
    const made = await setup(cluster, impersonating, { jwks: Jwks.fromText(JSON.stringify(cluster.jwks)) });
    await mount(made, await sign(cluster));
    await expect(controllerToken()).rejects.toThrow();
    expect(made.google.refusals).toEqual([expect.stringMatching(refusal)]);
    await expect(objectToken(made, () => sign(cluster))).rejects.toThrow();
    expect(made.google.refusals).toHaveLength(2);
    // The twin that differs in nothing else is taken.
    await mount(made, await cluster.token('flux-system', 'source-controller', HTTPS));
    expect(made.google.whoIs(await controllerToken())).toBe(who('flux-system:source-controller'));
  });

  test('tokens of the old and the new key are taken while keys rotate', async () => {
    const [old, fresh] = [await Cluster.make(KIND, 'old'), await Cluster.make(KIND, 'fresh')];
    const made = await setup(fresh, impersonating, { jwks: Jwks.fromText(JSON.stringify(old.jwks), JSON.stringify(fresh.jwks)) });
    for (const cluster of [old, fresh]) {
      expect(made.google.whoIs(await objectToken(made, (audience) => cluster.token('team-a', 'flux', audience)))).toBe(who('team-a:flux'));
    }
  });

  test('audiences of others do not cost Flux its own', async () => {
    const cluster = await Cluster.make(EKS);
    const made = await setup(cluster, impersonating, { allowedAudiences: ['backup'] });
    await mount(made);
    expect(made.google.whoIs(await controllerToken())).toBe(who('flux-system:source-controller'));
    expect(made.google.whoIs(await objectToken(made, (audience) => cluster.token('team-a', 'flux', audience)))).toBe(who('team-a:flux'));
    expect(made.google.whoIs(await objectToken(made, () => cluster.token('team-a', 'flux', 'backup')))).toBe(who('team-a:flux'));
    await expect(objectToken(made, () => cluster.token('team-a', 'flux', 'other'))).rejects.toThrow();
  });
});

test('namespaces let every account of theirs in, and IAM still decides', async () => {
  const cluster = await Cluster.make(EKS);
  const made = await setup(cluster, false, { namespaces: ['flux-system', 'team-a'] });
  const token = await objectToken(made, (audience) => cluster.token('team-a', 'other', audience));
  expect(made.google.whoIs(token)).toMatch(/:team-a:other$/);
  expect(mayRead(made, token)).toBe(false);
  await expect(objectToken(made, (audience) => cluster.token('team-b', 'flux', audience))).rejects.toThrow();
  expect(made.google.refusals).toEqual([expect.stringMatching(/condition rejects system:serviceaccount:team-b:flux/)]);
});

test('whoever is let into the pool may still not impersonate without the role', async () => {
  const cluster = await Cluster.make(EKS);
  const made = await setup(cluster, true, { namespaces: ['flux-system', 'team-a'] });
  await expect(objectToken(made, (audience) => cluster.token('team-a', 'other', audience))).rejects.toThrow();
  expect(made.google.refusals).toEqual([expect.stringMatching(/:team-a:other may not impersonate flux-apps@/)]);
});

test('the configuration says either who is introspected or who is impersonated', async () => {
  const cluster = await Cluster.make(EKS);
  for (const impersonating of [false, true]) {
    const root = await mount(await setup(cluster, impersonating));
    const config = JSON.parse(readFileSync(join(root, 'etc/workload-identity/credential-configuration.json'), 'utf8'));
    expect('token_info_url' in config).toBe(!impersonating);
    expect('service_account_impersonation_url' in config).toBe(impersonating);
  }
});

describe('the condition on one GKE cluster', () => {
  const stack = new TerraformStack(Testing.app(), 'stack');
  const issuer = ClusterIssuer.gke(stack, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' });
  const pool = FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: 'acme-prod', issuer });
  new FluxGcpPrincipal(stack, 'Identity', { pool, serviceAccounts: [FluxServiceAccount.controller(FluxController.HELM)] })
    .grant('Staging', GkePermissions.access('projects/acme-prod/locations/europe-west1-b/clusters/staging'));
  const [{ condition }] = Object.values<any>(JSON.parse(Testing.synth(stack)).resource.google_project_iam_member);

  test.each([
    ['projects/acme-prod/locations/europe-west1-b/clusters/staging', true],
    ['projects/acme-prod/zones/europe-west1-b/clusters/staging', true],
    ['projects/acme-prod/locations/europe-west1-b/clusters/staging-2', false],
    ['projects/acme-prod/zones/europe-west1-b/clusters/prod', false],
    ['projects/acme-dev/zones/europe-west1-b/clusters/staging', false],
  ])('%s: %s', (name, holds) => {
    expect(evaluate(condition.expression, { resource: { name } })).toBe(holds);
  });
});

describe('our reading of CEL', () => {
  test.each<[string, unknown]>([
    ['assertion.sub in [\'a\', \'b\']', true],
    ['assertion.sub in [\'b\']', false],
    ['assertion[\'kubernetes.io\'][\'namespace\'] in ["n"]', true],
    ['assertion.sub == "b" || assertion.sub == "a"', true],
  ])('%s', (expression, expected) => {
    expect(evaluate(expression, { assertion: { 'sub': 'a', 'kubernetes.io': { namespace: 'n' } } })).toBe(expected);
  });

  test.each([
    ['assertion.missing in [\'a\']', /no such key/],
    ['assertion.sub.startsWith(\'a\')', /no such key/],
    ['assertion.sub == "a" && true', /not understood/],
    ['other.sub', /no variable/],
    ['assertion.sub in [\'a\'', /expected/],
  ])('%s is an error', (expression, error) => {
    expect(() => evaluate(expression, { assertion: { sub: 'a' } })).toThrow(error);
  });
});
