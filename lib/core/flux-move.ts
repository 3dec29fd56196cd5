import { TerraformResource, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { shape, TEXT } from './shared/input/option-shape';
import { checkValue } from './shared/input/options';
import { refuse, shown } from './shared/input/validation-error';

const IN_STACK = shape<IConstruct>('a construct in a stack', (value) => (
  Construct.isConstruct(value) && value.node.scopes.slice(0, -1).some(TerraformStack.isStack)
));

/**
 * Resources that stand at another address than the state knows: constructs that were renamed, and what modules or plain HCL made before.
 * Terraform keeps what they stand for.
 *
 * ```ts
 * const images = new FluxIrsaRole(this, 'Pictures', { ... });
 * FluxMove.from(images, 'Images');
 * ```
 *
 * Guide: docs/adopting.md
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
    // No construct can be called as what every object has: "constructor".
    if (previous.some((id) => id === '' || id in {}) || previousPath === current.join('/')) {
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

  /**
   * Takes over one resource that a module or a plain configuration made, in the same state: a `moved` block from its address. Name, path
   * and whatever else the provider cannot change must be given as they are, or the plan replaces it.
   *
   * ```ts
   * FluxMove.fromAddress(images, 'module.flux_irsa.aws_iam_role.this[0]');
   * ```
   *
   * @param construct what has the resource now: the only one of its type at or below it
   * @param address the address in the state, as `terraform state list` shows it
   * @throws ValidationError for what is no address of a resource, and where none or several of its type are there
   */
  public static fromAddress(construct: IConstruct, address: string): void {
    checkValue(undefined, 'construct of FluxMove.fromAddress', construct, IN_STACK);
    checkValue(construct, 'address of FluxMove.fromAddress', address, TEXT);
    const [, type] = ADDRESS.exec(address) ?? [];
    if (type === undefined) {
      refuse(construct, `address ${shown(address)}`, 'the address of a resource: module.<name>.<type>.<name>, with [0] or ["key"] where there are several',
        'Terraform refuses a `moved` block from anything else.', 'Copy it from `terraform state list`.');
    }
    const found = construct.node.findAll().filter((each): each is TerraformResource => (
      TerraformResource.isTerraformResource(each) && each.terraformResourceType === type
    ));
    if (found.length !== 1) {
      refuse(construct, `address ${shown(address)}`, `exactly one resource of type ${type} at or below the construct`,
        `There ${found.length === 0 ? 'is none: a resource keeps its type when it moves' : `are ${found.length}: ${found.map(({ node }) => node.path).join(', ')}`}.`,
        found.length === 0 ? 'Pass the construct that makes it.' : 'Pass the one that is meant, by `node.findChild`.');
    }
    found[0].moveFromId(address);
  }

  private constructor() {}
}

/** A managed resource, in modules or not, one of several or not. */
const ADDRESS = /^(?:module\.[A-Za-z_][\w-]*(?:\[(?:\d+|"[^"]*")\])?\.)*(?!data\.|module\.)([a-z][a-z0-9_]*)\.[A-Za-z_][\w-]*(?:\[(?:\d+|"[^"]*")\])?$/;

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
