import { IResolvable, IResolveContext, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { lazyText, LazyValue } from './lazy-text';
import { requireNoCircle } from './stacks';
import { checkedScope } from '../../../core/shared/input/construct-ids';
import { inTree } from '../../../core/shared/input/once-per-app';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import type { FluxInstallation } from '../../flux-installation';
import type { FluxPatch } from '../../flux-patch';
import { FluxValues } from '../../flux-values';
import type { Admit, FluxModel } from '../model/model';
import { YamlTemplate } from '../render/yaml';

/** What a Flux may have to be told, each by a delivery of its own. */
export enum Told {
  /** The controllers: who they are, and how they are started. */
  CONTROLLERS = 'controllers',
  /** The cluster: the objects beside the controllers. */
  CLUSTER = 'cluster',
  /** The Flux Operator. */
  OPERATOR = 'operator',
}

/**
 * One way of telling Flux, made of an installation.
 *
 * @internal
 */
export abstract class DeliveryBase extends Construct {
  /** @internal */
  public abstract readonly _tells: Told;
  private owner?: FluxInstallation;
  private valuesIn = FluxValues.RENDERED;
  private read = false;
  private readonly rendered = new Map<string, { readonly revision: number; readonly value: any }>();

  protected constructor(scope: Construct, id: string) {
    super(checkedScope(scope, id), id);
  }

  /**
   * The user's own patches, in their order.
   *
   * @internal
   */
  public get _userPatches(): readonly FluxPatch[] {
    return [];
  }

  /**
   * Whether it is for the Flux Operator, so that there is one.
   *
   * @internal
   */
  public get _byOperator(): boolean {
    return false;
  }

  /**
   * Whether anybody took what it renders.
   *
   * @internal
   */
  public get _isRead(): boolean {
    return this.read;
  }

  /**
   * Whether it renders variables.
   *
   * @internal
   */
  public get _substitutes(): boolean {
    return this.valuesIn === FluxValues.SUBSTITUTED;
  }

  /**
   * Whether any delivery of the installation renders variables.
   *
   * @internal
   */
  protected get _anySubstitutes(): boolean {
    return this.owner!._substitutes;
  }

  /**
   * What is to be rendered: with variables in place of values, or as it is.
   *
   * @internal
   */
  protected get _rendered(): FluxModel {
    const { owner, _substitutes } = this;
    return _substitutes ? owner!._runtimeValues().substituted : owner!._model;
  }

  /**
   * Says where values come in, before it takes part.
   *
   * @internal
   */
  protected _takeValues(values: FluxValues): void {
    this.valuesIn = values;
  }

  /**
   * Takes part in an installation: the last step of its making.
   *
   * @internal
   */
  protected _join(installation: FluxInstallation, admit?: Admit): FluxModel {
    this.owner = installation;
    return installation._deliverBy(this, admit);
  }

  /**
   * Refuses variables where Flux never sees them.
   *
   * @internal
   */
  protected _requireRendered(what: string): void {
    if (!this._substitutes) return;
    throw new ValidationError(this, {
      given: `\`${what}\` with FluxValues.SUBSTITUTED.`,
      allowed: 'FluxValues.RENDERED',
      why: 'Flux puts values into what it applies from Git, and never into what Terraform, Helm or Azure apply: the variables would arrive as they are',
      fix: 'leave the installation at FluxValues.RENDERED, and set `values: FluxValues.SUBSTITUTED` for the deliveries whose `yaml` goes to Git',
    });
  }

  /**
   * Text for Terraform, rendered at synthesis.
   *
   * @internal
   */
  protected _text(name: string, render: () => string): string {
    this.read = true;
    return lazyText((context) => this.inContext(context, name, render));
  }

  /**
   * A structure for Terraform, rendered at synthesis: escaped as arguments of resources are, and raw.
   *
   * @internal
   */
  protected _value(name: string, render: () => any, renderRaw: () => any): IResolvable {
    this.read = true;
    return new LazyValue((context) => this.inContext(context, name, render), (context) => this.inContext(context, `${name}.json`, () => YamlTemplate.json(renderRaw())));
  }

  /**
   * A structure for Terraform that must be known now: nothing may be added from here on.
   *
   * @internal
   */
  protected _now<T>(name: string, render: () => T): T {
    this.read = true;
    return this._known(name, render);
  }

  /**
   * A fact that must be known now, and tells Flux nothing.
   *
   * @internal
   */
  protected _known<T>(name: string, render: () => T): T {
    this.owner!._close(`\`${name}\` of "${this.node.path}" was read`);
    const value = this.fresh(name, render);
    this.checkStack(TerraformStack.of(this), value);
    return value;
  }

  private inContext<T>({ preparing, scope }: IResolveContext, name: string, render: () => T): T {
    if (!preparing) return this.fresh(name, render);
    this.owner!._close('synthesis began');
    const value = this.fresh(name, render);
    this.checkStack(TerraformStack.of(scope), value);
    return value;
  }

  private checkStack(stack: TerraformStack, value: unknown): void {
    const foreign = this.owner!._model.allIdentities.some((identity) => TerraformStack.of(identity) !== stack);
    if (foreign) requireNoCircle(this, stack, value);
  }

  private fresh<T>(name: string, render: () => T): T {
    this.requireOwner();
    const revision = this.owner!._model.revision;
    const last = this.rendered.get(name);
    if (last?.revision === revision) return last.value;
    const value = render();
    this.rendered.set(name, { revision, value });
    return value;
  }

  private requireOwner(): void {
    if (inTree(this.owner!)) return;
    throw new ValidationError(this, {
      given: `a delivery of installation ${shown(this.owner!.node.path)}, which was removed from the tree.`,
      allowed: 'an installation that is there when it is rendered',
      why: 'what it must warn of would be shown nowhere, and another may describe the same Flux by now',
      fix: 'remove the delivery too, or leave the installation where it is',
    });
  }
}
