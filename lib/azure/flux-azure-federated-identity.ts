import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AzureCloud } from './azure-cloud';
import { IAzureIdentity } from './azure-identity';
import { AzurePermission } from './azure-permission';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxCloud, FluxContext, FluxSettings } from '../core/flux-identity';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Grant } from '../core/grant';
import { checkIdentityName, checkLocation, checkResourceGroup } from './private/forms/identity';
import { grantTo } from './private/grant/grant-to';
import { federatedIdentityFromId, lookUpFederatedIdentity } from './private/identity/existing-federated-identity';
import { FEDERATION_OPTIONS } from './private/options';
import { AUDIENCE, environmentObjects, federatedSettings } from './private/settings/flux-settings';
import { checkTrust, federate } from './private/trust/federation';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { TEXT, TEXT_MAP } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { sameIssuer } from '../core/shared/oidc/issuer-url';
import { attributeOf } from '../core/shared/terraform/light-token';

/** A managed identity that Kubernetes service accounts sign in to with their tokens. */
export interface IFluxAzureFederatedIdentity extends IAzureIdentity {
  /** The resource ID of the managed identity. */
  readonly identityId: string;
  /** The tenant of the managed identity. */
  readonly tenantId: string;
  /** The resource IDs of its federated credentials: what to look after while object level on AKS is unstable in Flux. */
  readonly credentialIds: string[];
}

/** Options that new and existing managed identities have. */
export interface FluxAzureFederationOptions {
  /** The clusters whose tokens the identity accepts; several for blue/green clusters. */
  readonly issuers: IClusterIssuer[];
  /** Who signs in to the identity; at least one. With the issuers at most 20 combinations. */
  readonly serviceAccounts: FluxServiceAccount[];
  /**
   * The audience that the federated credentials expect, for controllers outside AKS.
   *
   * @default api://AzureADTokenExchange
   */
  readonly audience?: string;
  /**
   * The Azure cloud.
   *
   * @default AzureCloud.PUBLIC
   */
  readonly azureCloud?: AzureCloud;
  /**
   * The azurerm provider (the subscription of the identity: its federated credentials are made in the provider's).
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** Options of `FluxAzureFederatedIdentity`. */
export interface FluxAzureFederatedIdentityProps extends FluxAzureFederationOptions {
  /** The name of the managed identity: 3 to 128 of letters, digits, `-` and `_`; may be a token. */
  readonly name: string;
  /** The resource group of the managed identity; may be a token. */
  readonly resourceGroupName: string;
  /** The region of the managed identity; may be a token. */
  readonly location: string;
  /**
   * Tags of the managed identity.
   *
   * @default - none
   */
  readonly tags?: { readonly [key: string]: string };
}

/** Options of `FluxAzureFederatedIdentity.lookup`. */
export interface FluxAzureFederatedIdentityLookupProps extends FluxAzureFederationOptions {
  /** The name of the managed identity; may be a token. */
  readonly name: string;
  /** The resource group of the managed identity; may be a token. */
  readonly resourceGroupName: string;
}

/** Options of `FluxAzureFederatedIdentity.fromIdentityId`. */
export interface FluxAzureFederatedIdentityFromIdProps extends FluxAzureFederationOptions {
  /** The resource ID of the managed identity; may be a token. */
  readonly identityId: string;
  /** Its client ID; may be a token. */
  readonly clientId: string;
  /** The object ID of its service principal; may be a token. */
  readonly principalId: string;
  /** Its tenant; may be a token. */
  readonly tenantId: string;
}

/**
 * A user-assigned managed identity with a federated credential for each cluster and service account: workload identity
 * federation, on AKS and on any other cluster, with no stored secret.
 *
 * @see https://fluxcd.io/flux/integrations/azure/#with-workload-identity-federation
 */
@allOrNothing
export class FluxAzureFederatedIdentity extends Construct implements IFluxAzureFederatedIdentity {
  /**
   * A managed identity that exists already, by data source. Its federated credentials for these accounts are made here; others
   * that it has are left alone, and count toward the 20 it can have.
   */
  public static lookup(scope: Construct, id: string, props: FluxAzureFederatedIdentityLookupProps): IFluxAzureFederatedIdentity {
    return lookUpFederatedIdentity(scope, id, props);
  }

