import { ValidationError } from '../../core/shared/input/validation-error';
import { AwsPermission } from '../aws-permission';
import type { AwsGrantee } from '../private/grant/grantee';
import { SERVICES } from '../services';

/**
 * Public Amazon ECR (public.ecr.aws), for OCIRepository and ImageRepository: a higher rate limit than without credentials.
 * It exists in partition `aws` only, and its API in us-east-1.
 *
 * Guide: docs/services.md
 *
 * @see https://fluxcd.io/flux/integrations/aws/#for-amazon-public-elastic-container-registry
 */
export class EcrPublicPermissions {
  /** Pull with the rate limits of an AWS account. Reading public repositories needs no right on them. */
  public static pull(): AwsPermission {
    return AwsPermission._make({ service: SERVICES['ecr-public'], verb: 'pull' }, (to) => {
      checkPublicPartition(to);
      return {
        statements: [
          { actions: ['ecr-public:GetAuthorizationToken'], resources: ['*'] },
          {
            actions: ['sts:GetServiceBearerToken'],
            resources: ['*'],
            conditions: { StringEquals: { 'sts:AWSServiceName': ['ecr-public.amazonaws.com'] } },
          },
        ],
        regions: ['us-east-1'],
      };
    });
  }

  /**
   * The AWS-managed policy `AmazonElasticContainerRegistryPublicReadOnly`. Prefer `pull`.
   *
   * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonElasticContainerRegistryPublicReadOnly.html
   */
  public static readAll(): AwsPermission {
    return AwsPermission._make({ service: SERVICES['ecr-public'], verb: 'readAll' }, (to) => {
      checkPublicPartition(to);
      return {
        statements: [],
        managedPolicies: [`arn:${to.partition}:iam::aws:policy/AmazonElasticContainerRegistryPublicReadOnly`],
        regions: ['us-east-1'],
      };
    });
  }

  private constructor() {}
}

function checkPublicPartition(to: AwsGrantee): void {
  if (to.partition === 'aws') return;
  throw new ValidationError(to.at, {
    given: `public ECR for an identity of partition "${to.partition}"`,
    allowed: 'identities of partition "aws"',
    why: 'public ECR gives tokens to accounts of that partition only',
    fix: 'pull public images without credentials (no `provider` on the Flux object), or mirror them in private ECR',
  });
}
