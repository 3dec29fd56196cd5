import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  AcrPermissions, AzureCloud, ClusterIssuer, FluxAzureFederatedIdentity, FluxController, FluxInstallation, FluxKustomization, FluxManifests,
  FluxServiceAccount, FluxVersion,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** Flux pulls from a container registry of a private cloud, whose endpoints it reads from a mounted file. */
export class AzurePrivateCloud extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AzurermProvider(this, 'Azure', {
      features: [{}],
      subscriptionId: '00000000-0000-0000-0000-000000000001',
      tenantId: '00000000-0000-0000-0000-00000000000a',
      metadataHost: 'management.core.private',
    });

    const cluster = ClusterIssuer.oidc(this, 'Cluster', { url: 'https://oidc.core.private/clusters/prod' });

    const sources = new FluxAzureFederatedIdentity(this, 'Sources', {
      issuers: [cluster],
      serviceAccounts: [
        FluxServiceAccount.controller(FluxController.SOURCE),
        FluxServiceAccount.controller(FluxController.IMAGE_REFLECTOR),
      ],
      name: 'flux-sources',
      resourceGroupName: 'flux-prod',
      location: 'westeurope',
      azureCloud: AzureCloud.custom({
        authorityHost: 'https://login.core.private/',
        resourceManagerEndpoint: 'https://management.core.private/',
        tokenAudience: 'https://management.core.private/',
        containerRegistryDnsSuffix: 'azurecr.private',
      }),
    });
    sources.grant('Registry', AcrPermissions.pull(
      '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/flux-prod/providers/Microsoft.ContainerRegistry/registries/acmeregistry',
    ));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [sources] });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
  }
}
