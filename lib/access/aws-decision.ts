/** A call to AWS. */
export interface AwsCall {
  readonly action: string;
  /** The ARN, or `*` for actions that know no resources. */
  readonly resource: string;
  /** Condition keys of the request. */
  readonly context?: { readonly [key: string]: string | readonly string[] };
}

/** One statement that allows, as IAM stores it or as a permission says it. */
export interface AllowStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: unknown;
}

/** What was decided, and by which statement; `unknown` where an answer would be a guess. */
export interface AwsDecision {
  readonly allowed: boolean | 'unknown';
  /** The statement that allows, or why nothing does. */
  readonly because: string;
}

/** Whether statements that allow, and nothing else, allow a call: IAM's own rules, as far as they are exact. */
export function decideAws(statements: readonly AllowStatement[], call: AwsCall): AwsDecision {
  const near: string[] = [];
  let unknown: string | undefined;
  for (const statement of statements) {
    const text = JSON.stringify({ Action: statement.actions, Resource: statement.resources, Condition: statement.conditions });
    if (!statement.actions.some((action) => glob(action.toLowerCase(), call.action.toLowerCase()))) continue;
    if (!statement.resources.some((resource) => arnMatches(resource, call.resource))) {
      if (statement.resources.some((resource) => mayMatch(resource, call.resource))) {
        unknown = `whether the resource is ${call.resource} only Terraform knows, of ${text}`;
      } else {near.push(`the resource is not one of ${text}`);}
      continue;
    }
    const condition = conditionsHold(statement.conditions, call.context ?? {});
    if (condition === true) return { allowed: true, because: text };
    if (condition.startsWith('?')) unknown = `${condition.slice(1)} in ${text}`;
    else near.push(`${condition} in ${text}`);
  }
  if (unknown !== undefined) return { allowed: 'unknown', because: unknown };
  return { allowed: false, because: near.length > 0 ? near.join('; ') : `no statement allows ${call.action}` };
}

/** Patterns of IAM: `*` for any text, `?` for one character. */
function glob(pattern: string, text: string): boolean {
  const source = pattern.split('').map((char) => char === '*' ? '[\\s\\S]*' : char === '?' ? '[\\s\\S]' : char.replace(/[\\^$.|+()[\]{}]/g, '\\$&')).join('');
  return new RegExp(`^${source}$`).test(text);
}

/** ARNs are compared part by part: a wildcard of one part does not reach into the next, but for the resource itself. */
function arnMatches(pattern: string, arn: string): boolean {
  if (pattern === '*' || pattern === arn) return true;
  if (pattern.includes('${') || arn.includes('${')) return glob(pattern, arn);
  const [patterns, parts] = [arnParts(pattern), arnParts(arn)];
  if (patterns === undefined || parts === undefined) return false;
  return patterns.every((part, index) => glob(part, parts[index]));
}

/** Whether values that only Terraform knows, in the pattern or in the ARN, could make them match. */
function mayMatch(pattern: string, arn: string): boolean {
  if (arn.includes('${')) return true;
  return pattern.includes('${') && glob(pattern.replace(/\$\{[^}]*\}/g, '*'), arn);
}

function arnParts(arn: string): string[] | undefined {
  const parts = arn.split(':');
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

const OPERATORS: { readonly [name: string]: (wanted: string, value: string) => boolean } = {
  StringEquals: (wanted, value) => wanted === value,
  StringEqualsIgnoreCase: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
  StringLike: glob,
  ArnEquals: arnMatches,
  ArnLike: arnMatches,
  Bool: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
};

/** True; or why not; or `?` and why it cannot be told. */
function conditionsHold(conditions: unknown, context: NonNullable<AwsCall['context']>): true | string {
  const lower = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  for (const [operator, keys] of Object.entries(conditions ?? {})) {
    const [, set = '', base, ifExists = ''] = /^(ForAnyValue:|ForAllValues:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
    const holds = OPERATORS[base];
    if (holds === undefined || set === 'ForAllValues:') return `?operator ${operator}`;
    for (const [key, wanted] of Object.entries(keys as object)) {
      const given = lower.get(key.toLowerCase());
      const wantedTexts = [wanted].flat().map(String);
      if (wantedTexts.some((text) => text.includes('${'))) return `?a policy variable or a value that only Terraform knows, of ${key},`;
      if (given === undefined) {
        if (ifExists === '') return `condition ${operator} on ${key}, which the request does not carry,`;
        continue;
      }
      if (![given].flat().some((value) => wantedTexts.some((text) => holds(text, value)))) return `condition ${operator} on ${key}`;
    }
  }
  return true;
}
