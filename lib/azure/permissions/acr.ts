import { Construct } from 'constructs';
import { PermissionOptions } from '../../core/permission-options';
import { kept } from '../../core/shared/input/kept';
import { PROVIDER, TEXT } from '../../core/shared/input/option-shape';
import { checkOptions } from '../../core/shared/input/options';
import { shown, ValidationError } from '../../core/shared/input/validation-error';
import { requirePlain } from '../../core/shared/terraform/tokens';
import { AzurePermission } from '../azure-permission';
import { ScopeForm } from '../private/forms/scope';
import { assignRole } from '../private/policy/role-assignment';
import { ROLES } from '../private/policy/roles';
import { SERVICES } from '../services';

const REGISTRY: ScopeForm = {
  what: 'registry scope',
  resources: ['/providers/Microsoft[.]ContainerRegistry/registries/[a-zA-Z0-9]{5,50}'],
  above: 'management group',
  example: '/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.ContainerRegistry/registries/<name>',
  why: 'a role assigned anywhere else gives no right on a registry, and Flux gets 401',
  fixes: [[/\.azurecr\./, 'this is a login server; pass the registry\'s resource ID (Terraform attribute `id`)']],
};

/** Options of `AcrPermissions.pullRepositories`. */
export interface AcrPullRepositoriesOptions extends PermissionOptions {
  /**
   * Only repositories whose names begin with this, ending in `/`, for example `team-a/`; case does not count. Plain.
   *
   * @default - every repository of the registry
   */
  readonly prefix?: string;
}

/**
 * Azure Container Registry, for OCIRepository, HelmRepository of type oci and ImageRepository. Not for applications: Flux does
 * not sign in there with a certificate. A registry with "authentication-as-arm" disabled refuses Flux up to 2.8.0, and every Flux in a
 * private cloud: an installation warns of it.
 *
 * Guide: docs/services.md
 *
 * @see https://fluxcd.io/flux/integrations/azure/#for-azure-container-registry
 */
export class AcrPermissions {
  /**
   * Pull artifacts and list their tags: the role AcrPull. A registry in the mode "RBAC Registry + ABAC Repository Permissions"
   * ignores that role: use `pullRepositories` there.
   *
   * @param scope the registry, its resource group, subscription or management group; may be a token
   */
  public static pull(scope: string, options: PermissionOptions = {}): AzurePermission {
    options = kept(options);
    return AzurePermission._make({ service: SERVICES.acr, verb: 'pull', resource: scope }, (to) => {
      checkOptions(to.at, 'AcrPermissions.pull', options, { provider: PROVIDER.optional });
      return assignRole(to, 'Resource', { role: ROLES.ACR_PULL, scope, form: REGISTRY, provider: options.provider });
    });
  }

  /**
   * Pull artifacts and list their tags, of all or of some repositories of a registry in the mode "RBAC Registry + ABAC
   * Repository Permissions": the role Container Registry Repository Reader, with a condition for a prefix.
   *
   * @see https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions
   * @param registryId the registry; may be a token
   */
  public static pullRepositories(registryId: string, options: AcrPullRepositoriesOptions = {}): AzurePermission {
    options = kept(options);
    return AzurePermission._make({ service: SERVICES.acr, verb: 'pullRepositories', resource: registryId }, (to) => {
      checkOptions(to.at, 'AcrPermissions.pullRepositories', options, {
        prefix: TEXT.optional,
        provider: PROVIDER.optional,
      });
      const { prefix, provider } = options;
      const condition = prefix === undefined ? undefined : prefixCondition(to.at, prefix);
      return assignRole(to, 'Resource', { role: ROLES.ACR_REPOSITORY_READER, scope: registryId, form: { ...REGISTRY, above: 'nothing' }, condition, provider });
    });
  }

  private constructor() {}
}

const REPOSITORIES = 'Microsoft.ContainerRegistry/registries/repositories';

/** Reading is allowed when it is another action than reading, or when the repository begins with the prefix. */
function prefixCondition(at: Construct, prefix: string): string {
  requirePlain(at, 'repository prefix', prefix);
  if (!/^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*\/$/i.test(prefix)) {
    throw new ValidationError(at, {
      given: `repository prefix ${shown(prefix)}`,
      allowed: 'the beginning of repository names up to a "/", for example "team-a/"; no leading "/", no wildcard, no registry',
      why: 'Azure compares it as text: "team-a" would open "team-admin" too, and a wildcard matches nothing',
      fix: 'end the prefix with "/", or leave it out for the whole registry',
    });
  }
  const reads = ['content/read', 'metadata/read'].map((action) => `!(ActionMatches{'${REPOSITORIES}/${action}'})`);
  return `((${reads.join(' AND ')}) OR (@Request[${REPOSITORIES}:name] StringStartsWithIgnoreCase '${prefix}'))`;
}
