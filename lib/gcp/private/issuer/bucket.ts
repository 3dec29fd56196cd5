import { StorageBucketObject } from '@cdktf/provider-google/lib/storage-bucket-object';
import { StorageManagedFolder } from '@cdktf/provider-google/lib/storage-managed-folder';
import { StorageManagedFolderIamMember } from '@cdktf/provider-google/lib/storage-managed-folder-iam-member';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { JWKS } from '../../../core/shared/input/common-options';
import { claim, valueKey } from '../../../core/shared/input/once-per-app';
import { isMapToken, PROVIDER, TEXT, TEXTS } from '../../../core/shared/input/option-shape';
import { refuse, shown, ValidationError } from '../../../core/shared/input/validation-error';
import { checkObjectPath, PublishedDocument } from '../../../core/shared/oidc/discovery';
import type { TerraformCheck } from '../../../core/shared/terraform/check';
import { hasToken } from '../../../core/shared/terraform/tokens';
import { BUCKET_NAME } from '../forms/resources';
import { checkForm } from '../forms/text-form';

/** The options that every issuer on Cloud Storage takes. */
export const BUCKET_OPTIONS = {
  bucketName: TEXT,
  provider: PROVIDER.optional,
  jwks: JWKS,
  previousIssuers: TEXTS,
  discoveryDocument: TEXT.optional,
};

/** Refuses what makes no URL of objects, and a place that another issuer has: one of the two would lose its documents. */
export function checkPlace(at: Construct, bucket: string, path?: string): TerraformCheck[] {
  const late = checkForm(at, bucket, {
    what: 'bucket name',
    pattern: BUCKET_NAME,
    allowed: '3 to 63 of a-z, 0-9, "-" and "_", beginning and ending in a letter or digit; or the name of a domain, in parts of as many',
    why: 'Cloud Storage has no bucket of that name, and it is part of the issuer URL',
    fix: 'pass the name of the bucket, not its gs:// or https:// URL',
  });
  if (path !== undefined) checkObjectPath(at, path);
  const place = [valueKey(at, bucket), ...path === undefined ? [] : [path]].join('/');
  const other = claim(at, `issuer documents at gs://${place}`);
  if (other === undefined) return late;
  throw new ValidationError(at, {
    given: `the place ${shown(`gs://${[bucket, ...path === undefined ? [] : [path]].join('/')}`)}, where "${other.node.path}" publishes its documents.`,
    allowed: 'a bucket, or a `path` in it, for each cluster',
    why: 'each would overwrite the documents of the other, and clouds would take the tokens of one cluster for those of the other',
    fix: 'give each cluster a bucket of its own, or `path` with GcsHostedIssuer.inBucket',
  });
}

/** Refuses labels that Cloud Storage refuses. */
export function checkLabels(at: Construct, labels: { readonly [key: string]: string } | undefined): void {
  if (labels === undefined || isMapToken(labels)) return;
  const entries = Object.entries(labels);
  if (entries.length > 64) refuse(at, `${entries.length} labels.`, 'at most 64', LABELS_WHY, 'drop some');
  for (const [key, value] of entries) {
    if (!/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key)) {
      refuse(at, `label key ${shown(key)}`, '1 to 63 lower-case letters, digits, "_" and "-", beginning with a letter', LABELS_WHY,
        'write the key in lower case, for example "team"');
    }
    if (typeof value === 'string' && !hasToken(value) && !LABEL_VALUE.test(value)) {
      refuse(at, `label value ${shown(value)}`, 'at most 63 lower-case letters, digits, "_" and "-"', LABELS_WHY, 'write the value in lower case');
    }
  }
}

const LABELS_WHY = 'Cloud Storage refuses other labels at apply';
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

/** The issuer URL: path-style, the only one with a certificate for every bucket name. */
export function gcsUrl(bucket: string, path?: string): string {
  return ['https://storage.googleapis.com', bucket, ...path === undefined ? [] : [path]].join('/');
}

/**
 * Puts the documents into the bucket and lets everyone read them. Conditions cannot be granted to everyone, and roles on the
 * bucket would publish the rest of it: so each document has its folder made public.
 */
export function publish(
  at: Construct, bucket: string, documents: readonly PublishedDocument[], { path, provider }: { path?: string; provider?: TerraformProvider },
): void {
  for (const document of documents) {
    const name = path === undefined ? document.path : `${path}/${document.path}`;
    new StorageBucketObject(at, document.id, {
      bucket,
      name,
      content: document.content,
      contentType: document.contentType,
      cacheControl: document.cacheControl,
      lifecycle: document.lifecycle,
      provider,
    });
    const folder = new StorageManagedFolder(at, `${document.id}Folder`, { bucket, name: name.slice(0, name.lastIndexOf('/') + 1), provider });
    new StorageManagedFolderIamMember(at, `${document.id}Reader`, {
      bucket, managedFolder: folder.name, role: 'roles/storage.objectViewer', member: 'allUsers', provider,
    });
  }
}
