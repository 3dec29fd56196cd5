import { StorageBucketObject } from '@cdktf/provider-google/lib/storage-bucket-object';
import { StorageManagedFolder } from '@cdktf/provider-google/lib/storage-managed-folder';
import { StorageManagedFolderIamMember } from '@cdktf/provider-google/lib/storage-managed-folder-iam-member';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { JWKS } from '../../../core/shared/input/common-options';
import { PROVIDER, TEXT, TEXTS } from '../../../core/shared/input/option-shape';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { checkObjectPath, PublishedDocument } from '../../../core/shared/oidc/discovery';
import { hasToken } from '../../../core/shared/terraform/tokens';

/** The options that every issuer on Cloud Storage takes. */
export const BUCKET_OPTIONS = {
  bucketName: TEXT,
  provider: PROVIDER.optional,
  jwks: JWKS,
  previousIssuers: TEXTS,
  discoveryDocument: TEXT.optional,
};

/** Refuses what makes no URL of objects. */
export function checkBucket(at: Construct, bucket: string, path?: string): void {
  if (!hasToken(bucket) && !/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new ValidationError(at, {
      given: `bucket name ${shown(bucket)}`,
      allowed: '3 to 63 of a-z, 0-9, "-", "_" and ".", beginning and ending in a letter or digit',
      why: 'Cloud Storage has no bucket of that name, and it is part of the issuer URL',
      fix: 'pass the name of the bucket, not its gs:// or https:// URL',
    });
  }
  if (path !== undefined) checkObjectPath(at, path);
}

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
