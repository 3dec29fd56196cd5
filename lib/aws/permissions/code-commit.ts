import { AwsPermission } from '../aws-permission';
import { ArnForm } from '../private/forms/arn';
import { arnFor } from '../private/grant/grantee';
import { SERVICES } from '../services';

const REPOSITORY: ArnForm = {
  what: 'CodeCommit repository ARN',
  service: 'codecommit',
  scope: 'regional',
  resource: /^[\w.-]{1,100}$/,
  example: 'arn:aws:codecommit:eu-west-1:111122223333:fleet',
  why: 'IAM compares the resource with the repository\'s ARN; anything else matches nothing and Git gets 403',
  fixes: [[/^(https|ssh|codecommit):/, 'this is a URL; pass the ARN (Terraform attribute `arn` of the repository)']],
};

/**
 * AWS CodeCommit, for GitRepository and ImageUpdateAutomation (Flux 2.9 and later, `provider: aws`).
 *
 * Guide: docs/services.md
 *
 * @see https://fluxcd.io/flux/components/source/gitrepositories/
 */
export class CodeCommitPermissions {
  /**
   * Clone and fetch, for GitRepository.
   *
   * @param repositoryArn the repository, `arn:aws:codecommit:<region>:<account>:<name>`; may be a token
   */
  public static pull(repositoryArn: string): AwsPermission {
    return gitPermission('pull', repositoryArn, ['codecommit:GitPull']);
  }

  /**
   * Clone, fetch and push, for ImageUpdateAutomation.
   *
   * @param repositoryArn the repository, `arn:aws:codecommit:<region>:<account>:<name>`; may be a token
   */
  public static pullAndPush(repositoryArn: string): AwsPermission {
    return gitPermission('pullAndPush', repositoryArn, ['codecommit:GitPull', 'codecommit:GitPush']);
  }

  private constructor() {}
}

function gitPermission(verb: string, repositoryArn: string, actions: string[]): AwsPermission {
  return AwsPermission._make({ service: SERVICES.codecommit, verb, resource: repositoryArn }, (to) => {
    arnFor(to, repositoryArn, REPOSITORY);
    return { statements: [{ actions, resources: [repositoryArn] }] };
  });
}
