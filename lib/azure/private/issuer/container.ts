import { StorageBlob } from '@cdktf/provider-azurerm/lib/storage-blob';
import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { JWKS } from '../../../core/shared/input/common-options';
import { OptionShapes, PROVIDER, TEXT, TEXTS } from '../../../core/shared/input/option-shape';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { PublishedDocument } from '../../../core/shared/oidc/discovery';
import { hasToken } from '../../../core/shared/terraform/tokens';
import type { BlobHostedIssuerInAccountProps } from '../../blob-hosted-issuer';

/** The options that every issuer on Blob Storage takes. */
export const ACCOUNT_OPTIONS: OptionShapes<BlobHostedIssuerInAccountProps> = {
  accountName: TEXT,
  resourceGroupName: TEXT,
  containerName: TEXT.optional,
  storageSuffix: TEXT.optional,
  provider: PROVIDER.optional,
  jwks: JWKS,
  previousIssuers: TEXTS,
  discoveryDocument: TEXT.optional,
};

const CONTAINER = 'oidc';
const SUFFIX = 'core.windows.net';

/** Refuses what makes no URL of blobs. */
export function checkAccount(at: Construct, props: BlobHostedIssuerInAccountProps): void {
  check(at, 'account name', props.accountName, /^[a-z0-9]{3,24}$/, '3 to 24 of a-z and 0-9', 'pass the name of the storage account, not its ID or URL');
  check(at, 'resource group', props.resourceGroupName, /^[-\w._()]{1,90}$/, 'the name of a resource group', 'pass its name, not its ID');
  check(at, 'container name', props.containerName ?? CONTAINER, /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    '3 to 63 of a-z, 0-9 and single "-", beginning and ending in a letter or digit', 'choose for example "oidc"; a container of the issuer\'s own, because all its blobs are public');
  check(at, 'storage suffix', props.storageSuffix ?? SUFFIX, /^[a-z0-9-]+(\.[a-z0-9-]+)+$/, `a domain, for example "${SUFFIX}"`, 'pass the domain without "blob." before it');
}

function check(at: Construct, what: string, value: string, form: RegExp, allowed: string, fix: string): void {
  if (typeof value === 'string' && (hasToken(value) || form.test(value))) return;
  throw new ValidationError(at, { given: `${what} ${shown(value)}`, allowed, why: 'Azure refuses any other, and the issuer URL is made of it', fix });
}

/** The issuer URL. */
export function blobUrl(props: BlobHostedIssuerInAccountProps): string {
  return `https://${props.accountName}.blob.${props.storageSuffix ?? SUFFIX}/${props.containerName ?? CONTAINER}`;
}

/** Makes the public container and puts the documents into it. */
export function publish(
  at: Construct, account: { readonly id: string; readonly name: string }, documents: readonly PublishedDocument[],
  { containerName, provider }: { containerName?: string; provider?: TerraformProvider },
): void {
  const container = new StorageContainer(at, 'Container', {
    name: containerName ?? CONTAINER,
    storageAccountId: account.id,
    containerAccessType: 'blob', // every blob by its name; no listing
    provider,
  });
  for (const { id, path, content, contentType, cacheControl, lifecycle } of documents) {
    new StorageBlob(at, id, {
      name: path,
      storageAccountName: account.name,
      storageContainerName: container.name,
      type: 'Block',
      sourceContent: content,
      contentType,
      cacheControl,
      lifecycle,
      provider,
    });
  }
}
