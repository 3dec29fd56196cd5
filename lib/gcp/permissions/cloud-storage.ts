import { PermissionOptions } from '../../core/permission-options';
import { kept } from '../../core/shared/input/kept';
import { FLAG, OPTIONS, PROVIDER, instanceOf } from '../../core/shared/input/option-shape';
import { checkOptions } from '../../core/shared/input/options';
import { ValidationError } from '../../core/shared/input/validation-error';
import { FluxGcpBucketRole } from '../flux-gcp-bucket-role';
import { GcpCondition, GcpPermission } from '../gcp-permission';
import { GcpResource } from '../gcp-resource';
import { GcpGrantee } from '../private/grant/grantee';
import { bindRole, together } from '../private/policy/bind-role';
import { SERVICES } from '../services';

const ROLE = instanceOf<FluxGcpBucketRole>('a FluxGcpBucketRole', () => FluxGcpBucketRole);

/** Options of `CloudStoragePermissions.read`. */
export interface CloudStorageReadOptions extends PermissionOptions {
  /**
   * A custom role to grant in place of the two predefined ones.
   *
   * @default - `roles/storage.bucketViewer` and `roles/storage.objectViewer`
   */
  readonly role?: FluxGcpBucketRole;
  /**
   * The condition under which the roles are held. It must hold for the bucket and for the objects alike.
   *
   * @default - none
   */
  readonly condition?: GcpCondition;
  /**
   * Whether the bucket has uniform bucket-level access, where you know. Without it Google knows no direct principals and takes
   * no conditions there: `false` makes both an error.
   *
   * @default - not known
   */
  readonly uniformBucketLevelAccess?: boolean;
}

/**
 * Cloud Storage, for Bucket.
 *
 * Guide: docs/services.md
 *
 * @see https://fluxcd.io/flux/integrations/gcp/#for-google-cloud-storage
 */
export class CloudStoragePermissions {
  /**
   * See that a bucket exists, list it and read its objects.
   *
   * @param bucket the name of the bucket; may be a token
   */
  public static read(bucket: string, options: CloudStorageReadOptions = {}): GcpPermission {
    options = kept(options);
    return GcpPermission._make({ service: SERVICES['cloud-storage'], verb: 'read', resource: bucket }, (to) => {
      checkOptions(to.at, 'CloudStoragePermissions.read', options, {
        role: ROLE.optional,
        condition: OPTIONS.optional,
        uniformBucketLevelAccess: FLAG.optional,
        provider: PROVIDER.optional,
      });
      if (options.uniformBucketLevelAccess === false) requireUniform(to, options);
      const { role, condition, provider } = options;
      const bind = (id: string, name: string) => bindRole(to, id, {
        role: name, resource: GcpResource.bucket(bucket), condition, provider,
      }, { roleIsOurs: role !== undefined });
      if (role !== undefined) return bind('BucketRole', role.roleName);
      // Both: Flux asks whether the bucket exists before it lists it, and the viewer of objects may not.
      return together(bind('BucketViewer', 'roles/storage.bucketViewer'), bind('ObjectViewer', 'roles/storage.objectViewer'));
    });
  }

  private constructor() {}
}

function requireUniform(to: GcpGrantee, { condition }: CloudStorageReadOptions): void {
  if (!to.isDirect && condition === undefined) return;
  throw new ValidationError(to.at, {
    given: `${to.isDirect ? 'a grant to a direct principal' : 'a condition'} on a bucket without uniform bucket-level access.`,
    allowed: 'buckets with uniform bucket-level access, or a service account without a condition',
    why: 'with access control lists on the bucket Google knows no federated principals and takes no conditions: Flux would get 403',
    fix: 'set `uniformBucketLevelAccess: true` on the bucket, or grant it to a FluxGcpServiceAccount',
  });
}
