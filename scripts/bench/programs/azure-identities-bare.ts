// The resources of azure-identities-library by the bare bindings. Argument: the same.
import { createHash } from 'crypto';
import { FederatedIdentityCredential } from '@cdktf/provider-azurerm/lib/federated-identity-credential';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { probe } from './probe';

const count = Number(process.argv[2]);
// The names that the library makes, given to the bare program for nothing.
const names = Array.from({ length: count }, (_, tenant) => (
  `Cluster-tenant-${tenant}-flux-${createHash('sha256').update(`Bench/Cluster tenant-${tenant}/flux`).digest('hex').slice(0, 8)}`
));

probe((app) => {
  const stack = new TerraformStack(app, 'Bench');
  const subscription = '/subscriptions/00000000-0000-4000-8000-000000000000';
  new AzurermProvider(stack, 'Azure', { features: [{}], subscriptionId: '00000000-0000-4000-8000-000000000000' });
  const roles = `${subscription}/providers/Microsoft.Authorization/roleDefinitions`;
  const group = `${subscription}/resourceGroups/delivery`;
  for (let tenant = 0; tenant < count; tenant += 1) {
    const scope = new Construct(stack, `Tenant${tenant}`);
    const identity = new UserAssignedIdentity(scope, 'Resource', { name: `flux-tenant-${tenant}`, resourceGroupName: 'delivery', location: 'westeurope' });
    new FederatedIdentityCredential(new Construct(scope, 'Credentials'), names[tenant], {
      name: names[tenant],
      parentId: identity.id,
      resourceGroupName: identity.resourceGroupName,
      issuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE',
      subject: `system:serviceaccount:tenant-${tenant}:flux`,
      audience: ['api://AzureADTokenExchange'],
    });
    const principal = { principalId: identity.principalId, principalType: 'ServicePrincipal' };
    new RoleAssignment(new Construct(scope, 'Images'), 'Resource', {
      ...principal,
      roleDefinitionId: `${roles}/7f951dda-4ed3-4680-a7ca-43fe172d538d`,
      scope: `${group}/providers/Microsoft.ContainerRegistry/registries/tenant${tenant}`,
    });
    new RoleAssignment(new Construct(scope, 'Sops'), 'Resource', {
      ...principal,
      roleDefinitionId: `${roles}/12338af0-0e69-4776-bea7-57ae8d297424`,
      scope: `${group}/providers/Microsoft.KeyVault/vaults/tenant-${tenant}`,
    });
  }
});
