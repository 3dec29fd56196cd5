// Argument: the number of principals. So many accounts outgrow the condition that lists them: the pool takes their namespaces.
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import '@cdktf/provider-google/lib/artifact-registry-repository-iam-member';
import '@cdktf/provider-google/lib/iam-workload-identity-pool';
import '@cdktf/provider-google/lib/iam-workload-identity-pool-provider';
import '@cdktf/provider-google/lib/kms-crypto-key-iam-member';
import { TerraformStack } from 'cdktf';
import { probe } from './probe';
import { ArtifactRegistryPermissions, CloudKmsPermissions, ClusterIssuer, FluxGcpPrincipal, FluxGcpWorkloadPool, FluxServiceAccount } from '../../..';

const count = Number(process.argv[2]);
const namespaces = Array.from({ length: 50 }, (_, team) => `team-${team}`);
// What loading costs is measured by the cold start.
void [ArtifactRegistryPermissions, CloudKmsPermissions, ClusterIssuer, FluxGcpPrincipal, FluxGcpWorkloadPool, FluxServiceAccount];

probe((app) => {
  const stack = new TerraformStack(app, 'Bench');
  new GoogleProvider(stack, 'Google', { project: 'delivery' });
  const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE' });
  const pool = new FluxGcpWorkloadPool(stack, 'Pool', { issuer, poolId: 'flux-prod', providerId: 'flux-prod', namespaces });
  for (let tenant = 0; tenant < count; tenant += 1) {
    const principal = new FluxGcpPrincipal(stack, `Tenant${tenant}`, {
      pool,
      serviceAccounts: [FluxServiceAccount.of(namespaces[tenant % namespaces.length], `tenant-${tenant}`)],
    });
    principal.grant('Images', ArtifactRegistryPermissions.pull(`projects/delivery/locations/europe-west1/repositories/tenant-${tenant}`));
    principal.grant('Sops', CloudKmsPermissions.decrypt(`projects/delivery/locations/europe-west1/keyRings/sops/cryptoKeys/tenant-${tenant}`));
  }
});
