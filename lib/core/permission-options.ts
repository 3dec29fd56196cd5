import { TerraformProvider } from 'cdktf';

/** Options of permissions that are granted by resources of their own: on Google Cloud and Azure. */
export interface PermissionOptions {
  /**
   * The provider of the cloud for what the permission makes, where another than the identity's may give the access.
   *
   * @default - the identity's
   */
  readonly provider?: TerraformProvider;
}
