import { Application } from '@cdktf/provider-azuread/lib/application';
import { ApplicationCertificate } from '@cdktf/provider-azuread/lib/application-certificate';
import { ServicePrincipal } from '@cdktf/provider-azuread/lib/service-principal';
import { ServicePrincipalCertificate } from '@cdktf/provider-azuread/lib/service-principal-certificate';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AzureCertificateSecret } from './azure-certificate-secret';
import { AzureCloud } from './azure-cloud';
import { AzurePermission } from './azure-permission';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxContext, FluxSettings } from '../core/flux-identity';
import { FluxSecret } from '../core/flux-secret';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Grant } from '../core/grant';
import { checkApplication } from './private/forms/application';
import { grantTo } from './private/grant/grant-to';
import { AzurePrincipal } from './private/grant/grantee';
import { AzureIdentityBase } from './private/identity/azure-identity-base';
import { AZURE_CLOUD } from './private/options';
import { claimName } from './private/policy/once-per-place';
import { controllerSecret, objectSecret } from './private/settings/certificate-secrets';
import { certificateSettings, environmentObjects } from './private/settings/flux-settings';
import { IdentityTrust } from '../core/shared/flux/identity-base';
import { CredentialKind } from '../core/shared/flux/service';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { SECRETS, SERVICE_ACCOUNTS } from '../core/shared/input/common-options';
import { FLAG, PROVIDER, TEXT, TEXTS_OR_TOKEN, instanceOf, oneOf } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { lifecycleOf, TerraformCheck } from '../core/shared/terraform/check';
import { stringTemplate } from '../core/shared/terraform/text';

/** Where Microsoft Entra ID keeps the certificate. */
export enum AzureCertificateHolder {
  /** On the service principal: `azuread_service_principal_certificate`. The portal does not show it. */
  SERVICE_PRINCIPAL = 'service-principal',
  /** On the application: `azuread_application_certificate`. The portal shows it. */
  APPLICATION = 'application',
}

/** Options of `FluxAzureApplication`. */
export interface FluxAzureApplicationProps {
  /** The display name of the application: 1 to 120 characters; may be a token. Once for a tenant: nobody could tell two apart. */
  readonly displayName: string;
  /**
   * The public certificate: one, RSA, as PEM, without its private key. May be a token.
   */
  readonly certificate: string;
  /**
   * The controllers that sign in with the certificate. With `secrets`, at least one of the two.
   *
   * @default - none: object level only
   */
  readonly serviceAccounts?: FluxServiceAccount[];
  /**
   * The Secrets of Flux objects: `FluxSecret.bucket` and `FluxSecret.sops`.
   *
   * @default - none: controller level only
   */
  readonly secrets?: FluxSecret[];
  /**
   * The Secret that controllers mount, in the namespace of Flux, with the key `cert-and-key`.
   *
   * @default flux-azure-certificate
   */
  readonly secretName?: string;
  /**
   * Who makes the Secrets.
   *
   * @default AzureCertificateSecret.existing()
   */
  readonly secret?: AzureCertificateSecret;
  /**
   * Send the certificate chain, as subject name and issuer authentication needs it.
   *
   * @default false
   */
  readonly sendCertificateChain?: boolean;
  /**
   * Where Entra ID keeps the certificate.
   *
   * @default AzureCertificateHolder.SERVICE_PRINCIPAL
   */
  readonly certificateHolder?: AzureCertificateHolder;
  /**
   * When the credential ends, RFC 3339, for example `2027-12-31T00:00:00Z`; not after the certificate does. A token must be whole
   * seconds in UTC, as in the example: Entra ID answers in that form.
   *
   * @default - what Entra ID decides: the end of the certificate
   */
  readonly endDate?: string;
  /**
   * The object IDs of the owners of application and service principal.
   *
   * @default - whoever applies, where that identity can own applications
   */
  readonly owners?: string[];
  /**
   * The Azure cloud.
   *
   * @default AzureCloud.PUBLIC
   */
  readonly azureCloud?: AzureCloud;
  /**
   * The azuread provider (the tenant of the application).
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
  /**
   * The azurerm provider for role assignments.
   *
   * @default - the stack's default provider
   */
  readonly azurermProvider?: TerraformProvider;
}

const SECRET_CONTENTS = instanceOf<AzureCertificateSecret>('an AzureCertificateSecret', () => AzureCertificateSecret);
const HOLDER = oneOf('AzureCertificateHolder', AzureCertificateHolder);

/**
 * An application with its service principal and a certificate. Certificates are stored secrets: prefer
 * `FluxAzureFederatedIdentity`. Container registries are out of reach; Flux objects can name a Secret for Blob Storage and Key
 * Vault only.
 *
 * Guide: docs/azure.md#certificates
 *
 * @see https://fluxcd.io/flux/integrations/azure/#with-application-certificates
 */
