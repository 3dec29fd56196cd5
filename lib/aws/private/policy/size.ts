import { policyDocument } from './statement';
import { jsonSize } from '../../../core/shared/terraform/text-size';
import type { AwsStatement } from '../../aws-permission';

/** A statement measured in parts, so that merged documents are added up and not rendered anew for each grant. */
interface MeasuredStatement {
  /** Statements of one key merge. */
  readonly key: string;
  /** Its length without resources. */
  readonly frame: number;
  readonly resources: ReadonlyArray<readonly [resource: string, length: number]>;
}

/** Measures the statements of one grant, once. */
export function measured(statements: readonly AwsStatement[]): MeasuredStatement[] {
  return statements.map((statement) => {
    const { Statement: [{ Resource: _, ...frame }] } = policyDocument([statement]) as any;
    const { Action, Condition } = frame;
    return {
      key: JSON.stringify({ Action, Condition }),
      frame: jsonSize({ ...frame, Resource: [] }).estimate - '[]'.length,
      resources: statement.resources.map((resource) => [resource, jsonSize(resource).estimate]),
    };
  });
}

/** The size of a policy document as statements are added to it: what `jsonSize(policyDocument(...)).estimate` says. */
export class PolicySize {
  private readonly statements = new Map<string, Set<string>>();
  private size = jsonSize(policyDocument([])).estimate;

  /** Adds the statements if the document stays within the limit. */
  public addWithin(limit: number, statements: readonly MeasuredStatement[]): boolean {
    const size = this.with(statements);
    if (size > limit) return false;
    this.size = size;
    for (const { key, resources } of statements) {
      const known = this.statements.get(key) ?? new Set();
      resources.forEach(([resource]) => known.add(resource));
      this.statements.set(key, known);
    }
    return true;
  }

  /** The size with more statements. */
  public with(statements: readonly MeasuredStatement[]): number {
    let size = this.size;
    const added = new Map<string, Set<string>>();
    for (const { key, frame, resources } of statements) {
      const known = this.statements.get(key);
      const fresh = added.get(key) ?? new Set();
      const count = () => (known?.size ?? 0) + fresh.size;
      if (count() === 0) size += frame + (this.statements.size + added.size === 0 ? 0 : ','.length);
      added.set(key, fresh);
      for (const [resource, length] of resources) {
        if (known?.has(resource) || fresh.has(resource)) continue;
        // The second resource turns one text into a list; each one after the first brings a comma.
        size += length + (count() === 0 ? 0 : ','.length) + (count() === 1 ? '[]'.length : 0);
        fresh.add(resource);
      }
    }
    return size;
  }
}
