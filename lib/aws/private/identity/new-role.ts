import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { Construct } from 'constructs';
import { literal } from '../../../core/shared/terraform/text';
import type { FluxRoleOptions } from '../../flux-role-options';

/** Makes a role of its options. */
export function newRole(scope: Construct, options: FluxRoleOptions, assumeRolePolicy: string, lifecycle: IamRole['lifecycle']): IamRole {
  const { name, path, description, permissionsBoundary, maxSessionDuration, tags, provider } = options;
  return new IamRole(scope, 'Resource', {
    assumeRolePolicy, ...literal({ name, path, description, permissionsBoundary, tags }), maxSessionDuration, provider, lifecycle,
  });
}
