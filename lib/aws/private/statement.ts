import { IConstruct } from 'constructs';
import { checkOptions } from '../../core/shared/options';
import { byKey, byText, sorted } from '../../core/shared/sort';
import { hasToken } from '../../core/shared/tokens';
import { shown, ValidationError } from '../../core/shared/validation-error';
import type { AwsStatement } from '../aws-permission';

/** Checks a statement that the caller wrote. */
export function statementOf(at: IConstruct, statement: AwsStatement): AwsStatement {
  checkOptions(at, 'AwsStatement', statement, { actions: true, resources: true, conditions: true });
  const bad = (statement.actions ?? []).find((action) => hasToken(action) || !/^[a-z0-9-]+:[A-Za-z*?]+$/.test(action) || action.endsWith(':*'));
  if (bad !== undefined || !statement.actions?.length) {
    throw new ValidationError(at, {
      given: `action ${shown(bad)}`,
      allowed: 'plain "<service>:<action>" names, at least one; not a whole service',
      why: 'IAM refuses other forms, and "*" would allow far more than Flux needs',
      fix: 'list the actions, for example "ecr:BatchGetImage"',
    });
  }
  if (!statement.resources?.length || statement.resources.some((resource) => resource === '')) {
    throw new ValidationError(at, {
      given: `resources ${shown(statement.resources?.join(', '))}`,
      allowed: 'at least one ARN, or "*" for actions that know no resources',
      why: 'IAM refuses a statement without a resource',
      fix: 'name the resources that Flux reads',
    });
  }
  return statement;
}

/** The Version/Statement document of statements; equal sets of statements give equal documents, whatever their order. */
export function policyDocument(statements: readonly AwsStatement[]): object {
  const merged = new Map<string, { key: string; rendered: any; resources: Set<string> }>();
  for (const statement of statements) {
    const rendered = { Action: sorted(statement.actions), Condition: conditionsOf(statement) };
    const key = JSON.stringify(rendered);
    const entry = merged.get(key) ?? { key, rendered, resources: new Set<string>() };
    statement.resources.forEach((resource) => entry.resources.add(resource));
    merged.set(key, entry);
  }
  return {
    Version: '2012-10-17',
    Statement: [...merged.values()].sort((a, b) => byText(a.key, b.key)).map(({ rendered, resources }) => ({
      Effect: 'Allow',
      Action: single(rendered.Action),
      Resource: single(sorted([...resources])),
      ...(rendered.Condition === undefined ? {} : { Condition: rendered.Condition }),
    })),
  };
}

/** One value as itself, several as a list: what IAM stores, so that no plan shows a difference. */
export function single(values: string[]): string | string[] {
  return values.length === 1 ? values[0] : values;
}

function conditionsOf(statement: AwsStatement): object | undefined {
  const operators = Object.entries(byKey(statement.conditions ?? {}));
  if (operators.length === 0) return undefined;
  return Object.fromEntries(operators.map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(byKey(keys)).map(([key, values]) => [key, single(sorted(values))])),
  ]));
}
