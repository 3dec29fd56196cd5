import { KeyVaultAccessPolicyA } from '@cdktf/provider-azurerm/lib/key-vault-access-policy';
import { PermissionOptions } from '../../core/permission-options';
import { kept } from '../../core/shared/input/kept';
import { PROVIDER, instanceOf } from '../../core/shared/input/option-shape';
import { checkOptions } from '../../core/shared/input/options';
import { lifecycleOf } from '../../core/shared/terraform/check';
import { AzurePermission } from '../azure-permission';
import { FluxAzureDecryptRole } from '../flux-azure-decrypt-role';
import { normalizedId } from '../private/forms/resource-id';
import { checkScope, ScopeForm } from '../private/forms/scope';
import { claim } from '../private/policy/once-per-principal';
import { assignRole } from '../private/policy/role-assignment';
import { ROLES } from '../private/policy/roles';
import { SERVICES } from '../services';

const ROLE = instanceOf<FluxAzureDecryptRole>('a FluxAzureDecryptRole', () => FluxAzureDecryptRole);

const VAULT = '/providers/Microsoft[.]KeyVault/vaults/[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]';

const KEY: ScopeForm = {
  what: 'Key Vault scope',
  resources: [`${VAULT}/keys/[a-zA-Z0-9-]{1,127}`, VAULT],
  above: 'management group',
  example: '/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.KeyVault/vaults/<vault>',
  why: 'a role assigned anywhere else gives no right on keys, and SOPS gets 403 (ForbiddenByRbac)',
  fixes: [
    [/^https:\/\//, 'this is the URL of a vault or key; pass the vault\'s resource ID (Terraform attribute `id`), or a key\'s `resource_versionless_id`'],
    [/\/keys\/[^/]+\/versions\//i, 'roles are not assigned to versions of a key; leave "/versions/<version>" out (Terraform attribute `resource_versionless_id`)'],
    [/managedHSMs/i, 'a managed HSM has roles of its own, which Flux\'s documentation does not cover; pass a vault'],
  ],
};

/** Options of `KeyVaultPermissions.decrypt`. */
export interface KeyVaultDecryptOptions extends PermissionOptions {
  /**
   * A custom role that allows decryption only.
   *
   * @default - the built-in role Key Vault Crypto User, which may also encrypt, sign, update and back up keys
   */
  readonly role?: FluxAzureDecryptRole;
}

/**
 * Azure Key Vault, for Kustomization with SOPS decryption.
 *
 * Guide: docs/services.md
 *
 * @see https://fluxcd.io/flux/integrations/azure/#for-azure-key-vault
 */
export class KeyVaultPermissions {
  /**
   * Decrypt with keys, in vaults whose permission model is Azure role-based access control.
   *
   * @param scope the key (without version), its vault, resource group, subscription or management group; may be a token
   */
  public static decrypt(scope: string, options: KeyVaultDecryptOptions = {}): AzurePermission {
    options = kept(options);
    return AzurePermission._make({ service: SERVICES['key-vault'], verb: 'decrypt', resource: scope }, (to) => {
      checkOptions(to.at, 'KeyVaultPermissions.decrypt', options, { role: ROLE.optional, provider: PROVIDER.optional });
      const { role, provider } = options;
      if (role === undefined) return assignRole(to, 'Resource', { role: ROLES.KEY_VAULT_CRYPTO_USER, scope, form: KEY, provider });
      const checks = role._checkScope(to.at, scope);
      return assignRole(to, 'Resource', { role: role.roleDefinitionId, scope, form: { ...KEY, above: 'subscription' }, provider, checks });
    });
  }

  /**
   * Decrypt with keys, in a vault whose permission model is vault access policies: those vaults ignore roles. Nothing but
   * decryption is allowed. One principal has one policy in a vault.
   *
   * @see https://learn.microsoft.com/azure/key-vault/general/assign-access-policy
   * @param vaultId the vault; may be a token
   */
  public static decryptByAccessPolicy(vaultId: string, options: PermissionOptions = {}): AzurePermission {
    options = kept(options);
    return AzurePermission._make({ service: SERVICES['key-vault'], verb: 'decryptByAccessPolicy', resource: vaultId }, (to) => {
      checkOptions(to.at, 'KeyVaultPermissions.decryptByAccessPolicy', options, { provider: PROVIDER.optional });
      const form: ScopeForm = { ...KEY, resources: [VAULT], above: 'nothing', what: 'Key Vault ID', why: 'an access policy is part of one vault' };
      const checks = checkScope(to.at, vaultId, form);
      const keyVaultId = normalizedId(vaultId);
      claim(to, { what: 'an access policy of vault', name: keyVaultId, why: 'a vault keeps one access policy for each principal; the second would overwrite the first' });
      const made = new KeyVaultAccessPolicyA(to.at, 'Resource', {
        keyVaultId,
        tenantId: to.tenantId!,
        objectId: to.principalId,
        keyPermissions: ['Decrypt'],
        provider: options.provider ?? to.provider,
        lifecycle: lifecycleOf([...to.checks, ...checks]),
      });
      return { rights: [{ role: 'access policy: Decrypt', resources: [keyVaultId] }], made: [made] };
    });
  }

  private constructor() {}
}
