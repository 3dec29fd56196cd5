import { createHash } from 'crypto';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AzureadProvider } from '@cdktf/provider-azuread/lib/provider';
import { TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { Computed, COMPUTED } from './computed';
import * as pages from './flux-pages';
import { evaluate } from './terraform';
import { FluxIamUser } from '../../lib/aws/flux-iam-user';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { AzureCertificateSecret } from '../../lib/azure/azure-certificate-secret';
import { AzureCloud } from '../../lib/azure/azure-cloud';
import { FluxAzureApplication } from '../../lib/azure/flux-azure-application';
import { FluxAzureFederatedIdentity } from '../../lib/azure/flux-azure-federated-identity';
import { ClusterIssuer, ClusterKind, IClusterIssuer } from '../../lib/core/cluster-issuer';
import { IFluxIdentity } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxInstallationProps } from '../../lib/flux/flux-installation';
import { FluxGcpPrincipal } from '../../lib/gcp/flux-gcp-principal';
import { FluxGcpServiceAccount } from '../../lib/gcp/flux-gcp-service-account';
import { FluxGcpServiceAccountKey } from '../../lib/gcp/flux-gcp-service-account-key';
import { FluxGcpWorkloadPool } from '../../lib/gcp/flux-gcp-workload-pool';
import { IFluxGcpWorkloadPool } from '../../lib/gcp/gcp-workload-pool';
import { RSA_CERTIFICATE } from '../azure/certificates';
import { kustomizationOf } from '../support';

/** The cluster that Flux runs in. */
export type Issuer = (scope: Construct) => IClusterIssuer;

/** Who some service accounts of that cluster are. */
export type Identity = (scope: Construct, issuer: IClusterIssuer, serviceAccounts: FluxServiceAccount[]) => IFluxIdentity;

/** The name of an account of its own: many cases in one stack have the same names there. */
const accountOf = (scope: Construct) => scope.node.path.replace(/\W+/g, '-');
const aws = (scope: Construct) => new AwsProvider(scope, 'Aws', { alias: accountOf(scope), region: 'eu-west-1' });

/** Kustomizations by name; one run of Terraform for all of them. */
export function kustomizations(configs: (scope: Construct) => { [name: string]: FluxInstallationProps }): { [name: string]: string } {
  const stack = new TerraformStack(Testing.app(), 'stack');
  const value = Object.fromEntries(Object.entries(configs(stack)).map(([name, props]) => [name, kustomizationOf(stack, props)]));
  new TerraformOutput(stack, 'kustomizations', { value });
  const application: Computed = (args, address) => ({ ...COMPUTED.azuread_application(args, address), client_id: pages.CLIENT_ID });
  return evaluate(stack, { computed: { azuread_application: application } }).outputs.kustomizations;
}

