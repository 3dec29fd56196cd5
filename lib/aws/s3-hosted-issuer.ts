import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { HostedIssuerBaseProps, IHostedIssuer } from '../core/hosted-issuer';
import { BUCKET_OPTIONS, bucketArn, checkBucket, publicRead, putDocuments, s3Url, tlsOnly } from './private/issuer/bucket';
import { whenPublic } from './private/issuer/public-access';
import { ownPolicy } from './private/policy/resource-policy';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { FLAG, TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { HostedIssuerBase } from '../core/shared/oidc/hosted-issuer-base';
import { addressOf } from '../core/shared/terraform/graph';
import { jsonTemplate, literal } from '../core/shared/terraform/text';

/** An issuer whose documents are in an S3 bucket. */
export interface IS3HostedIssuer extends IHostedIssuer {
  /**
   * The bucket policy that lets everyone read the two documents, over TLS, and nothing else, as JSON for Terraform. In a bucket
   * of your own put it into the policy of the bucket, for example as an existing document of `FluxS3BucketPolicy`.
   */
  readonly publicReadPolicy: string;
}

/** Options of every issuer on S3. */
export interface S3HostedIssuerBaseProps extends HostedIssuerBaseProps {
  /** The name of the bucket: 3 to 63 of a-z, 0-9 and "-", no dots. It is part of the issuer URL. May be a token. */
  readonly bucketName: string;
  /** The region of the bucket, which is part of the issuer URL. It must be the provider's. May be a token. */
  readonly region: string;
  /**
   * The partition of the bucket: `aws`, `aws-cn`, `aws-us-gov` or `aws-eusc`.
   *
   * @default - by the region; `aws` where the region is a token
   */
  readonly partition?: string;
  /**
   * Tags of the bucket and of the documents, at most 10.
   *
   * @default - none
   */
  readonly tags?: { readonly [key: string]: string };
  /**
   * The AWS provider (the account of the bucket).
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** Options of `S3HostedIssuer`. */
export interface S3HostedIssuerProps extends S3HostedIssuerBaseProps {
  /**
   * Lets the bucket be destroyed with the documents and their versions in it: for clusters that nobody trusts any more. Apply it before the destroy.
   *
   * @default false: Terraform refuses to destroy or replace the bucket
   */
  readonly allowDestroy?: boolean;
}

/** Options of `S3HostedIssuer.inBucket`. */
export interface S3HostedIssuerInBucketProps extends S3HostedIssuerBaseProps {
  /**
   * Where the documents are in the bucket, without a slash at either end: one path for each cluster.
   *
   * @default - at the root of the bucket
   */
  readonly path?: string;
}

/**
 * The issuer documents of a cluster on Amazon S3, at `https://<bucket>.s3.<region>.amazonaws.com`: a versioned bucket of their
 * own, readable by everyone for these two objects and over TLS only. The account must not block public access as a whole.
 *
 * **The name of the bucket is the trust of the fleet.** Whoever gets a bucket of that name after it was destroyed can publish keys of
 * his own and be every service account that any cloud trusts by this issuer. Remove the trust (OIDC providers, pools, federated
 * credentials) before the bucket, and never destroy the bucket alone: Terraform refuses to, see `allowDestroy`.
 *
 * Guide: docs/aws.md#hosted-issuers
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
@allOrNothing
export class S3HostedIssuer extends HostedIssuerBase implements IS3HostedIssuer {
  /**
   * The documents in a bucket that exists. Nothing of the bucket itself is touched: it must allow public bucket policies
   * (`BlockPublicPolicy` and `RestrictPublicBuckets` off, for the bucket and the account) and its policy must contain
   * `publicReadPolicy`. A block of this bucket that is made in the same stack and is still on is an error.
   */
  public static inBucket(scope: Construct, id: string, props: S3HostedIssuerInBucketProps): IS3HostedIssuer {
    return new ExistingBucketIssuer(scope, id, props);
  }

  /** The bucket policy that lets everyone read the two documents over TLS, and nothing else, as JSON for Terraform. */
  public readonly publicReadPolicy: string;

  public constructor(scope: Construct, id: string, props: S3HostedIssuerProps) {
    super(scope, id);
    checkOptions(this, 'S3HostedIssuer', props, { ...BUCKET_OPTIONS, allowDestroy: FLAG.optional });
    checkBucket(this, props);
    const { provider, tags } = props;
    const documents = this._documents(s3Url(props), props);
    ownPolicy(this, { service: 's3', noun: 'S3 bucket' }, bucketArn(props));
    const bucket = new S3Bucket(this, 'Resource', {
      bucket: props.bucketName,
      tags: literal(tags),
      // Rotated documents leave versions behind, and a bucket with any is not destroyed otherwise.
      forceDestroy: props.allowDestroy,
      lifecycle: props.allowDestroy ? undefined : { preventDestroy: true },
      provider,
    });
    const versioning = new S3BucketVersioningA(this, 'Versioning', {
      bucket: bucket.bucket, versioningConfiguration: { status: 'Enabled' }, provider,
    });
    const open = new S3BucketPublicAccessBlock(this, 'PublicAccess', {
      bucket: bucket.bucket, blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: false, restrictPublicBuckets: false, provider,
    });
    const read = publicRead(props, documents);
    this.publicReadPolicy = jsonTemplate({ Version: '2012-10-17', Statement: [read] });
    const policy = new S3BucketPolicy(this, 'Policy', {
      bucket: bucket.bucket,
      policy: jsonTemplate({ Version: '2012-10-17', Statement: [read, tlsOnly(props)] }),
      provider,
    });
    policy.dependsOn = [addressOf(open)!]; // S3 refuses a public policy as long as the block is on
    putDocuments(this, { ...props, bucketName: bucket.bucket }, documents, [addressOf(versioning)!]);
  }
}

@allOrNothing
class ExistingBucketIssuer extends HostedIssuerBase implements IS3HostedIssuer {
  public readonly publicReadPolicy: string;

  public constructor(scope: Construct, id: string, props: S3HostedIssuerInBucketProps) {
    super(scope, id);
    checkOptions(this, 'S3HostedIssuer.inBucket', props, { ...BUCKET_OPTIONS, path: TEXT.optional });
    checkBucket(this, props);
    const documents = this._documents(s3Url(props), props);
    this.publicReadPolicy = jsonTemplate({ Version: '2012-10-17', Statement: [publicRead(props, documents)] });
    putDocuments(this, props, documents.map((document) => ({
      ...document, cacheControl: whenPublic(this, props.bucketName, document.cacheControl),
    })));
  }
}
