import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  AcrPermissions, BlobStoragePermissions, ClusterIssuer, FluxAzureFederatedIdentity, FluxController, FluxInstallation, FluxKustomization,
  FluxManifests, FluxServiceAccount, FluxVersion,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

const RESOURCES = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/flux-prod/providers';
const REGISTRY = `${RESOURCES}/Microsoft.ContainerRegistry/registries/acmeregistry`;

/** The same access as in `aks-to-azure`, for the source-controller and the tenant of a GKE cluster. */
export class GkeToAzure extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AzurermProvider(this, 'Azure', {
      features: [{}], subscriptionId: '00000000-0000-0000-0000-000000000001', tenantId: '00000000-0000-0000-0000-00000000000a',
    });

    const cluster = ClusterIssuer.gke(this, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' });
    const common = { issuers: [cluster], resourceGroupName: 'flux-prod', location: 'westeurope' };

    const sources = new FluxAzureFederatedIdentity(this, 'Sources', {
      ...common,
      name: 'flux-gke-sources',
      serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
    });
    sources.grant('Registry', AcrPermissions.pull(REGISTRY));
    sources.grant('Manifests', BlobStoragePermissions.read(`${RESOURCES}/Microsoft.Storage/storageAccounts/acmeflux/blobServices/default/containers/manifests`));

    const teamA = new FluxAzureFederatedIdentity(this, 'TeamA', {
      ...common,
      name: 'flux-gke-team-a',
      serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')],
    });
    teamA.grant('Registry', AcrPermissions.pull(REGISTRY));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [sources, teamA] });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
  }
}
