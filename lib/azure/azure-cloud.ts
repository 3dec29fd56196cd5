import { TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';
import { checkObjectName } from '../core/shared/kubernetes/names';
import { hasToken } from '../core/shared/terraform/tokens';

/** Options of `AzureCloud.custom`. */
export interface AzureCustomCloudProps {
  /** Where identities sign in: https, ending in a slash. May be a token. */
  readonly authorityHost: string;
  /** The endpoint of Azure Resource Manager, for example `https://management.core.private/`. May be a token. */
  readonly resourceManagerEndpoint: string;
  /** The audience of Azure Resource Manager's tokens. May be a token. */
  readonly tokenAudience: string;
  /**
   * What the names of container registries end in, for example `azurecr.private`. Required for container registries.
   *
   * @default - no container registries
   */
  readonly containerRegistryDnsSuffix?: string;
  /**
   * The name of the ConfigMap that holds these endpoints, in the namespace of Flux.
   *
   * @default flux-azure-environment
   */
  readonly configMapName?: string;
}

/** The endpoints of a private cloud, as Flux reads them from a file. */
export interface AzureEnvironmentFile {
  readonly configMapName: string;
  readonly contents: { readonly [name: string]: string };
}

/**
 * An Azure cloud: where identities sign in, and for a private cloud which endpoints Flux calls.
 *
 * @see https://fluxcd.io/flux/integrations/azure/#supported-azure-clouds
 */
export class AzureCloud {
  /** The public cloud. */
  public static readonly PUBLIC = new AzureCloud('https://login.microsoftonline.com/');
  /** Azure Government (US). */
  public static readonly US_GOVERNMENT = new AzureCloud('https://login.microsoftonline.us/');
  /** Azure in China, operated by 21Vianet. */
  public static readonly CHINA = new AzureCloud('https://login.chinacloudapi.cn/');

  /**
   * A private cloud. Flux finds its endpoints in a file that controllers mount from a ConfigMap; `FluxManifests` renders it.
   *
   * @see https://fluxcd.io/flux/integrations/azure/#private-cloud-configuration
   */
  public static custom(props: AzureCustomCloudProps): AzureCloud {
    checkOptions(undefined, 'AzureCloud.custom', props, {
      authorityHost: TEXT,
      resourceManagerEndpoint: TEXT,
      tokenAudience: TEXT,
      containerRegistryDnsSuffix: TEXT.optional,
      configMapName: TEXT.optional,
    });
    const { authorityHost, resourceManagerEndpoint, tokenAudience, containerRegistryDnsSuffix: suffix, configMapName = 'flux-azure-environment' } = props;
    checkUrl('authorityHost', authorityHost, /^https:\/\/[^\s/?#@]+(\/[^\s?#]*)?\/$/, 'an https URL that ends in "/", for example "https://login.core.private/"',
      'the tenant is appended to it as it is: without the slash Flux would call another host');
    checkUrl('resourceManagerEndpoint', resourceManagerEndpoint, /^https:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/, 'an https URL, for example "https://management.core.private/"',
      'Flux refuses an environment file without it');
    checkUrl('tokenAudience', tokenAudience, /^[^\s]+$/, 'the audience of Azure Resource Manager, for example "https://management.core.private/"',
      'Flux refuses an environment file without it');
    if (suffix !== undefined) {
      checkUrl('containerRegistryDnsSuffix', suffix, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i,
        'a domain without a leading dot, for example "azurecr.private"', 'Flux compares the end of registry names with it');
    }
    checkObjectName(undefined, 'ConfigMap name', configMapName);
    return new AzureCloud(authorityHost, {
      configMapName,
      contents: { resourceManagerEndpoint, tokenAudience, ...(suffix === undefined ? {} : { containerRegistryDNSSuffix: suffix }) },
    });
  }

  /** Where identities sign in, ending in a slash. */
  public readonly authorityHost: string;
  private readonly file?: AzureEnvironmentFile;

  private constructor(authorityHost: string, file?: AzureEnvironmentFile) {
    this.authorityHost = authorityHost;
    this.file = file;
  }

  /**
   * The environment file of a private cloud.
   *
   * @internal
   */
  public get _environmentFile(): AzureEnvironmentFile | undefined {
    return this.file;
  }
}

function checkUrl(option: string, value: string, pattern: RegExp, allowed: string, why: string): void {
  if (typeof value === 'string' && (hasToken(value) || pattern.test(value))) return;
  throw new ValidationError(undefined, {
    given: `${option} ${shown(value)} of AzureCloud.custom`,
    allowed: `${allowed}; or a token`,
    why,
    fix: `take the ${option} from the cloud's metadata endpoint, or ask its operator`,
  });
}
