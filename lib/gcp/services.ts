import { FluxCloud } from '../core/flux-identity';
import { FluxKind } from '../core/flux-kind';
import { RemoteKind } from '../core/shared/flux/kinds';
import { CredentialKind, Level, RoleContents, ServiceRows } from '../core/shared/flux/service';

const GUIDE = 'https://fluxcd.io/flux/integrations/gcp/';

/** Where Flux uses access without a stored credential: the same for every service. */
const SECRETLESS = {
  [CredentialKind.WORKLOAD_IDENTITY]: ['controller', 'object'],
} as const satisfies { [kind in CredentialKind]?: readonly Level[] };

/** A role of Google's: what its definition holds of what Flux needs. */
function role(service: string, ...permissions: string[]): RoleContents {
  return { permissions, page: `https://docs.cloud.google.com/iam/docs/roles-permissions/${service}`, read: '2026-08-22' };
}

const SOPS = { kinds: [FluxKind.KUSTOMIZATION] };

/** The services of Google Cloud that Flux reaches: one row of facts each. Rights are the services in the names of predefined roles. */
export const SERVICES = {
  'artifact-registry': {
    name: 'Artifact Registry',
    cloud: FluxCloud.GCP,
    rights: ['artifactregistry'],
    verbs: { pull: { kinds: [FluxKind.OCI_REPOSITORY, FluxKind.HELM_REPOSITORY, FluxKind.IMAGE_REPOSITORY, FluxKind.RESOURCE_SET_INPUT_PROVIDER] } },
    levels: { ...SECRETLESS, [CredentialKind.NODE]: ['node'] },
    hosts: ['*-docker.pkg.dev', 'gcr.io', '*.gcr.io'],
    inputTypes: ['GARArtifactTag'],
    roles: { 'roles/artifactregistry.reader': role('artifactregistry', 'artifactregistry.repositories.downloadArtifacts', 'artifactregistry.tags.list') },
    docs: `${GUIDE}#for-google-cloud-artifact-registry`,
  },
  'cloud-storage': {
    name: 'Cloud Storage',
    cloud: FluxCloud.GCP,
    rights: ['storage'],
    verbs: { read: { kinds: [FluxKind.BUCKET] } },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller', 'object'] },
    hosts: ['storage.googleapis.com'],
    roles: {
      'roles/storage.bucketViewer': role('storage', 'storage.buckets.get'),
      'roles/storage.objectViewer': role('storage', 'storage.objects.get', 'storage.objects.list'),
    },
    docs: `${GUIDE}#for-google-cloud-storage`,
  },
  'cloud-kms': {
    name: 'Cloud KMS',
    cloud: FluxCloud.GCP,
    rights: ['cloudkms'],
    verbs: { decrypt: SOPS, decryptWithKeyRing: SOPS },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller', 'object'] },
    hosts: ['cloudkms.googleapis.com'],
    roles: { 'roles/cloudkms.cryptoKeyDecrypter': role('cloudkms', 'cloudkms.cryptoKeyVersions.useToDecrypt') },
    docs: `${GUIDE}#for-google-cloud-key-management-service`,
  },
  'gke': {
    name: 'Google Kubernetes Engine',
    cloud: FluxCloud.GCP,
    rights: ['container'],
    verbs: { access: { kinds: [RemoteKind.KUSTOMIZATION, RemoteKind.HELM_RELEASE] } },
    // A key at object level is a Secret, and the ConfigMap of a remote cluster names none.
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller'] },
    hosts: ['container.googleapis.com', '*.gke.goog'],
    roles: { 'roles/container.clusterViewer': role('container', 'container.clusters.get') },
    docs: `${GUIDE}#for-google-kubernetes-engine`,
  },
  'pub-sub': {
    name: 'Pub/Sub',
    cloud: FluxCloud.GCP,
    rights: ['pubsub'],
    verbs: { publish: { kinds: [FluxKind.GOOGLE_PUBSUB_PROVIDER] } },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller', 'object'] },
    hosts: ['pubsub.googleapis.com'],
    roles: { 'roles/pubsub.publisher': role('pubsub', 'pubsub.topics.publish') },
    docs: `${GUIDE}#for-google-cloud-pubsub`,
  },
} satisfies ServiceRows;
