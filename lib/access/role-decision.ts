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

/** What was decided, and by which role; `unknown` where an answer would be a guess. */
export interface RoleDecision {
  readonly allowed: boolean | 'unknown';
  readonly because: string;
}

/** Whether roles allow a call: only for permissions that Flux needs of roles that the library's own permissions grant. */
export function decideRole(rights: readonly RoleFacts[], question: RoleQuestion, cloud: string): RoleDecision {
  const permission = question.permission ?? question.action!;
  const resource = question.resource ?? question.scope!;
  const reach = cloud === 'azure' ? reachOfScope : reachOfName;
  const decisions = rights.filter(({ role }) => role !== undefined)
    .flatMap((right) => right.resources.map((held) => decideOne(right, held, reach(held, resource), permission, resource)));
  return decisions.find((decision) => decision?.allowed === true) ?? decisions.find((decision) => decision !== undefined)
    ?? { allowed: false, because: `no role on ${resource} or above it` };
}

/** What one role on one resource has to say; nothing where it holds elsewhere. */
function decideOne(
  { role, condition, service }: RoleFacts, held: string, reach: Reach, permission: string, resource: string,
): RoleDecision | undefined {
  const conditioned = reach === 'no' ? 'no' : narrowed(condition, resource);
  if (conditioned === 'no') return undefined;
  const unknown = (because: string): RoleDecision => ({ allowed: 'unknown', because });
  if (reach === 'maybe') return unknown(`whether ${held}, which role ${role} is held on, reaches ${resource} only Terraform and the cloud know`);
  const permissions = service?.roles?.[role!]?.permissions;
  if (permissions === undefined) return unknown(`it is not known here what role ${role} holds`);
  if (!permissions.some((known) => known.toLowerCase() === permission.toLowerCase())) {
    return unknown(`of role ${role} only what Flux needs is known here (${permissions.join(', ')}), and it may hold more`);
  }
  if (conditioned === 'maybe') return unknown(`role ${role} is held under a condition, which only the cloud evaluates: ${JSON.stringify(condition)}`);
  return { allowed: true, because: `role ${role} on ${held}` };
}

/** Whether a role that is held on one resource holds on another. */
export type Reach = 'yes' | 'no' | 'maybe';

/** How far a role on a scope of Azure reaches. */
export function reachOfScope(held: string, scope: string): Reach {
  const [above, below] = [held, scope].map((text) => text.toLowerCase().replace(/\/$/, ''));
  if (isAtOrBelow(above, below)) return 'yes';
  // What is in a management group is not said by IDs.
  return isOpaque(held, scope) || above.startsWith('/providers/microsoft.management/') ? 'maybe' : 'no';
}

/** How far a role on a resource of Google's reaches. */
export function reachOfName(held: string, name: string): Reach {
  // Buckets have names of their own, without a project.
  if ([held, `projects/_/buckets/${held}`].some((above) => isAtOrBelow(above, name))) return 'yes';
  if (isOpaque(held, name) || /^(folders|organizations)\//.test(held)) return 'maybe';
  const [above, below] = [held, name].map(nameParts);
  if (above.project === undefined && below.project === undefined) return 'no';
  if (above.project !== undefined && below.project !== undefined) {
    // A project is known by its ID and by its number.
    const isSpeltOtherwise = /^\d+$/.test(above.project) !== /^\d+$/.test(below.project);
    return isSpeltOtherwise && (above.rest === '' || isAtOrBelow(above.rest, below.rest)) ? 'maybe' : 'no';
  }
  // Buckets, and names without their project (it is the provider's): what is in which project they do not say.
  if (above.rest === '') return 'maybe';
  const [short, long] = above.project === undefined ? [held, name] : [name, held];
  return !short.startsWith('projects/_/') && `${long}/`.includes(`/${short.split('/').pop()}/`) ? 'maybe' : 'no';
}

/** The project of a resource, where its name says it, and what follows. */
function nameParts(name: string): { readonly project?: string; readonly rest: string } {
  const [, project, rest = ''] = /^projects\/(?!_\/)([^/]+)(?:\/(.*))?$/.exec(name) ?? [];
  return project === undefined ? { rest: name } : { project, rest };
}

function isAtOrBelow(above: string, below: string): boolean {
  return below === above || below.startsWith(`${above}/`);
}

/** Whether values that only Terraform knows are part of it. */
function isOpaque(...texts: readonly string[]): boolean {
  return texts.some((text) => text.includes('${'));
}

/** Whether a condition holds for a resource: of those that name resources it can be told, of others it cannot. */
function narrowed(condition: unknown, resource: string): Reach {
  if (condition === undefined || condition === null) return 'yes';
  const expression = (condition as { readonly expression?: unknown }).expression;
  const terms = typeof expression === 'string' ? expression.split(' || ').map((term) => /^resource\.name == "([^"\\]*)"$/.exec(term)?.[1]) : [undefined];
  if (terms.some((name) => name === undefined || isOpaque(name)) || isOpaque(resource)) return 'maybe';
  return terms.includes(resource) ? 'yes' : 'no';
}
