import { Construct } from 'constructs';
import { FluxInstallationProps } from './flux-config';
import { FluxController } from '../core/flux-controller';
import { FluxModel } from './private/model/model';
import { INSTALLATION_OPTIONS } from './private/options';
import { argumentsOf, checkLockdown } from './private/render/arguments';
import { podParts, withoutEmpty } from './private/render/pod';
import { YamlTemplate } from './private/render/yaml';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { checkOptions } from '../core/shared/input/options';
import { ValidationError } from '../core/shared/input/validation-error';
import { byKey } from '../core/shared/sort';

/** Options of `FluxHelmValues`. */
export interface FluxHelmValuesProps extends FluxInstallationProps {}

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
 * @see https://github.com/fluxcd-community/helm-charts/tree/main/charts/flux2
 */
@allOrNothing
export class FluxHelmValues extends Construct {
  private readonly valuesByKey: { readonly [key: string]: object };
  private rendered?: string;

  public constructor(scope: Construct, id: string, props: FluxHelmValuesProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxHelmValues', props, INSTALLATION_OPTIONS);
    const model = new FluxModel(this, props);
    checkLockdown(this, model, props.lockdown);
    const args = argumentsOf(model, props.lockdown);
    const values: { [key: string]: object } = {};
    for (const controller of model.controllers) {
      const account = model.controllerAccounts.find((entry) => entry.account.fluxController === controller);
      if (account !== undefined && controller === FluxController.SOURCE_WATCHER) this.refuseWatcher();
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
    this.valuesByKey = values;
  }

  /** The values as YAML, for Terraform (`values` of `helm_release`). */
  public get yaml(): string {
    return this.rendered ??= YamlTemplate.text(this.valuesByKey);
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
