import { IResolvable, IResolveContext } from 'cdktf';
import { lightToken } from '../../../core/shared/terraform/light-token';
import { splitAtTokens } from '../../../core/shared/terraform/tokens';

/** Renders what is known by now; the context says for whom, and whether the tree is prepared for synthesis. */
type Produce<T> = (context: IResolveContext) => T;

/** Text that is rendered when it is needed. (A `Lazy` of cdktf is no part of an expression: its text would stand there without quotes.) */
export function lazyText(produce: Produce<string>): string {
  return lightToken((context) => {
    const text = produce(context);
    return context.suppressBraces ? textExpression(context, text) : text;
  });
}

/** A structure that is rendered when it is needed. */
export class LazyValue implements IResolvable {
  public readonly creationStack: string[] = [];

  /**
   * @param produce the structure, its literals escaped as arguments of Terraform are
   * @param produceJson the same as JSON for Terraform, for expressions
   */
  public constructor(private readonly produce: Produce<any>, private readonly produceJson: Produce<string>) {}

  public resolve(context: IResolveContext): any {
    return context.suppressBraces ? `jsondecode(${textExpression(context, this.produceJson(context))})` : this.produce(context);
  }

  public toString(): string {
    return '<a structure for Terraform>';
  }
}

/** The text of a template as a part of an expression. */
function textExpression(context: IResolveContext, template: string): string {
  context.warnEscapes = false; // functions of cdktf have it on: theirs are not escaped, ours are
  const parts = splitAtTokens(template).flatMap((part, index) => index % 2 === 1 ? [part] : quoted(part));
  return parts.length === 1 && parts[0].startsWith('"') ? parts[0] : `join("", [${parts.join(', ')}])`;
}

/** Literal template text between quotes; dollars that stand in an expression, to be kept apart from a mark, by themselves. */
function quoted(literal: string): string[] {
  return literal.split(/\$\{"(\$+)"\}/).filter((part) => part !== '').map((part) => JSON.stringify(part));
}
