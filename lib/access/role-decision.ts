import type { ServiceFacts } from '../core/shared/flux/service';

/** A right by a role, and the service that it was granted for. */
export interface RoleFacts {
  readonly role?: string;
  readonly resources: readonly string[];
  readonly condition?: unknown;
  readonly service?: ServiceFacts;
}

/** A question about a cloud of roles. */
export interface RoleQuestion {
  /** Google's permission, or Azure's action. */
  readonly permission?: string;
  readonly action?: string;
  readonly resource?: string;
  readonly scope?: string;
}

/** Whether roles allow a call: only for permissions that Flux needs of roles that the library's own permissions grant. */
export function decideRole(rights: readonly RoleFacts[], question: RoleQuestion, cloud: string): { allowed: boolean | 'unknown'; because: string } {
  const permission = question.permission ?? question.action!;
  const resource = question.resource ?? question.scope!;
  let unknown: string | undefined;
  for (const { role, resources, condition, service } of rights) {
    if (role === undefined) continue;
    if (!resources.some((held) => reaches(cloud, held, resource))) continue;
    const permissions = service?.roles?.[role]?.permissions;
    if (permissions === undefined) {
      unknown = `it is not known here what role ${role} holds`;
    } else if (!permissions.includes(permission)) {
      unknown = `of role ${role} only what Flux needs is known here (${permissions.join(', ')}), and it may hold more`;
    } else if (condition !== undefined && condition !== null) {
      unknown = `role ${role} is held under a condition, which only the cloud evaluates: ${JSON.stringify(condition)}`;
    } else {
      return { allowed: true, because: `role ${role} on ${resources.join(', ')}` };
    }
  }
  if (unknown !== undefined) return { allowed: 'unknown', because: unknown };
  const opaque = rights.find(({ resources }) => resources.some((held) => held.includes('${')) || resource.includes('${'));
  if (opaque !== undefined) return { allowed: 'unknown', because: `whether ${opaque.resources.join(', ')} and ${resource} are the same only Terraform knows` };
  return { allowed: false, because: `no role on ${resource} or above it` };
}

/** Whether a role that is held on one resource holds on another. */
function reaches(cloud: string, held: string, resource: string): boolean {
  if (cloud === 'azure') {
    const [above, below] = [held, resource].map((scope) => scope.toLowerCase().replace(/\/$/, ''));
    return below === above || below.startsWith(`${above}/`);
  }
  return held === resource || resource.startsWith(`${held}/`);
}
