import { DataResource, TerraformProvider, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { claim } from './once-per-principal';
import { oneOf } from '../../../core/shared/input/option-shape';
import { checkValue } from '../../../core/shared/input/options';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { hasToken, requirePlain } from '../../../core/shared/terraform/tokens';
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
export function joinGroup(to: AzureGrantee, membership: Membership): TerraformResource[] {
  check(to.at, membership);
  const { organization, project, group, provider } = membership;
  claim(to, {
    what: 'Azure DevOps group',
    name: [organization, ...(project === undefined ? [] : [project]), group].join('/'),
    why: 'two resources would keep one membership, and destroying either ends it',
  });
  const entitlement = entitle(to, membership);
  const projectId = project === undefined ? undefined : new DataAzuredevopsProject(to.at, 'Project', { name: project, provider }).id;
  const { descriptor } = new DataAzuredevopsGroup(to.at, 'Group', { name: group, projectId, provider });
  // `overwrite` would remove everybody else from the group.
  const member = new GroupMembership(to.at, 'Resource', { group: descriptor, members: [entitlement.descriptor], mode: 'add', provider });
  return [entitlement, member];
}

/** Adds the grantee to an organization, once: all its grants there share the entitlement. */
function entitle(to: AzureGrantee, { organization, license = LICENSES.EXPRESS, waitSeconds, provider }: Membership): ServicePrincipalEntitlement {
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
  return new Entitlement(to, id, { license, waitSeconds, provider }).resource;
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

function check(at: Construct, { organization, project, group, license, waitSeconds, provider }: Membership): void {
  const refuse = (given: string, allowed: string, why: string, fix: string): never => {
    throw new ValidationError(at, { given, allowed, why, fix });
  };
  requirePlain(at, 'organization', organization);
  if (!/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,48}[a-zA-Z0-9])?$/.test(organization)) {
    refuse(`organization ${shown(organization)}`, 'its name: 1 to 50 letters, digits and "-"', 'Azure DevOps has no organization of that name',
      'pass "acme" of "https://dev.azure.com/acme"');
  }
  const names = [...(project === undefined ? [] : [['project', project]]), ['group', group]];
  for (const [what, name] of names) {
    if (typeof name === 'string' && name !== '' && (hasToken(name) || !/[/\\]/.test(name))) continue;
    refuse(`${what} ${shown(name)}`, `the name of the ${what} alone`, `Azure DevOps has no ${what} of that name`,
      what === 'group' ? 'pass the name without "[project]\\", and the project in `project`' : 'pass the name of the project, neither its URL nor a repository\'s');
  }
  if (license !== undefined) checkValue(at, 'Azure DevOps license', license, LICENSE);
  if (waitSeconds !== undefined && (!Number.isInteger(waitSeconds) || waitSeconds < 1 || waitSeconds > LONGEST_WAIT)) {
    refuse(`a wait of ${shown(waitSeconds)} seconds`, `whole seconds from 1 to ${LONGEST_WAIT}`, 'it becomes the argument of `sleep`', 'pass for example 30');
  }
  if (provider instanceof AzureDevOpsProvider && !hasToken(provider.orgServiceUrl)) {
    const named = new URL(provider.orgServiceUrl);
    const found = named.hostname.endsWith('.visualstudio.com') ? named.hostname.split('.')[0] : named.pathname.replace(/\//g, '');
    if (found.toLowerCase() !== organization.toLowerCase()) {
      refuse(`organization ${shown(organization)} with the provider of ${shown(provider.orgServiceUrl)}`, `a provider of "https://dev.azure.com/${organization}"`,
        'the identity would be added to the provider\'s organization', 'make an AzureDevOpsProvider with an alias for each organization');
    }
  }
}
