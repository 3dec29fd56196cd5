import { Construct } from 'constructs';
import { FluxDeliveryProps } from './flux-delivery-props';
import { DeliveryBase, Told } from './private/delivery/delivery-base';
import { FluxModel } from './private/model/model';
import { INSTALLATION } from './private/options';
import { FluxController } from '../core/flux-controller';
import { argumentsOf } from './private/render/arguments';
import { podParts, withoutEmpty } from './private/render/pod';
import { YamlTemplate } from './private/render/yaml';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkOptions } from '../core/shared/input/options';
import { ValidationError } from '../core/shared/input/validation-error';
import { byKey } from '../core/shared/sort';

/** What the chart calls each controller. */
const KEYS: { readonly [controller: string]: string } = {
  [FluxController.SOURCE]: 'sourceController',
  [FluxController.KUSTOMIZE]: 'kustomizeController',
  [FluxController.HELM]: 'helmController',
  [FluxController.NOTIFICATION]: 'notificationController',
  [FluxController.IMAGE_REFLECTOR]: 'imageReflectionController',
  [FluxController.IMAGE_AUTOMATION]: 'imageAutomationController',
  [FluxController.SOURCE_WATCHER]: 'sourceWatcher',
};

/**
 * Values for the community's `flux2` Helm chart (verified up to 2.19.0): who each controller is in each cloud, object level and
 * lockdown.
 *
 * For object level the chart gives the controllers no right to ask for tokens: apply what `FluxManifests` renders. The chart
 * installs no Kustomization of its own, so with a lockdown set `spec.serviceAccountName: kustomize-controller` on the one
 * that applies the platform.
 *
 * Guide: docs/flux/helm-chart.md
 *
 * @see https://github.com/fluxcd-community/helm-charts/tree/main/charts/flux2
 */
@allOrNothing
export class FluxHelmValues extends DeliveryBase {
  /** @internal */
  public readonly _tells = Told.CONTROLLERS;
  private readonly model: FluxModel;

  public constructor(scope: Construct, id: string, props: FluxDeliveryProps) {
    super(scope, id);
    checkOptions(this, 'FluxHelmValues', props, { installation: INSTALLATION });
    this._takeValues(props.installation._values);
    this._requireRendered('FluxHelmValues');
    this.model = this._join(props.installation, ({ account }) => {
      if (account.fluxController === FluxController.SOURCE_WATCHER) this.refuseWatcher();
    });
  }

  /** The values as YAML, for Terraform (`values` of `helm_release`). They are rendered at synthesis, with all that is added until then. */
  public get yaml(): string {
    return this._text('yaml', () => YamlTemplate.text(this.values()));
  }

  private values(): object {
    const { model } = this;
    const args = argumentsOf(model);
    const values: { [key: string]: object } = {};
    for (const controller of model.controllers) {
      const account = model.controllerAccounts.find((entry) => entry.account.fluxController === controller);
      const { labels = {}, annotations = {}, env = [], volumes = [], volumeMounts = [] } = account === undefined ? {} : podParts(account);
      const own = withoutEmpty({
        serviceAccount: withoutEmpty({ annotations: byKey(account?.annotations ?? {}) }),
        labels,
        annotations,
        extraEnv: env,
        volumes,
        volumeMounts,
        container: withoutEmpty({ additionalArgs: args.find((entry) => entry.controller === controller)?.args ?? [] }),
      });
      if (Object.keys(own).length > 0) values[KEYS[controller]] = own;
    }
    return values;
  }

  private refuseWatcher(): never {
    throw new ValidationError(this, {
      given: 'an identity of source-watcher.',
      allowed: 'identities of the other controllers',
      why: 'the chart runs source-watcher as the account "source-watcher-controller", which no cloud was told to trust',
      fix: 'install Flux with bootstrap or the Flux Operator, or remove source-watcher from the identity (ArtifactGenerators need no cloud access)',
    });
  }
}
