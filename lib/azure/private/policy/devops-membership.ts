import { DataResource, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { claim } from './once-per-principal';
import type { BoundPermission } from '../../../core/shared/flux/service';
import { oneOf } from '../../../core/shared/input/option-shape';
import { checkValue } from '../../../core/shared/input/options';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { lifecycleOf, TerraformCheck } from '../../../core/shared/terraform/check';
import { PLAIN } from '../../../core/shared/terraform/light-token';
import { stringTemplate } from '../../../core/shared/terraform/text';
import { checkText, TextForm } from '../../../core/shared/terraform/text-form';
import { requirePlain } from '../../../core/shared/terraform/tokens';
import { DataAzuredevopsGroup } from '../../devops-bindings/data-group';
import { DataAzuredevopsProject } from '../../devops-bindings/data-project';
import { GroupMembership } from '../../devops-bindings/group-membership';
import { AzureDevOpsProvider } from '../../devops-bindings/provider';
import { ServicePrincipalEntitlement } from '../../devops-bindings/service-principal-entitlement';
import type { AzureGrantee } from '../grant/grantee';

/** A group to join. */
export interface Membership {
  readonly organization: string;
  readonly group: string;
  readonly project?: string;
  readonly license?: string;
  readonly waitSeconds?: number;
  readonly provider?: TerraformProvider;
}

const LICENSES = { EXPRESS: 'express', ADVANCED: 'advanced', PROFESSIONAL: 'professional', EARLY_ADOPTER: 'earlyAdopter' };
const LICENSE = oneOf('the licenses of Azure DevOps', LICENSES);
const LONGEST_WAIT = 600;

/** Makes the grantee a member of a group, and before that of the organization. */
export function joinGroup(to: AzureGrantee, membership: Membership): BoundPermission {
  const { project: projectChecks, group: groupChecks, organization: organizationChecks } = check(to.at, membership);
  const { organization, project, group, provider } = membership;
  const path = [organization, ...(project === undefined ? [] : [project])].join('/');
  claim(to, { what: 'Azure DevOps group', name: `${path}/${group}`, why: 'two resources would keep one membership, and destroying either ends it' });
  const entitlement = entitle(to, membership, organizationChecks);
  const projectId = project === undefined ? undefined
    : new DataAzuredevopsProject(to.at, 'Project', { name: stringTemplate(project), provider, lifecycle: lifecycleOf(projectChecks) }).id;
  const { descriptor } = new DataAzuredevopsGroup(to.at, 'Group', { name: stringTemplate(group), projectId, provider, lifecycle: lifecycleOf(groupChecks) });
  // `overwrite` would remove everybody else from the group.
  const member = new GroupMembership(to.at, 'Resource', { group: descriptor, members: [entitlement.descriptor], mode: 'add', provider });
  return { rights: [{ role: group, resources: [`https://dev.azure.com/${path}`] }], made: [entitlement, member] };
}

/** Adds the grantee to an organization, once: all its grants there share the entitlement. */
function entitle(to: AzureGrantee, membership: Membership, checks: readonly TerraformCheck[]): ServicePrincipalEntitlement {
  const { organization, license = LICENSES.EXPRESS, waitSeconds, provider } = membership;
  const id = `AzureDevOps_${organization.toLowerCase()}`;
  const existing = to.identity.node.tryFindChild(id) as Entitlement | undefined;
  if (existing !== undefined) {
    requireSame(to.at, existing, { license, waitSeconds, provider });
    return existing.resource;
  }
  claim({ ...to, at: to.identity }, {
    what: 'Azure DevOps entitlement in organization',
    name: organization,
    why: 'a principal is added to an organization once; two resources would keep one entry, and destroying either removes it',
  });
  return new Entitlement({ ...to, checks: [...to.checks, ...checks] }, id, { license, waitSeconds, provider }).resource;
}

interface EntitlementOptions {
  readonly license: string;
  readonly waitSeconds?: number;
  readonly provider?: TerraformProvider;
}

class Entitlement extends Construct {
  public readonly resource: ServicePrincipalEntitlement;

  public constructor(to: AzureGrantee, id: string, public readonly options: EntitlementOptions) {
    super(to.identity, id);
    const { license, waitSeconds, provider } = options;
    const wait = waitSeconds === undefined ? undefined : new DataResource(this, 'Wait', {
      triggersReplace: { principal: to.principalId },
      provisioners: [{ type: 'local-exec', command: `sleep ${waitSeconds}` }],
    });
    this.resource = new ServicePrincipalEntitlement(this, 'Resource', {
      originId: to.principalId,
      origin: 'aad',
      accountLicenseType: license,
      licensingSource: 'account',
      provider,
      dependsOn: wait && [wait],
      lifecycle: lifecycleOf(to.checks),
    });
  }
}

function requireSame(at: Construct, { node, options }: Entitlement, given: EntitlementOptions): void {
  const names = ['license', 'waitSeconds', 'provider'] as const;
  const other = names.find((name) => options[name] !== given[name]);
  if (other === undefined) return;
  throw new ValidationError(at, {
    given: `another \`${other}\` than the grant that made "${node.path}".`,
    allowed: `the same \`${other}\` in all grants of an identity in one organization`,
    why: 'an identity is added to an organization once, and its grants there share that',
    fix: `pass the same \`${other}\` to each, or leave it out of each`,
  });
}

/** A name of Azure DevOps, by itself. (From "[" to "^" is the backslash, which no pattern of Terraform can hold.) */
function nameForm(what: 'project' | 'group'): TextForm {
  return {
    what,
    pattern: /^[^\/[-^]+$/,
    around: PLAIN,
    allowed: `the name of the ${what} alone`,
    why: `Azure DevOps has no ${what} of that name`,
    fix: what === 'group' ? 'pass the name without "[project]\\", and the project in `project`' : 'pass the name of the project, neither its URL nor a repository\'s',
  };
}

function check(at: Construct, { organization, project, group, license, waitSeconds, provider }: Membership): { [part in 'organization' | 'project' | 'group']: TerraformCheck[] } {
  requirePlain(at, 'organization', organization);
  checkText(at, organization, {
    what: 'organization',
    pattern: /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,48}[a-zA-Z0-9])?$/,
    allowed: 'its name: 1 to 50 letters, digits and "-", plain',
    why: 'Azure DevOps has no organization of that name',
    fix: 'pass "acme" of "https://dev.azure.com/acme"',
  });
  const [projectChecks, groupChecks] = [project === undefined ? [] : checkText(at, project, nameForm('project')), checkText(at, group, nameForm('group'))];
  if (license !== undefined) checkValue(at, 'Azure DevOps license', license, LICENSE);
  if (waitSeconds !== undefined && (!Number.isInteger(waitSeconds) || waitSeconds < 1 || waitSeconds > LONGEST_WAIT)) {
    throw new ValidationError(at, {
      given: `a wait of ${shown(waitSeconds)} seconds`, allowed: `whole seconds from 1 to ${LONGEST_WAIT}`, why: 'it becomes the argument of `sleep`', fix: 'pass for example 30',
    });
  }
  return { organization: checkOrganization(at, organization, provider), project: projectChecks, group: groupChecks };
}

/** Refuses the provider of another organization. */
function checkOrganization(at: Construct, organization: string, provider: TerraformProvider | undefined): TerraformCheck[] {
  if (!(provider instanceof AzureDevOpsProvider)) return [];
  return checkText(at, provider.orgServiceUrl, {
    what: `organization ${shown(organization)} with the provider of`,
    pattern: new RegExp(`^https://([^/]+/${organization}|${organization}[.]visualstudio[.]com)/?$`, 'i'),
    allowed: `a provider of "https://dev.azure.com/${organization}"`,
    why: 'the identity would be added to the provider\'s organization',
    fix: 'make an AzureDevOpsProvider with an alias for each organization',
  });
}
