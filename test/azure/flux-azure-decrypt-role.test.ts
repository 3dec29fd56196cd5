import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformVariable } from 'cdktf';
import { GROUP, MANAGEMENT_GROUP, messageOf, newStack, only, RESOURCES, SUBSCRIPTION, synth } from './support';
import { FluxAzureDecryptRole, FluxAzureDecryptRoleProps } from '../../lib/azure/flux-azure-decrypt-role';

test('decryption and nothing else, wherever it can be assigned', () => {
  const stack = newStack();
  const provider = new AzurermProvider(stack, 'two', { features: [{}], alias: 'two' });
  new FluxAzureDecryptRole(stack, 'Decrypt', { name: 'decrypt', assignableScopes: [SUBSCRIPTION, GROUP], description: 'For SOPS', provider });
  expect(only(stack, 'azurerm_role_definition')).toEqual({
    name: 'decrypt',
    scope: SUBSCRIPTION,
    assignable_scopes: [SUBSCRIPTION, GROUP],
    description: 'For SOPS',
    permissions: [{ actions: [], data_actions: ['Microsoft.KeyVault/vaults/keys/decrypt/action'] }],
    provider: 'azurerm.two',
  });
});

test('of values that only Terraform knows', () => {
  const stack = newStack();
  const value = new TerraformVariable(stack, 'value', { type: 'string' }).stringValue;
  new FluxAzureDecryptRole(stack, 'Decrypt', { name: value, assignableScopes: [value] });
  expect(only(stack, 'azurerm_role_definition')).toMatchObject({ name: '${var.value}', scope: '${var.value}', assignable_scopes: ['${var.value}'] });
});

test.each<[Partial<FluxAzureDecryptRoleProps>, string, string]>([
  [{ name: '' }, 'role name ""', 'unique in the tenant'],
  [{ name: 'a'.repeat(513) }, 'role name "aaa', 'unique in the tenant'],
  [{ assignableScopes: [] }, 'no assignable scope.', 'of the vault'],
  [{ assignableScopes: [GROUP, MANAGEMENT_GROUP] }, `management group "${MANAGEMENT_GROUP}" for a custom role with data actions`, 'use the built-in role there'],
  [{ assignableScopes: [RESOURCES.vault] }, `role scope "${RESOURCES.vault}"`, 'the grant narrows the role'],
  [{ assignableScopes: ['flux-prod'] }, 'role scope "flux-prod"', 'copy the resource ID'],
  [{ scope: GROUP } as any, 'option "scope" of FluxAzureDecryptRole', 'correct the spelling'],
])('%p is refused', (wrong, given, fix) => {
  const stack = newStack();
  const message = messageOf(() => new FluxAzureDecryptRole(stack, 'Decrypt', { name: 'decrypt', assignableScopes: [GROUP], ...wrong }));
  expect(message).toContain('[stack/Decrypt] ');
  expect(message).toContain(given);
  expect(message.split('Fix: ')[1]).toContain(fix);
  expect(synth(stack).resource).toBeUndefined();
});
