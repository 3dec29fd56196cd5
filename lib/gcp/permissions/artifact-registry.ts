import { PermissionOptions } from '../../core/permission-options';
import { kept } from '../../core/shared/input/kept';
import { PROVIDER } from '../../core/shared/input/option-shape';
import { checkOptions } from '../../core/shared/input/options';
import { GcpPermission } from '../gcp-permission';
import { GcpResource } from '../gcp-resource';
import { bindRole } from '../private/policy/bind-role';
import { SERVICES } from '../services';

/**
 * Artifact Registry, for OCIRepository, HelmRepository of type `oci`, and ImageRepository. For every identity without a key.
 *
 * Guide: docs/services.md
 *
 * @see https://fluxcd.io/flux/integrations/gcp/#for-google-cloud-artifact-registry
 */
export class ArtifactRegistryPermissions {
  /**
   * Pull artifacts and list their tags: `roles/artifactregistry.reader` on a repository, also a virtual or remote one. Google
   * takes no IAM conditions there.
   *
   * @param repository `projects/<project>/locations/<location>/repositories/<name>`, or the shorter forms of the provider; may
   * be a token
   */
  public static pull(repository: string, options: PermissionOptions = {}): GcpPermission {
    options = kept(options);
    return GcpPermission._make({ service: SERVICES['artifact-registry'], verb: 'pull', resource: repository }, (to) => {
      checkOptions(to.at, 'ArtifactRegistryPermissions.pull', options, { provider: PROVIDER.optional });
      return bindRole(to, 'Reader', { role: 'roles/artifactregistry.reader', resource: GcpResource.repository(repository), provider: options.provider });
    });
  }

  private constructor() {}
}
