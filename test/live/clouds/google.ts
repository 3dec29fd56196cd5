import { ADMIN, Answer, bearer, Call, challenge, Clouds, Denied, form, inRemote, OBJECT, password, pulled, refusedRegistry, registryPath, StandIn } from './call';
import { inWordsOf } from './words';
import { evaluate } from '../../conformance/cel';
import { gcp as exchange, gke as exchangeAtGke } from '../../conformance/clouds';

/** What Google's own roles allow, as far as Flux asks for it. */
const ROLES: { readonly [role: string]: readonly string[] } = {
  'roles/artifactregistry.reader': ['artifactregistry.repositories.downloadArtifacts'],
  'roles/cloudkms.cryptoKeyDecrypter': ['cloudkms.cryptoKeyVersions.useToDecrypt'],
  'roles/container.clusterViewer': ['container.clusters.get'],
  'roles/iam.workloadIdentityUser': ['iam.serviceAccounts.getAccessToken'],
  'roles/storage.bucketViewer': ['storage.buckets.get'],
  'roles/storage.objectViewer': ['storage.objects.get', 'storage.objects.list'],
};
const REGISTRY = 'europe-docker.pkg.dev';
/** Control planes of GKE are called by their addresses. */
const ENDPOINTS: { readonly [address: string]: string } = { '203.0.113.10': 'platform', '203.0.113.20': 'teama' };

/** The token service, IAM Credentials, Artifact Registry, Cloud Storage, Cloud KMS and GKE: IAM decides by members and their conditions. */
export const GOOGLE: StandIn = {
  hosts: ['sts.googleapis.com', 'iamcredentials.googleapis.com', REGISTRY, 'storage.googleapis.com', 'cloudkms.googleapis.com', 'container.googleapis.com', ...Object.keys(ENDPOINTS)],

  async answer(call, clouds) {
    const { host, url, body } = call;
    if (host === 'sts.googleapis.com') return token(await federated(call, clouds));
    if (host === REGISTRY) return pull(call, clouds);
    const { principal } = clouds.holder(bearer(call));
    if (ENDPOINTS[host] !== undefined) {
      clouds.note(`ALLOW ${principal} into ${ENDPOINTS[host]}: Kubernetes decides`);
      return inRemote(call, principal.replace(/^serviceAccount:(?=[^[]+$)/, ''), 'system:authenticated');
    }
    if (host === 'iamcredentials.googleapis.com') {
      const email = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):generateAccessToken$/.exec(decodeURIComponent(url.pathname))?.[1];
      return { body: { accessToken: impersonate(clouds, principal, email ?? ''), expireTime: new Date(Date.now() + 3_600_000).toISOString() } };
    }
    if (host === 'storage.googleapis.com') return store(call, clouds, principal);
    if (host === 'container.googleapis.com') {
      const [, project, location, cluster] = /^\/v1\/projects\/([^/]+)\/locations\/([^/]+)\/clusters\/([^/]+)$/.exec(url.pathname) ?? [];
      may(clouds, principal, 'container.clusters.get', [['google_project_iam_member', { project }]], `projects/${project}/locations/${location}/clusters/${cluster}`);
      const [endpoint] = Object.entries(ENDPOINTS).find(([, name]) => name === cluster) ?? [];
      return { body: { name: cluster, endpoint, masterAuth: { clusterCaCertificate: Buffer.from(clouds.ca).toString('base64') } } };
    }
    const [, key, action] = /^\/v1\/(.+):(encrypt|decrypt)$/.exec(url.pathname) ?? [];
    if (key === undefined) throw new Denied(404, `nobody is ${host}${url.pathname}`);
    const request = JSON.parse(body.toString());
    if (action === 'decrypt') return { body: { plaintext: decrypt(clouds, principal, key, Buffer.from(request.ciphertext, 'base64')).toString('base64') } };
    clouds.decide(principal, principal === ADMIN, 'encrypt', key);
    return { body: { name: key, ciphertext: clouds.seal(key, Buffer.from(request.plaintext, 'base64')).toString('base64') } };
  },

  refuse({ host }, error) {
    if (host === REGISTRY) return refusedRegistry(error.status, inWordsOf('google', error.message).says);
    if (host === 'sts.googleapis.com') {
      const { code = 'invalid_grant', says } = inWordsOf('googleSts', error.message);
      return { status: error.status, body: { error: code, error_description: says } };
    }
    return { status: error.status, body: { error: { code: error.status, message: inWordsOf('google', error.message).says, status: 'PERMISSION_DENIED' } } };
  },
};

async function federated(call: Call, clouds: Clouds): Promise<string> {
  const json = (call.headers['content-type'] ?? '').includes('json');
  const request = json ? new Map(Object.entries<string>(JSON.parse(call.body.toString()))) : form(call);
  const [audience, subject] = [request.get('audience') ?? '', request.get('subject_token') ?? ''];
  if (audience.startsWith('identitynamespace:')) return clusterToken(clouds, subject, audience.replace('identitynamespace:', ''));
  const provider = audience.replace('//iam.googleapis.com/', '');
  return clouds.give({ principal: await exchange(clouds.evaluation, subject, provider, clouds.internet) });
}

/** What the pool of GKE gives to an account of a cluster, `<pool>:<cluster>`; with an e-mail as GKE's metadata server does, who asks in its name. */
export async function clusterToken(clouds: Clouds, subject: string, cluster: string, email?: string): Promise<string> {
  const principal = await exchangeAtGke(clouds.evaluation, subject, cluster, clouds.internet);
  return email === undefined ? clouds.give({ principal }) : impersonate(clouds, principal, email);
}

