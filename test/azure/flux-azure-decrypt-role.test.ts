import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformVariable } from 'cdktf';
import { GROUP, holder, MANAGEMENT_GROUP, messageOf, messagesOf, newStack, only, RESOURCES, SUBSCRIPTION, synth } from './support';
import { FluxAzureDecryptRole, FluxAzureDecryptRoleProps } from '../../lib/azure/flux-azure-decrypt-role';
import { KeyVaultPermissions } from '../../lib/azure/permissions/key-vault';

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

test('what only Terraform knows is checked by Terraform, also where the role is granted', () => {
  const stack = newStack();
  const [name, description, scope] = ['name', 'description', 'scope'].map((id) => new TerraformVariable(stack, id, { type: 'string' }).stringValue);
  const role = new FluxAzureDecryptRole(stack, 'Decrypt', { name, assignableScopes: [scope], description });
  holder(stack).grant('Vault', KeyVaultPermissions.decrypt(RESOURCES.vault, { role }));
  expect(messagesOf(only(stack, 'azurerm_role_definition'))).toEqual(['role name', 'role description', 'role scope']);
  expect(only(stack, 'azurerm_role_assignment').lifecycle.precondition).toEqual([{
    condition: `\${anytrue([startswith(lower("${RESOURCES.vault}/"), lower(join("", [var.scope, "/"])))])}`,
    error_message: expect.stringContaining('within the assignable scopes of the custom role "stack/Decrypt"'),
  }]);
});

test('literals are literal, and IDs are spelt as the provider spells them', () => {
  const stack = newStack();
  new FluxAzureDecryptRole(stack, 'Decrypt', { name: '${a}', description: '${b}', assignableScopes: [GROUP.replace('resourceGroups', 'resourcegroups')] });
  expect(only(stack, 'azurerm_role_definition')).toMatchObject({ name: '$${a}', description: '$${b}', scope: GROUP, assignable_scopes: [GROUP] });
});

test('two of one name are refused', () => {
  const stack = newStack();
  const make = (id: string) => new FluxAzureDecryptRole(stack, id, { name: 'decrypt', assignableScopes: [GROUP] });
  make('One');
  expect(messageOf(() => make('Two'))).toContain('custom role "decrypt" a second time; "stack/One" is the first.');
});

test.each<[Partial<FluxAzureDecryptRoleProps>, string, string]>([
  [{ name: '' }, 'role name ""', 'unique in the tenant'],
  [{ name: 'a'.repeat(513) }, 'role name "aaa', 'unique in the tenant'],
  [{ description: 'a'.repeat(2049) }, 'role description "aaa', 'shorten the description'],
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
