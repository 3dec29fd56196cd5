import { PermissionOptions } from '../core/permission-options';
import { ANY_SCOPE } from './private/forms/scope';
import type { AzureGrantee } from './private/grant/grantee';
import { factsOfRole } from './private/grant/permission-facts';
import { assignRole } from './private/policy/role-assignment';
import { roleGuid } from './private/policy/roles';
import type { BoundPermission, PermissionFacts } from '../core/shared/flux/service';
import { kept } from '../core/shared/input/kept';
import { PROVIDER, TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';

/** Options of `AzurePermission.of`. */
export interface AzureRoleOptions extends PermissionOptions {
  /**
   * An ABAC condition, version 2.0; at most 8,192 characters; may hold tokens.
   *
   * @default - none
   */
  readonly condition?: string;
}

/**
 * What an Azure identity may do on which resource. Made by `AcrPermissions`, `BlobStoragePermissions` and their relatives, or
 * by `of` for what they do not cover; given with `grant`.
 *
 * Guide: docs/services.md
 */
export class AzurePermission {
  /**
   * A role of your choice, but none that may change everything or assign roles (Owner, Contributor, User Access Administrator, Role
   * Based Access Control Administrator). A custom role with data actions cannot be assigned at a management group: Azure refuses it.
   *
   * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
   * @param role the role definition: its GUID, or its ID ending in `/roleDefinitions/<GUID>`; may be a token
   * @param scope the ID of a resource, resource group, subscription or management group; may be a token
   */
  public static of(role: string, scope: string, options: AzureRoleOptions = {}): AzurePermission {
    options = kept(options);
    return AzurePermission._make(factsOfRole(role, scope), (to) => {
      checkOptions(to.at, 'AzurePermission.of', options, {
        condition: TEXT.optional,
        provider: PROVIDER.optional,
      });
      const { guid, checks } = roleGuid(to.at, role);
      return assignRole(to, 'Resource', { ...options, role: guid, scope, form: ANY_SCOPE, checks });
    });
  }

  /**
   * A permission that is worked out when it is granted, where the identity is known and errors have a path.
   *
   * @param facts what it is, as data: a row of `services.ts`, a verb of it, the resource
   * @internal
   */
  public static _make(facts: PermissionFacts, bind: (to: AzureGrantee) => BoundPermission): AzurePermission {
    return new AzurePermission(facts, bind);
  }

  private constructor(
    /** @internal */
    public readonly _facts: PermissionFacts,
    private readonly bind: (to: AzureGrantee) => BoundPermission,
  ) {}

  /** @internal */
  public _bind(to: AzureGrantee): BoundPermission {
    return this.bind(to);
  }
}
