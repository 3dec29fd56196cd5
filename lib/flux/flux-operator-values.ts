import { Construct } from 'constructs';
import { FluxDeliveryProps } from './flux-delivery-props';
import { DeliveryBase, Told } from './private/delivery/delivery-base';
import { FluxModel } from './private/model/model';
import { INSTALLATION } from './private/options';
import { podParts, withoutEmpty } from './private/render/pod';
import { YamlTemplate } from './private/render/yaml';
import { FLUX_OPERATOR } from '../core/shared/flux/operator';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkOptions } from '../core/shared/input/options';

/**
 * Values of the flux-operator chart: who the operator itself is in the clouds (identities of `FluxServiceAccount.operator()`), and
 * what tenants are kept from. The release must be called `flux-operator`: the chart names the account after it.
 *
 * Under every lockdown a ResourceSet that names no account is applied as `flux-operator` of its own namespace, and under one that
 * covers clouds a ResourceSetInputProvider that names none asks for credentials as that. Only where the operator runs there is such
 * an account: elsewhere both stop. Without it whoever may create a ResourceSet (the chart lets `admin` and `edit`) is cluster-admin.
 * An operator that was installed otherwise takes the same as DEFAULT_SERVICE_ACCOUNT and DEFAULT_WORKLOAD_IDENTITY_SERVICE_ACCOUNT in
 * its environment.
 *
 * The chart puts annotations and labels on all of its objects; Kubernetes and the clouds read only those of the account and its pods.
 *
 * Guide: docs/flux/flux-operator.md
 *
 * @see https://fluxoperator.dev/docs/crd/resourceset/#role-based-access-control
 */
@allOrNothing
export class FluxOperatorValues extends DeliveryBase {
  /** @internal */
  public readonly _tells = Told.OPERATOR;
  private readonly model: FluxModel;

  public constructor(scope: Construct, id: string, props: FluxDeliveryProps) {
    super(scope, id);
    checkOptions(this, 'FluxOperatorValues', props, { installation: INSTALLATION });
    this._takeValues(props.installation._values);
    this._requireRendered('FluxOperatorValues');
    this.model = this._join(props.installation);
  }

  /** The values as YAML, for Terraform (`values` of `helm_release`). They are rendered at synthesis, with all that is added until then. */
  public get yaml(): string {
    return this._text('yaml', () => YamlTemplate.text(this.values()));
  }

  /** @internal */
  public override get _byOperator(): boolean {
    return true;
  }

  private values(): object {
    const { operatorAccount: account, lockdown } = this.model;
    const { labels = {}, annotations = {}, env = [], volumes = [], volumeMounts = [] } = account === undefined ? {} : podParts(account);
    return withoutEmpty({
      commonAnnotations: { ...account?.annotations, ...annotations },
      commonLabels: labels,
      extraEnvs: env,
      extraVolumes: volumes,
      extraVolumeMounts: volumeMounts,
      multitenancy: {
        ...(lockdown === undefined ? {} : { enabled: true, defaultServiceAccount: FLUX_OPERATOR }),
        ...(lockdown?.coversClouds !== true ? {} : { enabledForWorkloadIdentity: true, defaultWorkloadIdentityServiceAccount: FLUX_OPERATOR }),
      },
    });
  }
}
