import { DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, StringConcat, TerraformElement, TerraformStack, Tokenization } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { Synthesis } from './synthesis';
import { ValidationError } from '../input/validation-error';
import { byPath } from '../sort';

/** The pairs that were found to be no circle: each is asked for often, and the answer costs a rendering. */
const CLEAR = new WeakMap<TerraformStack, WeakSet<TerraformStack>>();

/**
 * Makes a stack be applied after another. It is done when the tree is prepared: only then it is known what the stacks take from each
 * other, and CDKTF's own word on a circle names no way out.
 *
 * @param at who wants it, in one of the two: gets a child
 * @param refuse throws the error for a circle
 */
export function applyAfter(at: Construct, stack: TerraformStack, needed: TerraformStack, refuse: () => never): void {
  const id = `After${needed.node.addr}${stack.node.addr}`;
  if (at.node.tryFindChild(id) !== undefined) return;
  new Synthesis(at, id, () => {
    const clear = CLEAR.get(needed) ?? new WeakSet();
    if (clear.has(stack)) return;
    if (needs(needed, stack)) refuse();
    CLEAR.set(needed, clear.add(stack));
    stack.addDependency(needed);
  });
}

/** The error for a stack that has to be applied after one that takes something from it. */
export function refuseCircle(at: IConstruct, needed: IConstruct): never {
  const [stack, other] = [TerraformStack.of(at).node.path, TerraformStack.of(needed).node.path];
  throw new ValidationError(at, {
    given: `"${needed.node.path}" before it, while stack "${other}" itself needs stack "${stack}".`,
    allowed: 'what is in the same stack, or in one that needs nothing of this one',
    why: 'stacks are applied one after the other: each of the two would have to be the first',
    fix: `move one of them into the stack of the other, or pass plain names in place of what "${other}" takes from "${stack}"`,
  });
}

/** Whether a stack has to be applied after another, because that was said or because it takes something from it. */
export function needs(stack: TerraformStack, other: TerraformStack): boolean {
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
export function originsOf(stack: TerraformStack, value: unknown): TerraformStack[] {
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
