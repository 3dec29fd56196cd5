import { IConstruct } from 'constructs';
import { OPTIONS, TEXTS } from '../../../core/shared/input/option-shape';
import { checkMarks, checkOptions } from '../../../core/shared/input/options';
import { isPlain, shown, ValidationError } from '../../../core/shared/input/validation-error';
import { byKey, byText, sorted } from '../../../core/shared/sort';
import { estimateOf } from '../../../core/shared/terraform/text-size';
import { hasToken, wholeToken } from '../../../core/shared/terraform/tokens';
import type { AwsStatement } from '../../aws-permission';

/** No whole service, and no wildcard that could be one. */
const ACTION = /^[a-z0-9-]+:[A-Za-z][A-Za-z0-9]{2}[A-Za-z0-9*?]*$/;

/** Checks the statements that the caller wrote. */
export function statementsOf(at: IConstruct, statements: AwsStatement[]): AwsStatement[] {
  if (statements.length > 0) return statements.map((statement) => statementOf(at, statement));
  throw new ValidationError(at, {
    given: 'no statement.',
    allowed: 'at least one statement',
    why: 'the grant would allow nothing, and nothing could wait for it',
    fix: 'pass { actions: [...], resources: [...] }, or drop the grant',
  });
}

function statementOf(at: IConstruct, statement: AwsStatement): AwsStatement {
  checkOptions(at, 'AwsStatement', statement, { actions: TEXTS, resources: TEXTS, conditions: OPTIONS.optional });
  const { actions, resources, conditions } = statement;
  const bad = isTexts(actions) ? actions.find((action) => hasToken(action) || !ACTION.test(action)) : actions;
  if (bad !== undefined || actions.length === 0) {
    throw new ValidationError(at, {
      given: `action ${shown(bad)}`,
      allowed: 'plain "<service>:<action>" names, at least one; a wildcard only after the first three letters of the action',
      why: 'IAM refuses other forms, and "*" or "s3:*t*" would allow far more than Flux needs',
      fix: 'list the actions, for example "ecr:BatchGetImage"',
    });
  }
  if (!isTexts(resources) || resources.length === 0) {
    throw new ValidationError(at, {
      given: `resources ${shown(resources)}`,
      allowed: 'a list of at least one ARN, or "*" for actions that know no resources',
      why: 'IAM refuses a statement without a resource',
      fix: 'name the resources that Flux reads; of a list that only Terraform knows, each by Fn.element(list, 0)',
    });
  }
  const stray = resources.find((resource) => !hasToken(resource) && resource !== '*' && !/^arn:[^:]+:[a-z0-9-]+:[^:]*:[^:]*:.+$/.test(resource));
  if (stray !== undefined) {
    throw new ValidationError(at, {
      given: `resource ${shown(stray)}`,
      allowed: 'ARNs, or "*" for actions that know no resources',
      why: 'IAM compares the ARN of what is asked for with it: anything else matches nothing, or is refused (MalformedPolicyDocument)',
      fix: 'pass the ARN (Terraform attribute `arn`)',
    });
  }
  const checked = { actions: [...actions], resources: [...resources], conditions: checkedConditions(at, conditions) };
  // Tokens are plain ASCII; what they stand for is checked by IAM.
  const odd = /[^\u0020-\u00FF]/.exec(JSON.stringify(checked));
  if (odd === null) return checked;
  throw new ValidationError(at, {
    given: `the character ${shown(odd[0])} (U+${odd[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}) in a statement.`,
    allowed: 'characters up to U+00FF',
    why: 'IAM takes no others in policies (MalformedPolicyDocument)',
    fix: 'use a wildcard in its place, or rename the resource',
  });
}

/** Anything that holds no condition is refused where one was given: dropping it would allow more than was asked for. */
function checkedConditions(at: IConstruct, conditions: AwsStatement['conditions']): AwsStatement['conditions'] {
  if (conditions === undefined) return undefined;
  return mapped(at, 'conditions', conditions, (operator, keys) => {
    requireOperator(at, operator);
    return mapped(at, `condition ${operator}`, keys, (key, values) => {
      checkMarks(at, `key of condition ${operator}`, key);
      if (isTexts(values) && values.length > 0) {
        values.forEach((value) => checkMarks(at, `value of condition ${operator} ${shown(key)}`, value));
        return [...values];
      }
      throw new ValidationError(at, {
        given: `condition ${operator} ${shown(key)} with ${shown(values)}`,
        allowed: 'a list of at least one string for each condition key',
        why: 'IAM compares with each of the values; anything else would be a condition that nobody meant',
        fix: `write { ${operator}: { ${shown(key)}: ["<value>"] } }`,
      });
    });
  });
}

