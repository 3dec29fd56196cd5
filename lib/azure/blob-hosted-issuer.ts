import { DataAzurermStorageAccount } from '@cdktf/provider-azurerm/lib/data-azurerm-storage-account';
import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { HostedIssuerBaseProps, IHostedIssuer } from '../core/hosted-issuer';
import { checkLocation } from './private/forms/identity';
import { checkTags } from './private/forms/tags';
import { ACCOUNT_OPTIONS, blobUrl, checkAccount, publish } from './private/issuer/container';
import { claimName } from './private/policy/once-per-place';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { FLAG, TEXT, TEXT_MAP } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { HostedIssuerBase } from '../core/shared/oidc/hosted-issuer-base';
import { lifecycleOf } from '../core/shared/terraform/check';
import { literal, stringTemplate } from '../core/shared/terraform/text';
import { checkText } from '../core/shared/terraform/text-form';

/** Options of `BlobHostedIssuer.inAccount`. */
export interface BlobHostedIssuerInAccountProps extends HostedIssuerBaseProps {
  /** The name of the storage account: 3 to 24 of a-z and 0-9. It is part of the issuer URL. May be a token. */
  readonly accountName: string;
  /** The resource group of the storage account; may be a token. */
  readonly resourceGroupName: string;
  /**
   * The container that is made for the documents, of this cluster alone: 3 to 63 of a-z, 0-9 and "-". It is part of the issuer
   * URL.
   *
   * @default oidc
   */
  readonly containerName?: string;
  /**
   * The domain of storage in the cloud: `core.windows.net`, `core.usgovcloudapi.net` or `core.chinacloudapi.cn`.
   *
   * @default core.windows.net
   */
  readonly storageSuffix?: string;
  /**
   * The azurerm provider (the subscription of the account).
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** Options of `BlobHostedIssuer`. */
export interface BlobHostedIssuerProps extends BlobHostedIssuerInAccountProps {
  /** The location of the storage account; may be a token. */
  readonly location: string;
  /**
   * How the account keeps its data: `LRS`, `ZRS`, `GRS`, `RAGRS`, `GZRS` or `RAGZRS`.
   *
   * @default LRS
   */
  readonly replication?: string;
  /**
   * Tags of the account: at most 50; values may be tokens.
   *
   * @default - none
   */
  readonly tags?: { readonly [key: string]: string };
  /**
   * Let Terraform destroy the account. **Whoever takes its name afterwards can publish keys at the issuer URL, and is every service
   * account of the cluster wherever it is still trusted**: take the trust away first.
   *
   * @default false: Terraform refuses to destroy or replace the account
   */
  readonly allowDestroy?: boolean;
}

/**
 * The issuer documents of a cluster on Azure Blob Storage, at `https://<account>.blob.core.windows.net/<container>`: a
 * versioned account of their own that answers over TLS only, with one container whose blobs everyone may read and nobody list.
 *
 * Terraform refuses to destroy the account: see `allowDestroy`.
 *
 * Guide: docs/azure.md#hosted-issuers
 *
 * @see https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-configure
 */
@allOrNothing
export class BlobHostedIssuer extends HostedIssuerBase implements IHostedIssuer {
  /**
   * The documents in a container of a storage account that exists. Terraform checks that the account allows public containers
   * and answers over TLS only; nothing else of the account is touched. Switch its blob versioning on yourself.
   */
  public static inAccount(scope: Construct, id: string, props: BlobHostedIssuerInAccountProps): IHostedIssuer {
    return new ExistingAccountIssuer(scope, id, props);
  }

  public constructor(scope: Construct, id: string, props: BlobHostedIssuerProps) {
    super(scope, id);
    checkOptions(this, 'BlobHostedIssuer', props, {
      ...ACCOUNT_OPTIONS,
      location: TEXT,
      replication: TEXT.optional,
      tags: TEXT_MAP.optional,
      allowDestroy: FLAG.optional,
    });
    const checks = [...checkAccount(this, props), ...checkLocation(this, props.location), ...checkTags(this, props.tags, 128)];
    const replication = props.replication ?? 'LRS';
    checks.push(...checkText(this, replication, {
      what: 'replication',
      pattern: new RegExp(`^(${REPLICATIONS.join('|')})$`),
      allowed: REPLICATIONS.join(', '),
      why: 'Azure has no other for standard storage accounts',
      fix: 'pass one of them, without the tier ("Standard_")',
    }));
    claimName(this, {
      what: 'storage account',
      name: props.accountName,
      within: props.storageSuffix ?? 'Azure',
      type: 'azurerm',
      why: 'the names of storage accounts are unique in Azure',
      fix: 'publish the documents of the second cluster with BlobHostedIssuer.inAccount, in a container of its own',
    });
    const documents = this._documents(blobUrl(props), props);
    const account = new StorageAccount(this, 'Resource', {
      name: props.accountName,
      resourceGroupName: props.resourceGroupName,
      location: props.location,
      accountKind: 'StorageV2',
      accountTier: 'Standard',
      accountReplicationType: replication,
      allowNestedItemsToBePublic: true,
      httpsTrafficOnlyEnabled: true,
      minTlsVersion: 'TLS1_2',
      blobProperties: { versioningEnabled: true },
      tags: literal(props.tags),
      provider: props.provider,
      lifecycle: lifecycleOf(checks, { preventDestroy: props.allowDestroy ? undefined : true }),
    });
    publish(this, account, documents, props);
  }
}

const REPLICATIONS = ['LRS', 'ZRS', 'GRS', 'RAGRS', 'GZRS', 'RAGZRS'];

@allOrNothing
class ExistingAccountIssuer extends HostedIssuerBase implements IHostedIssuer {
  public constructor(scope: Construct, id: string, props: BlobHostedIssuerInAccountProps) {
    super(scope, id);
    checkOptions(this, 'BlobHostedIssuer.inAccount', props, ACCOUNT_OPTIONS);
    const checks = checkAccount(this, props);
    const documents = this._documents(blobUrl(props), props);
    const account = new DataAzurermStorageAccount(this, 'Account', {
      name: props.accountName,
      resourceGroupName: props.resourceGroupName,
      provider: props.provider,
      lifecycle: {
        ...lifecycleOf(checks),
        postcondition: [
          {
            condition: '${self.allow_nested_items_to_be_public}',
            errorMessage: stringTemplate(`The storage account of ${this.node.path} blocks public access (allow_nested_items_to_be_public is false): no cloud could read the issuer's documents. Set it to true.`),
          },
          {
            condition: '${self.https_traffic_only_enabled}',
            errorMessage: stringTemplate(`The storage account of ${this.node.path} answers without TLS. Set https_traffic_only_enabled = true.`),
          },
        ],
      },
    });
    publish(this, account, documents, props);
  }
}
