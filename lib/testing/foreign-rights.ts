import { TerraformResource, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { FluxIdentityBase } from '../core/shared/flux/identity-base';
import { withFluxVariables } from '../core/shared/terraform/flux-variables';
import { resolved } from '../core/shared/terraform/graph';

/** Resources that give a role or user rights, or take rights away, beside the library's. */
const ATTACHING = /^aws_iam_(role_policy|role_policy_attachment|role_policies_exclusive|role_policy_attachments_exclusive|policy_attachment|user_policy|user_policy_attachment)$/;

const ATTACHABLE = /^aws_iam_(role|user)$/;

/**
 * Why the library does not know all that an identity may do: somebody attaches policies to its role or user. Undefined where nothing in the stack does.
 */
export function foreignRights(identity: FluxIdentityBase): string | undefined {
  const stack = TerraformStack.of(identity);
  const names = namesOf(identity, stack);
  if (names.length === 0) return undefined;
  for (const node of stack.node.findAll()) {
    if (!(node instanceof TerraformResource) || !ATTACHING.test(node.terraformResourceType) || isBelow(node, identity)) continue;
    const { role, user, roles, users } = attributes(node, stack);
    const on = [role, user, roles ?? [], users ?? []].flat().filter((value) => typeof value === 'string');
    if (on.some((value) => names.some((name) => value === name || (name.endsWith('.') && value.startsWith(name))))) {
      return `"${node.node.path}" (${node.terraformResourceType}) is on the same role or user, and is not the library's`;
    }
  }
  return undefined;
}

/** Whether a permissions boundary may forbid what the policies allow. */
export function hasBoundary(identity: FluxIdentityBase): boolean {
  const own = identity.node.tryFindChild('Resource');
  return own instanceof TerraformResource && ATTACHABLE.test(own.terraformResourceType)
    && (attributes(own, TerraformStack.of(identity)).permissions_boundary ?? undefined) !== undefined;
}

/** What the role or user is called in the arguments of others: the beginning of its references, or its plain name. */
function namesOf(identity: FluxIdentityBase, stack: TerraformStack): string[] {
  const own = identity.node.tryFindChild('Resource');
  const arn = (identity as { readonly arn?: string }).arn;
  const plain = typeof arn === 'string' ? /:(?:role|user)\/(?:.*\/)?([^/]+)$/.exec(resolved(stack, withFluxVariables(arn))) : null;
  return [
    ...(own instanceof TerraformResource && ATTACHABLE.test(own.terraformResourceType) ? [`\${${own.terraformResourceType}.${own.friendlyUniqueId}.`] : []),
    ...(plain === null ? [] : [plain[1]]),
  ];
}

function attributes(resource: TerraformResource, stack: TerraformStack): { readonly [name: string]: any } {
  const [block] = Object.values<any>(resolved(stack, resource.toTerraform()).resource[resource.terraformResourceType]);
  return block;
}

function isBelow(node: IConstruct, above: IConstruct): boolean {
  return node.node.scopes.includes(above);
}
