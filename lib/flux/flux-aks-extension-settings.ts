import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { FluxDeliveryProps } from './flux-delivery-props';
import { DeliveryBase, Told } from './private/delivery/delivery-base';
import { AccountModel } from './private/model/accounts';
import { FluxModel } from './private/model/model';
import { INSTALLATION } from './private/options';
import { ClusterKind } from '../core/cluster-issuer';
import { FluxController } from '../core/flux-controller';
import { FluxCloud } from '../core/flux-identity';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkOptions } from '../core/shared/input/options';
import { refuse, shown } from '../core/shared/input/validation-error';
import { isObjectLevel } from '../core/shared/kubernetes/service-accounts';
import { literal } from '../core/shared/terraform/text';

interface AzureIds {
  readonly clientId: string;
  readonly tenantId: string;
}

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
 * Guide: docs/flux/aks-extension.md
 *
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/tutorial-use-gitops-flux2#workload-identity-in-arc-enabled-kubernetes-clusters-and-aks-clusters
 */
@allOrNothing
export class FluxAksExtensionSettings extends DeliveryBase {
  /** @internal */
  public readonly _tells = Told.CONTROLLERS;
  private readonly model: FluxModel;

  public constructor(scope: Construct, id: string, props: FluxDeliveryProps) {
    super(scope, id);
    checkOptions(this, 'FluxAksExtensionSettings', props, { installation: INSTALLATION });
    const { issuer, namespace, lockdown } = props.installation;
    if (issuer.kind !== ClusterKind.AKS) {
      refuse(this, `the issuer "${issuer.node.path}" of a cluster of kind "${issuer.kind}".`, 'an issuer made by ClusterIssuer.aks',
        'elsewhere, Azure Arc included, controllers are told to mount their tokens, which the extension cannot do',
        'use FluxKustomization or FluxInstanceConfig for this cluster');
    }
    if (namespace !== NAMESPACE) {
      refuse(this, `namespace "${namespace}".`, `"${NAMESPACE}"`, 'the extension installs Flux there: Azure would refuse the tokens of its controllers',
        'leave `namespace` out of the installation, and of FluxServiceAccount.controller');
    }
    if (lockdown !== undefined) {
      refuse(this, 'an installation with a lockdown.', 'an installation without one',
        'the extension sets the flags by itself (`multiTenancy.enforce`, on unless it is set to false) and takes no others',
        'leave `lockdown` out, or install Flux with bootstrap or the Flux Operator');
    }
    this.model = props.installation._model;
    this._takeValues(props.installation._values);
    this._requireRendered('FluxAksExtensionSettings');
    this._join(props.installation, (account) => this.admit(account));
  }

  /** The settings, for Terraform. They are rendered at synthesis, with all that is added until then. */
  public get settings(): { [name: string]: string } {
    return Token.asStringMap(this._value('settings', () => literal(this.render()), () => this.render()));
  }

  private render(): { [name: string]: string } {
    const { model } = this;
    const [first] = model.controllerAccounts;
    if (first === undefined) {
      refuse(this, 'no identity.', 'one Azure identity of at least one controller', 'there would be nothing to set', 'add the identity to the installation');
    }
    // An account without an identity may still be one that Flux asks for the token of.
    model.objectAccounts.filter((account) => model.usesToken(account)).forEach((account) => this.refuseObjectLevel(account));
    const { clientId, tenantId } = this.azureIds(first);
    return {
      ...Object.fromEntries(OPTIONAL_CONTROLLERS.filter((controller) => model.controllers.includes(controller)).map((name) => [`${name}.enabled`, 'true'])),
      'workloadIdentity.azureClientId': clientId,
      'workloadIdentity.azureTenantId': tenantId,
      'workloadIdentity.enable': 'true',
    };
  }

  private admit(account: AccountModel): void {
    if (account.identities.length === 0) return;
    if (isObjectLevel(account.account)) this.refuseObjectLevel(account);
    const ids = this.azureIds(account);
    const others = this.model.controllerAccounts.map((other) => this.azureIds(other));
    if (others.some((other) => other.clientId !== ids.clientId || other.tenantId !== ids.tenantId)) {
      refuse(this, 'several Azure identities.', 'one Azure identity for all controllers', 'the extension takes one client ID',
        'make one identity for all controllers, or install Flux with bootstrap or the Flux Operator');
    }
  }

  private refuseObjectLevel({ account }: AccountModel): never {
    return refuse(this, `object-level service account "${account}".`, 'identities of controllers',
      'no documented setting of the extension switches object level on (github.com/Azure/AKS/issues/5714)',
      'install Flux with bootstrap or the Flux Operator');
  }

  private azureIds({ account, identities, annotations, env, tokens, mounts }: AccountModel): AzureIds {
    const controller = account.fluxController;
    if (!IDENTITY_CONTROLLERS.some((name) => name === controller)) {
      refuse(this, `${controller} in identity ${shown(identities[0].node.path)}.`, IDENTITY_CONTROLLERS.join(', '),
        'the extension gives no other controller an identity: it would reach nothing',
        `remove ${controller} from the identity, or install Flux with bootstrap or the Flux Operator`);
    }
    const other = identities.find(({ cloud }) => cloud !== FluxCloud.AZURE);
    const { [CLIENT_ID]: clientId, [TENANT_ID]: tenantId } = annotations;
    const onlyIds = other === undefined && env.length + tokens.length + mounts.length === 0;
    if (onlyIds && clientId !== undefined && tenantId !== undefined) return { clientId, tenantId };
    const identity = other ?? identities[0];
    return refuse(this, `identity ${shown(identity.node.path)} of ${account}.`, 'Azure identities by workload identity federation',
      'the extension takes a client ID and a tenant ID, and nothing else', 'install Flux with bootstrap or the Flux Operator to use this identity');
  }
}
