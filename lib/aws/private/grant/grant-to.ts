import { Annotations, Aspects } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { noteGrant } from './code-commit-version';
import type { AwsGranted, AwsPrincipal } from './grantee';
import { AwsIdentityKind, Level, serviceOfManagedPolicy, supportOf } from './support';
import { Grant } from '../../../core/grant';
import { isClaimed, valueKey } from '../../../core/shared/input/once-per-app';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { makeGrant } from '../../../core/shared/make-grant';
import { jsonTemplate } from '../../../core/shared/terraform/text';
import { AwsPermission } from '../../aws-permission';
import { OtherSide, otherSides } from '../policy/owner-statements';
import { Policies, RESERVED_IDS } from '../policy/policies';
import { sessionName } from '../trust/web-identity';

/** The one way a permission becomes part of an identity. */
export function grantTo(
  identity: Construct, id: string, permission: AwsPermission, policies: Policies, to: AwsPrincipal, reserved: RegExp = RESERVED_IDS,
): Grant {
  return makeGrant(identity, id, reserved, (grant) => {
    const granted = bind(grant, permission, to);
    checkSupport(grant, granted, to);
    checkSessionNames(grant, granted, to);
    tellOtherSide(grant, granted, to);
    noteGrant(identity, grant, granted);
    policies.add(grant, granted.statements, granted.managedPolicies);
    granted.resources?.forEach((resource) => grant._add(resource));
  });
}

/** Works a permission out for a principal. */
export function bind(grant: Grant, permission: AwsPermission, to: AwsPrincipal): AwsGranted {
  if (permission instanceof AwsPermission) return permission._bind({ ...to, at: grant });
  throw new ValidationError(grant, {
    given: 'a value that is no AwsPermission',
    allowed: 'what EcrPermissions, S3Permissions, KmsPermissions and their relatives make, or AwsPermission.of(...)',
    why: 'nothing else says which IAM actions on which resources are meant',
    fix: 'pass a permission of the identity\'s own cloud',
  });
}

/** The key under which a resource's policy says that it lets a principal in. */
export function agreementKey(at: IConstruct, resource: string, principal: string): string {
  return `aws resource policy of ${valueKey(at, resource)} allows ${valueKey(at, principal)}`;
}

const INSTEAD: Record<AwsIdentityKind, string> = {
  [AwsIdentityKind.ACCESS_KEY]: 'Flux takes no access keys for registries, and at object level only for Buckets and SOPS',
  [AwsIdentityKind.NODE]: 'Flux supports and tests the node\'s role for private ECR only, and every pod of the node would get the right',
  [AwsIdentityKind.POD_IDENTITY]: 'EKS gives credentials to the pod, so only to what its controller does as itself',
  [AwsIdentityKind.WEB_IDENTITY]: 'Flux has no way to use it there',
};

/** Refuses what Flux could never use. */
export function checkSupport(grant: Grant, { statements, managedPolicies = [] }: AwsGranted, to: AwsPrincipal): void {
  const levels = levelsOf(to);
  const services = [
    ...statements.flatMap(({ actions }) => actions.map((action) => action.split(':')[0])),
    ...managedPolicies.map(serviceOfManagedPolicy),
  ];
  const refused = services.find((service) => service !== undefined && !supportOf(service, to.kind).some((level) => levels.has(level)));
  if (refused === undefined) return;
  throw new ValidationError(grant, {
    given: `a permission of service "${refused}" for an identity by ${to.kind} at ${[...levels].sort().join(' and ')} level`,
    allowed: 'what the table in lib/aws/README.md shows for this kind of identity',
    why: INSTEAD[to.kind],
    fix: 'grant it to a FluxIrsaRole, or on EKS to a FluxPodIdentityRole',
  });
}

function levelsOf(to: AwsPrincipal): Set<Level> {
  if (to.kind === AwsIdentityKind.NODE) return new Set(['node']);
  const levels = new Set<Level>(to.serviceAccounts.map((account) => account.fluxController === undefined ? 'object' : 'controller'));
  if (to.secrets?.length) levels.add('object');
  return levels;
}

/** At object level the session name holds the region of the resource, so that a long one fails only in some regions. */
function checkSessionNames(grant: Grant, granted: AwsGranted, to: AwsPrincipal): void {
  const regions = new Set(granted.regions);
  granted.statements.flatMap(({ resources }) => resources).forEach((resource) => {
    const region = /^arn:[^:]*:[^:]*:([a-z0-9-]+):/.exec(resource)?.[1];
    if (region !== undefined) regions.add(region);
  });
  for (const account of to.serviceAccounts) {
    if (account.fluxController === undefined) regions.forEach((region) => sessionName(grant, account, region));
  }
}

/** Services whose resources carry no policy: only an identity of the owner's account reaches them. */
const OWN_ACCOUNT_ONLY = ['codecommit', 'eks'];

/** Across accounts the owner of the resource must agree; say so, and what to, where both accounts are known. */
function tellOtherSide(grant: Grant, granted: AwsGranted, to: AwsPrincipal): void {
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
  if (granted.ownerAgrees || sides.length === 0) return;
  grant._ownerStatements(jsonTemplate(Object.fromEntries(sides.map(({ resource, statements }) => [resource, statements]))));
  // When the tree is complete: the resource's policy may be part of the app, and come later.
  let told = false;
  Aspects.of(grant).add({
    visit: (node) => {
      if (node !== grant || told) return;
      told = true;
      sides.filter(({ resource }) => !isClaimed(grant, agreementKey(grant, resource, to.arn))).forEach((side) => warn(grant, side, to));
    },
  });
}

function warn(grant: Grant, { resource, statements }: OtherSide, to: AwsPrincipal): void {
  const text = JSON.stringify(statements).split(to.arn).join(to.plainArn ?? '<the identity\'s ARN>');
  Annotations.of(grant).addWarning(
    `${resource}: not in account ${to.account}. Both sides must allow it: its own policy needs `
    + `${text.replace(/\$\{TfToken\[[^\]]*\]\}/g, '<a value known at apply>')}. The grant's ownerStatements holds it for an output.`,
  );
}
