import { Construct } from 'constructs';
import { AzureCloud } from './azure-cloud';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxCloud, FluxContext, FluxSettings, IFluxIdentity } from '../core/flux-identity';
import { FluxServiceAccount } from '../core/flux-service-account';
import { AZURE_CLOUD } from './private/options';
import { cloudSettings, environmentObjects } from './private/settings/flux-settings';
import { FluxIdentityBase, IdentityTrust } from '../core/shared/flux/identity-base';
import { CredentialKind } from '../core/shared/flux/service';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { SERVICE_ACCOUNTS } from '../core/shared/input/common-options';
import { checkOptions } from '../core/shared/input/options';
import { ValidationError } from '../core/shared/input/validation-error';
import { checkServiceAccounts, isObjectLevel } from '../core/shared/kubernetes/service-accounts';

/** Options of `FluxAzureEnvironment`. */
export interface FluxAzureEnvironmentProps {
  /** The Azure cloud; another than the public one. */
  readonly azureCloud: AzureCloud;
  /** The controllers that act for object-level identities and have no identity in Azure themselves. */
  readonly serviceAccounts: FluxServiceAccount[];
}

/**
 * Tells controllers which Azure cloud they are in, and nothing else: for object-level identities outside the public cloud,
 * which sign in where the controller that acts for them does. A controller with an identity in Azure of its own is told by
 * that identity's `azureCloud`.
 *
 * It is added to the installation among the identities, but is nobody: nothing can be granted to it.
 *
 * Guide: docs/azure.md#other-clouds
 *
 * @see https://fluxcd.io/flux/integrations/azure/#supported-azure-clouds
 */
@allOrNothing
export class FluxAzureEnvironment extends FluxIdentityBase implements IFluxIdentity {
  /** The cloud it tells of. */
  public readonly cloud = FluxCloud.AZURE;
  /** The controllers that are told. */
  public readonly serviceAccounts: FluxServiceAccount[];
  /** @internal */
  public readonly _credential = CredentialKind.WORKLOAD_IDENTITY;
  /** @internal */
  public readonly _principals: readonly string[] = [];
  /** @internal */
  public readonly _trust: readonly IdentityTrust[] = [];
  private readonly azureCloud: AzureCloud;

  public constructor(scope: Construct, id: string, props: FluxAzureEnvironmentProps) {
    super(scope, id);
    checkOptions(this, 'FluxAzureEnvironment', props, {
      azureCloud: AZURE_CLOUD,
      serviceAccounts: SERVICE_ACCOUNTS,
    });
    checkServiceAccounts(this, props.serviceAccounts);
    const object = props.serviceAccounts.find(isObjectLevel);
    if (object !== undefined) {
      throw new ValidationError(this, {
        given: `object-level service account "${object}" of a FluxAzureEnvironment`,
        allowed: 'FluxServiceAccount.controller(...)',
        why: 'object-level identities sign in where the controller that acts for them does: only its environment tells the cloud',
        fix: 'pass the controllers whose objects name the service account, for example FluxController.SOURCE',
      });
    }
    if (props.azureCloud === AzureCloud.PUBLIC) {
      throw new ValidationError(this, {
        given: 'AzureCloud.PUBLIC of a FluxAzureEnvironment',
        allowed: 'AzureCloud.US_GOVERNMENT, AzureCloud.CHINA or AzureCloud.custom(...)',
        why: 'controllers are in the public cloud unless they are told otherwise',
        fix: 'pass the cloud, or leave the construct out',
      });
    }
    this.azureCloud = props.azureCloud;
    this.serviceAccounts = [...props.serviceAccounts];
  }

  /** Always: it trusts nobody and is trusted by nobody. */
  public trusts(_issuer: IClusterIssuer): boolean {
    return true;
  }

  /** Where the controller signs in, and the environment file of a private cloud. */
  public fluxSettings(_serviceAccount: FluxServiceAccount, _context: FluxContext): FluxSettings {
    return cloudSettings(this.azureCloud);
  }

  /** The ConfigMap of a private cloud; none in the others. */
  public fluxObjects(context: FluxContext): any[] {
    return environmentObjects(this.azureCloud, context);
  }
}
