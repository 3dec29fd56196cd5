import { TerraformStack, Token } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { shape, TEXT } from '../core/shared/input/option-shape';
import { checkValue } from '../core/shared/input/options';
import { resolved } from '../core/shared/terraform/graph';
import { readableTemplate } from '../core/shared/terraform/readable';

const IN_STACK = shape<IConstruct>('a stack, or a construct in one', (value) => Construct.isConstruct(value) && value.node.scopes.some(TerraformStack.isStack));
const STRUCTURE = shape<any>('`manifest`, `parts` or `settings` of a delivery', (value) => typeof value === 'object' && Token.isUnresolved(value));

/**
 * What deliveries render, for tests: without Terraform, and without closing the installation, so that the same test may go on adding.
 *
 * ```ts
 * const before = FluxTesting.text(stack, kustomization.yaml);
 * ```
 *
 * Guide: docs/testing.md
 */
export class FluxTesting {
  /**
   * A text (`yaml` of a delivery) as Terraform would write it, with each value that only Terraform knows as its expression in angle
   * brackets: `eks.amazonaws.com/role-arn: "<aws_iam_role.Images_2A3B.arn>"`. YAML parsers read it.
   *
   * @param scope the stack that uses it, or a construct in that stack
   * @param text the text
   */
  public static text(scope: IConstruct, text: string): string {
    checkValue(undefined, 'scope of FluxTesting.text', scope, IN_STACK);
    checkValue(undefined, 'text of FluxTesting.text', text, TEXT);
    return readableTemplate(resolved(TerraformStack.of(scope), text));
  }

  /**
   * A structure (`manifest`, `parts`, `settings`) as Terraform gets it.
   *
   * @param scope the stack that uses it, or a construct in that stack
   * @param value the structure
   */
  public static value(scope: IConstruct, value: any): any {
    checkValue(undefined, 'scope of FluxTesting.value', scope, IN_STACK);
    checkValue(undefined, 'value of FluxTesting.value', value, STRUCTURE);
    return resolved(TerraformStack.of(scope), value);
  }

  private constructor() {}
}
