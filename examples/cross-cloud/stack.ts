import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  AcrPermissions, ArtifactRegistryPermissions, ClusterIssuer, EcrPermissions, FluxAzureFederatedIdentity, FluxController, FluxGcpPrincipal,
  FluxGcpWorkloadPool, FluxInstallation, FluxIrsaRole, FluxKustomization, FluxManifests, FluxOidcProvider, FluxServiceAccount, FluxVersion,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

const TENANT = '00000000-0000-0000-0000-00000000000a';
const SUBSCRIPTION = '00000000-0000-0000-0000-000000000001';
const REGISTRY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/flux-prod/providers/Microsoft.ContainerRegistry/registries/acmeregistry`;

/** Flux on one AKS cluster pulls from ECR, Artifact Registry and ACR: its source-controller, and the account of one tenant. */
export class CrossCloud extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });
    new GoogleProvider(this, 'Google', { project: 'acme-prod', region: 'europe-west1' });
    new AzurermProvider(this, 'Azure', { features: [{}], subscriptionId: SUBSCRIPTION, tenantId: TENANT });

    const cluster = ClusterIssuer.aks(this, 'Cluster', {
      name: 'prod',
      resourceGroupName: 'flux-prod',
      issuerUrl: `https://westeurope.oic.prod-aks.azure.com/${TENANT}/11111111-2222-3333-4444-555555555555/`,
    });
    const sourceController = FluxServiceAccount.controller(FluxController.SOURCE);
    const teamA = FluxServiceAccount.of('team-a', 'flux');

    // AWS and Google trust the cluster once; Azure does so in each identity.
    const aws = { oidcProviders: [new FluxOidcProvider(this, 'Oidc', { issuer: cluster })], region: 'eu-west-1' };
    const gcp = { pool: new FluxGcpWorkloadPool(this, 'Pool', { issuer: cluster, poolId: 'prod-aks', project: 'acme-prod', projectNumber: '123456789012' }) };
    const azure = { issuers: [cluster], resourceGroupName: 'flux-prod', location: 'westeurope' };

    const sourceAws = new FluxIrsaRole(this, 'SourceAws', { ...aws, serviceAccounts: [sourceController] });
    sourceAws.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));
    const sourceGcp = new FluxGcpPrincipal(this, 'SourceGcp', { ...gcp, serviceAccounts: [sourceController] });
    sourceGcp.grant('Apps', ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/apps'));
    const sourceAzure = new FluxAzureFederatedIdentity(this, 'SourceAzure', { ...azure, name: 'flux-source', serviceAccounts: [sourceController] });
    sourceAzure.grant('Apps', AcrPermissions.pull(REGISTRY));

    const teamAws = new FluxIrsaRole(this, 'TeamAws', { ...aws, serviceAccounts: [teamA] });
    teamAws.grant('Images', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/team-a/*'));
    const teamGcp = new FluxGcpPrincipal(this, 'TeamGcp', { ...gcp, serviceAccounts: [teamA] });
    teamGcp.grant('Images', ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/team-a'));
    const teamAzure = new FluxAzureFederatedIdentity(this, 'TeamAzure', { ...azure, name: 'flux-team-a', serviceAccounts: [teamA] });
    teamAzure.grant('Images', AcrPermissions.pull(REGISTRY));

    const flux = new FluxInstallation(this, 'Flux', {
      issuer: cluster,
      version: FluxVersion.V2_10,
      identities: [sourceAws, sourceGcp, sourceAzure, teamAws, teamGcp, teamAzure],
    });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
  }
}
