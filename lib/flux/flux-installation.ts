import { TerraformStack, Token } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { FluxLockdown } from './flux-lockdown';
import type { FluxPatch } from './flux-patch';
import type { FluxRemoteCluster } from './flux-remote-cluster';
import type { FluxTenant } from './flux-tenant';
import { FluxValues } from './flux-values';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxController } from '../core/flux-controller';
import { IFluxIdentity } from '../core/flux-identity';
import { FluxVersion } from '../core/flux-version';
import { accessModel } from './private/access/collect';
import { asText } from './private/access/values';
import type { DeliveryBase } from './private/delivery/delivery-base';
import { lazyText, LazyValue } from './private/delivery/lazy-text';
import { writeFilesWith } from './private/files/planned';
import { requireOnly, requireStack } from './private/model/checks';
import { Admit, FluxModel } from './private/model/model';
import { RuntimeValues } from './private/model/runtime-values';
import { checkLockdown } from './private/render/arguments';
import { YamlTemplate } from './private/render/yaml';
import { VALUES } from './private/values-option';
import { showWarnings, warningsOf } from './private/warnings/all';
import { checkWarningIds } from './private/warnings/ids';
import { noteModel } from './private/warnings/unlisted';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { CONTROLLER, IDENTITIES, IDENTITY, ISSUER, VERSION } from '../core/shared/input/common-options';
import { checkedScope } from '../core/shared/input/construct-ids';
import { inTree } from '../core/shared/input/once-per-app';
import { FLAG, instanceOf, listOf, TEXT, TEXTS } from '../core/shared/input/option-shape';
import { checkOptions, checkValue } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';
import { byPath } from '../core/shared/sort';
import { Synthesis } from '../core/shared/terraform/synthesis';
import { jsonTemplate, literal } from '../core/shared/terraform/text';

/** Options of `FluxInstallation`. */
export interface FluxInstallationProps {
  /** The cluster that Flux runs in. Every identity must trust it. */
  readonly issuer: IClusterIssuer;
  /** The Flux version. */
  readonly version: FluxVersion;
  /**
   * The namespace that Flux is installed in, an RFC 1123 label.
   *
   * @default flux-system
   */
  readonly namespace?: string;
  /**
   * The controllers that are installed. A patch for a controller that is not there would do nothing, silently.
   *
   * @default - every controller of the version
   */
  readonly controllers?: FluxController[];
  /**
   * The identities that service accounts of this cluster act as, in any of the clouds; more can come by `addIdentity`, and by
   * tenants.
   *
   * @default - none yet
   */
  readonly identities?: IFluxIdentity[];
  /**
   * What tenants are kept from.
   *
   * @default - nothing: every Flux object may use what its controller may
   */
  readonly lockdown?: FluxLockdown;
  /**
   * Where values come into what deliveries render; each can differ.
   *
   * @default FluxValues.RENDERED
   */
  readonly values?: FluxValues;
  /**
   * Whether kustomize-controller takes a variable without a value for an error, in every Kustomization of the cluster. From Flux 2.9 on
   * it always does; before, the variable becomes an empty text, silently, and what becomes of it may be a role that is nobody's.
   *
   * @default false - as the version does
   */
  readonly strictSubstitution?: boolean;
  /**
   * The ids of warnings that are known and meant; each warning ends in its id. An id that there is no cause for any more is an
   * info at synthesis, one that no warning can have an error.
   *
   * @default - every warning is shown
   */
  readonly acknowledgeWarnings?: string[];
}

/** Something that an installation warns of. */
export interface FluxWarning {
  /** What `acknowledgeWarnings` takes. */
  readonly id: string;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/**
 * One Flux in one cluster, described once. Whatever belongs to this Flux takes it as `installation`: tenants and remote clusters,
 * and the deliveries that tell Flux (`FluxKustomization`, `FluxInstanceConfig`, `FluxOperatorValues`, `FluxHelmValues`,
 * `FluxAksExtensionSettings`, `FluxManifests`).
 *
 * It makes no resources. Identities, tenants and remote clusters can be added until synthesis, in any order and from any stack;
 * deliveries show them all. What would collide is an error where it is added, and leaves nothing behind. Warnings are shown once, at
 * synthesis, on this construct.
 *
 * ```ts
 * const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [images] });
 * const kustomization = new FluxKustomization(this, 'Kustomization', { installation: flux });
 * ```
 *
 * Guide: docs/flux/installation.md
 */
@allOrNothing
export class FluxInstallation extends Construct {
  /** The cluster that Flux runs in. */
  public readonly issuer: IClusterIssuer;
  /** The Flux version. */
  public readonly version: FluxVersion;
  /** The namespace that Flux is installed in. */
  public readonly namespace: string;
  /** The installed controllers. */
  public readonly controllers: FluxController[];
  /**
   * What tenants are kept from.
   *
   * @default - nothing
   */
  public readonly lockdown?: FluxLockdown;
  /** @internal */
  public readonly _values: FluxValues;
  private readonly model: FluxModel;
  private readonly acknowledged: readonly string[];
  private readonly deliveries: DeliveryBase[] = [];
  private readonly facts = new Map<string, string>();
  private closedBy?: string;
  private isInfoRead = false;
  private runtime?: { readonly revision: number; readonly values: RuntimeValues };

