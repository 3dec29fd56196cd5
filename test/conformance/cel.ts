/**
 * The part of CEL that the library writes: paths (`assertion.sub`, `assertion['kubernetes.io']['namespace']`), strings, lists,
 * `==`, `in` and `||`. Anything else is an error, and so is a path that leads nowhere, as in CEL.
 *
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md
 */
export function evaluate(expression: string, variables: { readonly [name: string]: unknown }): unknown {
  const tokens = tokenize(expression);
  let at = 0;
  const peek = () => tokens[at];
  const take = (expected?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (expected !== undefined && token !== expected)) throw new Error(`CEL: expected ${expected ?? 'more'}, got ${token ?? 'the end'} in ${expression}`);
    return token;
  };

  const list = (): unknown[] => {
    take('[');
    const values: unknown[] = [];
    while (peek() !== ']') {
      values.push(value());
      if (peek() !== ']') take(',');
    }
    take(']');
    return values;
  };
  const value = (): unknown => {
    if (/^['"]/.test(peek() ?? '')) return take().slice(1, -1);
    const name = take();
    if (!/^[a-z_]\w*$/i.test(name) || !(name in variables)) throw new Error(`CEL: no variable ${name}`);
    let found: any = variables[name];
    while (peek() === '.' || peek() === '[') {
      const key = take() === '.' ? take() : take().slice(1, -1);
      if (tokens[at - 2] === '[') take(']');
      if (found === null || typeof found !== 'object' || !(key in found)) throw new Error(`CEL: no such key: ${key}`);
      found = found[key];
    }
    return found;
  };
  const comparison = (): unknown => {
    const left = value();
    if (peek() === '==') {
      take();
      return left === value();
    }
    if (peek() === 'in') {
      take();
      return list().includes(left);
    }
    return left;
  };
  const either = (): unknown => {
    let result = comparison();
    while (peek() === '||') {
      take();
      const right = comparison();
      result = result === true || right === true;
    }
    return result;
  };

  const result = either();
  if (at !== tokens.length) throw new Error(`CEL: ${tokens.slice(at).join(' ')} is not understood in ${expression}`);
  return result;
}

function tokenize(expression: string): string[] {
  const tokens = expression.match(/'[^'\\]*'|"[^"\\]*"|==|\|\||[[\].,]|[A-Za-z_]\w*|\S/g) ?? [];
  return tokens;
}
