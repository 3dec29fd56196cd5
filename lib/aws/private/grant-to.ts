import { Annotations } from 'cdktf';
import { Construct } from 'constructs';
import { Grant } from '../../core/grant';
import { makeGrant } from '../../core/shared/make-grant';
import { hasToken } from '../../core/shared/tokens';
import { ValidationError } from '../../core/shared/validation-error';
import { AwsPermission } from '../aws-permission';
import type { AwsGranted, AwsGrantee } from './grantee';
import { Policies, RESERVED_IDS } from './policies';
import { sessionName } from './web-identity';

/** The one way a permission becomes part of an identity. */
export function grantTo(identity: Construct & { readonly arn: string }, id: string, permission: AwsPermission, policies: Policies, to: Omit<AwsGrantee, 'at'>): Grant {
  return makeGrant(identity, id, RESERVED_IDS, (grant) => {
    if (!(permission instanceof AwsPermission)) {
      throw new ValidationError(grant, {
        given: 'a value that is no AwsPermission',
        allowed: 'what EcrPermissions, S3Permissions, KmsPermissions and their relatives make, or AwsPermission.of(...)',
        why: 'nothing else says which IAM actions on which resources are meant',
        fix: 'pass a permission of the identity\'s own cloud',
      });
    }
    const granted = permission._bind({ at: grant, ...to });
    checkSessionNames(grant, granted, to);
    warnAcrossAccounts(grant, granted, to, hasToken(identity.arn) ? '<the role\'s ARN>' : identity.arn);
    policies.add(grant, granted.statements, granted.managedPolicies);
    granted.resources?.forEach((resource) => grant._add(resource));
  });
}

/** At object level the session name holds the region of the resource, so that a long one fails only in some regions. */
function checkSessionNames(grant: Grant, granted: AwsGranted, to: Omit<AwsGrantee, 'at'>): void {
  const regions = new Set(granted.regions);
  granted.statements.flatMap(({ resources }) => resources).forEach((resource) => {
    const region = /^arn:[^:]*:[^:]*:([a-z0-9-]+):/.exec(resource)?.[1];
    if (region !== undefined) regions.add(region);
  });
  for (const account of to.serviceAccounts) {
    if (account.fluxController === undefined) regions.forEach((region) => sessionName(grant, account, region));
  }
}

/** Across accounts most services want the owner of the resource to agree; say so where both accounts are known. */
function warnAcrossAccounts(grant: Grant, granted: AwsGranted, to: Omit<AwsGrantee, 'at'>, principal: string): void {
  for (const { actions, resources } of granted.statements) {
    const foreign = resources.filter((resource) => {
      const account = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1];
      return account !== undefined && to.account !== undefined && account !== to.account;
    });
    if (foreign.length === 0) continue;
    Annotations.of(grant).addWarning(
      `${foreign.join(', ')}: not in account ${to.account}. Both sides must allow it: the resource's own policy needs `
      + `${JSON.stringify({ Effect: 'Allow', Principal: { AWS: principal }, Action: actions })}`,
    );
  }
}