  public constructor(scope: Construct, id: string, props: FluxInstallationProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxInstallation', props, {
      issuer: ISSUER,
      version: VERSION,
      namespace: TEXT.optional,
      controllers: listOf(CONTROLLER).optional,
      identities: IDENTITIES.optional,
      lockdown: instanceOf<FluxLockdown>('a FluxLockdown: FluxLockdown.kubernetes(...) or FluxLockdown.workloadIdentity(...)', () => FluxLockdown).optional,
      values: VALUES,
      strictSubstitution: FLAG.optional,
      acknowledgeWarnings: TEXTS.optional,
    });
    requireStack(this);
    this.acknowledged = props.acknowledgeWarnings ?? [];
    checkWarningIds(this, this.acknowledged);
    this._values = props.values ?? FluxValues.RENDERED;
    this.model = new FluxModel(this, props);
    this.issuer = props.issuer;
    this.version = props.version;
    this.namespace = this.model.namespace;
    this.controllers = this.model.controllers;
    this.lockdown = props.lockdown;
    checkLockdown(this, props.version, props.lockdown);
    requireOnly(this, this.model.context);
    props.identities?.forEach((identity) => this.model.addIdentity(identity));
    noteModel(this, this.model);
    new Synthesis(this, 'Synthesis', () => this.synthesize());
    writeFilesWith(TerraformStack.of(this));
  }

  /**
   * Says who accounts of this cluster are in a cloud; until synthesis, from wherever the identity is made. To add one twice is to
   * add it once.
   *
   * @param identity an identity of any cloud
   */
  public addIdentity(identity: IFluxIdentity): void {
    checkValue(this, 'identity', identity, IDENTITY);
    this._requireOpen('identity', identity);
    this.model.addIdentity(identity);
  }

  /**
   * Who can do what, as JSON for Terraform, which puts in the values that only it knows: for an output called `flux_access`. What is
   * known at synth `FluxAccessReport` writes into files.
   */
  public get access(): string {
    return lazyText(() => jsonTemplate(accessModel(this, asText)));
  }

  /**
   * With `FluxValues.SUBSTITUTED`: the values of the variables by their names, for Terraform (`data` of
   * `managed_resources.runtime_info` of the flux-operator-bootstrap module). Names are made of accounts and fields; a value that
   * YAML would take for something else than text is between double quotes. Secrets are not among them.
   *
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
   */
  public get runtimeValues(): { readonly [name: string]: string } {
    this.isInfoRead = true;
    return Token.asStringMap(new LazyValue(() => literal(this._runtimeValues().texts), () => YamlTemplate.json(this._runtimeValues().texts)));
  }

  /**
   * The same as YAML of the ConfigMap `flux-runtime-info` in the namespace of Flux, for Terraform, which applies it before Flux
   * reconciles. It names no Secret and is never substituted itself; from Flux 2.7 on a change in it is reconciled at once.
   */
  public get runtimeInfo(): string {
    this.isInfoRead = true;
    return lazyText(() => this._runtimeValues().info);
  }

  /** What is to be warned of, acknowledged or not, as far as it is known by now; by id. */
  public get warnings(): FluxWarning[] {
    return this.warningsNow(false);
  }

  /**
   * What it must be told, of all that is in the tree by now.
   *
   * @internal
   */
  public get _model(): FluxModel {
    this.model.dropRemoved();
    return this.model;
  }

  /**
   * The user's own patches, of all deliveries.
   *
   * @internal
   */
  public get _userPatches(): readonly FluxPatch[] {
    return byPath(this.deliveries.filter((delivery) => inTree(delivery))).flatMap((delivery) => delivery._userPatches);
  }

  /**
   * Whether a delivery renders variables, so that Flux must be told where their values are.
   *
   * @internal
   */
  public get _substitutes(): boolean {
    return this.deliveries.some((delivery) => inTree(delivery) && delivery._substitutes);
  }

  /**
   * The values that come at run time, of all that is there by now.
   *
   * @internal
   */
  public _runtimeValues(): RuntimeValues {
    const { revision } = this._model;
    if (this.runtime?.revision !== revision) this.runtime = { revision, values: new RuntimeValues(this, this.model) };
    return this.runtime.values;
  }

  /** @internal */
  public _addTenant(tenant: FluxTenant): void {
    this._requireOpen('tenant', tenant);
    this.model.addTenant(tenant);
  }

  /** @internal */
  public _addRemoteCluster(remote: FluxRemoteCluster): void {
    this._requireOpen('remote cluster', remote);
    this.model.addRemoteCluster(remote);
  }

  /** @internal */
  public _deliverBy(delivery: DeliveryBase, admit?: Admit): FluxModel {
    if (admit !== undefined) this.model.admitBy(admit);
    this.deliveries.push(delivery);
    if (delivery._substitutes) this.model.outdate();
    return this.model;
  }

  /**
   * Takes note of something to warn of.
   *
   * @internal
   */
  public _warn(id: string, message: string): void {
    this.facts.set(id, message);
  }

  /**
   * From now on nothing may be added: it would not arrive.
   *
   * @internal
   */
  public _close(by: string): void {
    this.closedBy ??= by;
  }

  /** @internal */
  public _requireOpen(kind: string, added: IConstruct): void {
    if (this.closedBy === undefined) return;
    throw new ValidationError(this, {
      given: `${kind} ${shown(added.node.path)} after ${this.closedBy}.`,
      allowed: 'what is added before',
      why: 'what was rendered by then would lack it, silently',
      fix: this.closedBy.includes('read') ? 'add it earlier, or read that last' : 'add it where it is made, and not in an Aspect or a Lazy',
    });
  }

  private warningsNow(isComplete: boolean): FluxWarning[] {
    const { _model, facts, deliveries, isInfoRead } = this;
    return warningsOf(this, _model, { facts, deliveries, isInfoRead, isComplete });
  }

  private synthesize(): void {
    this._close('synthesis began');
    showWarnings(this, this.warningsNow(true), this.acknowledged);
  }
}
