import { Annotations } from 'cdktf';
import { Construct } from 'constructs';
import { FluxPatchedInstallationProps } from './flux-config';
import { FluxPatch } from './flux-patch';
import { FluxController } from '../core/flux-controller';
import { FluxModel } from './private/model/model';
import { checkInstanceSpec } from './private/operator/instance-spec';
import { PATCHED_INSTALLATION_OPTIONS } from './private/options';
import { argumentsOf, usesObjectLevel } from './private/render/arguments';
import { commonPatches } from './private/render/installation';
import { argumentPatches, Patch, tokenRightsPatches } from './private/render/patches';
import { podParts, withoutEmpty } from './private/render/pod';
import { userPatches } from './private/render/user-patches';
import { forTerraform, YamlTemplate } from './private/render/yaml';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { OPTIONS } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';

const SYNC_KINDS = ['Kustomization', 'GitRepository', 'OCIRepository', 'Bucket'];

/** Options of `FluxInstanceConfig`. */
export interface FluxInstanceConfigProps extends FluxPatchedInstallationProps {
  /**
   * The rest of the FluxInstance's `spec`: `distribution`, `sync`, `storage`, `sharding`, `cluster.size` and so on. What this
   * library renders (`components`, `kustomize`, the tenancy fields of `cluster`) is refused here.
   *
   * @default - the upstream distribution of `version`
   */
  readonly spec?: { readonly [field: string]: any };
}

/**
 * What the Flux Operator must be told: a FluxInstance, whole or in parts, and values of the operator's own chart.
 *
 * Object level and lockdown are fields of `spec.cluster`; the feature gate is never patched, because the operator sets it itself.
 *
 * @see https://fluxoperator.dev/docs/crd/fluxinstance/
 */
@allOrNothing
export class FluxInstanceConfig extends Construct {
  private readonly model: FluxModel;
  private readonly patches: Patch[];
  private readonly userPatches: FluxPatch[];
  private readonly cluster: object;
  private readonly rest: { readonly [field: string]: any };
  private rendered?: string;

  public constructor(scope: Construct, id: string, private readonly props: FluxInstanceConfigProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxInstanceConfig', props, { ...PATCHED_INSTALLATION_OPTIONS, spec: OPTIONS.optional });
    this.model = new FluxModel(this, props, true);
    const objectLevel = usesObjectLevel(this.model, props.lockdown);
    const common = commonPatches(this, this.model, props);
    const tokenRights = tokenRightsPatches(this, this.model, props.tokenRights);
    // Without object level the operator takes the rule away itself: there would be nothing to patch, and it would stop.
    this.patches = [...common, ...(objectLevel ? tokenRights : []), ...this.watcherPatch()];
    this.userPatches = userPatches(this, this.model, props.patches, objectLevel);
    this.warnOfNamespaces();
    const { cluster, ...rest } = checkInstanceSpec(this, this.model.version, props.spec ?? {});
    this.cluster = { ...cluster, ...this.clusterFields() };
    this.rest = rest;
  }

  /** The whole FluxInstance as YAML, for Terraform (`instance_yaml` of the flux-operator-bootstrap module). */
  public get yaml(): string {
    if (this.rendered === undefined) {
      const template = new YamlTemplate();
      this.rendered = template.render([this.object((patch) => template.embed(patch))]);
    }
    return this.rendered;
  }

  /** The whole FluxInstance as an object, for Terraform (`kubernetes_manifest`). */
  public get manifest(): any {
    return this.object((patch) => YamlTemplate.text(patch), forTerraform);
  }

  /**
   * Only the parts of `spec` that identities and lockdown come to, `cluster` and `kustomize`, for an instance that is written
   * elsewhere (`instance` of the flux-instance chart's values).
   */
  public get parts(): any {
    const { cluster, kustomize } = this.manifest.spec;
    return withoutEmpty({ cluster, kustomize });
  }

  /**
   * Values of the flux-operator chart that give the operator itself its identity, as YAML for Terraform. Empty when no identity
   * names `FluxServiceAccount.operator()`. The release must be called `flux-operator`: the chart names the account after it.
   *
   * The chart puts annotations and labels on all of its objects; Kubernetes and the clouds read only those of the account and its pods.
   */
  public get operatorValues(): string {
    const account = this.model.operatorAccount;
    if (account === undefined) return '';
    const { labels, annotations, env, volumes, volumeMounts } = podParts(account);
    return new YamlTemplate().render([withoutEmpty({
      commonAnnotations: { ...account.annotations, ...annotations },
      commonLabels: labels,
      extraEnvs: env,
      extraVolumes: volumes,
      extraVolumeMounts: volumeMounts,
    })]);
  }

  private object(serialize: (patch: unknown) => string, finish: (value: any) => any = (value) => value): any {
    const patches = [
      ...this.patches.map(({ target, patch }) => ({ target, patch: serialize(patch) })),
      ...finish(this.userPatches),
    ];
    return {
      apiVersion: 'fluxcd.controlplane.io/v1',
      kind: 'FluxInstance',
      metadata: { name: 'flux', namespace: this.model.namespace },
      spec: {
        ...finish(this.rest),
        components: this.model.controllers,
        ...withoutEmpty({ cluster: finish(this.cluster), kustomize: withoutEmpty({ patches }) }),
      },
    };
  }

  /** The operator patches before it sets namespaces; only what syncs the cluster has one by then. */
  private warnOfNamespaces(): void {
    this.userPatches.forEach(({ target }, index) => {
      if (target?.namespace === undefined || SYNC_KINDS.includes(target.kind ?? '')) return;
      Annotations.of(this).addWarning(
        `patch ${index + 1} of \`patches\` has a target with a namespace: the operator patches before it sets namespaces, so that it may match ` +
        'nothing, silently. Leave `namespace` out of the target: there is one of each object.');
    });
  }

  private clusterFields(): object {
    const { lockdown } = this.props;
    return {
      ...(usesObjectLevel(this.model, lockdown) ? { objectLevelWorkloadIdentity: true } : {}),
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
    return argumentPatches(argumentsOf(this.model, this.props.lockdown).filter(({ controller }) => controller === FluxController.SOURCE_WATCHER));
  }
}
