import { DataGoogleStorageBucket } from '@cdktf/provider-google/lib/data-google-storage-bucket';
import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { HostedIssuerBaseProps, IHostedIssuer } from '../core/hosted-issuer';
import { checkedProject } from './private/forms/project';
import { BUCKET_OPTIONS, checkLabels, checkPlace, gcsUrl, publish } from './private/issuer/bucket';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { FLAG, TEXT, TEXT_MAP } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';
import { HostedIssuerBase } from '../core/shared/oidc/hosted-issuer-base';
import { lifecycleOf, terraformCheck } from '../core/shared/terraform/check';
import { literal } from '../core/shared/terraform/text';

/** Options of `GcsHostedIssuer.inBucket`. */
export interface GcsHostedIssuerInBucketProps extends HostedIssuerBaseProps {
  /** The name of the bucket: 3 to 63 of a-z, 0-9, "-" and "_", or of a domain. It is part of the issuer URL. May be a token. */
  readonly bucketName: string;
  /**
   * Where the documents are in the bucket, without a slash at either end: one path for each cluster.
   *
   * @default - at the root of the bucket
   */
  readonly path?: string;
  /**
   * The Google provider (the project of the bucket).
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** Options of `GcsHostedIssuer`. */
export interface GcsHostedIssuerProps extends HostedIssuerBaseProps {
  /** The name of the bucket: 3 to 63 of a-z, 0-9, "-" and "_", or of a domain. It is part of the issuer URL. May be a token. */
  readonly bucketName: string;
  /** The location of the bucket, for example `EU` or `europe-west1`; may be a token. */
  readonly location: string;
  /**
   * The project of the bucket.
   *
   * @default - the provider's
   */
  readonly project?: string;
  /**
   * Labels of the bucket: at most 64, in lower case; values may be tokens.
   *
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };
  /**
   * Let Terraform destroy the bucket, with every version of the documents. **Whoever takes its name afterwards can publish keys
   * at the issuer URL, and is every service account of the fleet wherever it is still trusted**: take the trust away first.
   *
   * @default false: Terraform refuses to destroy or replace the bucket
   */
  readonly allowDestroy?: boolean;
  /**
   * The Google provider (the project of the bucket).
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/**
 * The issuer documents of a cluster on Cloud Storage, at `https://storage.googleapis.com/<bucket>`: a versioned bucket of their
 * own with uniform access, whose two managed folders `.well-known/` and `openid/v1/` everyone may read, and nothing else.
 *
 * Cloud Storage has no switch for TLS on a bucket: verifiers use https, because the issuer URL says so. Organizations that
 * enforce public access prevention, or restrict who may be granted a role, must exempt the project.
 *
 * Terraform refuses to destroy the bucket: see `allowDestroy`.
 *
 * Guide: docs/gcp.md#issuer-documents-on-cloud-storage
 *
 * @see https://cloud.google.com/storage/docs/access-control/making-data-public
 */
@allOrNothing
export class GcsHostedIssuer extends HostedIssuerBase implements IHostedIssuer {
  /**
   * The documents in a bucket that exists. Terraform checks that it has uniform bucket-level access and does not prevent public
   * access; nothing of the bucket itself is touched.
   */
  public static inBucket(scope: Construct, id: string, props: GcsHostedIssuerInBucketProps): IHostedIssuer {
    return new ExistingBucketIssuer(scope, id, props);
  }

  public constructor(scope: Construct, id: string, props: GcsHostedIssuerProps) {
    super(scope, id);
    checkOptions(this, 'GcsHostedIssuer', props, {
      ...BUCKET_OPTIONS,
      location: TEXT,
      project: TEXT.optional,
      labels: TEXT_MAP.optional,
      allowDestroy: FLAG.optional,
    });
    const { project, late: lateProject } = checkedProject(this, props.project);
    checkLabels(this, props.labels);
    if (props.location === '') {
      throw new ValidationError(this, {
        given: `location ${shown(props.location)}`,
        allowed: 'a location of Cloud Storage, for example "EU" or "europe-west1"',
        why: 'a bucket is made in one place, and cannot be moved',
        fix: 'set `location`',
      });
    }
    const late = [...lateProject, ...checkPlace(this, props.bucketName)];
    const documents = this._documents(gcsUrl(props.bucketName), props);
    const bucket = new StorageBucket(this, 'Resource', {
      name: props.bucketName,
      location: literal(props.location),
      project,
      labels: props.labels && literal(props.labels),
      uniformBucketLevelAccess: true,
      publicAccessPrevention: 'inherited',
      versioning: { enabled: true },
      // Rotated documents leave versions behind, and a bucket with any is not destroyed otherwise.
      forceDestroy: props.allowDestroy,
      lifecycle: lifecycleOf(late, { preventDestroy: props.allowDestroy ? undefined : true }),
      provider: props.provider,
    });
    publish(this, bucket.name, documents, props);
  }
}

@allOrNothing
class ExistingBucketIssuer extends HostedIssuerBase implements IHostedIssuer {
  public constructor(scope: Construct, id: string, props: GcsHostedIssuerInBucketProps) {
    super(scope, id);
    checkOptions(this, 'GcsHostedIssuer.inBucket', props, { ...BUCKET_OPTIONS, path: TEXT.optional });
    const late = checkPlace(this, props.bucketName, props.path);
    const documents = this._documents(gcsUrl(props.bucketName, props.path), props);
    const bucket = new DataGoogleStorageBucket(this, 'Bucket', {
      name: props.bucketName,
      provider: props.provider,
      lifecycle: lifecycleOf(late, {
        postcondition: [
          terraformCheck('${self.public_access_prevention != "enforced"}',
            `The bucket of ${this.node.path} prevents public access (public_access_prevention is "enforced"): no cloud could read the issuer's documents. Set it to "inherited".`),
          terraformCheck('${self.uniform_bucket_level_access}',
            `The bucket of ${this.node.path} has no uniform bucket-level access, which managed folders need. Set uniform_bucket_level_access = true.`),
        ],
      }),
    });
    publish(this, bucket.name, documents, props);
  }
}
