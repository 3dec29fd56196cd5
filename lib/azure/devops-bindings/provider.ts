import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { GENERATOR, hclAttributes, SOURCE } from './generator';
import { allOrNothing } from '../../core/shared/input/all-or-nothing';
import { checkedScope } from '../../core/shared/input/construct-ids';
import { FLAG, TEXT } from '../../core/shared/input/option-shape';
import { checkOptions } from '../../core/shared/input/options';
import { shown, ValidationError } from '../../core/shared/input/validation-error';
import { literal } from '../../core/shared/terraform/text';
import { hasToken } from '../../core/shared/terraform/tokens';
import { checkGuid } from '../private/forms/guid';

/** Options of `AzureDevOpsProvider`. What is left out comes from the provider's environment variables (`AZDO_...`). */
export interface AzureDevOpsProviderConfig {
  /** The URL of the organization, `https://dev.azure.com/<organization>`; may be a token. */
  readonly orgServiceUrl: string;
  /**
   * The alias, for several organizations: a plain name.
   *
   * @default - the default provider
   */
  readonly alias?: string;
  /**
   * A personal access token. Prefer the others.
   *
   * @default - none
   */
  readonly personalAccessToken?: string;
  /**
   * The client ID to sign in with: a GUID, or a token.
   *
   * @default - none
   */
  readonly clientId?: string;
  /**
   * The tenant to sign in to: a GUID, or a token.
   *
   * @default - none
   */
  readonly tenantId?: string;
  /**
   * The client secret.
   *
   * @default - none
   */
  readonly clientSecret?: string;
  /**
   * The path of a client certificate.
   *
   * @default - none
   */
  readonly clientCertificatePath?: string;
  /**
   * The password of that certificate.
   *
   * @default - none
   */
  readonly clientCertificatePassword?: string;
  /**
   * Sign in with a token of the CI system.
   *
   * @default false
   */
  readonly useOidc?: boolean;
  /**
   * The path of the file that holds the token, with `useOidc`: for runners whose token no variable of the environment names.
   *
   * @default - what GitHub Actions, Azure Pipelines or the webhook of AKS set
   */
  readonly oidcTokenFilePath?: string;
  /**
   * Sign in with a managed identity.
   *
   * @default false
   */
  readonly useMsi?: boolean;
  /**
   * Sign in as the user of the Azure CLI, where nothing else is given.
   *
   * @default true
   */
  readonly useCli?: boolean;
}

/**
 * The Terraform provider for Azure DevOps, which has no prebuilt package for CDKTF. One for each organization.
 *
 * Guide: docs/azure.md#azure-devops
 *
 * @see https://github.com/microsoft/terraform-provider-azuredevops
 */
@allOrNothing
export class AzureDevOpsProvider extends TerraformProvider {
  /** The URL of the organization. */
  public readonly orgServiceUrl: string;
  private currentAlias?: string;

  public constructor(scope: Construct, id: string, private readonly config: AzureDevOpsProviderConfig) {
    super(checkedScope(scope, id), id, { terraformResourceType: 'azuredevops', terraformGeneratorMetadata: GENERATOR, terraformProviderSource: SOURCE });
    checkOptions(this, 'AzureDevOpsProvider', config, {
      orgServiceUrl: TEXT,
      alias: TEXT.optional,
      personalAccessToken: TEXT.optional,
      clientId: TEXT.optional,
      tenantId: TEXT.optional,
      clientSecret: TEXT.optional,
      clientCertificatePath: TEXT.optional,
      clientCertificatePassword: TEXT.optional,
      useOidc: FLAG.optional,
      oidcTokenFilePath: TEXT.optional,
      useMsi: FLAG.optional,
      useCli: FLAG.optional,
    });
    const { orgServiceUrl, clientId, tenantId } = config;
    if (clientId !== undefined) checkGuid(this, 'client ID', clientId, 'the provider refuses other forms');
    if (tenantId !== undefined) checkGuid(this, 'tenant ID', tenantId, 'the provider refuses other forms');
    if (!hasToken(orgServiceUrl) && !/^https:\/\/[\w.:-]+(\/[\w.%-]+)?\/?$/.test(orgServiceUrl)) {
      throw new ValidationError(this, {
        given: `organization URL ${shown(orgServiceUrl)}`,
        allowed: '"https://dev.azure.com/<organization>", or a token',
        why: 'the provider calls the API of this organization',
        fix: 'pass the URL without project',
      });
    }
    if (config.alias !== undefined && !/^[A-Za-z_][\w-]*$/.test(config.alias)) {
      throw new ValidationError(this, {
        given: `alias ${shown(config.alias)}`,
        allowed: 'a plain name of letters, digits, "_" and "-", beginning with a letter or "_"',
        why: 'resources name the provider by it in Terraform\'s own language',
        fix: 'choose a fixed name, for example "acme"',
      });
    }
    this.orgServiceUrl = orgServiceUrl;
    this.currentAlias = config.alias;
  }

  /** The alias. */
  public get alias(): string | undefined {
    return this.currentAlias;
  }

  public set alias(value: string | undefined) {
    this.currentAlias = value;
  }

  protected synthesizeAttributes(): { [name: string]: any } {
    return this.attributes();
  }

  protected synthesizeHclAttributes(): { [name: string]: any } {
    return hclAttributes(this.attributes());
  }

  private attributes() {
    const { config } = this;
    return literal({
      alias: this.alias,
      client_certificate_password: config.clientCertificatePassword,
      client_certificate_path: config.clientCertificatePath,
      client_id: config.clientId,
      client_secret: config.clientSecret,
      oidc_token_file_path: config.oidcTokenFilePath,
      org_service_url: config.orgServiceUrl,
      personal_access_token: config.personalAccessToken,
      tenant_id: config.tenantId,
      use_cli: config.useCli,
      use_msi: config.useMsi,
      use_oidc: config.useOidc,
    });
  }
}
