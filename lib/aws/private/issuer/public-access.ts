import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { Lazy, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { addressOf, dependentsIn, resolved } from '../../../core/shared/terraform/graph';

/** The settings that keep a public bucket policy from being put, or from counting. */
const SETTINGS = { blockPublicPolicyInput: 'block_public_policy', restrictPublicBucketsInput: 'restrict_public_buckets' } as const;

/**
 * Refuses a bucket whose public access is blocked in the same stack. The block may be made after the issuer: it is looked for
 * when the value returned here is rendered, before anything is written.
 */
export function whenPublic(at: IConstruct, bucket: string, value: string): string {
  return Lazy.stringValue({
    produce: () => {
      checkPublic(at, bucket);
      return value;
    },
  });
}

function checkPublic(at: IConstruct, bucket: string): void {
  const stack = TerraformStack.of(at);
  const buckets = dependentsIn(stack).filter((element: any) => element.terraformResourceType === 'aws_s3_bucket');
  // A bucket goes by its name, or by any attribute of the resource that makes it.
  const named = (reference: unknown): unknown => {
    const text = resolved(stack, reference);
    const made = buckets.find((element: any) => text === element.bucketInput || String(text).startsWith(`\${${addressOf(element)}.`));
    return made ?? text;
  };
  for (const element of dependentsIn(stack)) {
    if ((element as any).terraformResourceType !== 'aws_s3_bucket_public_access_block') continue;
    const block = element as unknown as S3BucketPublicAccessBlock;
    if (named(block.bucketInput) !== named(bucket)) continue;
    const on = (Object.keys(SETTINGS) as Array<keyof typeof SETTINGS>).filter((setting) => block[setting] === true);
    if (on.length === 0) continue;
    throw new ValidationError(at, {
      given: `bucket ${shown(bucket)}, for which "${block.node.path}" sets ${on.map((setting) => `${SETTINGS[setting]} = true`).join(' and ')},`,
      allowed: 'a bucket with block_public_policy = false and restrict_public_buckets = false',
      why: 'S3 refuses or ignores a public bucket policy then, and no cloud could read the documents',
      fix: 'set both to false for this bucket (the ACL settings may stay on), or use `new S3HostedIssuer`, which makes a bucket of its own',
    });
  }
}
