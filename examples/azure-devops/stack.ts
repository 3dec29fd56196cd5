import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  AzureDevOpsPermissions, AzureDevOpsProvider, ClusterIssuer, FluxAzureFederatedIdentity, FluxController, FluxInstallation, FluxKustomization,
  FluxServiceAccount, FluxVersion,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** Flux on AKS reads and writes Git repositories of Azure DevOps, and sets commit statuses, without a personal access token. */
export class AzureDevOps extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AzurermProvider(this, 'Azure', {
      features: [{}], subscriptionId: '00000000-0000-0000-0000-000000000001', tenantId: '00000000-0000-0000-0000-00000000000a',
    });
    new AzureDevOpsProvider(this, 'DevOps', { orgServiceUrl: 'https://dev.azure.com/acme' });

    const cluster = ClusterIssuer.aks(this, 'Cluster', { name: 'prod', resourceGroupName: 'flux-prod' });
    const common = { issuers: [cluster], resourceGroupName: 'flux-prod', location: 'westeurope' };

    const reader = new FluxAzureFederatedIdentity(this, 'Reader', {
      ...common,
      name: 'flux-git-reader',
      serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
    });
    reader.grant('Platform', AzureDevOpsPermissions.read('acme', 'platform'));

    const contributor = new FluxAzureFederatedIdentity(this, 'Contributor', {
      ...common,
      name: 'flux-git-contributor',
      serviceAccounts: [
        FluxServiceAccount.controller(FluxController.IMAGE_AUTOMATION),
        FluxServiceAccount.controller(FluxController.NOTIFICATION),
      ],
    });
    contributor.grant('Platform', AzureDevOpsPermissions.contribute('acme', 'platform'));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [reader, contributor] });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
  }
}
