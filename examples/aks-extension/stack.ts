import { join } from 'path';
import { KubernetesCluster } from '@cdktf/provider-azurerm/lib/kubernetes-cluster';
import { KubernetesClusterExtension } from '@cdktf/provider-azurerm/lib/kubernetes-cluster-extension';
import { KubernetesFluxConfiguration } from '@cdktf/provider-azurerm/lib/kubernetes-flux-configuration';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  AcrPermissions, ClusterIssuer, FluxAksExtensionSettings, FluxAzureFederatedIdentity, FluxController, FluxFields, FluxFile, FluxInstallation,
  FluxKind, FluxServiceAccount, FluxVersion, KeyVaultPermissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

const RESOURCES = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/flux-prod/providers';

/** From nothing to a pulled private image in one apply: the AKS cluster, the extension `microsoft.flux`, one identity for its controllers, a configuration. */
export class AksExtension extends TerraformStack {
  /** The file of the repository that Flux syncs. */
  public readonly apps: string;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AzurermProvider(this, 'Azure', {
      features: [{}], subscriptionId: '00000000-0000-0000-0000-000000000001', tenantId: '00000000-0000-0000-0000-00000000000a',
    });

    const aks = new KubernetesCluster(this, 'Aks', {
      name: 'prod',
      resourceGroupName: 'flux-prod',
      location: 'westeurope',
      dnsPrefix: 'prod',
      identity: { type: 'SystemAssigned' },
      defaultNodePool: { name: 'default', vmSize: 'Standard_D4s_v5', nodeCount: 2 },
      oidcIssuerEnabled: true,
      workloadIdentityEnabled: true,
    });
    const cluster = ClusterIssuer.aks(this, 'Cluster', { name: 'prod', resourceGroupName: 'flux-prod', issuerUrl: aks.oidcIssuerUrl });

    const controllers = [FluxController.SOURCE, FluxController.KUSTOMIZE, FluxController.IMAGE_REFLECTOR];
    const identity = new FluxAzureFederatedIdentity(this, 'Identity', {
      issuers: [cluster],
      name: 'flux',
      resourceGroupName: 'flux-prod',
      location: 'westeurope',
      serviceAccounts: controllers.map((controller) => FluxServiceAccount.controller(controller)),
    });
    const registry = identity.grant('Registry', AcrPermissions.pull(`${RESOURCES}/Microsoft.ContainerRegistry/registries/acmeregistry`));
    const vault = identity.grant('Vault', KeyVaultPermissions.decrypt(`${RESOURCES}/Microsoft.KeyVault/vaults/acme-flux`));

    // The extension always installs helm-controller and notification-controller too; image-automation-controller only when it is listed.
    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_7, identities: [identity], controllers });
    const extension = new KubernetesClusterExtension(this, 'Extension', {
      name: 'flux',
      clusterId: aks.id,
      extensionType: 'microsoft.flux',
      configurationSettings: new FluxAksExtensionSettings(this, 'Settings', { installation: flux }).settings,
    });

    // The repository that Flux syncs holds whole Flux objects; this one is written at synthesis, for a commit.
    const [serviceAccount] = identity.serviceAccounts;
    const source = FluxFields.of(FluxKind.OCI_REPOSITORY, { installation: flux, identity, serviceAccount });
    const apps = {
      ...source.object,
      metadata: { name: 'apps', namespace: 'flux-system' },
      spec: { ...source.spec, url: 'oci://acmeregistry.azurecr.io/apps', ref: { tag: 'latest' }, interval: '5m' },
    };
    this.apps = JSON.stringify(apps, undefined, 2);
    const root = join(App.of(this).outdir, 'aks-fleet'); // in your project: a checkout of the repository
    new FluxFile(this, 'AppsFile', { root, path: 'clusters/prod/apps.yaml', content: this.apps });
    const configuration = new KubernetesFluxConfiguration(this, 'Configuration', {
      name: 'fleet',
      clusterId: aks.id,
      namespace: 'flux-system',
      scope: 'cluster',
      gitRepository: { url: 'https://github.com/acme/fleet', referenceType: 'branch', referenceValue: 'main' },
      kustomizations: [{ name: 'prod', path: 'clusters/prod' }],
      dependsOn: [extension],
    });
    [registry, vault].forEach((grant) => grant.applyBefore(configuration));
  }
}
