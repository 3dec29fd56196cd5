import { EcrRepositoryPolicy } from '@cdktf/provider-aws/lib/ecr-repository-policy';
import { Fn, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { IAwsIdentity } from './aws-identity';
import { AwsPermission } from './aws-permission';
import { Grant } from '../core/grant';
import { ArnForm, parseArn } from './private/forms/arn';
import { ResourcePolicy } from './private/policy/resource-policy';
import { listOf, matches, SourceStatement } from './private/policy/source-documents';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { PROVIDER, TEXT, TEXTS } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { ValidationError } from '../core/shared/input/validation-error';
import { argumentOf } from '../core/shared/terraform/tokens';

const REPOSITORY: ArnForm = {
  what: 'ECR repository ARN',
  service: 'ecr',
  scope: 'regional',
  resource: /^repository\/[a-z0-9][a-z0-9._/-]*$/,
  example: 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/web',
  why: 'a policy belongs to one repository',
  fixes: [
    [/[*?]/, 'make one FluxEcrRepositoryPolicy for each repository'],
    [/\.dkr\.ecr\./, 'this is a repository URL; pass the ARN (Terraform attribute `arn` of the repository, not `repository_url`)'],
  ],
};

/** Options of `FluxEcrRepositoryPolicy`. */
export interface FluxEcrRepositoryPolicyProps {
  /** The repository, `arn:aws:ecr:<region>:<account>:repository/<name>`, no wildcard; may be a token. */
  readonly repositoryArn: string;
  /**
   * Policies that the repository has today, as JSON (plain, or tokens such as `json` of `aws_iam_policy_document`). Their
   * statements are kept: this construct puts the whole policy.
   *
   * @default - none
   */
  readonly sourcePolicyDocuments?: string[];
  /**
   * The AWS provider of the repository's account and region.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/**
 * Owns the policy of a private ECR repository: for identities of other accounts, and for tenants whose access the
 * repository's owner keeps. Repository policies carry no `Resource`, and never the right to ask for a token: that stays on
 * the identity's side, so grant the same permission there too.
 *
 * Guide: docs/aws/cross-account.md
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 */
@allOrNothing
export class FluxEcrRepositoryPolicy extends Construct {
  private readonly policy: ResourcePolicy;

  public constructor(scope: Construct, id: string, props: FluxEcrRepositoryPolicyProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxEcrRepositoryPolicy', props, {
      repositoryArn: TEXT,
      sourcePolicyDocuments: TEXTS.optional,
      provider: PROVIDER.optional,
    });
    const { repositoryArn, sourcePolicyDocuments, provider } = props;
    const { resource, region } = parseArn(this, repositoryArn, REPOSITORY);
    this.policy = new ResourcePolicy(this, { arn: repositoryArn, arnForm: REPOSITORY, sourcePolicyDocuments, provider }, {
      service: 'ecr', noun: 'ECR repository', limit: 10240, check: (statement) => this.check(statement),
    }, (policy) => new EcrRepositoryPolicy(this, 'Resource', {
      repository: resource?.slice('repository/'.length) ?? Fn.element(Fn.split(':repository/', argumentOf(repositoryArn)), 1), policy, region, provider,
    }));
  }

  /**
   * Lets an identity in.
   *
   * @param id names the grant
   * @param identity whom
   * @param permission what, as it is granted to the identity itself: of it, what concerns this repository
   */
  public grant(id: string, identity: IAwsIdentity, permission: AwsPermission): Grant {
    return this.policy.grant(id, identity, permission);
  }

  private check(statement: SourceStatement): void {
    const token = listOf(statement.Action).some((action) => action !== '*' && action !== 'ecr:*' && matches(action, 'ecr:GetAuthorizationToken'));
    if (!token && statement.Resource === undefined && statement.NotResource === undefined) return;
    throw new ValidationError(this, {
      given: `a source statement with ${token ? 'ecr:GetAuthorizationToken' : '"Resource"'}`,
      allowed: 'statements without Resource and without ecr:GetAuthorizationToken',
      why: 'ECR refuses the whole policy: "Invalid repository policy provided"',
      fix: token ? 'grant EcrPermissions.pull to the identity, which holds that right' : 'remove "Resource": the policy is of this repository only',
    });
  }
}
