import { Construct } from 'constructs';
import { FluxPatchedInstallationProps } from './flux-config';
import { FluxPatch } from './flux-patch';
import { FluxModel } from './private/model/model';
import { PATCHED_INSTALLATION_OPTIONS } from './private/options';
import { allPatches } from './private/render/installation';
import { Patch } from './private/render/patches';
import { YamlTemplate } from './private/render/yaml';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { TEXTS } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';

/** Options of `FluxKustomization`. */
export interface FluxKustomizationProps extends FluxPatchedInstallationProps {
  /**
   * More resources of the kustomization, after `gotk-components.yaml` and `gotk-sync.yaml`, in this order.
   *
   * @default - none
   */
  readonly resources?: string[];
}

/**
 * The `kustomization.yaml` of a bootstrapped Flux: patches that tell each controller who it is in each cloud. Commit it to
 * `<cluster path>/flux-system/kustomization.yaml` of the bootstrap repository, beside `gotk-components.yaml` and `gotk-sync.yaml`,
 * or pass `yaml` to `kustomization_override` of `flux_bootstrap_git`.
 *
 * It makes no resources; conflicts between identities are errors when it is constructed.
 *
 * @see https://fluxcd.io/flux/installation/configuration/bootstrap-customization/
 */
@allOrNothing
export class FluxKustomization extends Construct {
  private readonly resources: string[];
  private readonly patches: Patch[];
  private readonly userPatches: FluxPatch[];
  private rendered?: string;

  public constructor(scope: Construct, id: string, props: FluxKustomizationProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxKustomization', props, { ...PATCHED_INSTALLATION_OPTIONS, resources: TEXTS.optional });
    this.resources = ['gotk-components.yaml', 'gotk-sync.yaml', ...props.resources ?? []];
    const model = new FluxModel(this, props);
    const { patches, userPatches } = allPatches(this, model, props);
    this.patches = patches;
    this.userPatches = userPatches;
  }

  /** The file, for Terraform: a value that only Terraform knows is put in at apply. */
  public get yaml(): string {
    return this.rendered ??= this.render();
  }

  private render(): string {
    const template = new YamlTemplate();
    const patches = [
      ...this.patches.map(({ target, patch }) => ({ target, patch: template.embed(patch) })),
      ...this.userPatches,
    ];
    return template.render([{
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: this.resources,
      ...(patches.length === 0 ? {} : { patches }),
    }]);
  }
}
