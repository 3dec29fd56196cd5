import { WarningId } from '../../core/shared/flux/warning-ids';
import { kept } from '../../core/shared/input/kept';
import { FLAG, TEXT } from '../../core/shared/input/option-shape';
import { checkOptions } from '../../core/shared/input/options';
import { shown } from '../../core/shared/input/validation-error';
import { checkText } from '../../core/shared/terraform/text-form';
import { hasToken } from '../../core/shared/terraform/tokens';
import { AwsPermission, AwsStatement } from '../aws-permission';
import { arnPart } from '../private/forms/arn';
import { checkRole } from '../private/forms/identity';
import { KMS_KEY } from '../private/forms/kms-key';
import { suffixOf } from '../private/forms/partition';
import { BUCKET } from '../private/forms/s3-bucket';
import { arnFor, AwsGrantee } from '../private/grant/grantee';
import { SERVICES } from '../services';

/** Options of `S3Permissions.read`. */
export interface S3ReadOptions {
  /**
   * Read only the objects whose keys begin with this, as `spec.prefix` of the Bucket does. `.sourceignore` at the root of
   * the bucket is readable too, because Flux asks for it. End it with `/` where a folder is meant: `team-a` opens `team-admin/` too, and
   * a Flux installation warns of it. The names of all keys stay visible: Flux lists the bucket without a prefix first. May be a token.
   *
   * @default - the whole bucket
   */
  readonly prefix?: string;
  /**
   * The ARN of the KMS key that encrypts the objects (SSE-KMS); decryption is allowed through S3 only. May be a token.
   *
   * @default - the objects are not encrypted with a KMS key of yours
   */
  readonly sseKmsKeyArn?: string;
  /**
   * Allow `s3:GetBucketLocation`, which Flux calls when `spec.region` of the Bucket is unset.
   *
   * @default false
   */
  readonly locateBucket?: boolean;
  /**
   * The account that owns the bucket, 12 digits, plain: the ARN does not tell. Where it is not the identity's, the grant says
   * what the bucket's policy needs.
   *
   * @default - the identity's
   */
  readonly account?: string;
}

const READ_OPTIONS = { prefix: TEXT.optional, sseKmsKeyArn: TEXT.optional, locateBucket: FLAG.optional, account: TEXT.optional };

/**
 * Amazon S3, for Bucket.
 *
 * Guide: docs/services.md
 *
 * @see https://fluxcd.io/flux/integrations/aws/#for-amazon-simple-storage-service
 */
export class S3Permissions {
  /**
   * List a bucket and read its objects.
   *
   * @param bucketArn the bucket, `arn:aws:s3:::<name>`; may be a token
   */
  public static read(bucketArn: string, options: S3ReadOptions = {}): AwsPermission {
    options = kept(options);
    return AwsPermission._make({ service: SERVICES.s3, verb: 'read', resource: bucketArn }, (to) => {
      checkOptions(to.at, 'S3Permissions.read', options, READ_OPTIONS);
      arnFor(to, bucketArn, BUCKET);
      checkRole(to.at, { account: options.account });
      const { prefix } = options;
      if (prefix !== undefined) {
        checkPrefix(to, prefix);
        warnOfOpenPrefix(to, bucketArn, prefix);
      }
      const objects = prefix === undefined ? [`${bucketArn}/*`] : [`${bucketArn}/${prefix}*`, `${bucketArn}/.sourceignore`];
      const statements: AwsStatement[] = [
        // No condition on the prefix: Flux first asks whether the bucket exists, and that call carries none.
        { actions: ['s3:ListBucket'], resources: [bucketArn] },
        { actions: ['s3:GetObject'], resources: objects },
      ];
      if (options.locateBucket) statements.push({ actions: ['s3:GetBucketLocation'], resources: [bucketArn] });
      if (options.sseKmsKeyArn !== undefined) {
        arnFor(to, options.sseKmsKeyArn, KMS_KEY);
        statements.push({
          actions: ['kms:Decrypt'],
          resources: [options.sseKmsKeyArn],
          conditions: { StringEquals: { 'kms:ViaService': [`s3.${arnPart(options.sseKmsKeyArn, 3)}.${suffixOf(to.partition)}`] } },
        });
      }
      return { statements, account: options.account };
    });
  }

  /**
   * The AWS-managed policy `AmazonS3ReadOnlyAccess`: reads **every** bucket of the account. For clusters of one tenant;
   * prefer `read`.
   *
   * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonS3ReadOnlyAccess.html
   */
  public static readAll(): AwsPermission {
    return AwsPermission._make({ service: SERVICES.s3, verb: 'readAll' }, (to) => ({
      statements: [],
      managedPolicies: [`arn:${to.partition}:iam::aws:policy/AmazonS3ReadOnlyAccess`],
    }));
  }

  private constructor() {}
}

/** `team-a` is the beginning of `team-admin/` too. */
function warnOfOpenPrefix(to: AwsGrantee, bucketArn: string, prefix: string): void {
  if (prefix.endsWith('/')) return;
  const isKnown = !hasToken(prefix);
  to.warnings.push({
    id: `${WarningId.S3_OPEN_PREFIX}${to.at.node.path}`,
    message: `Grant "${to.at.node.path}": the prefix ${shown(prefix)} of ${shown(bucketArn)} ends without "/"${isKnown ? '' : ' that is known at synth'}, so every `
      + `key that begins with it can be read${isKnown ? `, ${shown(`${prefix}-other/...`)} too` : ''}. End it with "/" if a folder is meant.`,
  });
}

/** Refuses what IAM would not take as the beginning of keys; by Terraform where only it knows. */
function checkPrefix(to: AwsGrantee, prefix: string): void {
  to.conditions.push(...checkText(to.at, prefix, {
    what: 'prefix',
    pattern: /^[^\/]/,
    refused: /[*?]|[$][{]/,
    allowed: 'the beginning of object keys, for example "clusters/prod/"; no "*", "?" or "${", no leading "/", not empty',
    why: 'the prefix is taken as text: IAM would read a wildcard or a variable in it, no key begins with "/", and an empty one opens the whole bucket',
    fix: 'pass what stands in `spec.prefix` of the Bucket, or leave it out for the whole bucket',
  }));
}
