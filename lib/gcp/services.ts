import { FluxCloud } from '../core/flux-identity';
import { FluxKind } from '../core/flux-kind';
import { RemoteKind } from '../core/shared/flux/kinds';
import { CredentialKind, Level, ServiceRows } from '../core/shared/flux/service';

const GUIDE = 'https://fluxcd.io/flux/integrations/gcp/';

/** Where Flux uses access without a stored credential: the same for every service. */
const SECRETLESS = {
  [CredentialKind.WORKLOAD_IDENTITY]: ['controller', 'object'],
} as const satisfies { [kind in CredentialKind]?: readonly Level[] };

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
    docs: `${GUIDE}#for-google-cloud-artifact-registry`,
  },
  'cloud-storage': {
    name: 'Cloud Storage',
    cloud: FluxCloud.GCP,
    rights: ['storage'],
    verbs: { read: { kinds: [FluxKind.BUCKET] } },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller', 'object'] },
    hosts: ['storage.googleapis.com'],
    docs: `${GUIDE}#for-google-cloud-storage`,
  },
  'cloud-kms': {
    name: 'Cloud KMS',
    cloud: FluxCloud.GCP,
    rights: ['cloudkms'],
    verbs: { decrypt: SOPS, decryptWithKeyRing: SOPS },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller', 'object'] },
    hosts: ['cloudkms.googleapis.com'],
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
    docs: `${GUIDE}#for-google-kubernetes-engine`,
  },
  'pub-sub': {
    name: 'Pub/Sub',
    cloud: FluxCloud.GCP,
    rights: ['pubsub'],
    verbs: { publish: { kinds: [FluxKind.GOOGLE_PUBSUB_PROVIDER] } },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller', 'object'] },
    hosts: ['pubsub.googleapis.com'],
    docs: `${GUIDE}#for-google-cloud-pubsub`,
  },
} satisfies ServiceRows;
