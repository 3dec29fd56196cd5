import { DataAzurermKubernetesCluster } from '@cdktf/provider-azurerm/lib/data-azurerm-kubernetes-cluster';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AzureCloud } from './azure-cloud';
import { IAzureIdentity } from './azure-identity';
import { AzurePermission } from './azure-permission';
import { ClusterKind, IClusterIssuer } from '../core/cluster-issuer';
import { FluxController } from '../core/flux-controller';
import { FluxCloud, FluxContext, FluxSettings } from '../core/flux-identity';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Grant } from '../core/grant';
import { checkIds, checkResourceGroup } from './private/forms/identity';
import { grantTo } from './private/grant/grant-to';
import { AZURE_CLOUD } from './private/options';
import { environmentObjects, nodeSettings } from './private/settings/flux-settings';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { ISSUER, SERVICE_ACCOUNTS } from '../core/shared/input/common-options';
import { checkedScope } from '../core/shared/input/construct-ids';
import { OptionShapes, PROVIDER, TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';
import { checkServiceAccounts } from '../core/shared/kubernetes/service-accounts';
import { sameIssuer } from '../core/shared/oidc/issuer-url';

/** Options that every kubelet identity has. */
export interface FluxAzureKubeletIdentityOptions {
  /** The AKS cluster that Flux runs in. */
  readonly issuer: IClusterIssuer;
  /** The controllers that use it: those that pull from registries, source-controller and image-reflector-controller. */
  readonly serviceAccounts: FluxServiceAccount[];
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
export interface FluxAzureKubeletIdentityFromIdsProps extends FluxAzureKubeletIdentityOptions {
  /** The object ID of the kubelet identity (`kubelet_identity[0].object_id` of the cluster); may be a token. */
  readonly principalId: string;
  /** The client ID of the kubelet identity (`kubelet_identity[0].client_id` of the cluster); may be a token. */
  readonly clientId: string;
}

/** Options of `FluxAzureKubeletIdentity.lookup`. */
export interface FluxAzureKubeletIdentityLookupProps extends FluxAzureKubeletIdentityOptions {
  /** The name of the AKS cluster; may be a token. */
  readonly clusterName: string;
  /** The resource group of the AKS cluster; may be a token. */
  readonly resourceGroupName: string;
}

interface Ids {
  readonly principalId: string;
  readonly clientId: string;
}

const COMMON: OptionShapes<FluxAzureKubeletIdentityOptions> = {
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
 * @see https://fluxcd.io/flux/integrations/azure/#at-the-node-level
 */
@allOrNothing
export class FluxAzureKubeletIdentity extends Construct implements IAzureIdentity {
  /** The kubelet identity of a cluster, by data source. */
  public static lookup(scope: Construct, id: string, props: FluxAzureKubeletIdentityLookupProps): FluxAzureKubeletIdentity {
    return new FluxAzureKubeletIdentity(scope, id, props, (at) => {
      checkOptions(at, 'FluxAzureKubeletIdentity.lookup', props, {
        ...COMMON,
        clusterName: TEXT,
        resourceGroupName: TEXT,
      });
      const { clusterName: name, resourceGroupName, provider } = props;
      checkResourceGroup(at, resourceGroupName);
      const cluster = new DataAzurermKubernetesCluster(at, 'Resource', { name, resourceGroupName, provider });
      const { objectId: principalId, clientId } = cluster.kubeletIdentity.get(0);
      return { principalId, clientId };
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
      checkIds(at, props);
      return props;
    });
  }

  /** The cloud this identity lives in. */
  public readonly cloud = FluxCloud.AZURE;
  /** The controllers that use it. */
  public readonly serviceAccounts: FluxServiceAccount[];
  /** The object ID. */
  public readonly principalId: string;
  /** The client ID. */
  public readonly clientId: string;
  /** The user name in the Kubernetes RBAC of AKS clusters: the principal ID. */
  public readonly kubernetesUserName: string;
  private readonly azureCloud: AzureCloud;

  private constructor(scope: Construct, id: string, private readonly props: FluxAzureKubeletIdentityOptions, find: (at: Construct) => Ids) {
    super(checkedScope(scope, id), id);
    const { principalId, clientId } = find(this);
    checkUse(this, props);
    this.azureCloud = props.azureCloud ?? AzureCloud.PUBLIC;
    this.serviceAccounts = [...props.serviceAccounts];
    this.principalId = principalId;
    this.clientId = clientId;
    this.kubernetesUserName = principalId;
  }

  /** Allows the identity to do something: `AcrPermissions` only. */
  public grant(id: string, permission: AzurePermission): Grant {
    const { principalId, azureCloud, serviceAccounts, props: { provider } } = this;
    return grantTo(id, permission, { identity: this, kind: 'kubelet', principalId, azureCloud, serviceAccounts, secrets: [], provider });
  }

  /** Whether it is the cluster whose nodes carry the identity. */
  public trusts(issuer: IClusterIssuer): boolean {
    return sameIssuer(this.props.issuer, issuer);
  }

  /** What Flux must be told so that the controller signs in as the nodes do. */
  public fluxSettings(_serviceAccount: FluxServiceAccount, _context: FluxContext): FluxSettings {
    return nodeSettings(this.clientId, this.azureCloud);
  }

  /** The ConfigMap of a private cloud; none in the others. */
  public fluxObjects(context: FluxContext): any[] {
    return environmentObjects(this.azureCloud, context);
  }
}

function checkUse(at: Construct, { issuer, serviceAccounts }: FluxAzureKubeletIdentityOptions): void {
  checkServiceAccounts(at, serviceAccounts);
  if (issuer.kind !== ClusterKind.AKS) {
    throw new ValidationError(at, {
      given: `issuer "${issuer.node.path}" of a cluster that is not AKS`,
      allowed: 'an AKS cluster (ClusterIssuer.aks)',
      why: 'only nodes of AKS carry an identity of Azure that their pods can use',
      fix: 'use FluxAzureFederatedIdentity on other clusters',
    });
  }
  const other = serviceAccounts.find(({ fluxController }) => fluxController === undefined || !PULLING.includes(fluxController));
  if (other === undefined) return;
  throw new ValidationError(at, {
    given: `service account ${shown(String(other))} of a kubelet identity`,
    allowed: `the controllers ${PULLING.join(' and ')}`,
    why: 'Flux supports the identity of the nodes for container registries only, and the nodes know no service accounts',
    fix: 'use FluxAzureFederatedIdentity for it',
  });
}
