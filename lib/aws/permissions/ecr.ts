import { kept } from '../../core/shared/input/kept';
import { FLAG } from '../../core/shared/input/option-shape';
import { checkOptions } from '../../core/shared/input/options';
import { AwsPermission } from '../aws-permission';
import { ArnForm } from '../private/forms/arn';
import { arnFor, AwsGrantee } from '../private/grant/grantee';
import { SERVICES } from '../services';

const REPOSITORY: ArnForm = {
  what: 'ECR repository ARN',
  service: 'ecr',
  scope: 'regional',
  anyRegion: true,
  resource: /^repository\/[a-z0-9*?][a-z0-9._/*?-]*$/,
  example: 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/*',
  why: 'IAM compares the resource with the repository\'s ARN; anything else matches nothing and Flux gets 403',
  fixes: [
    [/\.dkr\.ecr\./, 'this is a repository URL; pass the ARN (Terraform attribute `arn` of the repository, not `repository_url`)'],
    [/:ecr-public:/, 'for public ECR use EcrPublicPermissions.pull()'],
  ],
};

/** Options of `EcrPermissions.pullThroughCache`. */
export interface EcrPullThroughCacheOptions {
  /**
   * Let the first pull of an image create its repository. Without it the repositories must exist, or a repository creation
   * template must do it.
   *
   * @default false
   */
  readonly createRepositories?: boolean;
}

/**
 * Private Amazon ECR, for OCIRepository, HelmRepository of type oci and ImageRepository.
 *
 * Guide: docs/services.md
 *
 * @see https://fluxcd.io/flux/integrations/aws/#for-amazon-elastic-container-registry
 */
export class EcrPermissions {
  /**
   * Pull artifacts and list their tags. AWS's own pull-only policy lacks `ecr:ListImages`, without which semver ranges and
   * ImageRepository get 403.
   *
   * @param repositoryArn the repository; `*` and `?` match as IAM matches them; may be a token
   */
  public static pull(repositoryArn: string): AwsPermission {
    const facts = { service: SERVICES.ecr, verb: 'pull', resource: repositoryArn };
    return AwsPermission._make(facts, (to) => ({ statements: pullStatements(to, repositoryArn) }));
  }

  /**
   * `pull` from repositories that a pull-through cache fills: importing from upstream is a right of its own.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
   * @param repositoryArn the cached repositories, for example `arn:aws:ecr:eu-west-1:111122223333:repository/ghcr/*`
   */
  public static pullThroughCache(repositoryArn: string, options: EcrPullThroughCacheOptions = {}): AwsPermission {
    options = kept(options);
    return AwsPermission._make({ service: SERVICES.ecr, verb: 'pullThroughCache', resource: repositoryArn }, (to) => {
      checkOptions(to.at, 'EcrPermissions.pullThroughCache', options, { createRepositories: FLAG.optional });
      const creation = options.createRepositories ? ['ecr:CreateRepository', 'ecr:TagResource'] : [];
      return {
        statements: [
          ...pullStatements(to, repositoryArn),
          { actions: ['ecr:BatchImportUpstreamImage', ...creation], resources: [repositoryArn] },
        ],
      };
    });
  }

  /**
   * The AWS-managed policy `AmazonEC2ContainerRegistryReadOnly`: reads **every** repository of the account. For clusters of
   * one tenant; prefer `pull`.
   *
   * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryReadOnly.html
   */
  public static readAll(): AwsPermission {
    return AwsPermission._make({ service: SERVICES.ecr, verb: 'readAll' }, (to) => ({
      statements: [],
      managedPolicies: [`arn:${to.partition}:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly`],
    }));
  }

  private constructor() {}
}

function pullStatements(to: AwsGrantee, repositoryArn: string) {
  arnFor(to, repositoryArn, REPOSITORY);
  return [
    { actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:ListImages'], resources: [repositoryArn] },
    { actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
  ];
}