export const eks: Issuer = (scope) => ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://oidc.example.com' });
export const other: Issuer = (scope) => ClusterIssuer.oidc(scope, 'Cluster', { url: 'https://oidc.example.com' });
export const aks: Issuer = (scope) => ClusterIssuer.aks(scope, 'Cluster', { name: 'prod', resourceGroupName: 'flux', issuerUrl: 'https://oidc.example.com/' });
export const gke: Issuer = (scope) => ClusterIssuer.gke(scope, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' });

export const irsa: Identity = (scope, issuer, serviceAccounts) => {
  const arn = `arn:aws:iam::111122223333:oidc-provider/${issuer.issuerUrl.replace('https://', '')}`;
  const oidc = FluxOidcProvider.fromOidcProviderArn(scope, 'Oidc', { issuer, arn });
  return new FluxIrsaRole(scope, 'Role', { oidcProviders: [oidc], serviceAccounts, name: 'flux', region: 'eu-west-1', provider: aws(scope) });
};

const accessKey: Identity = (scope, _, serviceAccounts) => new FluxIamUser(scope, 'User', { name: 'flux', serviceAccounts, provider: aws(scope) });

export const managedIdentity = managedIdentityIn(undefined);

function managedIdentityIn(azureCloud: AzureCloud | undefined): Identity {
  return (scope, issuer, serviceAccounts) => FluxAzureFederatedIdentity.fromIdentityId(scope, 'Managed', {
    issuers: [issuer],
    serviceAccounts,
    // One for each case: an identity holds twenty credentials.
    identityId: `/subscriptions/${pages.CLIENT_ID}/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${scope.node.path.replace(/\W+/g, '-')}`,
    clientId: pages.CLIENT_ID,
    principalId: '66666666-7777-4888-8999-000000000000',
    tenantId: pages.TENANT_ID,
    azureCloud,
  });
}

const certificate: Identity = (scope, _, serviceAccounts) => new FluxAzureApplication(scope, 'App', {
  displayName: 'flux',
  provider: new AzureadProvider(scope, 'Azuread', { alias: accountOf(scope) }),
  certificate: new TerraformVariable(scope, 'Certificate', { type: 'string', default: RSA_CERTIFICATE }).stringValue,
  serviceAccounts,
  secret: AzureCertificateSecret.existingWithPassword(),
  secretName: 'azure-certificate',
  sendCertificateChain: true,
});

function pool(scope: Construct, issuer: IClusterIssuer): IFluxGcpWorkloadPool {
  if (issuer.kind === ClusterKind.GKE) return FluxGcpWorkloadPool.gke(scope, 'Pool', { projectId: 'acme-prod', issuer });
  const project = `acme-${createHash('sha256').update(scope.node.path).digest('hex').slice(0, 8)}`;
  return new FluxGcpWorkloadPool(scope, 'Pool', { issuer, poolId: 'prod', providerId: 'prod', project, projectNumber: '123456789012' });
}

export const principal: Identity = (scope, issuer, serviceAccounts) => new FluxGcpPrincipal(scope, 'Principal', { pool: pool(scope, issuer), serviceAccounts });
export const impersonating: Identity = (scope, issuer, serviceAccounts) =>
  FluxGcpServiceAccount.fromEmail(scope, 'Account', { pool: pool(scope, issuer), serviceAccounts, email: pages.GSA_EMAIL });
const googleKey: Identity = (scope, _, serviceAccounts) => FluxGcpServiceAccountKey.fromEmail(scope, 'Key', { email: pages.GSA_EMAIL, serviceAccounts });

// Ours mounts the whole Secret, in a directory of its own: the file that the page mounts alone would never show a renewed certificate.
const CERTIFICATE_IN_DIRECTORY = pages.AZURE_CERTIFICATE
  .replace('value: /var/run/app-cert/cert-and-key', 'value: /var/run/azure-certificate/cert-and-key')
  .replace(/mountPath: \/var\/run\/app-cert\/cert-and-key\n\s*subPath: cert-and-key/, 'mountPath: /var/run/azure-certificate');

// The page says nothing of where the file is; and a private cloud goes with a way to sign in, here that of any cluster.
const PRIVATE_CLOUD = (pages.AZURE_OTHER + pages.AZURE_PRIVATE_CLOUD)
  .split('https://login.microsoftonline.com/').join('https://login.core.private/')
  .split('/etc/azure-environment').join('/var/run/azure-environment');
const privateCloud = AzureCloud.custom({
  authorityHost: 'https://login.core.private/',
  resourceManagerEndpoint: 'https://management.core.private/',
  tokenAudience: 'https://management.core.private/',
  configMapName: 'azure-environment',
});

/** Each sample of the pages, and how the library says the same. */
export const SAMPLES: ReadonlyArray<[name: string, sample: string, issuer: Issuer, identity: Identity]> = [
  ['AWS, IRSA on EKS', pages.AWS_EKS, eks, irsa],
  ['AWS, not EKS', pages.AWS_OTHER, other, irsa],
  ['AWS, access keys', pages.AWS_ACCESS_KEY, other, accessKey],
  ['Azure, AKS', pages.AZURE_AKS, aks, managedIdentity],
  ['Azure, not AKS', pages.AZURE_OTHER, other, managedIdentity],
  ['Azure, certificates', CERTIFICATE_IN_DIRECTORY, other, certificate],
  ['Azure, private cloud', PRIVATE_CLOUD, other, managedIdentityIn(privateCloud)],
  ['Google, GKE', pages.GCP_GKE, gke, impersonating],
  ['Google, not GKE, direct', pages.GCP_OTHER, other, principal],
  ['Google, not GKE, impersonating', pages.GCP_OTHER, other, impersonating],
  ['Google, keys', pages.GCP_KEY, other, googleKey],
];
