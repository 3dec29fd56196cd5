import { areDifferent, argumentsOf, isOpaque, Name } from './principals';
import type { Asked, ForeignRights } from './rights';
import { reachOfName } from '../../access/role-decision';

/** Bindings for a member or a list of members. */
const BINDING = /^google_.*_iam_(member|binding)$/;
/** What decides for everybody, whom it names or not: whole policies, denials, boundaries, access control lists. */
const FOR_ALL = /^google_(.*_iam_(policy|member_remove)|iam_deny_policy|iam_\w+_policy_binding|storage_\w+_(acl|access_control))$/;

/** Bindings of the same principal beside its grants, wherever in the app. */
export const gcpRights: ForeignRights = (resource, asked) => {
  const type = resource.terraformResourceType;
  const isForAll = FOR_ALL.test(type);
  if (!isForAll && !BINDING.test(type)) return undefined;
  const { member, members, role, bucket, project } = argumentsOf(resource);
  const held = bucket ?? (/^google_project_iam_/.test(type) && project !== undefined ? `projects/${project}` : undefined);
  if (typeof held === 'string' && reachOfName(held, asked.resource) === 'no') return undefined;
  if (isForAll) return { why: `(${type}) decides for all principals of a resource, and what it says of this one is not known`, takesAway: true };
  // A binding is the whole list of a role: who is not on it loses the role.
  if (type.endsWith('_iam_binding') && asked.roles.some((given) => given === role || isOpaque(given) || isOpaque(String(role)))) {
    return { why: `(${type}) sets who has role ${role}, which is granted here too`, takesAway: true };
  }
  const same = [member, members ?? []].flat().find((each) => typeof each === 'string' && asked.names.some((name) => !isOther(asked, each, name)));
  return same === undefined ? undefined : { why: `(${type}) gives role ${role} to ${same}, which is or may be the same principal`, takesAway: false };
};

/** Whether two members are surely of two principals. */
function isOther({ app }: Asked, theirs: Name, ours: Name): boolean {
  // Of a group, a domain or a set nobody here knows who is in it.
  if (/^(user|deleted):/.test(theirs)) return true;
  const [one, other] = [memberOf(theirs), memberOf(ours)];
  if (one === undefined || other === undefined) return false;
  if ('email' in one || 'email' in other) return 'email' in one && 'email' in other ? areDifferent(app, one.email, other.email) : true;
  return (!isOpaque(one.subject + other.subject) && one.subject !== other.subject) || areDifferent(app, one.pool, other.pool);
}

type Member = { readonly email: Name } | { readonly pool: Name; readonly subject: Name };

/** A Google service account, or a subject of a pool: of the pool that is built into GKE there are two spellings. */
function memberOf(member: Name): Member | undefined {
  const [, built, namespace, account] = /^serviceAccount:(.+)\[([^/\]]+)\/([^\]]+)\]$/.exec(member) ?? [];
  if (built !== undefined) return { pool: built, subject: `${namespace}/${account}` };
  const [, pool, subject] = /^principal:\/\/iam\.googleapis\.com\/(.+)\/subject\/([^/].*)$/.exec(member) ?? [];
  if (pool !== undefined) {
    // The ID alone: a project has a name and a number, and a pool is known by either.
    return { pool: isOpaque(pool) ? pool : pool.split('/').pop()!, subject: subject.replace(/^(?:system:serviceaccount:|ns\/)([^:/]+)(?::|\/sa\/)/, '$1/') };
  }
  const [, email] = /^(?:serviceAccount:)?(.+)$/.exec(member)!;
  return /^serviceAccount:/.test(member) || /^<[^>]*: \$\{google_service_account\./.test(member) ? { email } : undefined;
}
