import { Construct } from 'constructs';
import { FluxConfigProps } from './flux-config';
import { CONFIG_OPTIONS, FluxModel } from './private/model';
import { patchesOf } from './private/patches';
import { YamlTemplate } from './private/yaml';
import { checkedScope } from '../core/shared/ids';
import { checkOptions } from '../core/shared/options';

/** Options of `FluxKustomization`. */
export interface FluxKustomizationProps extends FluxConfigProps {}

/**
 * The `kustomization.yaml` of a bootstrapped Flux: patches that tell each controller who it is in each cloud. Commit it to
 * `<cluster path>/flux-system/kustomization.yaml` of the bootstrap repository, beside `gotk-components.yaml` and `gotk-sync.yaml`.
 *
 * It makes no resources; conflicts between identities are errors when it is constructed.
 *
 * @see https://fluxcd.io/flux/installation/configuration/bootstrap-customization/
 */
export class FluxKustomization extends Construct {
  private readonly model: FluxModel;
  private rendered?: string;

  public constructor(scope: Construct, id: string, props: FluxKustomizationProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxKustomization', props, CONFIG_OPTIONS);
    this.model = new FluxModel(this, props);
  }

  /** The file, for Terraform: a value that only Terraform knows is put in at apply. */
  public get yaml(): string {
    return this.rendered ??= this.render();
  }

  private render(): string {
    const template = new YamlTemplate();
    const patches = patchesOf(this.model).map(({ target, patch }) => ({ target, patch: template.embed(patch) }));
    return template.render([{
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: ['gotk-components.yaml', 'gotk-sync.yaml'],
      ...(patches.length === 0 ? {} : { patches }),
    }]);
  }
}
