import { TerraformResource } from 'cdktf';
import { resourcePolicy } from './aws-resource';
import { appOf, areDifferent, argumentsOf, isOpaque, madeBy, Name, namesOf } from './principals';
import type { Asked, ForeignRight, ForeignRights } from './rights';
import { FluxIdentityBase } from '../../core/shared/flux/identity-base';

/** Resources that give a role or user policies, or take them away. */
const ATTACHING = new RegExp(`^aws_iam_(${[
  'role_policy', 'role_policy_attachment', 'role_policies_exclusive', 'role_policy_attachments_exclusive',
  'user_policy', 'user_policy_attachment', 'user_policies_exclusive', 'user_policy_attachments_exclusive',
  'policy_attachment', 'user_group_membership', 'group_membership',
].join('|')})$`);

/** Policies on the same role or user, wherever in the app, which may deny as well as allow; and what policies of resources allow. */
export const awsRights: ForeignRights = (resource, asked) => {
  const type = resource.terraformResourceType;
  if (type === 'aws_kms_grant') return kmsGrant(resource, asked);
  if (/^aws_iam_(role|user)$/.test(type)) return ownPolicies(resource, asked);
  if (!ATTACHING.test(type)) return resourcePolicy(resource, asked.access, (name) => mayBeAsked(asked, name));
  const { role, user, role_name, user_name, roles, users } = argumentsOf(resource);
  const holders: Name[] = [role, user, role_name, user_name, roles ?? [], users ?? []].flat().filter((holder) => typeof holder === 'string');
  if (!holders.some((holder) => mayBeAsked(asked, holder))) return undefined;
  return { why: `(${type}) is on the same role or user, and is not the library's`, takesAway: true };
};

/** A role that the user made and the library grants on may hold policies of its own. */
function ownPolicies(resource: TerraformResource, { app, names }: Asked): ForeignRight | undefined {
  if (!names.some((name) => madeBy(app, name)?.resource === resource)) return undefined;
  const block = argumentsOf(resource);
  const has = ['inline_policy', 'managed_policy_arns'].filter((name) => (block[name] ?? undefined) !== undefined);
  return has.length === 0 ? undefined : { why: `(${resource.terraformResourceType}) is the role itself, with ${has.join(' and ')}`, takesAway: true };
}

/** Whether a permissions boundary may forbid what the policies allow. */
export function hasBoundary(identity: FluxIdentityBase): boolean {
  const app = appOf(identity.node.root);
  const holders = namesOf(identity).flatMap((name) => madeBy(app, name)?.resource ?? []);
  return holders.some((holder) => (argumentsOf(holder).permissions_boundary ?? undefined) !== undefined);
}

/** Grants of a key allow what no policy says. */
function kmsGrant(resource: TerraformResource, asked: Asked): ForeignRight | undefined {
  const { grantee_principal: grantee } = argumentsOf(resource);
  if (typeof grantee === 'string' && !mayBeAsked(asked, grantee)) return undefined;
  return { why: '(aws_kms_grant) gives rights on a key that are in no policy', takesAway: false };
}

/** Whether a name is, or may be, of whom is asked about. */
function mayBeAsked({ app, names }: Asked, name: Name): boolean {
  return names.some((asked) => !areDifferent(app, roleOf(name), roleOf(asked)));
}

/** Plain ARNs by the name of the role, of sessions too; attributes and names as they are. */
function roleOf(name: Name): Name {
  return isOpaque(name) ? name : /:assumed-role\/([^/]+)/.exec(name)?.[1] ?? name.split('/').pop()!;
}
