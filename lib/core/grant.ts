import { TerraformResource, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { CONSTRUCTS } from './shared/input/common-options';
import { checkValue } from './shared/input/options';
import { ValidationError } from './shared/input/validation-error';
import { addressOf, Dependent, dependentsIn, mentions, refersTo } from './shared/terraform/graph';
import { applyAfter } from './shared/terraform/stacks';

/** Our own addresses in the `depends_on` of a target, kept apart from what its owner put there. */
const OURS = Symbol.for('cdktf-flux-identity/grant-addresses');

/**
 * The result of `grant`: it knows every resource that was made for it, and can make others wait for them.
 *
 * `node.addDependency` does nothing in CDKTF unless both ends are Terraform elements; `applyBefore` does.
 *
 * Guide: docs/concepts.md
 */
export class Grant extends Construct {
  /**
   * Made by `grant`, not by users.
   *
   * @internal
   */
  public static _make(scope: Construct, id: string): Grant {
    return new Grant(scope, id);
  }

  private readonly made: TerraformResource[] = [];
  private readonly waiting: Dependent[] = [];
  private forOwner?: string;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
  }

  /** The plain Terraform addresses of the resources that carry this grant. */
  public get addresses(): string[] {
    return this.made.map((resource) => addressOf(resource)!).sort();
  }

  /**
   * What the owners of the granted resources must allow on their side, where the cloud wants both sides to agree (AWS, across
   * accounts): JSON for Terraform, the statements of each resource's own policy by its ARN. Undefined where nothing is needed.
   */
  public get ownerStatements(): string | undefined {
    return this.forOwner;
  }

  /**
   * Makes Terraform create other resources only after this grant is in force: every resource, data source and module that is
   * below the targets now gets its addresses in `depends_on`. A target in another stack makes that stack depend on this one, when the
   * app is synthesized; if this stack takes anything from that one, that is an error.
   *
   * On AWS a grant shares the policy of its identity, so the target must not be something that any grant of that identity
   * refers to: that would be a cycle, and is an error where it can be seen.
   *
   * @param targets resources, modules, or constructs that hold some
   */
  public applyBefore(...targets: IConstruct[]): void {
    checkValue(this, 'targets of applyBefore', targets, CONSTRUCTS);
    const elements = targets.flatMap((target) => this.dependentsOf(target));
    elements.forEach((element) => this.check(element));
    elements.forEach((element) => this.order(element));
    this.waiting.push(...elements);
  }

  /**
   * Takes note of a resource made for this grant, now or later.
   *
   * @internal
   */
  public _add(resource: TerraformResource): void {
    if (this.made.includes(resource)) return;
    this.made.push(resource);
    this.waiting.forEach((element) => this.order(element));
  }

  /**
   * Takes note of what the other side must allow.
   *
   * @internal
   */
  public _ownerStatements(json: string): void {
    this.forOwner = json;
  }

  /**
   * Refuses what another grant is about to put into the resources of this one, if it refers to a target.
   *
   * @internal
   */
  public _admit(contents: unknown, other: IConstruct): void {
    if (this.waiting.length === 0) return;
    const own = TerraformStack.of(this);
    for (const element of this.waiting) {
      if (TerraformStack.of(element) !== own || !mentions(own, contents, addressOf(element)!)) continue;
      this.cycle(element, `grant "${other.node.id}" refers to it, and "${this.node.id}" shares its policy`, other);
    }
  }

  private dependentsOf(target: IConstruct): Dependent[] {
    const elements = dependentsIn(target);
    if (elements.length > 0) return elements;
    throw new ValidationError(this, {
      given: `target "${target.node.path}" of applyBefore, which holds no resource and no module.`,
      allowed: 'a Terraform resource, data source or module, or a construct that holds some',
      why: 'only those have depends_on, so nothing would wait for this grant',
      fix: 'pass the resource that needs the access, after it was made',
    });
  }

  private check(element: Dependent): void {
    const [stack, own] = [TerraformStack.of(element), TerraformStack.of(this)];
    if (stack !== own) {
      if (own.dependsOn(stack)) this.cycle(element, `stack "${own.node.path}" already depends on stack "${stack.node.path}"`);
      return;
    }
    if (this.made.includes(element as any)) this.cycle(element, 'it is itself a resource of this grant');
    for (const resource of this.made) {
      if (refersTo(resource, addressOf(element)!)) this.cycle(element, `${addressOf(resource)} refers to it`);
    }
  }

  private order(element: Dependent): void {
    const [stack, own] = [TerraformStack.of(element), TerraformStack.of(this)];
    if (stack !== own) {
      applyAfter(this, stack, own, () => this.cycle(element, `stack "${own.node.path}" itself needs something of stack "${stack.node.path}"`));
      return;
    }
    const ours = ((element as any)[OURS] ??= new Set<string>()) as Set<string>;
    const others = (element.dependsOn ?? []).filter((address) => !ours.has(address));
    this.made.forEach((resource) => ours.add(addressOf(resource)!));
    element.dependsOn = [...others, ...[...ours].sort()];
  }

  private cycle(element: IConstruct, reason: string, at: IConstruct = this): never {
    throw new ValidationError(at, {
      given: `target "${element.node.path}" of applyBefore: ${reason}.`,
      allowed: 'targets that no grant of this identity refers to',
      why: 'each would have to be created before the other, which Terraform refuses as a cycle',
      fix: 'let the target wait for a grant of another identity, or pass a plain name in place of its attribute',
    });
  }
}
