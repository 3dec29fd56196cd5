import { lightToken } from './light-token';
import { stringTemplate } from './text';

/** A condition that Terraform checks of what only it knows, with what to say when it does not hold. */
export interface Condition {
  readonly condition: any;
  readonly errorMessage: string;
}

/** Conditions as `lifecycle` takes them, each once; undefined where there are none. */
export function preconditionsOf(conditions: readonly Condition[]): { condition: any; errorMessage: string }[] | undefined {
  const once = new Map(conditions.map((each) => [`${each.errorMessage} ${each.condition}`, each]));
  if (once.size === 0) return undefined;
  return [...once.values()].map(({ condition, errorMessage }) => ({ condition: grounded(condition), errorMessage: stringTemplate(errorMessage) }));
}

/** The condition so that Terraform takes it whatever its values refer to: one that refers to nothing is refused as no condition. */
function grounded(condition: any): string {
  return lightToken((context) => {
    const text: unknown = context.resolve(condition);
    if (typeof text !== 'string' || refers(text)) return text;
    return `\${(${text.slice(2, -1)}) && length(terraform.workspace) > 0}`;
  });
}

/** Whether a template refers to an object of the configuration: a name with a dot, outside of quotes. */
export function refers(template: string): boolean {
  let code = '';
  // Templates and the code in them alternate; each entry counts the braces that are open in one piece of code.
  const open: number[] = [];
  for (let index = 0; index < template.length; index++) {
    const quoted = open.length === 0 || open[open.length - 1] < 0;
    const char = template[index];
    if (quoted) {
      if (char === '\\' || template.startsWith('$${', index)) index++;
      else if (template.startsWith('${', index)) {
        open.push(0);
        index++;
      } else if (char === '"') open.pop();
    } else if (char === '"') {
      open.push(-1);
      code += ' ';
    } else if (char === '{') {
      open[open.length - 1]++;
    } else if (char === '}') {
      if (open[open.length - 1] === 0) open.pop();
      else open[open.length - 1]--;
    } else {
      code += char;
    }
  }
  return /[A-Za-z_][\w-]*(\[[^\]]*\])?\.[A-Za-z_*]/.test(code);
}
