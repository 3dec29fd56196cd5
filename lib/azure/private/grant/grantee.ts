import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { FluxSecret } from '../../../core/flux-secret';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { AzureCloud } from '../../azure-cloud';

/** The kinds of identity: not every service takes each. */
export type AzureIdentityKind = 'managed' | 'application' | 'kubelet';

/** The service that a permission is for; `other` for what users compose themselves. */
export type AzureService = 'acr' | 'aks' | 'blob' | 'devops' | 'event-hubs' | 'key-vault' | 'other';

/** Whom a permission is granted to. */
export interface AzureGrantee {
  /** The grant: errors name it, and resources of the permission live below it. */
  readonly at: Construct;
  /** The identity: what its grants share lives below it. */
  readonly identity: Construct;
  readonly kind: AzureIdentityKind;
  /** The object ID. */
  readonly principalId: string;
  /** The tenant; unknown for the identity of nodes, which no permission needs it for. */
  readonly tenantId?: string;
  readonly azureCloud: AzureCloud;
  readonly serviceAccounts: FluxServiceAccount[];
  /** The Secrets that Flux objects name, for static credentials. */
  readonly secrets: FluxSecret[];
  /** The azurerm provider for what a permission makes, unless it names its own. */
  readonly provider?: TerraformProvider;
}
