import { TerraformResource, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { sorted } from '../../../core/shared/sort';
import { addressOf, dependentsIn } from '../../../core/shared/terraform/graph';

/** Makes Terraform create the resource after all that the prerequisites hold; across stacks the stack waits. */
export function dependOn(resource: TerraformResource, prerequisites: readonly IConstruct[]): void {
  const stack = TerraformStack.of(resource);
  for (const element of prerequisites.flatMap((prerequisite) => dependentsIn(prerequisite))) {
    const other = TerraformStack.of(element);
    if (other !== stack) stack.addDependency(other);
    // Plain addresses: cdktf writes them as they are.
    else resource.dependsOn = sorted([...resource.dependsOn ?? [], addressOf(element)!]);
  }
}
