import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { PolicyHolder } from './policies';
import { newResource } from '../../../core/shared/terraform/new-resource';

/** What the policies of a role take over from it. */
type HolderOptions = Pick<PolicyHolder, 'path' | 'tags' | 'provider'>;

/** What policies of a role are made of. */
export function roleHolder(role: string, inlineName: string, options: HolderOptions): PolicyHolder {
  const { path, tags, provider } = options;
  return {
    path,
    tags,
    provider,
    inline: (scope, id, policy) => newResource(IamRolePolicy, scope, id, { name: inlineName, role, policy, provider }),
    attach: (scope, id, policyArn) => newResource(IamRolePolicyAttachment, scope, id, { role, policyArn, provider }),
  };
}
