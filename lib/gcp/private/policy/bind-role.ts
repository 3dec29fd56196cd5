import { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import type { BoundResource } from './bound-resource';
import { claimMember } from './member-registry';
import { dependOn } from './prerequisites';
import { OPTIONS, PROVIDER, TEXT, instanceOf } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { hasToken } from '../../../core/shared/terraform/tokens';
import type { GcpCondition, GcpRole } from '../../gcp-permission';
import { GcpResource } from '../../gcp-resource';
import { GcpGrantee, IdentityKind } from '../grant/grantee';

const RESOURCE = instanceOf<GcpResource>('a GcpResource', () => GcpResource);

const ROLE = /^(roles|(projects\/[a-z0-9.:-]+|organizations\/\d+)\/roles)\/[a-zA-Z0-9_.]{1,100}$/;

/**
 * Grants a role on a resource to every member of an identity: the one way to IAM.
 *
 * @param id names the role below the grant
 */
export function bindRole(to: GcpGrantee, id: string, role: GcpRole): TerraformResource[] {
  checkOptions(to.at, 'GcpRole', role, {
    role: TEXT,
    resource: RESOURCE,
    condition: OPTIONS.optional,
    provider: PROVIDER.optional,
  });
  checkRole(to.at, role.role);
  const resource = role.resource._bind(to.at);
  checkIdentity(to, resource);
  checkCondition(to.at, resource, role.condition);
  const provider = role.provider ?? to.provider;
  return to.members.map((member) => {
    const made = resource.member(to.at, member.id === undefined ? id : `${id}-${member.id}`, {
      role: role.role, member: member.member, provider,
    }, role.condition);
    claimMember(made, { role: role.role, resource, member, condition: role.condition, provider });
    dependOn(made, to.prerequisites);
    return made;
  });
}

function checkRole(at: Construct, role: string): void {
  if (typeof role === 'string' && (hasToken(role) || (ROLE.test(role) && !/^roles\/(owner|editor)$/.test(role)))) return;
  throw new ValidationError(at, {
    given: `role ${shown(role)}`,
    allowed: '"roles/<name>", "projects/<project>/roles/<id>" or "organizations/<number>/roles/<id>", but not roles/owner or roles/editor',
    why: 'IAM refuses other names, and the two basic roles would let Flux change nearly everything',
    fix: 'pass the narrowest role that holds the permissions, by its full name',
  });
}

/** What Flux itself cannot do as an identity of this kind, whatever IAM says. */
function checkIdentity(to: GcpGrantee, resource: BoundResource): void {
  if (to.kind === IdentityKind.NODE && !resource.isRepository) {
    throw new ValidationError(to.at, {
      given: `a role on a ${resource.what} for ${to.kind}`,
      allowed: 'Artifact Registry repositories',
      why: 'Flux supports credentials of the nodes for Artifact Registry only, and every pod of the node would have the role',
      fix: 'grant it to a FluxGcpPrincipal or a FluxGcpServiceAccount',
    });
  }
  if (to.kind === IdentityKind.KEY && resource.isRepository) {
    throw new ValidationError(to.at, {
      given: `a role on an ${resource.what} for ${to.kind}`,
      allowed: 'identities without a key: FluxGcpPrincipal, FluxGcpServiceAccount, FluxGcpNodeServiceAccount',
      why: 'Flux does not use service account keys for Artifact Registry',
      fix: 'grant it to a FluxGcpPrincipal: off GKE too, with a FluxGcpWorkloadPool',
    });
  }
}

function checkCondition(at: Construct, resource: BoundResource, condition: GcpCondition | undefined): void {
  if (condition === undefined) return;
  checkOptions(at, 'GcpCondition', condition, { title: TEXT, expression: TEXT, description: TEXT.optional });
  if (!resource.takesConditions) {
    throw new ValidationError(at, {
      given: `a condition on an IAM member of a ${resource.what}`.replace(' a A', ' an A'),
      allowed: 'conditions on projects, buckets, Cloud KMS keys and key rings, and service accounts',
      why: 'Google takes no conditions there and refuses the policy, though Terraform has the field',
      fix: 'leave the condition out, or grant the role on the project with a condition on resource.name',
    });
  }
  const refuse = (what: string, value: unknown, allowed: string) => {
    throw new ValidationError(at, {
      given: `${what} ${shown(value)}`, allowed, why: 'IAM refuses the condition at apply', fix: `change the ${what}`,
    });
  };
  const text = (value: unknown, limit: number) => typeof value === 'string' && value !== '' && (hasToken(value) || value.length <= limit);
  if (!text(condition.title, 100)) refuse('condition title', condition.title, '1 to 100 characters');
  if (!text(condition.expression, Infinity)) refuse('condition expression', condition.expression, 'a CEL expression');
  if (condition.description !== undefined && !text(condition.description, 256)) {
    refuse('condition description', condition.description, '1 to 256 characters');
  }
}
