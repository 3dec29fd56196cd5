import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { TerraformStack } from 'cdktf';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxGcpNodeServiceAccount } from '../../lib/gcp/flux-gcp-node-service-account';
import { FluxGcpPrincipal } from '../../lib/gcp/flux-gcp-principal';
import { FluxGcpServiceAccount } from '../../lib/gcp/flux-gcp-service-account';
import { FluxGcpServiceAccountKey } from '../../lib/gcp/flux-gcp-service-account-key';
import { FluxGcpWorkloadPool } from '../../lib/gcp/flux-gcp-workload-pool';
import { IGcpIdentity } from '../../lib/gcp/gcp-identity';
import { GcpPermission } from '../../lib/gcp/gcp-permission';
import { ArtifactRegistryPermissions } from '../../lib/gcp/permissions/artifact-registry';
import { CloudKmsPermissions } from '../../lib/gcp/permissions/cloud-kms';
import { CloudStoragePermissions } from '../../lib/gcp/permissions/cloud-storage';
import { GkePermissions } from '../../lib/gcp/permissions/gke';
import { PubSubPermissions } from '../../lib/gcp/permissions/pub-sub';
import { stack } from '../support';

const LIB = join(__dirname, '../../lib/gcp');
const CONTROLLER = FluxServiceAccount.controller(FluxController.KUSTOMIZE);
const OBJECT = FluxServiceAccount.of('apps', 'flux');

/** A permission of each service. */
const SERVICES: { [service: string]: () => GcpPermission } = {
  'artifact-registry': () => ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/apps'),
  'cloud-storage': () => CloudStoragePermissions.read('acme-flux-manifests'),
  'cloud-kms': () => CloudKmsPermissions.decrypt('projects/acme-prod/locations/global/keyRings/flux/cryptoKeys/sops'),
  'gke': () => GkePermissions.access('projects/acme-prod/locations/europe-west1/clusters/staging'),
  'pub-sub': () => PubSubPermissions.publish('projects/acme-prod/topics/flux'),
};

/** An identity of each kind at each level. */
const KINDS: { [kind: string]: { [level: string]: (scope: TerraformStack) => IGcpIdentity } } = {
  'direct principal': {
    controller: (scope) => new FluxGcpPrincipal(scope, 'Id', { pool: pool(scope), serviceAccounts: [CONTROLLER] }),
    object: (scope) => new FluxGcpPrincipal(scope, 'Id', { pool: pool(scope), serviceAccounts: [OBJECT] }),
  },
  'service account': {
    controller: (scope) => new FluxGcpServiceAccount(scope, 'Id', { pool: pool(scope), accountId: 'flux-apps', serviceAccounts: [CONTROLLER] }),
    object: (scope) => new FluxGcpServiceAccount(scope, 'Id', { pool: pool(scope), accountId: 'flux-apps', serviceAccounts: [OBJECT] }),
  },
  'key': {
    controller: (scope) => new FluxGcpServiceAccountKey(scope, 'Id', { accountId: 'flux-apps', serviceAccounts: [CONTROLLER] }),
    object: (scope) => new FluxGcpServiceAccountKey(scope, 'Id', { accountId: 'flux-apps', secrets: [FluxSecret.bucket('apps', 'gcp')] }),
  },
  'node': {
    node: (scope) => new FluxGcpNodeServiceAccount(scope, 'Id', {
      issuer: issuer(scope), email: 'gke-nodes@acme-prod.iam.gserviceaccount.com', serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
    }),
  },
};

function issuer(scope: TerraformStack): ClusterIssuer {
  return ClusterIssuer.gke(scope, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' });
}

function pool(scope: TerraformStack): FluxGcpWorkloadPool {
  return new FluxGcpWorkloadPool(scope, 'Pool', { issuer: issuer(scope), poolId: 'prod' });
}

function accepts(make: (scope: TerraformStack) => IGcpIdentity, permission: GcpPermission): boolean {
  const identity = make(stack());
  try {
    identity.grant('Grant', permission);
    return true;
  } catch (error: any) {
    if (error.name !== 'ValidationError') throw error;
    return false;
  }
}

const [HEADER, , ...ROWS] = readFileSync(join(LIB, 'README.md'), 'utf8').split('<!-- support matrix -->\n')[1].split('<!-- end -->')[0].trim().split('\n')
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));

it('has a column for each kind of identity and a row for each file of permissions', () => {
  expect(HEADER).toEqual(['service', ...Object.keys(KINDS)]);
  expect(ROWS.map(([service]) => service)).toEqual(Object.keys(SERVICES));
  const files = readdirSync(join(LIB, 'permissions')).filter((file) => /\.ts$/.test(file) && !/\.d\.ts$/.test(file)).map((file) => file.replace(/\.ts$/, ''));
  expect(files.sort()).toEqual(Object.keys(SERVICES).sort());
});

it.each(ROWS.flatMap(([service, ...cells]) => Object.keys(KINDS).map((kind, column) => [service, kind, cells[column]])))('%s for %s: %s', (service, kind, cell) => {
  const levels = Object.entries(KINDS[kind]).filter(([, make]) => accepts(make, SERVICES[service]())).map(([level]) => level);
  expect(levels.join(', ') || '-').toBe(cell);
});
