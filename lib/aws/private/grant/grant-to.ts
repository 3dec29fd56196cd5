import { IConstruct } from 'constructs';
import type { AwsGranted, AwsPrincipal } from './grantee';
import { factsOf } from './permission-facts';
import { Grant } from '../../../core/grant';
import { IdentityWarning } from '../../../core/shared/flux/identity-base';
import { BoundPermission, PermissionFacts, ServiceFacts } from '../../../core/shared/flux/service';
import { checkUse, Holder } from '../../../core/shared/flux/use';
import { WarningId } from '../../../core/shared/flux/warning-ids';
import { isClaimed, valueKey } from '../../../core/shared/input/once-per-app';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { isObjectLevel } from '../../../core/shared/kubernetes/service-accounts';
import { makeGrant } from '../../../core/shared/make-grant';
import { TerraformCheck } from '../../../core/shared/terraform/check';
import { jsonTemplate } from '../../../core/shared/terraform/text';
import { AwsPermission } from '../../aws-permission';
import { SERVICES } from '../../services';
import { AwsIdentityBase } from '../identity/aws-identity-base';
import { OtherSide, otherSides } from '../policy/owner-statements';
import { Policies, RESERVED_IDS } from '../policy/policies';
import { sessionName } from '../trust/web-identity';

/** The one way a permission becomes part of an identity. */
export function grantTo(
  identity: AwsIdentityBase, id: string, permission: AwsPermission, policies: Policies, reserved: RegExp = RESERVED_IDS,
): Grant {
  return makeGrant(identity, id, reserved, (grant) => {
    const to = identity._principal;
    const { facts, granted, conditions, warnings } = bind(grant, permission, to, identity);
    checkSessionNames(grant, granted, identity);
    const sides = foreignSides(grant, granted, to);
    if (sides.length > 0) grant._ownerStatements(jsonTemplate(Object.fromEntries(sides.map(({ resource, statements }) => [resource, statements]))));
    const warn = warnings.length + sides.length === 0 ? undefined : () => [...warnings, ...ownerWarnings(grant, sides, to)];
    facts.forEach((each, index) => identity._addGrant({ grant, ...each, ...boundOf(granted), warnings: index === 0 ? warn : undefined }));
    policies.add(grant, { ...granted, conditions });
    granted.resources?.forEach((resource) => grant._add(resource));
  });
}

/** Works a permission out for a principal, and refuses what no Flux object could use. */
export function bind(
  grant: Grant, permission: AwsPermission, to: AwsPrincipal, holder: Holder,
): { facts: readonly PermissionFacts[]; granted: AwsGranted; conditions: readonly TerraformCheck[]; warnings: readonly IdentityWarning[] } {
  if (!(permission instanceof AwsPermission)) {
    throw new ValidationError(grant, {
      given: 'a value that is no AwsPermission',
      allowed: 'what EcrPermissions, S3Permissions, KmsPermissions and their relatives make, or AwsPermission.of(...)',
      why: 'nothing else says which IAM actions on which resources are meant',
      fix: 'pass a permission of the identity\'s own cloud',
    });
  }
  const conditions: TerraformCheck[] = [];
  const warnings: IdentityWarning[] = [];
  const granted = permission._bind({ ...to, at: grant, conditions, warnings });
  const facts = factsOf(permission, granted.statements);
  facts.forEach((each) => checkUse(grant, holder, each));
  return { facts, granted, conditions, warnings };
}

/** What was granted, in the form of all clouds. */
function boundOf({ statements, managedPolicies = [], resources = [] }: AwsGranted): BoundPermission {
  return {
    rights: [
      ...statements.map(({ actions, resources: on, conditions }) => ({ actions, resources: on, condition: conditions })),
      ...managedPolicies.map((role) => ({ role, resources: ['*'] })),
    ],
    made: resources,
  };
}

/** The key under which a resource's policy says that it lets a principal in. */
export function agreementKey(at: IConstruct, resource: string, principal: string): string {
  return `aws resource policy of ${valueKey(at, resource)} allows ${valueKey(at, principal)}`;
}

/** At object level the session name holds the region of the resource, so that a long one fails only in some regions. */
function checkSessionNames(grant: Grant, granted: AwsGranted, { serviceAccounts }: Holder): void {
  const accounts = serviceAccounts.filter(isObjectLevel);
  if (accounts.length === 0) return;
  const regions = new Set(granted.regions);
  for (const { resources } of granted.statements) {
    for (const resource of resources) {
      const region = /^arn:[^:]*:[^:]*:([a-z0-9-]+):/.exec(resource)?.[1];
      if (region !== undefined) regions.add(region);
    }
  }
  for (const account of accounts) regions.forEach((region) => sessionName(grant, account, region));
}

/** Services whose resources carry no policy: only an identity of the owner's account reaches them. */
const OWN_ACCOUNT_ONLY = Object.values(SERVICES).filter(({ owner }: ServiceFacts) => owner === 'never').flatMap(({ rights }) => rights);

/** The resources whose owners must agree, as far as that is known and nothing says that they do. */
function foreignSides(grant: Grant, granted: AwsGranted, to: AwsPrincipal): readonly OtherSide[] {
  const sides = otherSides(granted.statements, to.plainArn ?? to.arn, to.account, granted.account);
  const never = sides.find(({ service }) => OWN_ACCOUNT_ONLY.includes(service));
  if (never !== undefined) {
    throw new ValidationError(grant, {
      given: `${never.resource} for an identity of account ${to.account}`,
      allowed: `resources of account ${to.account}`,
      why: `${never.service} has no policies on resources: nothing can let another account in`,
      fix: 'make a role in the owner\'s account (`provider`: its alias), with an OIDC provider of that account for the same issuer',
    });
  }
  return granted.ownerAgrees ? [] : sides;
}

/** What their policies lack; one may be part of the app, and come after the grant. */
function ownerWarnings(grant: Grant, sides: readonly OtherSide[], to: AwsPrincipal): IdentityWarning[] {
  const needs = sides.filter(({ resource }) => !isClaimed(grant, agreementKey(grant, resource, to.arn))).map(({ resource, statements }) => {
    const text = JSON.stringify(statements).split(to.arn).join(to.plainArn ?? '<the identity\'s ARN>');
    return `the policy of ${resource} needs ${text.replace(/\$\{TfToken\[[^\]]*\]\}/g, '<a value known at apply>')}`;
  });
  if (needs.length === 0) return [];
  return [{
    id: `${WarningId.AWS_OWNER_POLICY}${grant.node.path}`,
    message: `Grant "${grant.node.path}" is on resources that are not in account ${to.account}. Both sides must allow it: ${needs.join('; ')}. `
      + 'The grant\'s `ownerStatements` holds it for an output.',
  }];
}
