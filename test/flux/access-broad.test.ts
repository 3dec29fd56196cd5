import { TerraformStack } from 'cdktf';
import { ArtifactRegistryPermissions, FluxInstallation, FluxVersion, GcpPermission, GcpResource, GkePermissions, IFluxIdentity } from '../../lib';
import { accessModel } from '../../lib/flux/private/access/collect';
import { gke, IDENTITIES, stackOf } from '../gcp/setup';

const STAGING = 'projects/acme-prod/locations/europe-west1/clusters/staging';

function grantsOf(permission: GcpPermission) {
  const stack: TerraformStack = stackOf();
  const identity = IDENTITIES.gke(stack);
  identity.grant('Access', permission);
  const issuer = stack.node.tryFindChild('Cluster-prod') as ReturnType<typeof gke>;
  return accessModel(new FluxInstallation(stack, 'Flux', { issuer, version: FluxVersion.V2_10, identities: [identity as IFluxIdentity & typeof identity] })).grants;
}

test.each([
  ['a repository', ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/apps'), undefined],
  ['a cluster, narrowed by a condition', GkePermissions.access(STAGING), undefined],
  ['a cluster, by a role on the whole project', GkePermissions.access(STAGING, { wholeProject: true }), 'project'],
  ['a project by its ID', GcpPermission.of({ role: 'roles/artifactregistry.reader', resource: GcpResource.project('acme-prod') }), 'project'],
  ['a project by its name', GcpPermission.of({ role: 'roles/artifactregistry.reader', resource: GcpResource.project('projects/acme-prod') }), 'project'],
])('Google Cloud, %s: as broad as it is', (_, permission, broad) => {
  expect(grantsOf(permission).map((grant) => grant.broad)).toEqual([broad]);
});
