import { TerraformProvider } from 'cdktf';
import type { PermissionFacts } from '../../core/shared/flux/service';
import { kept } from '../../core/shared/input/kept';
import { NUMBER, OptionShapes, PROVIDER, TEXT } from '../../core/shared/input/option-shape';
import { checkOptions, checkValue } from '../../core/shared/input/options';
import { AzurePermission } from '../azure-permission';
import { joinGroup } from '../private/policy/devops-membership';
import { SERVICES } from '../services';

/** Options of `AzureDevOpsPermissions.read` and `contribute`. */
export interface AzureDevOpsOptions {
  /**
   * The license of the identity in the organization: `express` (Basic), `advanced` (Basic and Test Plans), `professional` or
   * `earlyAdopter`. Stakeholders cannot read code.
   *
   * @default express
   */
  readonly license?: string;
  /**
   * Seconds to wait between creating the identity and adding it to the organization, which for fresh principals can fail with
   * VS403283; a second apply helps too. It runs `sleep` where Terraform runs.
   *
   * @default - no wait
   */
  readonly waitSeconds?: number;
  /**
   * The azuredevops provider, an `AzureDevOpsProvider` of the organization.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** Options of `AzureDevOpsPermissions.memberOf`. */
export interface AzureDevOpsGroupOptions extends AzureDevOpsOptions {
  /**
   * The project of the group; may be a token.
   *
   * @default - a group of the organization
   */
  readonly project?: string;
}

const COMMON: OptionShapes<AzureDevOpsOptions> = { license: TEXT.optional, waitSeconds: NUMBER.optional, provider: PROVIDER.optional };

/**
 * Azure DevOps, for GitRepository, ImageUpdateAutomation and notification Providers of type azuredevops. The organization must be
 * connected to the tenant of the identity, and repositories have the URL `https://dev.azure.com/<organization>/<project>/_git/<repository>`.
 *
 * The identity is added to the organization once, and keeps what other groups it is in. Needs an `AzureDevOpsProvider`.
 *
 * Guide: docs/services.md
 *
 * @see https://fluxcd.io/flux/integrations/azure/#for-azure-devops
 */
export class AzureDevOpsPermissions {
  /**
   * Clone and fetch the repositories of a project, for GitRepository: its group Readers.
   *
   * @param organization the name of the organization, plain
   * @param project the name of the project; may be a token
   */
  public static read(organization: string, project: string, options: AzureDevOpsOptions = {}): AzurePermission {
    return inProject('read', organization, project, 'Readers', options);
  }

  /**
   * Push to the repositories of a project and set commit statuses, for ImageUpdateAutomation and Provider: its group Contributors.
   *
   * @param organization the name of the organization, plain
   * @param project the name of the project; may be a token
   */
  public static contribute(organization: string, project: string, options: AzureDevOpsOptions = {}): AzurePermission {
    return inProject('contribute', organization, project, 'Contributors', options);
  }

  /**
   * Whatever a group of your choice may do: of a project, or of the whole organization.
   *
   * @param organization the name of the organization, plain
   * @param group the name of the group; may be a token
   */
  public static memberOf(organization: string, group: string, options: AzureDevOpsGroupOptions = {}): AzurePermission {
    options = kept(options);
    return AzurePermission._make(factsOf('memberOf', organization, options?.project), (to) => {
      checkOptions(to.at, 'AzureDevOpsPermissions.memberOf', options, { ...COMMON, project: TEXT.optional });
      return joinGroup(to, { ...options, organization, group });
    });
  }

  private constructor() {}
}

function inProject(verb: 'read' | 'contribute', organization: string, project: string, group: string, options: AzureDevOpsOptions): AzurePermission {
  options = kept(options);
  return AzurePermission._make(factsOf(verb, organization, project), (to) => {
    checkOptions(to.at, `AzureDevOpsPermissions.${verb}`, options, COMMON);
    checkValue(to.at, 'project', project, TEXT);
    return joinGroup(to, { ...options, organization, project, group });
  });
}

function factsOf(verb: keyof typeof SERVICES.devops.verbs, ...resource: (string | undefined)[]): PermissionFacts {
  // What is no text is refused when it is granted.
  return { service: SERVICES.devops, verb, resource: resource.filter((part) => typeof part === 'string').join('/') };
}
