import { TerraformMetaArguments, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { GENERATOR, hclAttributes } from './generator';

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
 * @see https://github.com/microsoft/terraform-provider-azuredevops
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
    return this.attributes();
  }

  protected synthesizeHclAttributes(): { [name: string]: any } {
    return hclAttributes(this.attributes());
  }

  private attributes() {
    return {
      account_license_type: this.config.accountLicenseType,
      licensing_source: this.config.licensingSource,
      origin: this.config.origin,
      origin_id: this.config.originId,
    };
  }
}
