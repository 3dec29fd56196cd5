import { TerraformProvider, TerraformResource } from 'cdktf';
import { ANY_SCOPE } from './private/forms/scope';
import type { AzureGrantee, AzureService } from './private/grant/grantee';
import { assignRole } from './private/policy/role-assignment';
import { roleGuid, serviceOfRole } from './private/policy/roles';
import { PROVIDER, TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';

/** Options of `AzurePermission.of`. */
export interface AzureRoleOptions {
  /**
   * An ABAC condition, version 2.0; may hold tokens.
   *
   * @default - none
   */
  readonly condition?: string;
  /**
   * The azurerm provider for the role assignment.
   *
   * @default - the identity's
   */
  readonly provider?: TerraformProvider;
}

/**
 * What an Azure identity may do on which resource. Made by `AcrPermissions`, `BlobStoragePermissions` and their relatives, or
 * by `of` for what they do not cover; given with `grant`.
 */
export class AzurePermission {
  /**
   * A role of your choice. A custom role with data actions cannot be assigned at a management group: Azure refuses it.
   *
   * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
   * @param role the role definition: its GUID, or its ID ending in `/roleDefinitions/<GUID>`; may be a token
   * @param scope the ID of a resource, resource group, subscription or management group; may be a token
   */
  public static of(role: string, scope: string, options: AzureRoleOptions = {}): AzurePermission {
    return AzurePermission._make(serviceOfRole(role), (to) => {
      checkOptions(to.at, 'AzurePermission.of', options, {
        condition: TEXT.optional,
        provider: PROVIDER.optional,
      });
      return [assignRole(to, 'Resource', { ...options, role: roleGuid(to.at, role), scope, form: ANY_SCOPE })];
    });
  }

  /**
   * A permission that is worked out when it is granted, where the identity is known and errors have a path.
   *
   * @internal
   */
  public static _make(service: AzureService, bind: (to: AzureGrantee) => TerraformResource[]): AzurePermission {
    return new AzurePermission(service, bind);
  }

  private constructor(private readonly service: AzureService, private readonly bind: (to: AzureGrantee) => TerraformResource[]) {}

  /** @internal */
  public get _service(): AzureService {
    return this.service;
  }

  /** @internal */
  public _bind(to: AzureGrantee): TerraformResource[] {
    return this.bind(to);
  }
}
