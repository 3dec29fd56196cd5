import { areDifferent, argumentsOf, isCaller, madeBy, Name } from './principals';
import type { Asked, ForeignRights } from './rights';
import { reachOfScope } from '../../access/role-decision';

/** What gives rights to principals by their object ID, or makes them members of what has rights. */
const GIVING = new RegExp(`^(${[
  'azurerm_.*(role|principal)_assignment', 'azurerm_.*access_policy(_assignment)?', 'azurerm_(key_vault|lighthouse_definition)',
  'azuread_.*(_assignment|_member|_request|_schedule)', 'azuread_group',
].join('|')})$`);
const PRINCIPAL = /^(principal_id|object_id|principal_object_id|member_object_id|members)$/;
const RAW = /Microsoft\.Authorization\/role\w*(Assignment|Eligibility)|\/accessPolicies/i;

/** Rights of the same principal beside its grants, wherever in the app. */
export const azureRights: ForeignRights = (resource, asked) => {
  const type = resource.terraformResourceType;
  const isRaw = type.startsWith('azapi_');
  if (!isRaw && !GIVING.test(type)) return undefined;
  const block = argumentsOf(resource);
  if (isRaw) {
    return RAW.test(JSON.stringify(block)) ? { why: `(${type}) gives rights, to whom is not known here`, takesAway: false } : undefined;
  }
  const held = block.scope ?? block.key_vault_id;
  if (typeof held === 'string' && reachOfScope(held, asked.resource) === 'no') return undefined;
  const isMembership = /^azuread_(.*_member|group)$/.test(type);
  const same = principalsIn(block).find((principal) => (
    (!isMembership && mayBeGroup(asked, principal, block.principal_type)) || asked.names.some((name) => !areDifferent(asked.app, principal, name))
  ));
  if (same === undefined) return undefined;
  return { why: `(${type}) gives rights to ${same}, which is or may be the same principal, or a group that it is in`, takesAway: false };
};

/** Whether rights go to everybody in it, of whom nobody here knows. */
function mayBeGroup({ app }: Asked, principal: Name, type: unknown): boolean {
  if (typeof type === 'string' && /^(ServicePrincipal|User)$/.test(type)) return false;
  return madeBy(app, principal) === undefined && !isCaller(principal);
}

/** The object IDs of a block and of the blocks in it. */
function principalsIn(value: unknown): Name[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => (
    PRINCIPAL.test(key) ? [item].flat().filter((each): each is Name => typeof each === 'string') : principalsIn(item)
  ));
}