function impersonate(clouds: Clouds, principal: string, email: string): string {
  const { name } = clouds.all('google_service_account').find((account) => account.email === email) ?? {};
  may(clouds, principal, 'iam.serviceAccounts.getAccessToken', [['google_service_account_iam_member', { service_account_id: name }]], email);
  return clouds.give({ principal: `serviceAccount:${email}` });
}

const token = (credential: string): Answer => ({
  body: { access_token: credential, issued_token_type: 'urn:ietf:params:oauth:token-type:access_token', token_type: 'Bearer', expires_in: 3600 },
});

/** Where a role may be held: the type of the member, and what it must say. */
type Place = readonly [string, { readonly [argument: string]: string | undefined }];

/** IAM: a member with a role that has the permission, on one of these places, whose condition holds for the resource. */
function may(clouds: Clouds, principal: string, permission: string, places: readonly Place[], name: string): void {
  const here = (member: any, on: Place[1]) => Object.entries(on).every(([argument, value]) => value !== undefined && member[argument] === value);
  const held = places.flatMap(([type, on]) => clouds.all(type).filter((member) => member.member === principal && here(member, on)));
  const holds = ({ condition }: any) => [condition].flat().every((each) => !each || evaluate(each.expression, { resource: { name } }) === true);
  clouds.decide(principal, held.some((member) => has(clouds, member.role, permission) && holds(member)), permission, name);
}

function has(clouds: Clouds, role: string, permission: string): boolean {
  const custom = clouds.all('google_project_iam_custom_role').find(({ name }) => name === role);
  return (custom?.permissions ?? ROLES[role] ?? []).includes(permission);
}

function pull(call: Call, clouds: Clouds): Answer {
  const credential = password(call);
  if (credential === undefined) return challenge(call.host);
  const { principal } = clouds.holder(credential);
  const asked = pulled(call);
  if (asked !== undefined) {
    const [project, repository] = asked.repository.split('/');
    const location = call.host.replace('-docker.pkg.dev', '');
    may(clouds, principal, 'artifactregistry.repositories.downloadArtifacts',
      [['google_artifact_registry_repository_iam_member', { project, location, repository }]], `projects/${project}/locations/${location}/repositories/${repository}`);
  }
  return { to: 'registry', path: registryPath(call) };
}

/** Cloud Storage, its JSON and its XML API. */
function store({ url }: Call, clouds: Clouds, principal: string): Answer {
  const [, bucket, list, object] = /^\/(?:storage\/v1\/b\/)?([^/]+)(\/o)?(?:\/(.+))?$/.exec(url.pathname) ?? [];
  const permission = object !== undefined ? 'storage.objects.get' : list !== undefined ? 'storage.objects.list' : 'storage.buckets.get';
  may(clouds, principal, permission, [['google_storage_bucket_iam_member', { bucket }]], `projects/_/buckets/${bucket}${object === undefined ? '' : `/objects/${object}`}`);
  const { name, content } = OBJECT;
  const item = { kind: 'storage#object', name, bucket, size: String(content.length), etag: 'CE=', generation: '1', updated: '2026-01-01T00:00:00Z' };
  if (object === undefined) return { body: list === undefined ? { kind: 'storage#bucket', name: bucket } : { kind: 'storage#objects', items: [item] } };
  if (object !== name) return { status: 404, body: { error: { code: 404, message: 'not found' } } };
  if (url.pathname.startsWith('/storage/') && url.searchParams.get('alt') !== 'media') return { body: item };
  return { headers: { 'content-type': 'application/octet-stream', 'x-goog-generation': '1', 'etag': '"CE="' }, body: content };
}

function decrypt(clouds: Clouds, principal: string, key: string, sealed: Buffer): Buffer {
  const ring = key.replace(/\/cryptoKeys\/.*$/, '');
  may(clouds, principal, 'cloudkms.cryptoKeyVersions.useToDecrypt',
    [['google_kms_crypto_key_iam_member', { crypto_key_id: key }], ['google_kms_key_ring_iam_member', { key_ring_id: ring }]], key);
  return clouds.unseal(key, sealed);
}

/** One unary call of Cloud KMS over gRPC: `Decrypt`, whose fields 1 and 2 are key and ciphertext. Gives the message of its answer. */
export function decryptByGrpc(call: Call, clouds: Clouds): Buffer {
  if (call.url.pathname !== '/google.cloud.kms.v1.KeyManagementService/Decrypt') throw new Denied(404, `no method ${call.url.pathname}`);
  const { principal } = clouds.holder(bearer(call));
  // The first five bytes are the frame's: not compressed, and how long.
  const [key, sealed] = fieldsOf(call.body.subarray(5));
  const plain = decrypt(clouds, principal, key.toString(), sealed);
  const message = Buffer.concat([Buffer.from([10, ...varint(plain.length)]), plain]);
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(message.length, 1);
  return Buffer.concat([frame, message]);
}

/** Fields 1 and 2 of a protobuf message, both of bytes. A number there is of groups of seven bits, the lowest first. */
function fieldsOf(message: Buffer): [Buffer, Buffer] {
  const fields = new Map<number, Buffer>();
  let at = 0;
  const read = (): number => {
    const byte = message[at++];
    return byte < 128 ? byte : byte - 128 + 128 * read();
  };
  while (at < message.length) {
    const tag = read();
    const kind = tag % 8;
    if (kind !== 0 && kind !== 2) throw new Denied(400, `a field of a kind that is not read here: ${kind}`);
    const value = read();
    if (kind === 2) {
      fields.set(Math.floor(tag / 8), message.subarray(at, at + value));
      at += value;
    }
  }
  return [fields.get(1) ?? Buffer.alloc(0), fields.get(2) ?? Buffer.alloc(0)];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [128 + value % 128, ...varint(Math.floor(value / 128))];
}
