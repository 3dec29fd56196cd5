import { IConstruct } from 'constructs';
import type { EnvironmentFile } from './private/settings/flux-settings';
import { TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { checkObjectName } from '../core/shared/kubernetes/names';
import { TerraformCheck } from '../core/shared/terraform/check';
import { checkText, lateText, TextForm } from '../core/shared/terraform/text-form';

/** Options of `AzureCloud.custom`. */
export interface AzureCustomCloudOptions {
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

/**
 * An Azure cloud: where identities sign in, and for a private cloud which endpoints Flux calls.
 *
 * Guide: docs/azure.md#other-clouds
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
  public static custom(props: AzureCustomCloudOptions): AzureCloud {
    checkOptions(undefined, 'AzureCloud.custom', props, {
      authorityHost: TEXT,
      resourceManagerEndpoint: TEXT,
      tokenAudience: TEXT,
      containerRegistryDnsSuffix: TEXT.optional,
      configMapName: TEXT.optional,
    });
    const { authorityHost, resourceManagerEndpoint, tokenAudience, containerRegistryDnsSuffix: suffix, configMapName = 'flux-azure-environment' } = props;
    const parts = [
      [AUTHORITY_HOST, authorityHost], [RESOURCE_MANAGER, resourceManagerEndpoint], [AUDIENCE, tokenAudience],
      ...(suffix === undefined ? [] : [[REGISTRY_SUFFIX, suffix] as const]),
    ] as const;
    parts.forEach(([form, value]) => { checkText(undefined, value, form); });
    checkObjectName(undefined, 'ConfigMap name', configMapName);
    return new AzureCloud(authorityHost, {
      configMapName,
      contents: { resourceManagerEndpoint, tokenAudience, ...(suffix === undefined ? {} : { containerRegistryDNSSuffix: suffix }) },
    }, parts);
  }

  /** Where identities sign in, ending in a slash. */
  public readonly authorityHost: string;

  private constructor(
    authorityHost: string,
    private readonly file?: EnvironmentFile,
    private readonly parts: ReadonlyArray<readonly [TextForm, string]> = [],
  ) {
    this.authorityHost = authorityHost;
  }

  /**
   * The environment file of a private cloud.
   *
   * @internal
   */
  public get _environmentFile(): EnvironmentFile | undefined {
    return this.file;
  }

  /**
   * What Terraform checks of the endpoints that it alone knows, where an identity uses them.
   *
   * @internal
   */
  public _checks(at: IConstruct): TerraformCheck[] {
    return this.parts.flatMap(([form, value]) => lateText(at, value, form));
  }
}

const FIX = 'take it from the cloud\'s metadata endpoint, or ask its operator';
const WHY_FILE = 'Flux refuses an environment file without it';
const AUTHORITY_HOST: TextForm = {
  what: 'authorityHost',
  pattern: /^https:\/\/[a-z0-9.:-]+(\/[a-z0-9._~%\/-]*)?\/$/i,
  allowed: 'an https URL that ends in "/", for example "https://login.core.private/"',
  why: 'the tenant is appended to it as it is: without the slash Flux would call another host',
  fix: FIX,
};
const RESOURCE_MANAGER: TextForm = {
  what: 'resourceManagerEndpoint', pattern: /^https:\/\/[a-z0-9.:-]+(\/[a-z0-9._~%\/-]*)?$/i, allowed: 'an https URL, for example "https://management.core.private/"', why: WHY_FILE, fix: FIX,
};
const AUDIENCE: TextForm = {
  what: 'tokenAudience', pattern: /^[!-~]+$/, allowed: 'the audience of Azure Resource Manager, for example "https://management.core.private/"', why: WHY_FILE, fix: FIX,
};
const REGISTRY_SUFFIX: TextForm = {
  what: 'containerRegistryDnsSuffix',
  pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i,
  allowed: 'a domain without a leading dot, for example "azurecr.private"',
  why: 'Flux compares the end of registry names with it',
  fix: FIX,
};
