import { DataAzurermKubernetesCluster } from '@cdktf/provider-azurerm/lib/data-azurerm-kubernetes-cluster';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AzureCloud } from './azure-cloud';
import { AzurePermission } from './azure-permission';
import { ClusterKind, IClusterIssuer } from '../core/cluster-issuer';
import { FluxController } from '../core/flux-controller';
import { FluxContext, FluxSettings } from '../core/flux-identity';
import { FluxNodeUse } from '../core/flux-node-use';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Grant } from '../core/grant';
import { checkClusterName, checkIds, checkResourceGroup } from './private/forms/identity';
import { grantTo } from './private/grant/grant-to';
import { AzurePrincipal } from './private/grant/grantee';
import { AzureIdentityBase } from './private/identity/azure-identity-base';
import { AZURE_CLOUD } from './private/options';
import { nodeSettings } from './private/settings/flux-settings';
import { IdentityTrust } from '../core/shared/flux/identity-base';
import { CredentialKind } from '../core/shared/flux/service';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { ISSUER, NODE_USE, SERVICE_ACCOUNTS } from '../core/shared/input/common-options';
import { OptionShapes, PROVIDER, TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';
import { checkServiceAccounts } from '../core/shared/kubernetes/service-accounts';
import { sameIssuer } from '../core/shared/oidc/issuer-url';
import { lifecycleOf, TerraformCheck } from '../core/shared/terraform/check';

/** Options that every kubelet identity has. */
export interface FluxAzureKubeletIdentityBaseProps {
  /** The AKS cluster that Flux runs in. */
  readonly issuer: IClusterIssuer;
  /** The controllers that use it: those that pull from registries, source-controller and image-reflector-controller; with `use` any. */
  readonly serviceAccounts: FluxServiceAccount[];
  /**
   * What the nodes may be granted: by default what Flux tests, which is pulling from container registries.
   *
   * @default FluxNodeUse.TESTED
   */
  readonly use?: FluxNodeUse;
  /**
   * The Azure cloud.
   *
   * @default AzureCloud.PUBLIC
   */
  readonly azureCloud?: AzureCloud;
  /**
   * The azurerm provider for role assignments, and for the lookup.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** Options of `FluxAzureKubeletIdentity.fromIds`. */
export interface FluxAzureKubeletIdentityFromIdsProps extends FluxAzureKubeletIdentityBaseProps {
  /** The object ID of the kubelet identity (`kubelet_identity[0].object_id` of the cluster); may be a token. */
  readonly principalId: string;
  /** The client ID of the kubelet identity (`kubelet_identity[0].client_id` of the cluster); may be a token. */
  readonly clientId: string;
}

/** Options of `FluxAzureKubeletIdentity.lookup`. */
export interface FluxAzureKubeletIdentityLookupProps extends FluxAzureKubeletIdentityBaseProps {
  /** The name of the AKS cluster; may be a token. */
  readonly clusterName: string;
  /** The resource group of the AKS cluster; may be a token. */
  readonly resourceGroupName: string;
}

interface Ids {
  /** What Terraform checks of them. */
  readonly checks: readonly TerraformCheck[];
  readonly principalId: string;
  readonly clientId: string;
}

const COMMON: OptionShapes<FluxAzureKubeletIdentityBaseProps> = {
  use: NODE_USE.optional,
  issuer: ISSUER,
  serviceAccounts: SERVICE_ACCOUNTS,
  azureCloud: AZURE_CLOUD.optional,
  provider: PROVIDER.optional,
};
const PULLING: readonly FluxController[] = [FluxController.SOURCE, FluxController.IMAGE_REFLECTOR];

/**
 * The identity of an AKS cluster's nodes, with which they pull images: for container registries only, and every pod of the
 * nodes has its permissions. Controllers are told its client ID, because nodes may carry several identities.
 *
 * Guide: docs/concepts.md
 *
 * @see https://fluxcd.io/flux/integrations/azure/#at-the-node-level
 */
@allOrNothing
export class FluxAzureKubeletIdentity extends AzureIdentityBase {
  /** The kubelet identity of a cluster, by data source. */
  public static lookup(scope: Construct, id: string, props: FluxAzureKubeletIdentityLookupProps): FluxAzureKubeletIdentity {
    return new FluxAzureKubeletIdentity(scope, id, props, (at) => {
      checkOptions(at, 'FluxAzureKubeletIdentity.lookup', props, {
        ...COMMON,
        clusterName: TEXT,
        resourceGroupName: TEXT,
      });
      const { clusterName: name, resourceGroupName, provider } = props;
      const lifecycle = lifecycleOf([...checkClusterName(at, name), ...checkResourceGroup(at, resourceGroupName)]);
      const cluster = new DataAzurermKubernetesCluster(at, 'Resource', { name, resourceGroupName, provider, lifecycle });
      const { objectId: principalId, clientId } = cluster.kubeletIdentity.get(0);
      return { principalId, clientId, checks: [] };
    });
  }

  /** The kubelet identity of a cluster, by its IDs: of a cluster made in the same app, or plain ones. */
  public static fromIds(scope: Construct, id: string, props: FluxAzureKubeletIdentityFromIdsProps): FluxAzureKubeletIdentity {
    return new FluxAzureKubeletIdentity(scope, id, props, (at) => {
      checkOptions(at, 'FluxAzureKubeletIdentity.fromIds', props, {
        ...COMMON,
        principalId: TEXT,
        clientId: TEXT,
      });
      return { ...props, checks: checkIds(at, props) };
    });
  }

  /** The controllers that use it. */
  public readonly serviceAccounts: FluxServiceAccount[];
  /** The object ID. */
  public readonly principalId: string;
  /** The client ID. */
  public readonly clientId: string;
  /** @internal */
  public readonly _credential = CredentialKind.NODE;
  /** @internal */
  public readonly _trust: readonly IdentityTrust[] = [];
  /** @internal */
  public readonly _principal: AzurePrincipal;

  private constructor(scope: Construct, id: string, private readonly props: FluxAzureKubeletIdentityBaseProps, find: (at: Construct) => Ids) {
    super(scope, id);
    const { principalId, clientId, checks } = find(this);
    checkHolders(this, props);
    const { azureCloud = AzureCloud.PUBLIC, provider } = props;
    this.serviceAccounts = [...props.serviceAccounts];
    this.principalId = principalId;
    this.clientId = clientId;
    this._principal = { principalId, azureCloud, provider, checks: [...checks, ...azureCloud._checks(this)] };
  }

  /** @internal */
  public get _takesUntested(): boolean {
    return this.props.use === FluxNodeUse.UNTESTED;
  }

  /** Allows the identity to do something: `AcrPermissions` only, with `use` also the rest. */
  public grant(id: string, permission: AzurePermission): Grant {
    return grantTo(this, id, permission);
  }

  /** Whether it is the cluster whose nodes carry the identity. */
  public trusts(issuer: IClusterIssuer): boolean {
    return sameIssuer(this.props.issuer, issuer);
  }

  /** What Flux must be told so that the controller signs in as the nodes do. */
  public fluxSettings(_serviceAccount: FluxServiceAccount, _context: FluxContext): FluxSettings {
    return nodeSettings(this.clientId, this._principal.azureCloud);
  }
}

function checkHolders(at: Construct, { issuer, serviceAccounts, use }: FluxAzureKubeletIdentityBaseProps): void {
  checkServiceAccounts(at, serviceAccounts);
  if (issuer.kind !== ClusterKind.AKS) {
    throw new ValidationError(at, {
      given: `issuer "${issuer.node.path}" of a cluster that is not AKS`,
      allowed: 'an AKS cluster (ClusterIssuer.aks)',
      why: 'only nodes of AKS carry an identity of Azure that their pods can use',
      fix: 'use FluxAzureFederatedIdentity on other clusters',
    });
  }
  const untested = use === FluxNodeUse.UNTESTED;
  const other = serviceAccounts.find(({ fluxController }) => fluxController === undefined || (!untested && !PULLING.includes(fluxController)));
  if (other === undefined) return;
  throw new ValidationError(at, {
    given: `service account ${shown(String(other))} of a kubelet identity`,
    allowed: untested ? 'controllers' : `the controllers ${PULLING.join(' and ')}`,
    why: 'Flux tests the identity of the nodes with container registries only, and the nodes know no service accounts',
    fix: 'use FluxAzureFederatedIdentity for it; or, for another controller, take what is untested with `use: FluxNodeUse.UNTESTED`',
  });
}
