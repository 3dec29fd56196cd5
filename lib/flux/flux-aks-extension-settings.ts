import { Construct } from 'constructs';
import { FluxConfigProps } from './flux-config';
import { AccountModel, FluxModel } from './private/model/model';
import { CONFIG_OPTIONS } from './private/options';
import { ClusterKind } from '../core/cluster-issuer';
import { FluxController } from '../core/flux-controller';
import { FluxCloud } from '../core/flux-identity';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { checkOptions } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';

/** Options of `FluxAksExtensionSettings`. */
export interface FluxAksExtensionSettingsProps extends FluxConfigProps {}

const CLIENT_ID = 'azure.workload.identity/client-id';
const TENANT_ID = 'azure.workload.identity/tenant-id';
/** Controllers that the extension installs only when told to. */
const OPTIONAL_CONTROLLERS = [FluxController.IMAGE_AUTOMATION, FluxController.IMAGE_REFLECTOR];
/** Controllers that the extension gives its identity to. */
const IDENTITY_CONTROLLERS = [FluxController.SOURCE, FluxController.KUSTOMIZE, FluxController.NOTIFICATION, ...OPTIONAL_CONTROLLERS];
/** Where the extension installs Flux, always. */
const NAMESPACE = 'flux-system';

/**
 * Settings of the `microsoft.flux` extension of AKS (`configuration_settings` of `azurerm_kubernetes_cluster_extension`): one
 * Azure identity for its controllers, except helm-controller. Object level and other clouds are out of its reach, and it locks
 * tenants down by itself (`multiTenancy.enforce`).
 *
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/tutorial-use-gitops-flux2#workload-identity-in-arc-enabled-kubernetes-clusters-and-aks-clusters
 */
@allOrNothing
export class FluxAksExtensionSettings extends Construct {
  /** The settings. */
  public readonly settings: { [name: string]: string };

  public constructor(scope: Construct, id: string, props: FluxAksExtensionSettingsProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxAksExtensionSettings', props, CONFIG_OPTIONS);
    if (props.issuer.kind !== ClusterKind.AKS) {
      this.refuse(`the issuer "${props.issuer.node.path}" of a cluster of kind "${props.issuer.kind}"`, 'an issuer made by ClusterIssuer.aks',
        'elsewhere, Azure Arc included, controllers are told to mount their tokens, which the extension cannot do',
        'use FluxKustomization or FluxInstanceConfig for this cluster');
    }
    const model = new FluxModel(this, props);
    if (model.namespace !== NAMESPACE) {
      this.refuse(`namespace "${model.namespace}"`, `"${NAMESPACE}"`, 'the extension installs Flux there: Azure would refuse the tokens of its controllers',
        'leave `namespace` out, here and in FluxServiceAccount.controller');
    }
    const [objectAccount] = model.tokenAccounts;
    if (objectAccount !== undefined) {
      this.refuse(`object-level service account "${objectAccount.account}"`, 'identities of controllers',
        'no documented setting of the extension switches object level on (github.com/Azure/AKS/issues/5714)',
        'install Flux with bootstrap or the Flux Operator');
    }
    const [first, ...others] = model.controllerAccounts.map((account) => this.azureIds(account));
    if (first === undefined) {
      this.refuse('no identity', 'one Azure identity of at least one controller', 'there would be nothing to set', 'pass the identity in `identities`');
    }
    if (others.some((other) => other.clientId !== first.clientId || other.tenantId !== first.tenantId)) {
      this.refuse('several Azure identities', 'one Azure identity for all controllers', 'the extension takes one client ID',
        'make one identity for all controllers, or install Flux with bootstrap or the Flux Operator');
    }
    this.settings = {
      ...Object.fromEntries(OPTIONAL_CONTROLLERS.filter((controller) => model.controllers.includes(controller)).map((name) => [`${name}.enabled`, 'true'])),
      'workloadIdentity.azureClientId': first.clientId,
      'workloadIdentity.azureTenantId': first.tenantId,
      'workloadIdentity.enable': 'true',
    };
  }

  private azureIds({ account, identities, annotations, env, tokens, mounts }: AccountModel): { clientId: string; tenantId: string } {
    const controller = account.fluxController;
    if (!IDENTITY_CONTROLLERS.some((name) => name === controller)) {
      this.refuse(`${controller} in identity ${shown(identities[0].node.path)}`, IDENTITY_CONTROLLERS.join(', '),
        'the extension gives no other controller an identity: it would reach nothing',
        `remove ${controller} from the identity, or install Flux with bootstrap or the Flux Operator`);
    }
    const other = identities.find(({ cloud }) => cloud !== FluxCloud.AZURE);
    const { [CLIENT_ID]: clientId, [TENANT_ID]: tenantId } = annotations;
    const onlyIds = other === undefined && env.length + tokens.length + mounts.length === 0;
    if (onlyIds && clientId !== undefined && tenantId !== undefined) return { clientId, tenantId };
    const identity = other ?? identities[0];
    return this.refuse(`identity ${shown(identity.node.path)} of ${account}`, 'Azure identities by workload identity federation',
      'the extension takes a client ID and a tenant ID, and nothing else', 'install Flux with bootstrap or the Flux Operator to use this identity');
  }

  private refuse(given: string, allowed: string, why: string, fix: string): never {
    throw new ValidationError(this, { given: `${given}.`, allowed, why, fix });
  }
}
