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
export function lazyValue(produce: Produce<any>, toJson: (value: any) => string): IResolvable {
  return {
    creationStack: [],
    resolve: (context) => {
      const value = produce(context);
      return context.suppressBraces ? `jsondecode(${textExpression(context, toJson(value))})` : value;
    },
    toString: () => '<a structure for Terraform>',
  };
}

/** The text of a template as a part of an expression. */
function textExpression(context: IResolveContext, template: string): string {
  context.warnEscapes = false; // functions of cdktf have it on: theirs are not escaped, ours are
  const parts = splitAtTokens(template).map((part, index) => index % 2 === 1 ? part : JSON.stringify(part)).filter((part) => part !== '""');
  return parts.length === 1 && parts[0].startsWith('"') ? parts[0] : `join("", [${parts.join(', ')}])`;
}
