import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  AksPermissions, AksRole, ClusterIssuer, FluxAzureFederatedIdentity, FluxController, FluxInstallation, FluxKustomization, FluxManifests,
  FluxRemoteCluster, FluxServiceAccount, FluxVersion,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

const STAGING = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/flux-prod/providers/Microsoft.ContainerService/managedClusters/staging';

/** Flux on one AKS cluster applies to another: the platform team everywhere, a tenant in its own namespace. */
export class AksToRemoteAks extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AzurermProvider(this, 'Azure', {
      features: [{}], subscriptionId: '00000000-0000-0000-0000-000000000001', tenantId: '00000000-0000-0000-0000-00000000000a',
    });

    const cluster = ClusterIssuer.aks(this, 'Cluster', { name: 'prod', resourceGroupName: 'flux-prod' });
    const common = { issuers: [cluster], resourceGroupName: 'flux-prod', location: 'westeurope' };

    const appliers = new FluxAzureFederatedIdentity(this, 'Appliers', {
      ...common,
      name: 'flux-appliers',
      serviceAccounts: [
        FluxServiceAccount.controller(FluxController.KUSTOMIZE),
        FluxServiceAccount.controller(FluxController.HELM),
      ],
    });
    appliers.grant('Staging', AksPermissions.access(STAGING, { role: AksRole.CLUSTER_ADMIN }));

    const account = FluxServiceAccount.of('team-a', 'flux');
    const teamA = new FluxAzureFederatedIdentity(this, 'TeamA', { ...common, name: 'flux-team-a', serviceAccounts: [account] });
    teamA.grant('Staging', AksPermissions.access(STAGING, { role: AksRole.ADMIN, namespaces: ['team-a'] }));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [appliers, teamA] });
    FluxRemoteCluster.aks(this, 'Staging', { installation: flux, clusterId: STAGING, namespace: 'flux-system', name: 'staging' });
    FluxRemoteCluster.aks(this, 'TeamAStaging', { installation: flux, clusterId: STAGING, namespace: 'team-a', name: 'staging', serviceAccount: account });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
    new TerraformOutput(this, 'team_a_kubernetes_user', { value: teamA.kubernetesUserName });
  }
}
