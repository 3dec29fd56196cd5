import { DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, StringConcat, TerraformElement, TerraformStack, Tokenization } from 'cdktf';
import { IConstruct } from 'constructs';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { byPath } from '../../../core/shared/sort';

/**
 * Refuses text whose values come from a stack that needs the text's own stack: each would have to be applied before the other.
 * (CDKTF finds it too, and names neither the delivery nor the way out.)
 *
 * @param stack where the text is used
 */
export function requireNoCircle(at: IConstruct, stack: TerraformStack, text: unknown): void {
  for (const origin of originsOf(stack, text)) {
    if (!needs(origin, stack)) continue;
    throw new ValidationError(at, {
      given: `values of stack "${origin.node.path}" in text that stack "${stack.node.path}" uses, while "${origin.node.path}" itself needs "${stack.node.path}".`,
      allowed: 'deliveries in a stack that no stack of an identity needs',
      why: 'stacks are applied one after the other: each of the two would have to be the first',
      fix: `make the deliveries in the last stack, after those of all identities, or pass \`account\` and \`name\` to the roles of "${origin.node.path}", so that their ARNs are known at synth`,
    });
  }
}

/** Whether a stack has to be applied after another. */
function needs(stack: TerraformStack, other: TerraformStack): boolean {
  const seen = new Set<TerraformStack>();
  const open = [stack];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === other) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...next.dependencies, ...originsOf(next, next.node.findAll().filter(isElementOf(next)).map((element) => element.toTerraform())));
  }
  return false;
}

function isElementOf(stack: TerraformStack): (construct: IConstruct) => construct is TerraformElement {
  return (construct): construct is TerraformElement => TerraformElement.isTerraformElement(construct) && construct.cdktfStack === stack;
}

/** The other stacks that a value takes something from. */
function originsOf(stack: TerraformStack, value: unknown): TerraformStack[] {
  const resolver = new Origins(stack);
  Tokenization.resolve(value, { scope: stack, preparing: false, resolver });
  return byPath([...resolver.found]);
}

/** Notes where tokens come from, and leaves those of other stacks alone: resolving them would make the reference. */
class Origins extends DefaultTokenResolver {
  public readonly found = new Set<TerraformStack>();

  public constructor(private readonly stack: TerraformStack) {
    super(new StringConcat());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    const { originStack } = token as { originStack?: TerraformStack };
    if (originStack === undefined || originStack === this.stack) return super.resolveToken(token, context, postProcessor);
    this.found.add(originStack);
    return 'elsewhere';
  }
}
