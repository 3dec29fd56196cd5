import { TerraformProvider } from 'cdktf';
import { AzureIdentityBase } from './azure-identity-base';
import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxContext, FluxSettings } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { IdentityTrust, IdentityWarning } from '../../../core/shared/flux/identity-base';
import { CredentialKind } from '../../../core/shared/flux/service';
import { sameIssuer } from '../../../core/shared/oidc/issuer-url';
import { TerraformCheck } from '../../../core/shared/terraform/check';
import { AzureCloud } from '../../azure-cloud';
import type { FluxAzureFederatedIdentityBaseProps, IFluxAzureFederatedIdentity } from '../../flux-azure-federated-identity';
import type { AzurePrincipal } from '../grant/grantee';
import { AUDIENCE, federatedSettings } from '../settings/flux-settings';
import { federate, federatedTrust, trustWarnings } from '../trust/federation';

/** What is known of a managed identity once it is there. */
export interface ManagedIdentity {
  readonly identityId: string;
  readonly resourceGroupName: string;
  readonly clientId: string;
  readonly principalId: string;
  readonly tenantId: string;
  /** What Terraform checks of these values. */
  readonly checks: readonly TerraformCheck[];
}

/**
 * A managed identity that service accounts sign in to, own or imported.
 *
 * @internal
 */
export abstract class FederatedIdentityBase extends AzureIdentityBase implements IFluxAzureFederatedIdentity {
  /** Who signs in to the identity. */
  public readonly serviceAccounts: FluxServiceAccount[] = [];
  /** The resource IDs of the federated credentials. */
  public readonly credentialIds: string[] = [];
  /** @internal */
  public readonly _credential = CredentialKind.WORKLOAD_IDENTITY;
  private identity!: ManagedIdentity;
  private options!: FluxAzureFederatedIdentityBaseProps;
  private trust: readonly IdentityTrust[] = [];
  private checks: readonly TerraformCheck[] = [];

  /** The resource ID of the managed identity. */
  public get identityId(): string {
    return this.identity.identityId;
  }

  /** The client ID. */
  public get clientId(): string {
    return this.identity.clientId;
  }

  /** The object ID of the service principal. */
  public get principalId(): string {
    return this.identity.principalId;
  }

  /** The tenant of the managed identity. */
  public get tenantId(): string {
    return this.identity.tenantId;
  }

  /** @internal */
  public get _principal(): AzurePrincipal {
    const { principalId, tenantId, azureCloud, checks, options: { provider } } = this;
    return { principalId, tenantId, azureCloud, provider, checks };
  }

  /** @internal */
  public get _trust(): readonly IdentityTrust[] {
    return this.trust;
  }

  /** Whether a federated credential names the cluster. */
  public trusts(issuer: IClusterIssuer): boolean {
    return this.options.issuers.some((own) => sameIssuer(own, issuer));
  }

  /** What Flux must be told so that the service account signs in to this identity. */
  public fluxSettings(serviceAccount: FluxServiceAccount, context: FluxContext): FluxSettings {
    const { clientId, tenantId, azureCloud, options: { audience = AUDIENCE } } = this;
    return federatedSettings(this, serviceAccount, context, { clientId, tenantId, azureCloud, audience });
  }

  /** @internal */
  public _warnings(context: FluxContext): IdentityWarning[] {
    return [...super._warnings(context), ...trustWarnings(this.options, context)];
  }

  /**
   * Makes the federated credentials of an identity that is there.
   *
   * @internal
   */
  protected _federate(options: FluxAzureFederatedIdentityBaseProps, identity: ManagedIdentity, provider?: TerraformProvider): void {
    this.options = options;
    this.identity = identity;
    this.checks = [...identity.checks, ...this.azureCloud._checks(this)];
    this.serviceAccounts.push(...options.serviceAccounts);
    this.trust = federatedTrust(identity.identityId, options);
    this.credentialIds.push(...federate(this, this.trust, {
      parentId: identity.identityId, resourceGroupName: identity.resourceGroupName, provider, checks: this.checks,
    }));
  }

  private get azureCloud(): AzureCloud {
    return this.options.azureCloud ?? AzureCloud.PUBLIC;
  }
}
