import { IResolvable } from 'cdktf';
import { Construct } from 'constructs';
import { FluxDeliveryProps } from './flux-delivery-props';
import type { FluxInstallation } from './flux-installation';
import { FluxPatch } from './flux-patch';
import { FluxValues } from './flux-values';
import { FluxController } from '../core/flux-controller';
import { DeliveryBase, Told } from './private/delivery/delivery-base';
import { FluxModel } from './private/model/model';
import { checkInstanceSpec } from './private/operator/instance-spec';
import { INSTALLATION, PATCHES } from './private/options';
import { argumentsOf } from './private/render/arguments';
import { argumentPatches, identityPatches, Patch, tokenRightsPatches } from './private/render/patches';
import { withoutEmpty } from './private/render/pod';
import { requireNoTokens, syncPatch } from './private/render/substitution';
import { userPatches } from './private/render/user-patches';
import { YamlTemplate } from './private/render/yaml';
import { VALUES } from './private/values-option';
import { WarningId } from '../core/shared/flux/warning-ids';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { OPTIONS } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { escapedForFlux } from '../core/shared/terraform/flux-variables';
import { literal } from '../core/shared/terraform/text';

const SYNC_KINDS = ['Kustomization', 'GitRepository', 'OCIRepository', 'Bucket'];

/** Options of `FluxInstanceConfig`. */
export interface FluxInstanceConfigProps extends FluxDeliveryProps {
  /**
   * Patches of your own, applied after the library's, in this order.
   *
   * @default - none
   */
  readonly patches?: FluxPatch[];
  /**
   * The rest of the FluxInstance's `spec`: `distribution`, `sync`, `storage`, `sharding`, `cluster.size` and so on. What this
   * library renders (`components`, `kustomize`, the tenancy fields of `cluster`) is refused here.
   *
   * @default - the upstream distribution of `version`
   */
  readonly spec?: { readonly [field: string]: any };
  /**
   * Where values come in. With `FluxValues.SUBSTITUTED`, for a FluxInstance in Git, only `yaml` can be used.
   *
   * @default - as the installation says
   */
  readonly values?: FluxValues;
}

/**
 * What the Flux Operator must be told of this Flux: a FluxInstance, whole or in parts. (Who the operator itself is, and what it is
 * kept from, are values of its chart: `FluxOperatorValues`.)
 *
 * Object level and lockdown are fields of `spec.cluster`; the feature gate is never patched, because the operator sets it itself.
 * All is rendered at synthesis, with what is added to the installation until then.
 *
 * Guide: docs/flux/flux-operator.md
 *
 * @see https://fluxoperator.dev/docs/crd/fluxinstance/
 */
@allOrNothing
export class FluxInstanceConfig extends DeliveryBase {
  /** @internal */
  public readonly _tells = Told.CONTROLLERS;
  private readonly model: FluxModel;
  private readonly patches: FluxPatch[];
  private readonly spec: { readonly [field: string]: any };

  public constructor(scope: Construct, id: string, props: FluxInstanceConfigProps) {
    super(scope, id);
    checkOptions(this, 'FluxInstanceConfig', props, { installation: INSTALLATION, patches: PATCHES, spec: OPTIONS.optional, values: VALUES });
    this.patches = userPatches(this, props.installation, props.patches);
    this.spec = checkInstanceSpec(this, props.installation.version, props.spec ?? {});
    this.warnOfNamespaces(props.installation);
    this._takeValues(props.values ?? props.installation._values);
    if (this._substitutes) requireNoTokens(this, { patches: this.patches, spec: this.spec });
    this.model = this._join(props.installation);
  }

  /** @internal */
  public override get _userPatches(): readonly FluxPatch[] {
    return this.patches;
  }

  /** The whole FluxInstance as YAML, for Terraform (`instance_yaml` of the flux-operator-bootstrap module). */
  public get yaml(): string {
    return this._text('yaml', () => {
      const template = YamlTemplate.forFlux();
      return template.render([this.object((patch) => template.embed(patch), this._substitutes ? escapedForFlux : undefined)]);
    });
  }

  /** The whole FluxInstance as a structure, for Terraform (`kubernetes_manifest`). */
  public get manifest(): IResolvable {
    this._requireRendered('manifest');
    return this._value('manifest', () => this.escaped(), () => this.raw());
  }

  /**
   * Only the parts of `spec` that identities and lockdown come to, `cluster` and `kustomize`, as a structure for Terraform: for an
   * instance that is written elsewhere (`instance` of the flux-instance chart's values).
   */
  public get parts(): IResolvable {
    const partsOf = ({ spec: { cluster, kustomize } }: any) => withoutEmpty({ cluster, kustomize });
    this._requireRendered('parts');
    return this._value('parts', () => partsOf(this.escaped()), () => partsOf(this.raw()));
  }

  /** @internal */
  public override get _byOperator(): boolean {
    return true;
  }

  private escaped(): any {
    return this.object((patch) => YamlTemplate.text(patch), literal);
  }

  private raw(): any {
    return this.object((patch) => YamlTemplate.value(patch));
  }

  private object(serialize: (patch: unknown) => string, finish: (value: any) => any = (value) => value): any {
    const { _rendered: model, spec: { cluster, ...rest } } = this;
    const ours = [
      ...identityPatches(model),
      // Without object level the operator takes the rule away itself: there would be nothing to patch, and it would stop.
      ...(model.usesObjectLevel ? tokenRightsPatches(model) : []),
      ...this.watcherPatch(),
      ...(this._anySubstitutes ? [syncPatch(model)] : []),
    ];
    const patches = [...ours.map(({ target, patch }) => ({ target, patch: serialize(patch) })), ...finish(this.patches)];
    return {
      apiVersion: 'fluxcd.controlplane.io/v1',
      kind: 'FluxInstance',
      metadata: { name: 'flux', namespace: model.namespace },
      spec: {
        ...finish(rest),
        components: model.controllers,
        ...withoutEmpty({ cluster: finish({ ...cluster, ...this.clusterFields() }), kustomize: withoutEmpty({ patches }) }),
      },
    };
  }

  /** The operator patches before it sets namespaces; only what syncs the cluster has one by then. */
  private warnOfNamespaces(installation: FluxInstallation): void {
    this.patches.forEach(({ target }, index) => {
      if (target?.namespace === undefined || SYNC_KINDS.includes(target.kind ?? '')) return;
      installation._warn(`${WarningId.PATCH_NAMESPACE}${this.node.path}:${index + 1}`,
        `"${this.node.path}": patch ${index + 1} of \`patches\` has a target with a namespace: the operator patches before it sets namespaces, so that it may match ` +
        'nothing, silently. Leave `namespace` out of the target: there is one of each object.');
    });
  }

  private clusterFields(): object {
    const { lockdown, usesObjectLevel } = this.model;
    return {
      ...(usesObjectLevel ? { objectLevelWorkloadIdentity: true } : {}),
      ...(lockdown === undefined ? {} : { multitenant: true, tenantDefaultServiceAccount: lockdown.defaultServiceAccount }),
      ...(lockdown?.coversClouds !== true ? {} : {
        multitenantWorkloadIdentity: true,
        tenantDefaultDecryptionServiceAccount: lockdown.defaultDecryptionServiceAccount,
        tenantDefaultKubeConfigServiceAccount: lockdown.defaultKubeConfigServiceAccount,
      }),
    };
  }

  /** Older operators' own lockdown does not reach source-watcher; to say it twice is to say it once. */
  private watcherPatch(): Patch[] {
    return argumentPatches(argumentsOf(this.model).filter(({ controller }) => controller === FluxController.SOURCE_WATCHER));
  }
}
