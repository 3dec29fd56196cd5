import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformVariable } from 'cdktf';
import { aks, messageOf, messagesOf, newStack, oidc, ofType, only, resolved, RESOURCES, SOURCE, synth } from './support';
import { FluxAzureKubeletIdentity, FluxAzureKubeletIdentityFromIdsProps } from '../../lib/azure/flux-azure-kubelet-identity';
import { AcrPermissions } from '../../lib/azure/permissions/acr';
import { KeyVaultPermissions } from '../../lib/azure/permissions/key-vault';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxNodeUse } from '../../lib/core/flux-node-use';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';

const IDS = { principalId: '00000000-0000-0000-0000-0000000000d1', clientId: '00000000-0000-0000-0000-0000000000c1' };

test('by data source: AcrPull to the nodes, and their client ID for the controllers', () => {
  const stack = newStack();
  const provider = new AzurermProvider(stack, 'two', { features: [{}], alias: 'two' });
  const issuer = aks(stack);
  const identity = FluxAzureKubeletIdentity.lookup(stack, 'Nodes', { issuer, serviceAccounts: [SOURCE], clusterName: 'prod', resourceGroupName: 'flux-prod', provider });
  identity.grant('Registry', AcrPermissions.pull(RESOURCES.registry));
  const [address] = Object.keys(synth(stack).data.azurerm_kubernetes_cluster);
  expect(synth(stack).data.azurerm_kubernetes_cluster[address]).toEqual({ name: 'prod', resource_group_name: 'flux-prod', provider: 'azurerm.two' });
  expect(only(stack, 'azurerm_role_assignment')).toMatchObject({
    principal_id: `\${data.azurerm_kubernetes_cluster.${address}.kubelet_identity[0].object_id}`, provider: 'azurerm.two',
  });
  const context = { issuer, version: FluxVersion.V2_10, namespace: 'flux-system' };
  expect(resolved(stack, identity.fluxSettings(SOURCE, context)))
    .toEqual({ env: [{ name: 'AZURE_CLIENT_ID', value: `\${data.azurerm_kubernetes_cluster.${address}.kubelet_identity[0].client_id}` }] });
  expect(identity.fluxObjects(context)).toEqual([]);
  expect(identity.trusts(issuer)).toBe(true);
  expect(identity.trusts(oidc(stack, 'Other'))).toBe(false);
});

test('IDs and names that only Terraform knows are checked by Terraform', () => {
  const stack = newStack();
  const [principalId, clientId, clusterName] = ['principal', 'client', 'cluster'].map((id) => new TerraformVariable(stack, id, { type: 'string' }).stringValue);
  const issuer = aks(stack);
  FluxAzureKubeletIdentity.fromIds(stack, 'Nodes', { issuer, serviceAccounts: [SOURCE], principalId, clientId }).grant('Registry', AcrPermissions.pull(RESOURCES.registry));
  expect(messagesOf(only(stack, 'azurerm_role_assignment'))).toEqual(['client ID', 'principal ID', 'principal ID']);
  FluxAzureKubeletIdentity.fromIds(stack, 'Half', { issuer, serviceAccounts: [SOURCE], principalId: IDS.principalId, clientId }).grant('Registry', AcrPermissions.pull(RESOURCES.registry));
  expect(Object.values(ofType(stack, 'azurerm_role_assignment')).map(messagesOf)).toContainEqual(['client ID', 'principal ID']);
  FluxAzureKubeletIdentity.lookup(stack, 'Found', { issuer, serviceAccounts: [SOURCE], clusterName, resourceGroupName: 'flux-prod' });
  expect(Object.values<any>(synth(stack).data.azurerm_kubernetes_cluster).map(messagesOf)).toEqual([['cluster name']]);
});

test('what Flux does not test is taken where that was said', () => {
  const stack = newStack();
  const serviceAccounts = [FluxServiceAccount.controller(FluxController.KUSTOMIZE)];
  const identity = FluxAzureKubeletIdentity.fromIds(stack, 'Nodes', { issuer: aks(stack), serviceAccounts, ...IDS, use: FluxNodeUse.UNTESTED });
  identity.grant('Vault', KeyVaultPermissions.decrypt(RESOURCES.vault));
  expect(only(stack, 'azurerm_role_assignment').scope).toBe(RESOURCES.vault);
  const tested = FluxAzureKubeletIdentity.fromIds(stack, 'Tested', { issuer: aks(stack, 'Other'), serviceAccounts: [SOURCE], ...IDS });
  expect(messageOf(() => tested.grant('Vault', KeyVaultPermissions.decrypt(RESOURCES.vault)))).toContain('`use: FluxNodeUse.UNTESTED`');
});

test.each([['p', true], ['-prod', false], ['prod-', false]])('a cluster of the name %s: %s', (clusterName, isName) => {
  const stack = newStack();
  const find = () => FluxAzureKubeletIdentity.lookup(stack, 'Nodes', { issuer: aks(stack), serviceAccounts: [SOURCE], clusterName, resourceGroupName: 'flux-prod' });
  if (isName) expect(find).not.toThrow();
  else expect(messageOf(find)).toContain(`cluster name "${clusterName}"`);
});

test('by IDs', () => {
  const stack = newStack();
  const identity = FluxAzureKubeletIdentity.fromIds(stack, 'Nodes', { issuer: aks(stack), serviceAccounts: [SOURCE], ...IDS });
  expect(identity).toMatchObject({ ...IDS, kubernetesUserName: IDS.principalId });
  expect(synth(stack).data).toBeUndefined();
});

test.each<[string, Partial<FluxAzureKubeletIdentityFromIdsProps> | 'oidc', string, string]>([
  ['another kind of cluster', 'oidc', 'issuer "stack/Other" of a cluster that is not AKS', 'use FluxAzureFederatedIdentity'],
  ['object level', { serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')] }, 'service account "team-a/flux"', 'use FluxAzureFederatedIdentity'],
  ['a controller that pulls nothing', { serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE)] }, 'service account "flux-system/kustomize-controller"', 'FluxAzureFederated'],
  ['nobody', { serviceAccounts: [] }, 'no service account.', 'pass `serviceAccounts'],
  ['the client ID twice', { principalId: IDS.clientId }, 'as client ID and as principal ID', 'az ad sp show'],
  ['no GUID', { principalId: 'nodes' }, 'principal ID "nodes"', 'as the Azure portal shows it'],
  ['an option', { clusterName: 'prod' } as any, 'option "clusterName" of FluxAzureKubeletIdentity.fromIds', 'correct the spelling'],
])('%s is refused', (_, wrong, given, fix) => {
  const stack = newStack();
  const props = wrong === 'oidc' ? { issuer: oidc(stack, 'Other') } : wrong;
  const message = messageOf(() => FluxAzureKubeletIdentity.fromIds(stack, 'Nodes', { issuer: aks(stack), serviceAccounts: [SOURCE], ...IDS, ...props }));
  expect(message).toContain('[stack/Nodes] ');
  expect(message).toContain(given);
  expect(message.split('Fix: ')[1]).toContain(fix);
});
