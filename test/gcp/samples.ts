import { GcpPermission } from '../../lib/gcp/gcp-permission';
import { ArtifactRegistryPermissions } from '../../lib/gcp/permissions/artifact-registry';
import { CloudKmsPermissions } from '../../lib/gcp/permissions/cloud-kms';
import { CloudStoragePermissions } from '../../lib/gcp/permissions/cloud-storage';
import { GkePermissions } from '../../lib/gcp/permissions/gke';
import { PubSubPermissions } from '../../lib/gcp/permissions/pub-sub';

/** How a method of a permission is used, and the roles that it comes to. */
export interface Sample {
  readonly on: string;
  readonly permission: (on: string) => GcpPermission;
  readonly roles: readonly string[];
}

/** Every method of every permission. */
export const SAMPLES: { readonly [method: string]: Sample } = {
  'ArtifactRegistryPermissions.pull': {
    on: 'projects/acme-prod/locations/europe-west1/repositories/apps', permission: (on) => ArtifactRegistryPermissions.pull(on), roles: ['roles/artifactregistry.reader'],
  },
  'CloudStoragePermissions.read': {
    on: 'acme-flux-manifests', permission: (on) => CloudStoragePermissions.read(on), roles: ['roles/storage.bucketViewer', 'roles/storage.objectViewer'],
  },
  'CloudKmsPermissions.decrypt': {
    on: 'projects/acme-prod/locations/global/keyRings/flux/cryptoKeys/sops', permission: (on) => CloudKmsPermissions.decrypt(on), roles: ['roles/cloudkms.cryptoKeyDecrypter'],
  },
  'CloudKmsPermissions.decryptWithKeyRing': {
    on: 'projects/acme-prod/locations/global/keyRings/flux', permission: (on) => CloudKmsPermissions.decryptWithKeyRing(on), roles: ['roles/cloudkms.cryptoKeyDecrypter'],
  },
  'GkePermissions.access': {
    on: 'projects/acme-prod/locations/europe-west1/clusters/staging', permission: (on) => GkePermissions.access(on), roles: ['roles/container.clusterViewer'],
  },
  'PubSubPermissions.publish': { on: 'projects/acme-prod/topics/flux', permission: (on) => PubSubPermissions.publish(on), roles: ['roles/pubsub.publisher'] },
};
