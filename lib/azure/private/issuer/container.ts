import { StorageBlob } from '@cdktf/provider-azurerm/lib/storage-blob';
import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { JWKS } from '../../../core/shared/input/common-options';
import { claim, valueKey } from '../../../core/shared/input/once-per-app';
import { OptionShapes, PROVIDER, TEXT, TEXTS } from '../../../core/shared/input/option-shape';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { PublishedDocument } from '../../../core/shared/oidc/discovery';
import { TerraformCheck } from '../../../core/shared/terraform/check';
import { checkText, TextForm } from '../../../core/shared/terraform/text-form';
import type { BlobHostedIssuerInAccountProps } from '../../blob-hosted-issuer';
import { checkResourceGroup } from '../forms/identity';

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

const WHY = 'Azure refuses any other, and the issuer URL is made of it';
const ACCOUNT: TextForm = {
  what: 'account name', pattern: /^[a-z0-9]{3,24}$/, allowed: '3 to 24 of a-z and 0-9', why: WHY, fix: 'pass the name of the storage account, not its ID or URL',
};
const CONTAINER_NAME: TextForm = {
  what: 'container name',
  pattern: /^[a-z0-9](-?[a-z0-9])+$/,
  refused: /^(..?|.{64,})$/,
  allowed: '3 to 63 of a-z, 0-9 and single "-", beginning and ending in a letter or digit',
  why: WHY,
  fix: 'choose for example "oidc"; a container of the issuer\'s own, because all its blobs are public',
};
const STORAGE_SUFFIX: TextForm = {
  what: 'storage suffix', pattern: /^[a-z0-9-]+([.][a-z0-9-]+)+$/, allowed: `a domain, for example "${SUFFIX}"`, why: WHY, fix: 'pass the domain without "blob." before it',
};

/** Refuses what makes no URL of blobs, and a container that has documents already. */
export function checkAccount(at: Construct, props: BlobHostedIssuerInAccountProps): TerraformCheck[] {
  const { accountName, resourceGroupName, containerName = CONTAINER, storageSuffix = SUFFIX } = props;
  const checks = [
    ...checkText(at, accountName, ACCOUNT), ...checkResourceGroup(at, resourceGroupName),
    ...checkText(at, containerName, CONTAINER_NAME), ...checkText(at, storageSuffix, STORAGE_SUFFIX),
  ];
  const url = blobUrl(props);
  const other = claim(at, `azure hosted issuer ${valueKey(at, url)}`);
  if (other === undefined) return checks;
  throw new ValidationError(at, {
    given: `container ${shown(url)} a second time; "${other.node.path}" publishes its documents there.`,
    allowed: 'a container for each cluster',
    why: 'the documents of one cluster would overwrite the other\'s, whose tokens nobody could verify then',
    fix: 'give each cluster a `containerName` of its own',
  });
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
