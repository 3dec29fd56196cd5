import { TerraformResource, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { shape, TEXT } from './shared/input/option-shape';
import { checkValue } from './shared/input/options';
import { refuse, shown } from './shared/input/validation-error';

const IN_STACK = shape<IConstruct>('a construct in a stack', (value) => (
  Construct.isConstruct(value) && value.node.scopes.slice(0, -1).some(TerraformStack.isStack)
));

/**
 * Constructs that were renamed, or that stand elsewhere in the same stack now: Terraform keeps what they stand for.
 *
 * ```ts
 * const images = new FluxIrsaRole(this, 'Pictures', { ... });
 * FluxMove.from(images, 'Images');
 * ```
 *
 * @see https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
 */
export class FluxMove {
  /**
   * Writes a `moved` block for every resource of a construct, from the address that it had under the construct's previous path. Call
   * it last, when all grants are made; leave it in the code for as long as a state may know the previous addresses. Data sources are
   * read anew and need none. It is for constructs of every library; a resource that was given an address of its own
   * (`overrideLogicalId`) has not moved and gets none.
   *
   * A moved resource is kept, not renamed in the cloud: where its name was made of its construct's path, give the old name as `name`.
   *
   * @param construct what was renamed
   * @param previousPath where it stood before: its ids below the stack, with slashes: `Images`, `Flux/Images`
   * @throws ValidationError for a path that is empty, or the one that it has now
   */
  public static from(construct: IConstruct, previousPath: string): void {
    checkValue(undefined, 'construct of FluxMove.from', construct, IN_STACK);
    checkValue(construct, 'previousPath of FluxMove.from', previousPath, TEXT);
    const stack = TerraformStack.of(construct);
    const below = (each: IConstruct) => each.node.scopes.slice(each.node.scopes.indexOf(stack) + 1).map(({ node }) => node.id);
    const [previous, current] = [previousPath.split('/'), below(construct)];
    if (previous.includes('') || previousPath === current.join('/')) {
      refuse(construct, `previousPath ${shown(previousPath)}`, 'the ids of the construct below its stack as they were, with slashes: Images, Flux/Images',
        'A `moved` block names an address that the state knows and that the program no longer makes.',
        `Pass the path before the change; now it is ${shown(current.join('/'))}.`);
    }
    for (const resource of construct.node.findAll().filter((each): each is TerraformResource => TerraformResource.isTerraformResource(each))) {
      const own = below(resource);
      if (resource.friendlyUniqueId !== nameAt(stack, own)) continue;
      resource.moveFromId(`${resource.terraformResourceType}.${nameAt(stack, [...previous, ...own.slice(current.length)])}`);
    }
  }

  private constructor() {}
}

/** The name that the stack gives to what stands at a path; nothing stays there that was not there. */
function nameAt(stack: TerraformStack, path: readonly string[]): string {
  let scope: IConstruct = stack;
  let made: (() => void) | undefined;
  for (const id of path) {
    const [parent, there]: [IConstruct, IConstruct | undefined] = [scope, scope.node.tryFindChild(id)];
    scope = there ?? new Construct(parent as Construct, id);
    if (there === undefined) made ??= () => parent.node.tryRemoveChild(id);
  }
  const name = stack.getLogicalId(scope.node);
  made?.();
  return name;
}
