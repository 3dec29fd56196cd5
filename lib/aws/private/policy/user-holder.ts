import { IamUserPolicy } from '@cdktf/provider-aws/lib/iam-user-policy';
import { IamUserPolicyAttachment } from '@cdktf/provider-aws/lib/iam-user-policy-attachment';
import { PolicyHolder } from './policies';
import { newResource } from '../../../core/shared/terraform/new-resource';

/** What policies of a user are made of. */
export function userHolder(user: string, inlineName: string, { path, tags, provider }: Pick<PolicyHolder, 'path' | 'tags' | 'provider'>): PolicyHolder {
  return {
    path,
    tags,
    provider,
    inline: (scope, id, policy) => newResource(IamUserPolicy, scope, id, { name: inlineName, user, policy, provider }),
    attach: (scope, id, policyArn) => newResource(IamUserPolicyAttachment, scope, id, { user, policyArn, provider }),
  };
}
