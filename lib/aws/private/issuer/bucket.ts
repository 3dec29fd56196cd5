import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { Construct } from 'constructs';
import { JWKS } from '../../../core/shared/input/common-options';
import { claim, valueKey } from '../../../core/shared/input/once-per-app';
import { isMapToken, OptionShapes, PROVIDER, TEXT, TEXTS, TEXT_MAP } from '../../../core/shared/input/option-shape';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { checkObjectPath, PublishedDocument } from '../../../core/shared/oidc/discovery';
import { literal } from '../../../core/shared/terraform/text';
import { isLate } from '../../../core/shared/terraform/text-form';
import { hasToken } from '../../../core/shared/terraform/tokens';
import type { S3HostedIssuerInBucketProps, S3HostedIssuerBaseProps } from '../../s3-hosted-issuer';
import { partitionOfRegion, suffixOf } from '../forms/partition';
import { checkTags } from '../forms/tags';

/** The options of every issuer on S3. */
export const BUCKET_OPTIONS: OptionShapes<S3HostedIssuerBaseProps> = {
  bucketName: TEXT,
  region: TEXT,
  partition: TEXT.optional,
  tags: TEXT_MAP.optional,
  provider: PROVIDER.optional,
  jwks: JWKS,
  previousIssuers: TEXTS,
  discoveryDocument: TEXT.optional,
};

const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;
const OBJECT_TAGS = 10;
/** Those whose buckets clouds can read from the internet. */
const PARTITIONS = ['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc'];

/** Refuses buckets that cannot be served over TLS under their own host name, and what makes no URL. */
export function checkBucket(at: Construct, props: S3HostedIssuerInBucketProps): void {
  const { bucketName: bucket, region, path, partition, tags = {} } = props;
  if (hasToken(bucket) ? !isLate(bucket, /^[a-z0-9-]*$/) : !/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket)) {
    const dots = !hasToken(bucket) && bucket.includes('.');
    throw new ValidationError(at, {
      given: `bucket name ${shown(bucket)}`,
      allowed: '3 to 63 of a-z, 0-9 and "-", beginning and ending in a letter or digit; no dots',
      why: dots ? 'S3 serves the bucket at <bucket>.s3.<region>.amazonaws.com, and its certificate covers no name with a further dot: clouds could not fetch the documents over TLS' :
        'S3 has no bucket of that name, and it is the host of the issuer URL',
      fix: dots ? `use a bucket without dots, for example ${shown(bucket.replace(/\.+/g, '-'))}` : 'pass the name of the bucket, not its ARN or URL',
    });
  }
  if (hasToken(region) ? !isLate(region) : !REGION.test(region)) {
    throw new ValidationError(at, {
      given: `region ${shown(region)}`,
      allowed: 'a region, for example "eu-west-1"',
      why: 'it is part of the issuer URL: elsewhere S3 answers with a redirect, which clouds do not follow',
      fix: 'pass the region of the bucket, which is the provider\'s',
    });
  }
  if (!PARTITIONS.includes(partitionOf(props))) {
    throw new ValidationError(at, {
      given: partition === undefined ? `region ${shown(region)} of partition ${shown(partitionOf(props))}` : `partition ${shown(partition)}`,
      allowed: PARTITIONS.join(', '),
      why: 'the host of the bucket and its ARN are made of it',
      fix: 'pass the partition of the account, or leave it out: the region tells',
    });
  }
  if (!isMapToken(tags) && Object.keys(tags).length > OBJECT_TAGS) {
    throw new ValidationError(at, {
      given: `${Object.keys(tags).length} tags.`,
      allowed: `at most ${OBJECT_TAGS}`,
      why: 'the documents carry them too, and S3 refuses more on an object (a bucket may have 50)',
      fix: 'pass fewer tags',
    });
  }
  checkTags(at, tags, OBJECT_TAGS);
  if (path !== undefined) checkObjectPath(at, path);
  const other = claim(at, `aws issuer documents in ${valueKey(at, bucket)}/${valueKey(at, path ?? '')}`);
  if (other === undefined) return;
  throw new ValidationError(at, {
    given: `bucket ${shown(bucket)}${path === undefined ? '' : ` and path ${shown(path)}`} a second time; "${other.node.path}" publishes there.`,
    allowed: 'a bucket, or a path in a bucket, for each cluster',
    why: 'the documents that are put last replace the others, and the other cluster\'s tokens are trusted by nobody',
    fix: 'use S3HostedIssuer.inBucket with a `path` for each cluster, or another bucket',
  });
}

/** The issuer URL: the bucket's own host name, because path-style addresses are on their way out. */
export function s3Url(props: S3HostedIssuerInBucketProps): string {
  const host = `https://${props.bucketName}.s3.${props.region}.${suffixOf(partitionOf(props))}`;
  return props.path === undefined ? host : `${host}/${props.path}`;
}

/** Everyone may read the documents over TLS; nobody may list the bucket. */
export function publicRead(props: S3HostedIssuerInBucketProps, documents: readonly PublishedDocument[]): object {
  return {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: documents.map(({ path }) => `${bucketArn(props)}/${key(props, path)}`).sort(),
    Condition: { Bool: { 'aws:SecureTransport': 'true' } },
  };
}

/** Nobody, not the owner either, without TLS. */
export function tlsOnly(props: S3HostedIssuerBaseProps): object {
  return {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucketArn(props), `${bucketArn(props)}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/**
 * Puts the documents into the bucket.
 *
 * @param dependsOn addresses of what must be there before
 */
export function putDocuments(at: Construct, props: S3HostedIssuerInBucketProps, documents: readonly PublishedDocument[], dependsOn?: string[]): void {
  for (const { id, path, content, contentType, cacheControl, lifecycle } of documents) {
    const object = new S3Object(at, id, {
      bucket: props.bucketName,
      key: key(props, path),
      content,
      contentType,
      cacheControl,
      // A bucket that encrypts with a KMS key by default would serve its objects to nobody without AWS credentials.
      serverSideEncryption: 'AES256',
      tags: literal(props.tags),
      provider: props.provider,
      lifecycle,
    });
    object.dependsOn = dependsOn;
  }
}

function key(props: S3HostedIssuerInBucketProps, path: string): string {
  return props.path === undefined ? path : `${props.path}/${path}`;
}

/** The ARN of the bucket. */
export function bucketArn(props: S3HostedIssuerInBucketProps): string {
  return `arn:${partitionOf(props)}:s3:::${props.bucketName}`;
}

function partitionOf({ partition, region }: S3HostedIssuerBaseProps): string {
  if (partition !== undefined) return partition;
  return partitionOfRegion(region);
}