@allOrNothing
export class FluxAzureApplication extends AzureIdentityBase {
  /** The controllers that sign in with the certificate. */
  public readonly serviceAccounts: FluxServiceAccount[];
  /** The client (application) ID. */
  public readonly clientId: string;
  /** The object ID of the service principal. */
  public readonly principalId: string;
  /** The tenant of the application. */
  public readonly tenantId: string;
  /** @internal */
  public readonly _credential = CredentialKind.STATIC;
  /** @internal */
  public readonly _trust: readonly IdentityTrust[] = [];
  private readonly props: FluxAzureApplicationProps;
  private readonly secrets: readonly FluxSecret[];
  private readonly secret: AzureCertificateSecret;
  private readonly secretName: string;
  private readonly sendChain: boolean;
  private readonly azureCloud: AzureCloud;
  private readonly cloudChecks: readonly TerraformCheck[];

  public constructor(scope: Construct, id: string, props: FluxAzureApplicationProps) {
    super(scope, id);
    checkOptions(this, 'FluxAzureApplication', props, {
      displayName: TEXT,
      certificate: TEXT,
      serviceAccounts: SERVICE_ACCOUNTS.optional,
      secrets: SECRETS.optional,
      secretName: TEXT.optional,
      secret: SECRET_CONTENTS.optional,
      sendCertificateChain: FLAG.optional,
      certificateHolder: HOLDER.optional,
      endDate: TEXT.optional,
      owners: TEXTS_OR_TOKEN.optional,
      azureCloud: AZURE_CLOUD.optional,
      provider: PROVIDER.optional,
      azurermProvider: PROVIDER.optional,
    });
    const { application: checks, certificate: certificateChecks, endDate } = checkApplication(this, props);
    const { certificateHolder = AzureCertificateHolder.SERVICE_PRINCIPAL } = props;
    const { certificate: value, owners, provider } = props;
    claimName(this, {
      what: 'application', name: props.displayName, provider, type: 'azuread', why: 'Entra ID would make two of one name, which nobody can tell apart', fix: 'choose another display name',
    });
    this.props = props;
    this.serviceAccounts = [...props.serviceAccounts ?? []];
    this.secrets = [...props.secrets ?? []];
    this.secret = props.secret ?? AzureCertificateSecret.existing();
    this.secretName = props.secretName ?? 'flux-azure-certificate';
    this.sendChain = props.sendCertificateChain ?? false;
    this.azureCloud = props.azureCloud ?? AzureCloud.PUBLIC;
    this.cloudChecks = this.azureCloud._checks(this);

    const application = new Application(this, 'Resource', { displayName: stringTemplate(props.displayName), owners, provider, lifecycle: lifecycleOf(checks) });
    const principal = new ServicePrincipal(this, 'ServicePrincipal', { clientId: application.clientId, owners, provider });
    const credential = {
      type: 'AsymmetricX509Cert',
      encoding: 'pem',
      value,
      endDate,
      provider,
      // Entra ID is never without a certificate: the next one is there before the last one goes.
      lifecycle: lifecycleOf([...certificateChecks, ...this.cloudChecks], { createBeforeDestroy: true }),
    };
    if (certificateHolder === AzureCertificateHolder.APPLICATION) {
      new ApplicationCertificate(this, 'Certificate', { ...credential, applicationId: application.id });
    } else {
      new ServicePrincipalCertificate(this, 'Certificate', { ...credential, servicePrincipalId: principal.id });
    }
    this.clientId = application.clientId;
    this.principalId = principal.objectId;
    this.tenantId = principal.applicationTenantId;
  }

  /** @internal */
  public get _principal(): AzurePrincipal {
    const { principalId, tenantId, azureCloud, cloudChecks: checks, props: { azurermProvider: provider } } = this;
    return { principalId, tenantId, azureCloud, provider, checks };
  }

  /** @internal */
  public get _secrets(): readonly FluxSecret[] {
    return this.secrets;
  }

  /** Allows the identity to do something: see the permissions of each service, such as `BlobStoragePermissions`; not `AcrPermissions`. */
  public grant(id: string, permission: AzurePermission): Grant {
    return grantTo(this, id, permission);
  }

  /** Always: a certificate is accepted from anywhere. */
  public trusts(_issuer: IClusterIssuer): boolean {
    return true;
  }

  /** What Flux must be told so that the controller signs in with the certificate. */
  public fluxSettings(_serviceAccount: FluxServiceAccount, _context: FluxContext): FluxSettings {
    const { clientId, tenantId, azureCloud, secretName, sendChain, secret: { _contents: { password } } } = this;
    return certificateSettings({ clientId, tenantId, azureCloud }, { secretName, password, sendChain });
  }

  /** The Secrets, if `secret` holds what goes into them, and the ConfigMap of a private cloud. */
  public fluxObjects(context: FluxContext): any[] {
    const { clientId, tenantId, azureCloud, secretName, sendChain, secret: { _contents: contents } } = this;
    const environment = environmentObjects(azureCloud, context);
    if (!contents.rendered) return environment;
    return [
      ...environment,
      ...(this.serviceAccounts.length === 0 ? [] : [controllerSecret(secretName, contents, context)]),
      ...this.secrets.map((secret) => objectSecret(secret, { clientId, tenantId, azureCloud, contents, sendChain })),
    ];
  }
}
