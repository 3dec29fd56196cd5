import { Fn } from 'cdktf';
import { IConstruct } from 'constructs';
import { checkMarks } from '../../../core/shared/input/options';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { TerraformCheck } from '../../../core/shared/terraform/check';
import { isLate, lateText } from '../../../core/shared/terraform/text-form';
import { argumentOf, hasToken } from '../../../core/shared/terraform/tokens';
import { GUID } from '../forms/guid';

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

/** Roles that may change everything, or assign roles, and so give themselves all others. */
const EVERYTHING = {
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635': 'Owner',
  'b24988ac-6180-42a0-ab88-20f7382dd24c': 'Contributor',
  '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9': 'User Access Administrator',
  'f58310d9-a9f6-439a-9e8d-f62e7b41a168': 'Role Based Access Control Administrator',
};

const DEFINITION = `((/subscriptions/${GUID})?/providers/Microsoft[.]Authorization/roleDefinitions/)?${GUID}`;
const DEFINITION_ID = new RegExp(`^${DEFINITION}$`, 'i');
const WHY = 'role names are not unique over time, and looking one up needs rights that appliers often lack';

/** The GUID of a role definition, by Terraform where it is not known at synth, and what Terraform checks of it then. */
export function roleGuid(at: IConstruct, role: string): { guid: string; checks: TerraformCheck[] } {
  checkMarks(at, 'role', role);
  if (isLate(role)) {
    return {
      // The last segment of an ID, or the GUID as it is. The attribute `id` of azurerm_role_definition has its scope behind a "|".
      guid: Fn.basename(Fn.element(Fn.split('|', argumentOf(role)), 0)),
      checks: lateText(at, role, {
        what: 'role',
        pattern: new RegExp(`^${DEFINITION}([|].*)?$`, 'i'),
        refused: new RegExp(`(${Object.keys(EVERYTHING).join('|')})([|]|$)`, 'i'),
        allowed: `a role definition's GUID, or its ID ending in "/roleDefinitions/<GUID>", and not ${Object.values(EVERYTHING).join(', ')}`,
        why: `${WHY}; with those Flux could change everything, or give itself every right`,
      }),
    };
  }
  if (typeof role === 'string' && !hasToken(role) && DEFINITION_ID.test(role)) {
    const guid = role.split('/').pop()!.toLowerCase();
    refuseEverything(at, role, guid);
    return { guid, checks: [] };
  }
  throw new ValidationError(at, {
    given: `role ${shown(role)}`,
    allowed: 'a role definition\'s GUID, its ID ending in "/roleDefinitions/<GUID>", or a token',
    why: WHY,
    fix: 'run `az role definition list --name "<name>" --query "[].name"` and pass the GUID',
  });
}

function refuseEverything(at: IConstruct, role: string, guid: string): void {
  const name: string | undefined = EVERYTHING[guid as keyof typeof EVERYTHING];
  if (name === undefined) return;
  throw new ValidationError(at, {
    given: `role ${shown(role)} (${name})`,
    allowed: `any role but ${Object.values(EVERYTHING).join(', ')}`,
    why: 'whoever can commit to what Flux reads could change everything in the scope, or give Flux every right there',
    fix: 'assign the narrowest role that holds the actions, or a custom role of them (azurerm_role_definition)',
  });
}
