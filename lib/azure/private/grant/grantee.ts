import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { TerraformCheck } from '../../../core/shared/terraform/check';
import { AzureCloud } from '../../azure-cloud';

/** A service principal as Azure knows it. */
export interface AzurePrincipal {
  /** The object ID. */
  readonly principalId: string;
  /** The tenant; unknown for the identity of nodes, which no permission needs it for. */
  readonly tenantId?: string;
  readonly azureCloud: AzureCloud;
  /** The azurerm provider for what a permission makes, unless it names its own. */
  readonly provider?: TerraformProvider;
  /** What Terraform checks before anything is given to it. */
  readonly checks: readonly TerraformCheck[];
}

/** A principal in one grant. */
export interface AzureGrantee extends AzurePrincipal {
  /** The grant: errors name it, and resources of the permission live below it. */
  readonly at: Construct;
  /** The identity: what its grants share lives below it. */
  readonly identity: Construct;
}
