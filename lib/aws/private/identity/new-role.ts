import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { Construct } from 'constructs';
import { requireOnlyOne, keepName } from './once-named';
import { newResource } from '../../../core/shared/terraform/new-resource';
import { literal } from '../../../core/shared/terraform/text';
import type { FluxRoleBaseProps } from '../../flux-role-base-props';

/** Makes a role of its options. */
export function newRole(
  scope: Construct, options: FluxRoleBaseProps & { account?: string }, assumeRolePolicy: string, plainArn: string | undefined, lifecycle: IamRole['lifecycle'],
): IamRole {
  requireOnlyOne(scope, 'role', options);
  const { name, path, description, permissionsBoundary, maxSessionDuration, tags, provider } = options;
  const role = newResource(IamRole, scope, 'Resource', {
    assumeRolePolicy, ...literal({ name, path, description, permissionsBoundary, tags }), maxSessionDuration, provider,
  });
  keepName(scope, role, plainArn, lifecycle);
  return role;
}
