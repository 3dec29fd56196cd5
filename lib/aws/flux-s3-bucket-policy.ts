import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { IAwsIdentity } from './aws-identity';
import { AwsPermission } from './aws-permission';
import { Grant } from '../core/grant';
import { arnPart, parseArn } from './private/forms/arn';
import { BUCKET } from './private/forms/s3-bucket';
import { ResourcePolicy } from './private/policy/resource-policy';
import { listOf, SourceStatement } from './private/policy/source-documents';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { PROVIDER, TEXT, TEXTS } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';
import { literal } from '../core/shared/terraform/text';
import { hasToken } from '../core/shared/terraform/tokens';

/** Options of `FluxS3BucketPolicy`. */
export interface FluxS3BucketPolicyProps {
  /** The bucket, `arn:aws:s3:::<name>`; may be a token. */
  readonly bucketArn: string;
  /**
   * Policies that the bucket has today, as JSON (plain, or tokens such as `json` of `aws_iam_policy_document`). Their
   * statements are kept: this construct puts the whole policy.
   *
   * @default - none
   */
  readonly sourcePolicyDocuments?: string[];
  /**
   * The region of the bucket, which its ARN does not tell.
   *
   * @default - the provider's
   */
  readonly region?: string;
  /**
   * The AWS provider of the bucket's account.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/**
 * Owns the policy of an S3 bucket: for identities of other accounts (grant them the same permission on their side too), and
 * for tenants whose access the bucket's owner keeps.
 *
 * Guide: docs/aws/cross-account.md
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
 */
@allOrNothing
export class FluxS3BucketPolicy extends Construct {
  private readonly policy: ResourcePolicy;

  public constructor(scope: Construct, id: string, props: FluxS3BucketPolicyProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxS3BucketPolicy', props, {
      bucketArn: TEXT,
      sourcePolicyDocuments: TEXTS.optional,
      region: TEXT.optional,
      provider: PROVIDER.optional,
    });
    const { bucketArn, sourcePolicyDocuments, region, provider } = props;
    parseArn(this, bucketArn, BUCKET);
    this.policy = new ResourcePolicy(this, { arn: bucketArn, arnForm: BUCKET, sourcePolicyDocuments, provider }, {
      service: 's3', noun: 'S3 bucket', limit: 20480, check: (statement) => this.check(bucketArn, statement),
    }, (policy) => new S3BucketPolicy(this, 'Resource', { bucket: arnPart(bucketArn, 5), policy, region: literal(region), provider }));
  }

  /**
   * Lets an identity in.
   *
   * @param id names the grant
   * @param identity whom
   * @param permission what, as it is granted to the identity itself: of it, what concerns this bucket
   */
  public grant(id: string, identity: IAwsIdentity, permission: AwsPermission): Grant {
    return this.policy.grant(id, identity, permission);
  }

  private check(bucketArn: string, { Resource, NotResource }: SourceStatement): void {
    const resources = [...listOf(Resource), ...listOf(NotResource)];
    const bad = resources.find((resource) => !hasToken(bucketArn) && resource.split('/')[0] !== bucketArn) ?? resources.find((resource) => resource === '*');
    if (bad === undefined && resources.length > 0) return;
    throw new ValidationError(this, {
      given: bad === undefined ? 'a source statement without "Resource".' : `a source statement with Resource ${shown(bad)}`,
      allowed: `"${bucketArn}" and "${bucketArn}/..."`.replace(/\$\{TfToken\[[^\]]*\]\}/g, '<the bucket\'s ARN>'),
      why: 'S3 refuses the whole policy: "Policy has invalid resource"',
      fix: 'name this bucket and its objects',
    });
  }
}
