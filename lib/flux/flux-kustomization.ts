import { Construct } from 'constructs';
import { FluxDeliveryProps } from './flux-delivery-props';
import { FluxPatch } from './flux-patch';
import { FluxValues } from './flux-values';
import { DeliveryBase, Told } from './private/delivery/delivery-base';
import { requireNoUrlCredential } from './private/model/url-credentials';
import { INSTALLATION, PATCHES } from './private/options';
import { allPatches } from './private/render/installation';
import { requireNoTokens, substitutionPatches } from './private/render/substitution';
import { userPatches } from './private/render/user-patches';
import { YamlTemplate } from './private/render/yaml';
import { VALUES } from './private/values-option';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { TEXTS } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { escapedForFlux } from '../core/shared/terraform/flux-variables';

/** Options of `FluxKustomization`. */
export interface FluxKustomizationProps extends FluxDeliveryProps {
  /**
   * More resources of the kustomization, after `gotk-components.yaml` and `gotk-sync.yaml`, in this order. No URL with user and password.
   *
   * @default - none
   */
  readonly resources?: string[];
  /**
   * Patches of your own, applied after the library's, in this order.
   *
   * @default - none
   */
  readonly patches?: FluxPatch[];
  /**
   * Where values come in. Where any delivery has `FluxValues.SUBSTITUTED`, the Kustomization of Flux itself is told where values are, and
   * the CRD of Kustomizations, which holds something like variables, is left alone.
   *
   * @default - as the installation says
   */
  readonly values?: FluxValues;
}

/**
 * The `kustomization.yaml` of a bootstrapped Flux: patches that tell each controller who it is in each cloud. Commit it to
 * `<cluster path>/flux-system/kustomization.yaml` of the bootstrap repository, beside `gotk-components.yaml` and `gotk-sync.yaml`,
 * or pass `yaml` to `kustomization_override` of `flux_bootstrap_git`.
 *
 * It makes no resources.
 *
 * Guide: docs/flux/kustomization.md
 *
 * @see https://fluxcd.io/flux/installation/configuration/bootstrap-customization/
 */
@allOrNothing
export class FluxKustomization extends DeliveryBase {
  /** @internal */
  public readonly _tells = Told.CONTROLLERS;
  private readonly resources: string[];
  private readonly patches: FluxPatch[];

  public constructor(scope: Construct, id: string, props: FluxKustomizationProps) {
    super(scope, id);
    checkOptions(this, 'FluxKustomization', props, { installation: INSTALLATION, resources: TEXTS.optional, patches: PATCHES, values: VALUES });
    for (const url of props.resources ?? []) requireNoUrlCredential(this, 'resources', url, 'a GitRepository with `spec.secretRef`, whose manifests a Kustomization applies');
    this.resources = ['gotk-components.yaml', 'gotk-sync.yaml', ...props.resources ?? []];
    this.patches = userPatches(this, props.installation, props.patches);
    this._takeValues(props.values ?? props.installation._values);
    if (this._substitutes) requireNoTokens(this, this.patches);
    this._join(props.installation);
  }

  /** @internal */
  public override get _userPatches(): readonly FluxPatch[] {
    return this.patches;
  }

  /** The file, for Terraform. It is rendered at synthesis: what is added to the installation until then is in it. */
  public get yaml(): string {
    return this._text('yaml', () => this.render());
  }

  private render(): string {
    const template = YamlTemplate.forFlux();
    const model = this._rendered;
    const ours = [...allPatches(model), ...(this._anySubstitutes ? substitutionPatches(model) : [])];
    const patches = [
      ...ours.map(({ target, patch }) => ({ target, patch: template.embed(patch) })),
      ...(this._substitutes ? escapedForFlux(this.patches) : this.patches),
    ];
    return template.render([{
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: this.resources,
      ...(patches.length === 0 ? {} : { patches }),
    }]);
  }
}
