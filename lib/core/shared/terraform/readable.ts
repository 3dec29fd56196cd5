/**
 * A Terraform template as people and YAML parsers read it: escaped template marks as they were, each value that only Terraform knows
 * as its expression in angle brackets.
 */
export function readableTemplate(template: string): string {
  let text = '';
  for (let at = 0; at < template.length;) {
    if (template.startsWith('$${', at) || template.startsWith('%%{', at)) {
      text += template.slice(at + 1, at + 3);
      at += 3;
    } else if (template.startsWith('${', at)) {
      const end = endOf(template, at + 2);
      text += readableExpression(template.slice(at + 2, end));
      at = end + 1;
    } else {
      text += template[at++];
    }
  }
  return text;
}

/** `jsonencode` writes a JSON string; `"${a.b}/x"` reads as `a.b/x`. */
function readableExpression(expression: string): string {
  const literal = /^"([^"\\]*)"$/.exec(expression);
  if (literal !== null) return literal[1];
  const encoded = /^jsonencode\(([\s\S]*)\)$/.exec(expression);
  return encoded === null ? `<${expression}>` : JSON.stringify(`<${inner(encoded[1])}>`);
}

function inner(expression: string): string {
  return /^"[\s\S]*"$/.test(expression) ? expression.slice(1, -1).replace(/\$\{([^{}]*)\}/g, '$1') : expression;
}

function endOf(template: string, from: number): number {
  let depth = 1;
  for (let at = from; at < template.length; at++) {
    if (template[at] === '{') depth++;
    if (template[at] === '}' && --depth === 0) return at;
  }
  return template.length;
}
