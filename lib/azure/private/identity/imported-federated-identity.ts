import { DataAzurermUserAssignedIdentity } from '@cdktf/provider-azurerm/lib/data-azurerm-user-assigned-identity';
import { Fn, Lazy, Op } from 'cdktf';
import { Construct } from 'constructs';
import { FederatedIdentityBase, ManagedIdentity } from './federated-identity-base';
import { Grant } from '../../../core/grant';
import { allOrNothing } from '../../../core/shared/input/all-or-nothing';
import { TEXT } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { lifecycleOf, TerraformCheck } from '../../../core/shared/terraform/check';
import { late } from '../../../core/shared/terraform/text-form';
import { argumentOf, hasToken } from '../../../core/shared/terraform/tokens';
import type { AzurePermission } from '../../azure-permission';
import type {
  FluxAzureFederatedIdentityFromIdProps, FluxAzureFederatedIdentityLookupProps, FluxAzureFederatedIdentityBaseProps, IFluxAzureFederatedIdentity,
} from '../../flux-azure-federated-identity';
import { checkIdentityName, checkIds, checkResourceGroup, identityPlace, IdentityPlace } from '../forms/identity';
import { grantTo } from '../grant/grant-to';
import { FEDERATION_OPTIONS } from '../options';
import { subscriptionOf } from '../policy/once-per-place';
import { checkTrust } from '../trust/federation';

/** A managed identity that somebody else owns, by data source. */
export function lookUpFederatedIdentity(scope: Construct, id: string, props: FluxAzureFederatedIdentityLookupProps): IFluxAzureFederatedIdentity {
  return new ImportedFederatedIdentity(scope, id, props, (at) => {
    checkOptions(at, 'FluxAzureFederatedIdentity.lookup', props, {
      ...FEDERATION_OPTIONS,
      name: TEXT,
      resourceGroupName: TEXT,
    });
    const { name, resourceGroupName, provider } = props;
    checkTrust(at, props);
    const lifecycle = lifecycleOf([...checkIdentityName(at, name), ...checkResourceGroup(at, resourceGroupName)]);
    const { id: identityId, clientId, principalId, tenantId } = new DataAzurermUserAssignedIdentity(at, 'Resource', { name, resourceGroupName, provider, lifecycle });
    return { identityId, resourceGroupName, clientId, principalId, tenantId, checks: [] };
  });
}

/** A managed identity that somebody else owns, by its IDs. */
export function federatedIdentityFromId(scope: Construct, id: string, props: FluxAzureFederatedIdentityFromIdProps): IFluxAzureFederatedIdentity {
  return new ImportedFederatedIdentity(scope, id, props, (at) => {
    checkOptions(at, 'FluxAzureFederatedIdentity.fromIdentityId', props, {
      ...FEDERATION_OPTIONS,
      identityId: TEXT,
      clientId: TEXT,
      principalId: TEXT,
      tenantId: TEXT,
    });
    checkTrust(at, props);
    const ids = checkIds(at, props);
    const place = identityPlace(at, props.identityId);
    const home = checkHome(at, place, props);
    // Once more when all is known: the provider may be made after the identity.
    const resourceGroupName = home.known ? place.resourceGroupName : Lazy.stringValue({
      produce: () => {
        checkHome(at, place, props);
        return place.resourceGroupName;
      },
    });
    const { clientId, principalId, tenantId } = props;
    return { identityId: place.identityId, resourceGroupName, clientId, principalId, tenantId, checks: [...ids, ...place.late, ...home.late] };
  });
}

/** Whether the provider's subscription is known by now, and what Terraform checks of it. */
interface Home {
  readonly known: boolean;
  readonly late: TerraformCheck[];
}

/** Refuses an identity of another subscription than the provider's, which is where azurerm makes credentials. */
function checkHome(at: Construct, { identityId, subscriptionId }: IdentityPlace, { provider }: FluxAzureFederatedIdentityBaseProps): Home {
  const own = subscriptionOf(at, provider);
  if (own === undefined) return { known: false, late: [] };
  const why = 'azurerm makes federated credentials in the provider\'s subscription: a namesake of the identity there would trust Flux';
  if (hasToken(own) || hasToken(subscriptionId)) {
    return { known: true, late: [late(at, Op.eq(Fn.lower(argumentOf(subscriptionId)), Fn.lower(argumentOf(own))), { what: 'identity ID', allowed: 'of the subscription of its azurerm provider', why })] };
  }
  if (own.toLowerCase() === subscriptionId.toLowerCase()) return { known: true, late: [] };
  throw new ValidationError(at, {
    given: `identity ${shown(identityId)} with an azurerm provider of subscription ${shown(own)}`,
    allowed: `a provider of subscription ${shown(subscriptionId)}`,
    why,
    fix: 'pass `provider`, an AzurermProvider with an alias and the `subscriptionId` of the identity',
  });
}

@allOrNothing
class ImportedFederatedIdentity extends FederatedIdentityBase {
  public constructor(scope: Construct, id: string, props: FluxAzureFederatedIdentityBaseProps, find: (at: Construct) => ManagedIdentity) {
    super(scope, id);
    this._federate(props, find(this), props.provider);
  }

  public grant(id: string, permission: AzurePermission): Grant {
    return grantTo(this, id, permission);
  }
}
