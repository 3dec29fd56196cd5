import { DefaultTokenResolver, StringConcat, TerraformStack, Tokenization } from 'cdktf';
import { IConstruct } from 'constructs';
import { TEXT } from '../core/shared/input/option-shape';
import { checkValue } from '../core/shared/input/options';
import { readableTemplate } from '../core/shared/terraform/readable';

/**
 * What deliveries render, for tests: without Terraform, and without closing the installation, so that the same test may go on adding.
 *
 * ```ts
 * const before = FluxTesting.text(stack, kustomization.yaml);
 * ```
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
    checkValue(undefined, 'text', text, TEXT);
    return readableTemplate(resolve(scope, text));
  }

  /**
   * A structure (`manifest`, `parts`, `settings`) as Terraform gets it.
   *
   * @param scope the stack that uses it, or a construct in that stack
   * @param value the structure
   */
  public static value(scope: IConstruct, value: any): any {
    return resolve(scope, value);
  }

  private constructor() {}
}

function resolve(scope: IConstruct, value: unknown): any {
  return Tokenization.resolve(value, { scope: TerraformStack.of(scope), preparing: false, resolver: new DefaultTokenResolver(new StringConcat()) });
}
