import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  AcrPermissions, BlobStoragePermissions, ClusterIssuer, EventHubsPermissions, FluxAzureFederatedIdentity, FluxController, FluxInstallation,
  FluxKustomization, FluxManifests, FluxServiceAccount, FluxVersion, KeyVaultPermissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

const RESOURCES = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/flux-prod/providers';
const REGISTRY = `${RESOURCES}/Microsoft.ContainerRegistry/registries/acmeregistry`;

/** Flux on AKS reaches Container Registry, Blob Storage, Key Vault and Event Hubs; one tenant has an identity of its own. */
export class AksToAzure extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AzurermProvider(this, 'Azure', {
      features: [{}], subscriptionId: '00000000-0000-0000-0000-000000000001', tenantId: '00000000-0000-0000-0000-00000000000a',
    });

    const cluster = ClusterIssuer.aks(this, 'Cluster', { name: 'prod', resourceGroupName: 'flux-prod' });
    const common = { issuers: [cluster], resourceGroupName: 'flux-prod', location: 'westeurope' };

    const sources = new FluxAzureFederatedIdentity(this, 'Sources', {
      ...common,
      name: 'flux-sources',
      serviceAccounts: [
        FluxServiceAccount.controller(FluxController.SOURCE),
        FluxServiceAccount.controller(FluxController.IMAGE_REFLECTOR),
      ],
    });
    sources.grant('Registry', AcrPermissions.pull(REGISTRY));
    sources.grant('Manifests', BlobStoragePermissions.read(`${RESOURCES}/Microsoft.Storage/storageAccounts/acmeflux/blobServices/default/containers/manifests`));

    const sops = new FluxAzureFederatedIdentity(this, 'Sops', {
      ...common,
      name: 'flux-sops',
      serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE)],
    });
    sops.grant('Vault', KeyVaultPermissions.decrypt(`${RESOURCES}/Microsoft.KeyVault/vaults/acme-flux`));

    const notifications = new FluxAzureFederatedIdentity(this, 'Notifications', {
      ...common,
      name: 'flux-notifications',
      serviceAccounts: [FluxServiceAccount.controller(FluxController.NOTIFICATION)],
    });
    notifications.grant('Hub', EventHubsPermissions.send(`${RESOURCES}/Microsoft.EventHub/namespaces/acme-events/eventhubs/flux`));

    const teamA = new FluxAzureFederatedIdentity(this, 'TeamA', {
      ...common,
      name: 'flux-team-a',
      serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')],
    });
    teamA.grant('Registry', AcrPermissions.pull(REGISTRY));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [sources, sops, notifications, teamA] });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
    new TerraformOutput(this, 'object_level_credentials', { value: teamA.credentialIds });
  }
}
