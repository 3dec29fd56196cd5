import { Fn, TerraformResourceLifecycle, Token } from 'cdktf';
import { callOn, lightToken } from './light-token';
import { stringTemplate } from './text';

/** A precondition or a postcondition of a resource or data source, as it is meant: `lifecycleOf` or `terraformCheck` make it one. */
export interface TerraformCheck {
  readonly condition: any;
  readonly errorMessage: string;
}

/** True, and a reference: Terraform refuses a condition that refers to nothing. */
const REFERENCE = 'terraform.workspace != ""';

/**
 * A precondition or a postcondition that Terraform takes whatever the values in its condition are: `Fn.file(...)` or `Fn.join` of
 * literals refer to no object, and a condition must refer to one. The message is literal, but for tokens: construct ids stand in it.
 *
 * @param condition what an operator or a function of cdktf gave, or an expression between `${` and `}`
 */
export function terraformCheck(condition: unknown, errorMessage: string): TerraformCheck {
  return { condition: lightToken((context) => withReference(context.resolve(condition as any))), errorMessage: stringTemplate(errorMessage) };
}

/** A lifecycle with what Terraform checks before, each once, beside the rest of it; undefined where there is nothing. */
export function lifecycleOf(checks: readonly TerraformCheck[], rest: TerraformResourceLifecycle = {}): TerraformResourceLifecycle | undefined {
  if (checks.length === 0) return Object.values(rest).some((value) => value !== undefined) ? rest : undefined;
  const once = new Map(checks.map((each) => [`${each.errorMessage} ${each.condition}`, each]));
  return { ...rest, precondition: [...once.values()].map(({ condition, errorMessage }) => terraformCheck(condition, errorMessage)) };
}

/**
 * A condition that a text matches a pattern. The functions of cdktf warn of text around tokens, with a stack of calls for each.
 *
 * @param pattern for Terraform: without quotes, backslashes and look-around
 * @param text the text, which holds tokens
 */
export function matches(pattern: string, text: string): string {
  return callOn(text, (argument) => `can(regex("${pattern}", ${argument}))`, (argument) => Token.asString(Fn.can(Fn.regex(pattern, argument))));
}

/** A condition as it was if it refers to an object, and with a reference that changes nothing otherwise. */
function withReference(condition: unknown): unknown {
  if (condition === undefined) return undefined;
  const expression = typeof condition === 'string' ? condition.slice('${'.length, -'}'.length) : String(condition);
  return refers(expression) ? condition : `\${(${REFERENCE} && ${expression})}`;
}

/** Whether an expression is sure to refer to an object. What a `for` binds looks like one, so there nothing is sure. */
function refers(expression: string): boolean {
  const code = withoutQuotes(expression);
  return /(?<![\w.\])}-])[A-Za-z_][\w-]*\.[A-Za-z_]/.test(code) && !/\bfor\b/.test(code);
}

/** An expression without the literal parts of its texts. */
function withoutQuotes(expression: string): string {
  let code = '';
  /** What each open brace is: one of code (`}` goes on with code) or of a template (`}` goes on with its text). */
  const open: ('code' | 'template')[] = [];
  let quoted = false;
  for (let at = 0; at < expression.length; at++) {
    const char = expression[at];
    if (quoted) {
      const marks = expression.slice(at, at + 3);
      if (char === '\\') {at++;} else if (marks === '$${' || marks === '%%{') {at += 2;} else if (char === '"') {quoted = false;} else if (/^[$%]\{/.test(marks)) {
        open.push('template');
        quoted = false;
        at++;
      }
      continue;
    }
    if (char === '"') quoted = true;
    else if (char === '{') open.push('code');
    else if (char === '}' && open.pop() === 'template') quoted = true;
    code += char === '"' ? ' ' : char;
  }
  return code;
}