/** The operators of IAM, each also with `IfExists`, and for sets. */
const OPERATOR = new RegExp(`^(ForAllValues:|ForAnyValue:)?(${[
  'String(Not)?(Equals|Like)', 'String(Not)?EqualsIgnoreCase', 'Numeric(Not)?Equals', 'Numeric(Less|Greater)Than(Equals)?', 'Date(Not)?Equals',
  'Date(Less|Greater)Than(Equals)?', 'Bool', 'BinaryEquals', '(Not)?IpAddress', 'Arn(Not)?(Equals|Like)',
].join('|')})(IfExists)?$|^Null$`);

function requireOperator(at: IConstruct, operator: string): void {
  if (OPERATOR.test(operator)) return;
  throw new ValidationError(at, {
    given: `condition operator ${shown(operator)}`,
    allowed: 'an operator of IAM, for example StringEquals, ArnLike or Bool; with IfExists, ForAnyValue: or ForAllValues: where wanted',
    why: 'IAM knows no other (MalformedPolicyDocument)',
    fix: 'correct the spelling: capital letters count',
  });
}

function mapped<T>(at: IConstruct, what: string, map: { readonly [key: string]: T }, each: (key: string, value: T) => T): { [key: string]: T } {
  if (isPlain(map) && Object.keys(map).length > 0) {
    return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, each(key, value)]));
  }
  throw new ValidationError(at, {
    given: `${what} ${shown(map)}`,
    allowed: 'operators with condition keys with values, at least one of each: { StringEquals: { "aws:SourceAccount": ["111122223333"] } }',
    why: 'the statement would allow without the condition that was meant',
    fix: 'name the condition, or leave `conditions` out',
  });
}

function isTexts(values: unknown): values is string[] {
  // A list that only Terraform knows is no text inside a policy: cdktf would stop at it when it synthesizes, and not say where.
  return Array.isArray(values) && wholeToken(values) === undefined && values.every((value) => typeof value === 'string' && value !== '');
}

/**
 * The Version/Statement document of statements. Everything plain is sorted, so that its order does not count; values that
 * only Terraform knows keep the order in which they come.
 */
export function policyDocument(statements: readonly AwsStatement[]): object {
  return documentOf(statements.map(prepared));
}

/** A statement as it goes into documents, worked out once for all that it goes into. */
export interface PreparedStatement {
  /** Statements of one key become one. */
  readonly key: string;
  readonly actions: string[];
  readonly conditions?: object;
  readonly resources: readonly string[];
  /** What it adds to the size of a document at most: less where it shares its key or resources with others. */
  readonly size: number;
}

/** Prepares a statement for `documentOf`. */
export function prepared(statement: AwsStatement): PreparedStatement {
  const actions = sorted(statement.actions);
  const conditions = conditionsOf(statement);
  const key = JSON.stringify({ Action: actions, Condition: conditions });
  const size = '"Effect":"Allow","Resource":,,'.length + estimateOf(key) + estimateOf(JSON.stringify(statement.resources));
  return { key, actions, conditions, resources: statement.resources, size };
}

/** `policyDocument` of prepared statements. */
export function documentOf(statements: readonly PreparedStatement[]): object {
  const merged = new Map<string, { first: PreparedStatement; resources: string[] }>();
  for (const statement of statements) {
    const same = merged.get(statement.key);
    if (same === undefined) merged.set(statement.key, { first: statement, resources: [...statement.resources] });
    else same.resources.push(...statement.resources);
  }
  return {
    Version: '2012-10-17',
    Statement: [...merged.values()].sort((a, b) => byText(a.first.key, b.first.key)).map(({ first: { actions, conditions }, resources }) => ({
      Effect: 'Allow',
      Action: single(actions),
      Resource: single(sorted(resources)),
      Condition: conditions,
    })),
  };
}

/** One value as itself, several as a list: what IAM stores, so that no plan shows a difference. */
export function single(values: string[]): string | string[] {
  return values.length === 1 ? values[0] : values;
}

function conditionsOf(statement: AwsStatement): object | undefined {
  if (statement.conditions === undefined) return undefined;
  return Object.fromEntries(Object.entries(byKey(statement.conditions)).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(byKey(keys)).map(([key, values]) => [key, single(sorted(values))])),
  ]));
}
