import { RoleDefinition } from '@cdktf/provider-azurerm/lib/role-definition';
import { Fn, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { normalizedId } from './private/forms/resource-id';
import { checkScope, isManagementGroup, ScopeForm } from './private/forms/scope';
import { claimName } from './private/policy/once-per-place';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { PROVIDER, TEXT, TEXTS } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';
import { sorted } from '../core/shared/sort';
import { lifecycleOf, TerraformCheck } from '../core/shared/terraform/check';
import { stringTemplate } from '../core/shared/terraform/text';
import { checkLength, late } from '../core/shared/terraform/text-form';
import { argumentOf, hasToken } from '../core/shared/terraform/tokens';

const DECRYPT = 'Microsoft.KeyVault/vaults/keys/decrypt/action';

const ROLE_SCOPE: ScopeForm = {
  what: 'role scope',
  resources: [],
  above: 'subscription',
  example: '/subscriptions/<id>/resourceGroups/<group>',
  why: 'Azure makes custom roles assignable in subscriptions and resource groups',
  fixes: [[/\/providers\/Microsoft\.KeyVault\//i, 'pass the resource group or the subscription of the vault; the grant narrows the role to the vault or key']],
};

/** Options of `FluxAzureDecryptRole`. */
export interface FluxAzureDecryptRoleProps {
  /** The name of the role, unique in the tenant; at most 512 characters; may be a token. */
  readonly name: string;
  /** Where the role can be assigned: IDs of subscriptions and resource groups; the first is where it is defined. May be tokens. */
  readonly assignableScopes: string[];
  /**
   * A description, at most 2,048 characters.
   *
   * @default Decrypt with keys of Key Vault, for SOPS.
   */
  readonly description?: string;
  /**
   * The azurerm provider.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/**
 * A custom role that allows decryption with keys of Key Vault and nothing else: the one call that SOPS makes. Hand it to
 * `KeyVaultPermissions.decrypt`. Custom roles are limited in number for each tenant: make one, not one for each identity.
 *
 * Guide: docs/azure.md#roles
 *
 * @see https://learn.microsoft.com/azure/role-based-access-control/custom-roles
 */
@allOrNothing
export class FluxAzureDecryptRole extends Construct {
  /** The GUID of the role definition. */
  public readonly roleDefinitionId: string;
  private readonly assignableScopes: string[];

  public constructor(scope: Construct, id: string, props: FluxAzureDecryptRoleProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxAzureDecryptRole', props, {
      name: TEXT,
      assignableScopes: TEXTS,
      description: TEXT.optional,
      provider: PROVIDER.optional,
    });
    const { name, assignableScopes, description = 'Decrypt with keys of Key Vault, for SOPS.', provider } = props;
    const checks = [
      ...checkLength(this, name, { what: 'role name', limit: 512, why: 'Azure refuses other names', fix: 'choose a name that is unique in the tenant, for example "Flux SOPS decrypt"' }),
      ...checkLength(this, description, { what: 'role description', limit: 2048, why: 'Azure refuses other descriptions', fix: 'shorten the description, or leave it out' }),
    ];
    if (!assignableScopes?.length) {
      throw new ValidationError(this, {
        given: 'no assignable scope.',
        allowed: 'at least one subscription or resource group',
        why: 'Azure refuses a role that can be assigned nowhere',
        fix: 'pass the subscription or resource group of the vault',
      });
    }
    assignableScopes.forEach((assignable) => {
      this.refuseManagementGroup(this, assignable);
      checks.push(...checkScope(this, assignable, ROLE_SCOPE));
    });
    claimName(this, {
      what: 'custom role', name, provider, type: 'azurerm', why: 'the names of custom roles are unique in a tenant', fix: 'make one role and hand it to every permission, or choose another name',
    });
    this.assignableScopes = assignableScopes.map(normalizedId);
    this.roleDefinitionId = new RoleDefinition(this, 'Resource', {
      name: stringTemplate(name),
      scope: this.assignableScopes[0],
      assignableScopes: sorted(this.assignableScopes),
      description: stringTemplate(description),
      permissions: [{ actions: [], dataActions: [DECRYPT] }],
      provider,
      lifecycle: lifecycleOf(checks),
    }).roleDefinitionId;
  }

  /**
   * Refuses scopes that the role cannot be assigned at; of tokens Terraform does.
   *
   * @internal
   */
  public _checkScope(at: Construct, scope: string): TerraformCheck[] {
    this.refuseManagementGroup(at, scope);
    const why = 'Azure assigns a custom role only within its assignable scopes';
    const allowed = `within the assignable scopes of the custom role "${this.node.path}"`;
    if (typeof scope === 'string' && [scope, ...this.assignableScopes].some((text) => hasToken(text))) {
      const within = this.assignableScopes.map((assignable) => Fn.startswith(Fn.lower(argumentOf(`${scope}/`)), Fn.lower(argumentOf(`${assignable}/`))));
      return [late(at, Fn.anytrue(within), { what: 'Key Vault scope', allowed, why })];
    }
    if (this.assignableScopes.some((assignable) => `${scope}/`.toLowerCase().startsWith(`${assignable}/`.toLowerCase()))) return [];
    throw new ValidationError(at, {
      given: `scope ${shown(scope)} for the custom role "${this.node.path}"`,
      allowed: `scopes within ${[...this.assignableScopes].sort().join(', ')}`,
      why,
      fix: 'add the scope\'s subscription or resource group to `assignableScopes` of the role',
    });
  }

  private refuseManagementGroup(at: Construct, scope: string): void {
    if (typeof scope !== 'string' || !isManagementGroup(scope)) return;
    throw new ValidationError(at, {
      given: `management group ${shown(scope)} for a custom role with data actions`,
      allowed: 'subscriptions, resource groups and what is in them',
      why: 'Azure does not assign custom roles with data actions at management groups',
      fix: 'use the built-in role there (leave `role` out), or grant at each subscription',
    });
  }
}
