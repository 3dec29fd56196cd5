import { DataAzurermUserAssignedIdentity } from '@cdktf/provider-azurerm/lib/data-azurerm-user-assigned-identity';
import { Construct } from 'constructs';
import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxCloud, FluxContext, FluxSettings } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { Grant } from '../../../core/grant';
import { allOrNothing } from '../../../core/shared/input/all-or-nothing';
import { checkedScope } from '../../../core/shared/input/construct-ids';
import { TEXT } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import { sameIssuer } from '../../../core/shared/oidc/issuer-url';
import { AzureCloud } from '../../azure-cloud';
import type { AzurePermission } from '../../azure-permission';
import type {
  FluxAzureFederatedIdentityFromIdProps, FluxAzureFederatedIdentityLookupProps, FluxAzureFederationOptions, IFluxAzureFederatedIdentity,
} from '../../flux-azure-federated-identity';
import { checkIdentityName, checkIds, checkResourceGroup, resourceGroupOf } from '../forms/identity';
import { grantTo } from '../grant/grant-to';
import { FEDERATION_OPTIONS } from '../options';
import { AUDIENCE, environmentObjects, federatedSettings } from '../settings/flux-settings';
import { checkTrust, federate } from '../trust/federation';

/** What is known of a managed identity once it was found. */
interface Found {
  readonly identityId: string;
  readonly resourceGroupName: string;
  readonly clientId: string;
  readonly principalId: string;
  readonly tenantId: string;
}

/** A managed identity that somebody else owns, by data source. */
export function lookUpFederatedIdentity(scope: Construct, id: string, props: FluxAzureFederatedIdentityLookupProps): IFluxAzureFederatedIdentity {
  return new ExistingFederatedIdentity(scope, id, props, (at) => {
    checkOptions(at, 'FluxAzureFederatedIdentity.lookup', props, {
      ...FEDERATION_OPTIONS,
      name: TEXT,
      resourceGroupName: TEXT,
    });
    const { name, resourceGroupName, provider } = props;
    checkTrust(at, props);
    checkIdentityName(at, name);
    checkResourceGroup(at, resourceGroupName);
    const { id: identityId, clientId, principalId, tenantId } = new DataAzurermUserAssignedIdentity(at, 'Resource', { name, resourceGroupName, provider });
    return { identityId, resourceGroupName, clientId, principalId, tenantId };
  });
}

/** A managed identity that somebody else owns, by its IDs. */
export function federatedIdentityFromId(scope: Construct, id: string, props: FluxAzureFederatedIdentityFromIdProps): IFluxAzureFederatedIdentity {
  return new ExistingFederatedIdentity(scope, id, props, (at) => {
    checkOptions(at, 'FluxAzureFederatedIdentity.fromIdentityId', props, {
      ...FEDERATION_OPTIONS,
      identityId: TEXT,
      clientId: TEXT,
      principalId: TEXT,
      tenantId: TEXT,
    });
    checkTrust(at, props);
    checkIds(at, props);
    return { ...props, resourceGroupName: resourceGroupOf(at, props.identityId) };
  });
}

@allOrNothing
class ExistingFederatedIdentity extends Construct implements IFluxAzureFederatedIdentity {
  public readonly cloud = FluxCloud.AZURE;
  public readonly serviceAccounts: FluxServiceAccount[];
  public readonly identityId: string;
  public readonly clientId: string;
  public readonly principalId: string;
  public readonly kubernetesUserName: string;
  public readonly tenantId: string;
  public readonly credentialIds: string[];
  private readonly azureCloud: AzureCloud;

  public constructor(scope: Construct, id: string, private readonly props: FluxAzureFederationOptions, find: (at: Construct) => Found) {
    super(checkedScope(scope, id), id);
    const found = find(this);
    this.identityId = found.identityId;
    this.clientId = found.clientId;
    this.principalId = found.principalId;
    this.kubernetesUserName = found.principalId;
    this.tenantId = found.tenantId;
    this.azureCloud = props.azureCloud ?? AzureCloud.PUBLIC;
    this.serviceAccounts = [...props.serviceAccounts];
    this.credentialIds = federate(this, props, { parentId: found.identityId, resourceGroupName: found.resourceGroupName, provider: props.provider });
  }

  public grant(id: string, permission: AzurePermission): Grant {
    const { principalId, tenantId, azureCloud, serviceAccounts, props: { provider } } = this;
    return grantTo(id, permission, { identity: this, kind: 'managed', principalId, tenantId, azureCloud, serviceAccounts, secrets: [], provider });
  }

  public trusts(issuer: IClusterIssuer): boolean {
    return this.props.issuers.some((own) => sameIssuer(own, issuer));
  }

  public fluxSettings(serviceAccount: FluxServiceAccount, context: FluxContext): FluxSettings {
    const { clientId, tenantId, azureCloud, props: { audience = AUDIENCE } } = this;
    return federatedSettings(serviceAccount, context, { clientId, tenantId, azureCloud, audience });
  }

  public fluxObjects(context: FluxContext): any[] {
    return environmentObjects(this.azureCloud, context);
  }
}
