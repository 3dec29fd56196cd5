import { TerraformMetaArguments, TerraformResource, stringToTerraform } from 'cdktf';
import { Construct } from 'constructs';
import { GENERATOR } from './generator';

/** Arguments of `azuredevops_service_principal_entitlement`. */
export interface ServicePrincipalEntitlementConfig extends TerraformMetaArguments {
  /** The object ID of the service principal. */
  readonly originId: string;
  /** Where the object ID is from: `aad`. */
  readonly origin?: string;
  /** The license: `express` is Basic. */
  readonly accountLicenseType?: string;
  /** Who pays for the license. */
  readonly licensingSource?: string;
}

/**
 * A service principal in an organization, with a license.
 *
 * @see https://registry.terraform.io/providers/microsoft/azuredevops/latest/docs/resources/service_principal_entitlement
 */
export class ServicePrincipalEntitlement extends TerraformResource {
  public static readonly tfResourceType = 'azuredevops_service_principal_entitlement';

  public constructor(scope: Construct, id: string, private readonly config: ServicePrincipalEntitlementConfig) {
    super(scope, id, { ...config, terraformResourceType: ServicePrincipalEntitlement.tfResourceType, terraformGeneratorMetadata: GENERATOR });
  }

  /** What memberships know the principal by. */
  public get descriptor(): string {
    return this.getStringAttribute('descriptor');
  }

  protected synthesizeAttributes(): { [name: string]: any } {
    return {
      account_license_type: stringToTerraform(this.config.accountLicenseType),
      licensing_source: stringToTerraform(this.config.licensingSource),
      origin: stringToTerraform(this.config.origin),
      origin_id: stringToTerraform(this.config.originId),
    };
  }
}
