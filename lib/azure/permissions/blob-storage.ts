import { PermissionOptions } from '../../core/permission-options';
import { kept } from '../../core/shared/input/kept';
import { PROVIDER } from '../../core/shared/input/option-shape';
import { checkOptions } from '../../core/shared/input/options';
import { AzurePermission } from '../azure-permission';
import { ScopeForm } from '../private/forms/scope';
import { assignRole } from '../private/policy/role-assignment';
import { ROLES } from '../private/policy/roles';
import { SERVICES } from '../services';

const ACCOUNT = '/providers/Microsoft[.]Storage/storageAccounts/[a-z0-9]{3,24}';

const BLOB: ScopeForm = {
  what: 'storage scope',
  resources: [`${ACCOUNT}/blobServices/default/containers/[a-z0-9$][a-z0-9-]{2,62}`, ACCOUNT],
  above: 'management group',
  example: '/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Storage/storageAccounts/<account>/blobServices/default/containers/<container>',
  why: 'a role assigned anywhere else gives no right on blobs, and Flux gets 403 (AuthorizationPermissionMismatch)',
  fixes: [
    [/^https:\/\//, 'this is the URL of the container; pass its resource ID (Terraform attribute `id` of an azurerm_storage_container with `storage_account_id`)'],
    [/\/storageAccounts\/[^/]+\/containers\//i, 'containers are below "blobServices/default": <account>/blobServices/default/containers/<container>'],
  ],
};

/**
 * Azure Blob Storage, for Bucket.
 *
 * Guide: docs/services.md
 *
 * @see https://fluxcd.io/flux/integrations/azure/#for-azure-blob-storage
 */
export class BlobStoragePermissions {
  /**
   * List and read blobs: the role Storage Blob Data Reader.
   *
   * @param scope the container, its storage account, resource group, subscription or management group; may be a token (the `id` of an
   * `azurerm_storage_container` with `storage_account_id`; with `storage_account_name` it is a URL)
   */
  public static read(scope: string, options: PermissionOptions = {}): AzurePermission {
    options = kept(options);
    return AzurePermission._make({ service: SERVICES.blob, verb: 'read', resource: scope }, (to) => {
      checkOptions(to.at, 'BlobStoragePermissions.read', options, { provider: PROVIDER.optional });
      return assignRole(to, 'Resource', { role: ROLES.BLOB_DATA_READER, scope, form: BLOB, provider: options.provider });
    });
  }

  private constructor() {}
}
