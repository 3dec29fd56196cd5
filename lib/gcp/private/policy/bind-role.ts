import { Construct } from 'constructs';
import type { BoundResource } from './bound-resource';
import { claimMember } from './member-registry';
import { BoundPermission } from '../../../core/shared/flux/service';
import { OPTIONS, PROVIDER, TEXT, instanceOf } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { lifecycleOf, TerraformCheck } from '../../../core/shared/terraform/check';
import { madeBefore } from '../../../core/shared/terraform/graph';
import { literal } from '../../../core/shared/terraform/text';
import { checkText, TextForm } from '../../../core/shared/terraform/text-form';
import type { GcpCondition, GcpRole } from '../../gcp-permission';
import { GcpResource } from '../../gcp-resource';
import { checkIamLength } from '../forms/length';
import { PROJECT_ID } from '../forms/resources';
import { GcpGrantee } from '../grant/grantee';

const RESOURCE = instanceOf<GcpResource>('a GcpResource', () => GcpResource);
const ROLE_OPTIONS = { role: TEXT, resource: RESOURCE, condition: OPTIONS.optional, provider: PROVIDER.optional };

const ROLE: TextForm = {
  what: 'role',
  pattern: new RegExp('^(roles|(projects/[a-z0-9.:-]+|organizations/[0-9]+)/roles)/[a-zA-Z0-9_.]{1,100}$'),
  // With the last six one may give oneself the first four.
  refused: new RegExp(`^roles/(${[
    'owner', 'editor', 'admin', 'writer', 'iam[.][a-zA-Z]*Admin', 'resourcemanager[.](project|folder|tag|lien)?[a-zA-Z]*IamAdmin',
    'resourcemanager[.](organization|folder)Admin',
  ].join('|')})$`),
  allowed: '"roles/<name>", "projects/<project>/roles/<id>" or "organizations/<number>/roles/<id>", but no basic role that writes (owner, editor) and none that administers IAM',
  why: 'IAM refuses other names, and with such a role Flux could change nearly everything',
  fix: 'pass the narrowest role that holds the permissions, by its full name',
};

/** On a project: with these Flux could act as every service account in it. */
const ON_PROJECT: TextForm = {
  what: 'role on a whole project',
  pattern: ROLE.pattern,
  refused: /^roles\/iam[.](serviceAccountTokenCreator|serviceAccountOpenIdTokenCreator|serviceAccountUser|workloadIdentityUser)$/,
  allowed: 'any role but those that let one act as service accounts',
  why: 'Flux could act as every service account of the project, and have every right of theirs',
  fix: 'grant it on the one account: GcpResource.serviceAccount(...)',
};

/** What permissions of the library know beside the role. */
export interface BindOptions {
  /** What Terraform checks beside role, resource, condition and member. */
  readonly late?: readonly TerraformCheck[];
  /** The role is made by this library. */
  readonly roleIsOurs?: boolean;
  /** The resource is made by this library, or its name was checked. */
  readonly resourceIsOurs?: boolean;
}

/**
 * Grants a role on a resource to every member of an identity: the one way to IAM.
 *
 * @param id names the role below the grant
 */
export function bindRole(
  to: GcpGrantee, id: string, role: GcpRole, { late = [], roleIsOurs = false, resourceIsOurs = false }: BindOptions = {},
): BoundPermission {
  checkOptions(to.at, 'GcpRole', role, ROLE_OPTIONS);
  const lateRole = roleIsOurs ? [] : checkText(to.at, role.role, ROLE);
  const resource = role.resource._bind(to.at);
  const lateOnProject = roleIsOurs || resource.what !== PROJECT_ID.what ? [] : checkText(to.at, role.role, ON_PROJECT);
  const lateCondition = checkCondition(to.at, resource, role.condition);
  const condition = role.condition && literal(role.condition);
  const preconditions = [...to.late, ...lateRole, ...lateOnProject, ...(resourceIsOurs ? [] : resource.late), ...lateCondition, ...late];
  const provider = role.provider ?? to.provider;
  const made = to.members.map((member) => {
    const one = resource.member(to.at, member.id === undefined ? id : `${id}-${member.id}`, {
      role: role.role, member: member.member, provider, lifecycle: lifecycleOf(preconditions),
    }, condition);
    claimMember(one, { role: role.role, resource, member, condition: role.condition, provider });
    const before = madeBefore(one, ...to.prerequisites); // plain addresses: cdktf writes them as they are
    if (before.length > 0) one.dependsOn = before;
    return one;
  });
  return { made, rights: [{ role: role.role, resources: [resource.name], condition }] };
}

/** Several roles as one permission. */
export function together(...bound: readonly BoundPermission[]): BoundPermission {
  return { made: bound.flatMap(({ made }) => made), rights: bound.flatMap(({ rights }) => rights) };
}

function checkCondition(at: Construct, resource: BoundResource, condition: GcpCondition | undefined): TerraformCheck[] {
  if (condition === undefined) return [];
  checkOptions(at, 'GcpCondition', condition, { title: TEXT, expression: TEXT, description: TEXT.optional });
  if (!resource.takesConditions) {
    throw new ValidationError(at, {
      given: `a condition on an IAM member of a ${resource.what}`.replace(' a A', ' an A'),
      allowed: 'conditions on projects, buckets, Cloud KMS keys and key rings, and service accounts',
      why: 'Google takes no conditions there and refuses the policy, though Terraform has the field',
      fix: 'leave the condition out, or grant the role on the project with a condition on resource.name',
    });
  }
  for (const part of ['title', 'expression', 'description'] as const) {
    if (condition[part] !== '') continue;
    throw new ValidationError(at, {
      given: `condition ${part} ""`, allowed: 'a text', why: 'IAM refuses the condition at apply', fix: `change the condition ${part}`,
    });
  }
  return [
    ...checkIamLength(at, 'condition title', condition.title, 100),
    ...checkIamLength(at, 'condition description', condition.description, 256),
  ];
}

