import { Fn } from 'cdktf';
import { IConstruct } from 'constructs';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { hasToken } from '../../../core/shared/terraform/tokens';
import { GUID, isGuid } from '../forms/guid';
import type { AzureService } from '../grant/grantee';

/**
 * The built-in roles that permissions assign.
 *
 * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const ROLES = {
  /** AcrPull */
  ACR_PULL: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  /** Container Registry Repository Reader */
  ACR_REPOSITORY_READER: 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
  /** Storage Blob Data Reader */
  BLOB_DATA_READER: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  /** Key Vault Crypto User */
  KEY_VAULT_CRYPTO_USER: '12338af0-0e69-4776-bea7-57ae8d297424',
  /** Azure Kubernetes Service Cluster User Role */
  AKS_CLUSTER_USER: '4abbcc35-e782-43d8-92c5-2d3f1bd2253f',
  /** Azure Kubernetes Service RBAC Reader */
  AKS_RBAC_READER: '7f6c6a51-bcf8-42ba-9220-52d62157d7db',
  /** Azure Kubernetes Service RBAC Writer */
  AKS_RBAC_WRITER: 'a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb',
  /** Azure Kubernetes Service RBAC Admin */
  AKS_RBAC_ADMIN: '3498e952-d568-435e-9b2c-8d77e338d7f7',
  /** Azure Kubernetes Service RBAC Cluster Admin */
  AKS_RBAC_CLUSTER_ADMIN: 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b',
  /** Azure Event Hubs Data Sender */
  EVENT_HUBS_DATA_SENDER: '2b629674-e913-4c01-ae53-ef4638d8f975',
} as const;

const DEFINITION_ID = new RegExp(`^(/subscriptions/${GUID})?/providers/Microsoft[.]Authorization/roleDefinitions/${GUID}$`, 'i');

/** The GUID of a role definition, by Terraform where it is not known at synth. */
export function roleGuid(at: IConstruct, role: string): string {
  if (typeof role === 'string') {
    // The last segment of an ID, or the GUID as it is. The attribute `id` of azurerm_role_definition has its scope behind a "|".
    if (hasToken(role)) return Fn.basename(Fn.element(Fn.split('|', role), 0));
    if (isGuid(role)) return role.toLowerCase();
    if (DEFINITION_ID.test(role)) return role.split('/').pop()!.toLowerCase();
  }
  throw new ValidationError(at, {
    given: `role ${shown(role)}`,
    allowed: 'a role definition\'s GUID, its ID ending in "/roleDefinitions/<GUID>", or a token',
    why: 'role names are not unique over time, and looking one up needs rights that appliers often lack',
    fix: 'run `az role definition list --name "<name>" --query "[].name"` and pass the GUID',
  });
}

/** The service that a role is for, as far as it matters which identities may have it. */
export function serviceOfRole(role: string): AzureService {
  const guid = String(role).split('/').pop()!.toLowerCase();
  return guid === ROLES.ACR_PULL || guid === ROLES.ACR_REPOSITORY_READER ? 'acr' : 'other';
}
