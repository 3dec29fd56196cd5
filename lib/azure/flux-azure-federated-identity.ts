import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AzureCloud } from './azure-cloud';
import { IAzureIdentity } from './azure-identity';
import { AzurePermission } from './azure-permission';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Grant } from '../core/grant';
import { checkIdentityName, checkLocation, checkResourceGroup } from './private/forms/identity';
import { checkTags } from './private/forms/tags';
import { grantTo } from './private/grant/grant-to';
import { FederatedIdentityBase } from './private/identity/federated-identity-base';
import { federatedIdentityFromId, lookUpFederatedIdentity } from './private/identity/imported-federated-identity';
import { FEDERATION_OPTIONS } from './private/options';
import { claimName } from './private/policy/once-per-place';
import { checkTrust } from './private/trust/federation';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { TEXT, TEXT_MAP } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { lifecycleOf } from '../core/shared/terraform/check';
import { attributeOf } from '../core/shared/terraform/light-token';
import { newResource } from '../core/shared/terraform/new-resource';
import { literal } from '../core/shared/terraform/text';

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
export interface FluxAzureFederatedIdentityBaseProps {
  /** The clusters whose tokens the identity accepts; several for blue/green clusters. */
  readonly issuers: IClusterIssuer[];
  /** Who signs in to the identity; at least one. With the issuers at most 20 combinations. */
  readonly serviceAccounts: FluxServiceAccount[];
  /**
   * The audience that the federated credentials expect: for controllers outside AKS, and from Flux 2.10 for object-level accounts
   * everywhere. One, of at most 600 characters; may be a token.
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
   * The azurerm provider: of the subscription of the identity, because its federated credentials are made in the provider's.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** Options of `FluxAzureFederatedIdentity`. */
export interface FluxAzureFederatedIdentityProps extends FluxAzureFederatedIdentityBaseProps {
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
export interface FluxAzureFederatedIdentityLookupProps extends FluxAzureFederatedIdentityBaseProps {
  /** The name of the managed identity; may be a token. */
  readonly name: string;
  /** The resource group of the managed identity; may be a token. */
  readonly resourceGroupName: string;
}

/** Options of `FluxAzureFederatedIdentity.fromIdentityId`. */
export interface FluxAzureFederatedIdentityFromIdProps extends FluxAzureFederatedIdentityBaseProps {
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
 * Guide: docs/azure.md#trust
 *
 * @see https://fluxcd.io/flux/integrations/azure/#with-workload-identity-federation
 */
@allOrNothing
export class FluxAzureFederatedIdentity extends FederatedIdentityBase implements IFluxAzureFederatedIdentity {
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

  public constructor(scope: Construct, id: string, props: FluxAzureFederatedIdentityProps) {
    super(scope, id);
    checkOptions(this, 'FluxAzureFederatedIdentity', props, {
      ...FEDERATION_OPTIONS,
      name: TEXT,
      resourceGroupName: TEXT,
      location: TEXT,
      tags: TEXT_MAP.optional,
    });
    const { name, resourceGroupName, location, tags, provider } = props;
    checkTrust(this, props);
    const checks = [
      ...checkIdentityName(this, name), ...checkResourceGroup(this, resourceGroupName), ...checkLocation(this, location), ...checkTags(this, tags),
    ];
    claimName(this, {
      what: 'managed identity',
      name: `${resourceGroupName}/${name}`,
      provider,
      type: 'azurerm',
      why: 'Azure has one managed identity of a name in a resource group: the second apply fails, or both are one identity',
      fix: 'choose another name; for one identity of several accounts list them all in `serviceAccounts` of the first',
    });
    const identity = newResource(UserAssignedIdentity, this, 'Resource', { name, resourceGroupName, location, tags: literal(tags), provider, lifecycle: lifecycleOf(checks) });
    this._federate(props, {
      identityId: attributeOf(identity, 'id'),
      resourceGroupName: attributeOf(identity, 'resource_group_name'),
      clientId: attributeOf(identity, 'client_id'),
      principalId: attributeOf(identity, 'principal_id'),
      tenantId: attributeOf(identity, 'tenant_id'),
      checks: [],
    }, provider);
  }

  /** Allows the identity to do something: see the permissions of each service, such as `AcrPermissions`. */
  public grant(id: string, permission: AzurePermission): Grant {
    return grantTo(this, id, permission);
  }
}
