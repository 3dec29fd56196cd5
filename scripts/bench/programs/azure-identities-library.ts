// Argument: the number of managed identities.
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import '@cdktf/provider-azurerm/lib/federated-identity-credential';
import '@cdktf/provider-azurerm/lib/role-assignment';
import '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { TerraformStack } from 'cdktf';
import { probe } from './probe';
import { AcrPermissions, ClusterIssuer, FluxAzureFederatedIdentity, FluxServiceAccount, KeyVaultPermissions } from '../../..';

const count = Number(process.argv[2]);
// What loading costs is measured by the cold start.
void [AcrPermissions, ClusterIssuer, FluxAzureFederatedIdentity, FluxServiceAccount, KeyVaultPermissions];

probe((app) => {
  const stack = new TerraformStack(app, 'Bench');
  new AzurermProvider(stack, 'Azure', { features: [{}], subscriptionId: '00000000-0000-4000-8000-000000000000' });
  const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE' });
  const group = '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/delivery';
  for (let tenant = 0; tenant < count; tenant += 1) {
    const identity = new FluxAzureFederatedIdentity(stack, `Tenant${tenant}`, {
      name: `flux-tenant-${tenant}`,
      resourceGroupName: 'delivery',
      location: 'westeurope',
      issuers: [issuer],
      serviceAccounts: [FluxServiceAccount.of(`tenant-${tenant}`, 'flux')],
    });
    identity.grant('Images', AcrPermissions.pull(`${group}/providers/Microsoft.ContainerRegistry/registries/tenant${tenant}`));
    identity.grant('Sops', KeyVaultPermissions.decrypt(`${group}/providers/Microsoft.KeyVault/vaults/tenant-${tenant}`));
  }
});
