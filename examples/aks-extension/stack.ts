import { KubernetesClusterExtension } from '@cdktf/provider-azurerm/lib/kubernetes-cluster-extension';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  AcrPermissions, ClusterIssuer, FluxAksExtensionSettings, FluxAzureFederatedIdentity, FluxController, FluxInstallation, FluxServiceAccount,
  FluxVersion, KeyVaultPermissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

const RESOURCES = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/flux-prod/providers';

/** Flux on AKS, installed by the extension `microsoft.flux`: one identity for its controllers. */
export class AksExtension extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AzurermProvider(this, 'Azure', {
      features: [{}], subscriptionId: '00000000-0000-0000-0000-000000000001', tenantId: '00000000-0000-0000-0000-00000000000a',
    });

    const cluster = ClusterIssuer.aks(this, 'Cluster', { name: 'prod', resourceGroupName: 'flux-prod' });

    const controllers = [FluxController.SOURCE, FluxController.KUSTOMIZE, FluxController.IMAGE_REFLECTOR];
    const identity = new FluxAzureFederatedIdentity(this, 'Identity', {
      issuers: [cluster],
      name: 'flux',
      resourceGroupName: 'flux-prod',
      location: 'westeurope',
      serviceAccounts: controllers.map((controller) => FluxServiceAccount.controller(controller)),
    });
    identity.grant('Registry', AcrPermissions.pull(`${RESOURCES}/Microsoft.ContainerRegistry/registries/acmeregistry`));
    identity.grant('Vault', KeyVaultPermissions.decrypt(`${RESOURCES}/Microsoft.KeyVault/vaults/acme-flux`));

    // The extension always installs helm-controller and notification-controller too; image-automation-controller only when it is listed.
    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_7, identities: [identity], controllers });
    new KubernetesClusterExtension(this, 'Extension', {
      name: 'flux',
      clusterId: `${RESOURCES}/Microsoft.ContainerService/managedClusters/prod`,
      extensionType: 'microsoft.flux',
      configurationSettings: new FluxAksExtensionSettings(this, 'Settings', { installation: flux }).settings,
    });
  }
}
