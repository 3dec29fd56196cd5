/** A program for each cloud, with the bindings of that cloud alone. */
export interface Case {
  readonly cloud: string;
  readonly bindings: string[];
  readonly providers: ReadonlyArray<{ readonly module: string; readonly name: string; readonly config: string }>;
  readonly body: string;
  /** A resource that it makes. */
  readonly resource: string;
  /** Something that another cloud's bindings are needed for, and their package. */
  readonly missing: { readonly use: string; readonly name: string };
}

export const CASES: Case[] = [
  {
    cloud: 'aws',
    bindings: ['@cdktf/provider-aws'],
    providers: [{ module: '@cdktf/provider-aws/lib/provider', name: 'AwsProvider', config: "{ region: 'eu-west-1' }" }],
    body: `
      const issuer = lib.ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod' });
      const oidc = new lib.FluxOidcProvider(stack, 'Oidc', { issuer });
      const images = new lib.FluxIrsaRole(stack, 'Images', { oidcProviders: [oidc], serviceAccounts: [lib.FluxServiceAccount.controller(lib.FluxController.SOURCE)] });
      images.grant('Apps', lib.EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));
      const installation = new lib.FluxInstallation(stack, 'Flux', { issuer, version: lib.FluxVersion.V2_10, identities: [images] });
      const flux = new lib.FluxKustomization(stack, 'Kustomization', { installation });
      new TerraformOutput(stack, 'kustomization', { value: flux.yaml });`,
    resource: 'aws_iam_role',
    missing: { use: "new lib.FluxGcpWorkloadPool(stack, 'Missing', { issuer, poolId: 'missing' })", name: '@cdktf/provider-google' },
  },
  {
    cloud: 'gcp',
    bindings: ['@cdktf/provider-google'],
    providers: [{ module: '@cdktf/provider-google/lib/provider', name: 'GoogleProvider', config: "{ project: 'acme-prod' }" }],
    body: `
      const issuer = lib.ClusterIssuer.gke(stack, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' });
      const pool = new lib.FluxGcpWorkloadPool(stack, 'Pool', { issuer, poolId: 'prod' });
      const images = new lib.FluxGcpPrincipal(stack, 'Images', { pool, serviceAccounts: [lib.FluxServiceAccount.controller(lib.FluxController.SOURCE)] });
      images.grant('Apps', lib.ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/apps'));
      const installation = new lib.FluxInstallation(stack, 'Flux', { issuer, version: lib.FluxVersion.V2_10, identities: [images] });
      const flux = new lib.FluxKustomization(stack, 'Kustomization', { installation });
      new TerraformOutput(stack, 'kustomization', { value: flux.yaml });`,
    resource: 'google_iam_workload_identity_pool',
    missing: { use: "lib.ClusterIssuer.eks(stack, 'Missing', { clusterName: 'prod' })", name: '@cdktf/provider-aws' },
  },
  {
    cloud: 'azure',
    bindings: ['@cdktf/provider-azurerm', '@cdktf/provider-azuread'],
    providers: [{ module: '@cdktf/provider-azurerm/lib/provider', name: 'AzurermProvider', config: '{ features: [{}] }' }],
    body: `
      const issuer = lib.ClusterIssuer.aks(stack, 'Cluster', { name: 'prod', resourceGroupName: 'flux-prod' });
      const images = new lib.FluxAzureFederatedIdentity(stack, 'Images', {
        issuers: [issuer], name: 'flux-images', resourceGroupName: 'flux-prod', location: 'westeurope',
        serviceAccounts: [lib.FluxServiceAccount.controller(lib.FluxController.SOURCE)],
      });
      images.grant('Apps', lib.AcrPermissions.pull('/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/flux-prod/providers/Microsoft.ContainerRegistry/registries/acmeregistry'));
      const installation = new lib.FluxInstallation(stack, 'Flux', { issuer, version: lib.FluxVersion.V2_10, identities: [images] });
      const flux = new lib.FluxKustomization(stack, 'Kustomization', { installation });
      new TerraformOutput(stack, 'kustomization', { value: flux.yaml });`,
    resource: 'azurerm_federated_identity_credential',
    missing: { use: "new lib.FluxGcpWorkloadPool(stack, 'Missing', { issuer, poolId: 'missing' })", name: '@cdktf/provider-google' },
  },
];
