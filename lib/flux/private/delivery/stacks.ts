import { TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { needs, originsOf } from '../../../core/shared/terraform/stacks';

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
