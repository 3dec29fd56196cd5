import { TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import { FluxIamUser } from '../../lib/aws/flux-iam-user';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { FluxPodIdentityRole } from '../../lib/aws/flux-pod-identity-role';
import { AzureCertificateSecret } from '../../lib/azure/azure-certificate-secret';
import { AzureCloud } from '../../lib/azure/azure-cloud';
import { FluxAzureApplication } from '../../lib/azure/flux-azure-application';
import { FluxAzureFederatedIdentity } from '../../lib/azure/flux-azure-federated-identity';
import { ClusterIssuer, IClusterIssuer } from '../../lib/core/cluster-issuer';
import { IFluxIdentity } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxGcpPrincipal } from '../../lib/gcp/flux-gcp-principal';
import { FluxGcpServiceAccount } from '../../lib/gcp/flux-gcp-service-account';
import { FluxGcpServiceAccountKey } from '../../lib/gcp/flux-gcp-service-account-key';
import { FluxGcpWorkloadPool } from '../../lib/gcp/flux-gcp-workload-pool';

/** Makes the identity of some service accounts of a cluster. */
type MakeIdentity = (scope: Construct, issuer: IClusterIssuer, serviceAccounts: FluxServiceAccount[]) => IFluxIdentity;

export const CLUSTERS = {
  eks: (scope: Construct) => ClusterIssuer.eks(scope, 'Cluster', {
    clusterName: 'prod', issuerUrl: 'https://oidc.example.com', clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod',
  }),
  aks: (scope: Construct) => ClusterIssuer.aks(scope, 'Cluster', { name: 'prod', resourceGroupName: 'flux', issuerUrl: 'https://oidc.example.com/' }),
  gke: (scope: Construct) => ClusterIssuer.gke(scope, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' }),
  other: (scope: Construct) => ClusterIssuer.oidc(scope, 'Cluster', { url: 'https://oidc.example.com' }),
};

const CLIENT_ID = '11111111-2222-4333-8444-555555555555';
const EMAIL = 'flux@acme-prod.iam.gserviceaccount.com';

const irsa: MakeIdentity = (scope, issuer, serviceAccounts) => new FluxIrsaRole(scope, 'Role', {
  oidcProviders: [FluxOidcProvider.fromOidcProviderArn(scope, 'Oidc', { issuer, arn: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com' })],
  serviceAccounts,
  region: 'eu-west-1',
});

const podIdentity: MakeIdentity = (scope, cluster, serviceAccounts) => new FluxPodIdentityRole(scope, 'Role', { cluster, account: '111122223333', serviceAccounts });

const accessKey: MakeIdentity = (scope, _, serviceAccounts) => new FluxIamUser(scope, 'User', { name: 'flux', serviceAccounts });

const managedIdentity = (azureCloud?: AzureCloud): MakeIdentity => (scope, issuer, serviceAccounts) => FluxAzureFederatedIdentity.fromIdentityId(scope, 'Identity', {
  issuers: [issuer],
  serviceAccounts,
  identityId: `/subscriptions/${CLIENT_ID}/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux`,
  clientId: CLIENT_ID,
  principalId: '66666666-7777-4888-8999-000000000000',
  tenantId: '22222222-3333-4444-8555-666666666666',
  azureCloud,
});

const privateCloud = managedIdentity(AzureCloud.custom({
  authorityHost: 'https://login.core.private/',
  resourceManagerEndpoint: 'https://management.core.private/',
  tokenAudience: 'https://management.core.private/',
  configMapName: 'azure-environment',
}));

const certificate: MakeIdentity = (scope, _, serviceAccounts) => new FluxAzureApplication(scope, 'App', {
  displayName: 'flux',
  certificate: new TerraformVariable(scope, 'Certificate', { type: 'string', default: 'public' }).stringValue,
  serviceAccounts,
  secret: AzureCertificateSecret.existingWithPassword(),
  secretName: 'azure-certificate',
});

const pool = (scope: Construct, issuer: IClusterIssuer) => issuer.kind === 'gke'
  ? FluxGcpWorkloadPool.gke(scope, 'Pool', { projectId: 'acme-prod', issuer })
  : new FluxGcpWorkloadPool(scope, 'Pool', { issuer, poolId: 'prod', providerId: 'prod', project: 'acme-prod', projectNumber: '123456789012' });

const direct: MakeIdentity = (scope, issuer, serviceAccounts) => new FluxGcpPrincipal(scope, 'Principal', { pool: pool(scope, issuer), serviceAccounts });

const impersonating: MakeIdentity = (scope, issuer, serviceAccounts) =>
  FluxGcpServiceAccount.fromEmail(scope, 'Account', { pool: pool(scope, issuer), serviceAccounts, email: EMAIL });

const googleKey: MakeIdentity = (scope, _, serviceAccounts) => FluxGcpServiceAccountKey.fromEmail(scope, 'Key', { email: EMAIL, serviceAccounts });

/** Every way to be someone in a cloud, with the kind of cluster it differs by. */
export const IDENTITIES: { readonly [name: string]: { readonly cluster: keyof typeof CLUSTERS; readonly make: MakeIdentity[] } } = {
  'AWS, IRSA on EKS': { cluster: 'eks', make: [irsa] },
  'AWS, Pod Identity': { cluster: 'eks', make: [podIdentity] },
  'AWS, not EKS': { cluster: 'other', make: [irsa] },
  'AWS, access keys': { cluster: 'other', make: [accessKey] },
  'Azure, AKS': { cluster: 'aks', make: [managedIdentity()] },
  'Azure, not AKS': { cluster: 'other', make: [managedIdentity()] },
  'Azure, certificates': { cluster: 'other', make: [certificate] },
  'Azure, private cloud': { cluster: 'other', make: [privateCloud] },
  'Google, GKE': { cluster: 'gke', make: [impersonating] },
  'Google, not GKE, direct': { cluster: 'other', make: [direct] },
  'Google, not GKE, impersonating': { cluster: 'other', make: [impersonating] },
  'Google, keys': { cluster: 'other', make: [googleKey] },
  'three clouds at once': { cluster: 'other', make: [irsa, managedIdentity(), direct] },
};