  /**
   * A managed identity that exists already, by its IDs. With plain ones, rendered YAML can be committed before any apply. Its
   * federated credentials for these accounts are made here; others that it has are left alone.
   */
  public static fromIdentityId(scope: Construct, id: string, props: FluxAzureFederatedIdentityFromIdProps): IFluxAzureFederatedIdentity {
    return federatedIdentityFromId(scope, id, props);
  }

  /** The cloud this identity lives in. */
  public readonly cloud = FluxCloud.AZURE;
  /** Who signs in to the identity. */
  public readonly serviceAccounts: FluxServiceAccount[];
  /** The resource ID of the managed identity. */
  public readonly identityId: string;
  /** The client ID. */
  public readonly clientId: string;
  /** The object ID of the service principal. */
  public readonly principalId: string;
  /** The user name in the Kubernetes RBAC of AKS clusters: the principal ID. */
  public readonly kubernetesUserName: string;
  /** The tenant of the managed identity. */
  public readonly tenantId: string;
  /** The resource IDs of the federated credentials. */
  public readonly credentialIds: string[];
  private readonly props: FluxAzureFederatedIdentityProps;
  private readonly azureCloud: AzureCloud;

  public constructor(scope: Construct, id: string, props: FluxAzureFederatedIdentityProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxAzureFederatedIdentity', props, {
      ...FEDERATION_OPTIONS,
      name: TEXT,
      resourceGroupName: TEXT,
      location: TEXT,
      tags: TEXT_MAP.optional,
    });
    const { name, resourceGroupName, location, tags, provider } = props;
    checkTrust(this, props);
    checkIdentityName(this, name);
    checkResourceGroup(this, resourceGroupName);
    checkLocation(this, location);
    this.props = props;
    this.azureCloud = props.azureCloud ?? AzureCloud.PUBLIC;
    this.serviceAccounts = [...props.serviceAccounts];

    const identity = new UserAssignedIdentity(this, 'Resource', { name, resourceGroupName, location, tags, provider });
    this.identityId = attributeOf(identity, 'id');
    this.clientId = attributeOf(identity, 'client_id');
    this.principalId = attributeOf(identity, 'principal_id');
    this.kubernetesUserName = this.principalId;
    this.tenantId = attributeOf(identity, 'tenant_id');
    this.credentialIds = federate(this, props, {
      parentId: this.identityId, resourceGroupName: attributeOf(identity, 'resource_group_name'), provider,
    });
  }

  /** Allows the identity to do something: see the permissions of each service, such as `AcrPermissions`. */
  public grant(id: string, permission: AzurePermission): Grant {
    const { principalId, tenantId, azureCloud, serviceAccounts, props: { provider } } = this;
    return grantTo(id, permission, { identity: this, kind: 'managed', principalId, tenantId, azureCloud, serviceAccounts, secrets: [], provider });
  }

  /** Whether a federated credential names the cluster. */
  public trusts(issuer: IClusterIssuer): boolean {
    return this.props.issuers.some((own) => sameIssuer(own, issuer));
  }

  /** What Flux must be told so that the service account signs in to this identity. */
  public fluxSettings(serviceAccount: FluxServiceAccount, context: FluxContext): FluxSettings {
    const { clientId, tenantId, azureCloud, props: { audience = AUDIENCE } } = this;
    return federatedSettings(serviceAccount, context, { clientId, tenantId, azureCloud, audience });
  }

  /** The ConfigMap of a private cloud; none in the others. */
  public fluxObjects(context: FluxContext): any[] {
    return environmentObjects(this.azureCloud, context);
  }
}
