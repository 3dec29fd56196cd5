import { Fn, Op, Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { checkGuid, GUID } from './guid';
import { normalizedId } from './resource-id';
import { RESOURCE_GROUP_NAME } from './scope';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { TerraformCheck } from '../../../core/shared/terraform/check';
import { checkText, isLate, late, lateText } from '../../../core/shared/terraform/text-form';
import { argumentOf, hasToken } from '../../../core/shared/terraform/tokens';

const IDENTITY_ID = `^/subscriptions/(${GUID})/resourceGroups/(${RESOURCE_GROUP_NAME})/providers/Microsoft[.]ManagedIdentity/userAssignedIdentities/[A-Za-z0-9][A-Za-z0-9_-]{2,127}$`;

/** Refuses names that Azure refuses. */
export function checkIdentityName(at: IConstruct, name: string): TerraformCheck[] {
  return checkText(at, name, {
    what: 'identity name',
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$/,
    allowed: '3 to 128 of letters, digits, "-" and "_", beginning with a letter or digit',
    why: 'Azure refuses other names of managed identities',
    fix: 'change the identity name',
  });
}

/** Refuses names that azurerm refuses. */
export function checkResourceGroup(at: IConstruct, name: string): TerraformCheck[] {
  return checkText(at, name, {
    what: 'resource group name',
    pattern: new RegExp(`^${RESOURCE_GROUP_NAME}$`),
    around: /^[A-Za-z0-9._()-]*$/,
    allowed: 'the name alone: 1 to 90 of a-z, A-Z, 0-9 and "_", "-", ".", "(", ")", not ending in "."',
    why: 'the azurerm provider refuses every other name, also those of other alphabets, which Azure itself takes',
    fix: 'pass its name, not its ID',
  });
}

/** Refuses what is no region. */
export function checkLocation(at: IConstruct, location: string): TerraformCheck[] {
  return checkText(at, location, {
    what: 'location', pattern: /^[a-zA-Z0-9 ]+$/, around: /^[a-zA-Z0-9 ]*$/, allowed: 'an Azure region, for example "westeurope"', why: 'Azure has no other places', fix: 'change the location',
  });
}

/** Refuses names that AKS refuses. */
export function checkClusterName(at: IConstruct, name: string): TerraformCheck[] {
  return checkText(at, name, {
    what: 'cluster name',
    pattern: /^[a-zA-Z0-9]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?$/,
    allowed: '1 to 63 of letters, digits, "-" and "_", beginning and ending with a letter or digit',
    why: 'Azure has no cluster of that name',
    fix: 'pass its name, not its ID',
  });
}

/** Where a managed identity is. */
export interface IdentityPlace {
  readonly identityId: string;
  /** By Terraform where it is not known at synth. */
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly late: TerraformCheck[];
}

/** What resource groups and names have, around a value that only Terraform knows. */
const AROUND = /^[\p{L}\p{N}_.()/-]*$/u;

/** Takes the ID of a managed identity apart. */
export function identityPlace(at: IConstruct, identityId: string): IdentityPlace {
  const form = {
    what: 'identity ID',
    pattern: new RegExp(IDENTITY_ID, 'i'),
    allowed: '"/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>"',
    why: 'federated credentials are made below this resource',
  };
  if (isLate(identityId, AROUND)) {
    const segment = (index: number) => Fn.element(Fn.split('/', argumentOf(identityId)), index);
    return { identityId, subscriptionId: segment(2), resourceGroupName: segment(4), late: lateText(at, identityId, form) };
  }
  const match = hasToken(identityId) ? null : new RegExp(IDENTITY_ID, 'i').exec(String(identityId));
  if (match !== null) return { identityId: normalizedId(identityId), subscriptionId: match[1], resourceGroupName: match[2], late: [] };
  throw new ValidationError(at, {
    given: `identity ID ${shown(identityId)}`,
    allowed: `${form.allowed}; or a token`,
    why: form.why,
    fix: 'pass the resource ID of a user-assigned managed identity (Terraform attribute `id`), not its client or principal ID',
  });
}

/** Refuses anything but GUIDs, and a client ID where the object ID belongs. */
export function checkIds(
  at: IConstruct, { clientId, principalId, tenantId }: { readonly clientId: string; readonly principalId: string; readonly tenantId?: string },
): TerraformCheck[] {
  const checks = [
    ...checkGuid(at, 'client ID', clientId, 'Flux signs in with it; Azure knows no other form'),
    ...checkGuid(at, 'principal ID', principalId, 'roles are assigned to it; Azure knows no other form'),
    ...(tenantId === undefined ? [] : checkGuid(at, 'tenant ID', tenantId, 'Flux puts it into its requests, and refuses other forms in annotations')),
  ];
  const why = 'an assignment to a client ID is accepted and gives nobody any right: Azure RBAC and Azure DevOps know object IDs';
  if (hasToken(clientId) || hasToken(principalId)) {
    const differ = Token.asString(Op.neq(Fn.lower(argumentOf(clientId)), Fn.lower(argumentOf(principalId))));
    return [...checks, late(at, differ, { what: 'principal ID', allowed: 'the object ID of the service principal, another than the client ID', why })];
  }
  if (clientId.toLowerCase() !== principalId.toLowerCase()) return checks;
  throw new ValidationError(at, {
    given: `${shown(clientId)} as client ID and as principal ID.`,
    allowed: 'the client (application) ID as `clientId`, the object ID of the service principal as `principalId`',
    why,
    fix: 'find the object ID with `az ad sp show --id <client ID> --query id -o tsv`',
  });
}
