import { NameForm } from './resource-name';

/** The ID of a project, also of one of a domain. */
const PROJECT_NAME = /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
/** A project ID (also of a domain), or a project number. */
const PROJECT = /^(([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|[0-9]{1,19})$/;
/** A region, a zone, a multi-region or `global`. */
const LOCATION = /^[a-z]+[a-z0-9]*(-[a-z0-9]+)*$/;

const KMS_NAME = /^[a-zA-Z0-9_-]{1,63}$/;
const LOCATED = { project: PROJECT, location: LOCATION };

/** An Artifact Registry repository. */
export const REPOSITORY: NameForm = {
  what: 'Artifact Registry repository',
  forms: ['projects/{project}/locations/{location}/repositories/{repository}', '{project}/{location}/{repository}', '{location}/{repository}', '{repository}'],
  parts: { ...LOCATED, repository: /^([a-z]([a-z0-9-]{0,61}[a-z0-9])?|([a-z]+[.])?gcr[.]io)$/ },
  example: 'projects/acme-prod/locations/europe-west1/repositories/apps',
  why: 'the role is granted on one repository, which the provider finds by this name',
  fixes: [
    [/\.pkg\.dev/, 'this is the address that images are pulled from, <location>-<format>.pkg.dev/<project>/<repository>; pass "projects/<project>/locations/<location>/repositories/<repository>"'],
    [/(^|\.)gcr\.io/, 'pass the Artifact Registry repository that serves the address, for example "projects/<project>/locations/us/repositories/gcr.io"'],
  ],
};

/** The name of a bucket: up to 63 characters, or the name of a domain in parts of as many. */
export const BUCKET_NAME = /^[a-z0-9]([a-z0-9_-]{1,61}[a-z0-9]|[a-z0-9_-]{0,62}([.][a-z0-9_-]{1,63}){0,6}[.]([a-z0-9_-]{0,62}[a-z0-9]))$/;

/** A Cloud Storage bucket. */
export const BUCKET: NameForm = {
  what: 'bucket',
  forms: ['{bucket}', 'b/{bucket}'],
  parts: { bucket: BUCKET_NAME },
  example: 'acme-flux-manifests',
  why: 'the role is granted on the whole bucket, which Google knows by its name',
  fixes: [[/^gs:\/\//, 'this is a URI; pass the bucket\'s name alone']],
};

/** A Cloud KMS key. */
export const CRYPTO_KEY: NameForm = {
  what: 'Cloud KMS key',
  forms: [
    'projects/{project}/locations/{location}/keyRings/{ring}/cryptoKeys/{key}', '{project}/{location}/{ring}/{key}', '{location}/{ring}/{key}',
  ],
  parts: { ...LOCATED, ring: KMS_NAME, key: KMS_NAME },
  example: 'projects/acme-prod/locations/europe-west1/keyRings/flux/cryptoKeys/sops',
  why: 'the role is granted on the key, which the provider finds by this name',
  fixes: [
    [/\/cryptoKeyVersions\//, 'this is a version of a key, and roles are granted on the key; leave out "/cryptoKeyVersions/..."'],
    [/\/keyRings\/[^/]+$/, 'this is a key ring; use CloudKmsPermissions.decryptWithKeyRing (GcpResource.keyRing)'],
  ],
};

/** A Cloud KMS key ring. */
export const KEY_RING: NameForm = {
  what: 'Cloud KMS key ring',
  forms: ['projects/{project}/locations/{location}/keyRings/{ring}', '{project}/{location}/{ring}', '{location}/{ring}'],
  parts: { ...LOCATED, ring: KMS_NAME },
  example: 'projects/acme-prod/locations/europe-west1/keyRings/flux',
  why: 'the role is granted on the key ring, which the provider finds by this name',
  fixes: [[/\/cryptoKeys\//, 'this is a key; use CloudKmsPermissions.decrypt (GcpResource.cryptoKey)']],
};

/** Names that begin with "goog" are Google's. Pub/Sub takes "%" too, but the provider writes names into URLs as they are. */
const TOPIC_NAME = new RegExp('^(([a-fh-zA-Z]C{2}|g[a-np-zA-Z0-9_.~+-]C|go[a-np-zA-Z0-9_.~+-]|goo[a-fh-zA-Z0-9_.~+-])C{0,252}|goo)$'.replace(/C/g, '[a-zA-Z0-9_.~+-]'));

/** A Pub/Sub topic. */
export const TOPIC: NameForm = {
  what: 'Pub/Sub topic',
  forms: ['projects/{project}/topics/{topic}', '{project}/{topic}', '{topic}'],
  parts: { project: PROJECT, topic: TOPIC_NAME },
  example: 'projects/acme-prod/topics/flux-events',
  why: 'the role is granted on the topic, which the provider finds by this name',
  fixes: [[/\/subscriptions\//, 'this is a subscription; pass the topic that Flux publishes to']],
};

/**
 * The e-mail of a service account as the provider knows it: made by users (also in projects of a domain), Compute Engine's default,
 * and what Google's services make for a project (App Engine's default and its relatives).
 */
export const SERVICE_ACCOUNT_EMAIL = new RegExp([
  '^([a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z0-9-]{1,63}([.][a-z0-9-]{1,63}([.][a-z0-9-]{1,63})+)?[.]iam',
  '[0-9]{1,20}-compute@developer',
  '(([a-z0-9-]{1,63}[.])*[a-z]([a-z0-9-]{0,61}[a-z0-9])?:)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?@[a-z]+)[.]gserviceaccount[.]com$',
].join('|'));

/** A service account, as a resource. */
export const SERVICE_ACCOUNT: NameForm = {
  what: 'service account name',
  forms: ['projects/{project}/serviceAccounts/{email}'],
  parts: { project: /^(([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|[0-9]{1,19}|-)$/, email: SERVICE_ACCOUNT_EMAIL },
  example: 'projects/acme-prod/serviceAccounts/flux-sops@acme-prod.iam.gserviceaccount.com',
  why: 'the provider finds the service account by its full name',
  fixes: [[/^[^/]+@/, 'this is the e-mail; pass the `name` of the service account, "projects/<project>/serviceAccounts/<email>"']],
};

/** A project. */
export const PROJECT_ID: NameForm = {
  what: 'project',
  forms: ['projects/{project}', '{project}'],
  parts: { project: PROJECT },
  example: 'acme-prod',
  why: 'the provider finds the project by its ID',
};

/** A GKE cluster. */
export const CLUSTER: NameForm = {
  what: 'GKE cluster',
  forms: ['projects/{project}/locations/{location}/clusters/{cluster}'],
  // By ID, never by number: conditions compare the cluster's name, which holds the ID.
  parts: { project: PROJECT_NAME, location: LOCATION, cluster: /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/ },
  example: 'projects/acme-prod/locations/europe-west1/clusters/staging',
  why: 'the condition that narrows the role to the cluster compares this name, with the ID of the project',
  fixes: [
    [/\/(zones|regions)\//, 'Flux and Terraform write "locations" for regions and zones alike; use it here too'],
    [/^projects\/\d+\//, 'pass the ID of the project in place of its number'],
    [/^https:\/\/container\.googleapis\.com\//, 'this is a URL; pass what stands behind "/v1/"'],
  ],
};
