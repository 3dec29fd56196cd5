import { Fn } from 'cdktf';
import { IConstruct } from 'constructs';
import { checkGuid, GUID } from './guid';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { hasToken } from '../../../core/shared/terraform/tokens';

const IDENTITY_ID = new RegExp(`^/subscriptions/${GUID}/resourceGroups/([^/]{1,90})/providers/Microsoft[.]ManagedIdentity/userAssignedIdentities/[^/]{3,128}$`, 'i');

/** Refuses names that Azure refuses. */
export function checkIdentityName(at: IConstruct, name: string): void {
  check(at, 'identity name', name, /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$/,
    '3 to 128 of letters, digits, "-" and "_", beginning with a letter or digit', 'Azure refuses other names of managed identities');
}

/** Refuses names that Azure refuses. */
export function checkResourceGroup(at: IConstruct, name: string): void {
  check(at, 'resource group name', name, /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
    'the name alone: 1 to 90 of letters, digits and "_", "-", ".", "(", ")", not ending in "."', 'Azure has no resource group of that name');
}

/** Refuses an empty location. */
export function checkLocation(at: IConstruct, location: string): void {
  check(at, 'location', location, /^[a-zA-Z0-9 ]+$/, 'an Azure region, for example "westeurope"', 'Azure creates the identity there');
}

/** The resource group in the ID of an identity, by Terraform where it is not known at synth. */
export function resourceGroupOf(at: IConstruct, identityId: string): string {
  if (typeof identityId === 'string' && hasToken(identityId)) return Fn.element(Fn.split('/', identityId), 4);
  const match = IDENTITY_ID.exec(String(identityId));
  if (match !== null) return match[1];
  throw new ValidationError(at, {
    given: `identity ID ${shown(identityId)}`,
    allowed: '"/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>", or a token',
    why: 'federated credentials are made below this resource',
    fix: 'pass the resource ID of a user-assigned managed identity (Terraform attribute `id`), not its client or principal ID',
  });
}

/** Refuses anything but GUIDs, and a client ID where the object ID belongs. */
export function checkIds(at: IConstruct, ids: { readonly clientId: string; readonly principalId: string; readonly tenantId?: string }): void {
  const { clientId, principalId, tenantId } = ids;
  checkGuid(at, 'client ID', clientId, 'Flux signs in with it; Azure knows no other form');
  checkGuid(at, 'principal ID', principalId, 'roles are assigned to it; Azure knows no other form');
  if (tenantId !== undefined) checkGuid(at, 'tenant ID', tenantId, 'Flux puts it into its requests, and refuses other forms in annotations');
  if (clientId.toLowerCase() !== principalId.toLowerCase()) return;
  throw new ValidationError(at, {
    given: `${shown(clientId)} as client ID and as principal ID.`,
    allowed: 'the client (application) ID as `clientId`, the object ID of the service principal as `principalId`',
    why: 'an assignment to a client ID is accepted and gives nobody any right: Azure RBAC and Azure DevOps know object IDs',
    fix: 'find the object ID with `az ad sp show --id <client ID> --query id -o tsv`',
  });
}

function check(at: IConstruct, what: string, value: string, pattern: RegExp, allowed: string, why: string): void {
  if (typeof value === 'string' && (hasToken(value) || pattern.test(value))) return;
  throw new ValidationError(at, { given: `${what} ${shown(value)}`, allowed: `${allowed}; or a token`, why, fix: `change the ${what}` });
}
