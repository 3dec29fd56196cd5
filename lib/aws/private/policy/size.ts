import { documentOf, PreparedStatement } from './statement';
import { estimateOf, jsonSize } from '../../../core/shared/terraform/text-size';

const EMPTY = jsonSize(documentOf([])).estimate;

/** The size of a policy document as statements are added to it: what `jsonSize(policyDocument(...)).estimate` says. */
export class PolicySize {
  private readonly statements = new Map<string, Set<string>>();
  private size = EMPTY;
  /** Added, and merged with the others only when they no longer fit side by side: most policies are far from any limit. */
  private loose: PreparedStatement[] = [];
  private looseSize = 0;

  /** Adds the statements if the document stays within the limit. */
  public addWithin(limit: number, statements: readonly PreparedStatement[]): boolean {
    const looseSize = statements.reduce((sum, { size }) => sum + size, this.looseSize);
    if (this.size + looseSize <= limit) {
      this.loose.push(...statements);
      this.looseSize = looseSize;
      return true;
    }
    if (this.with(statements) > limit) return false;
    this.merge(statements);
    return true;
  }

  /** The size with more statements. */
  public with(statements: readonly PreparedStatement[]): number {
    const { loose } = this;
    this.loose = [];
    this.looseSize = 0;
    this.merge(loose);
    return this.sizeWith(statements);
  }

  private sizeWith(statements: readonly PreparedStatement[]): number {
    let size = this.size;
    const added = new Map<string, Set<string>>();
    for (const statement of statements) {
      const { key, resources } = statement;
      const known = this.statements.get(key);
      const fresh = added.get(key) ?? new Set();
      const count = () => (known?.size ?? 0) + fresh.size;
      if (count() === 0) size += frameOf(statement) + (this.statements.size + added.size === 0 ? 0 : ','.length);
      added.set(key, fresh);
      for (const resource of resources) {
        if (known?.has(resource) || fresh.has(resource)) continue;
        // The second resource turns one text into a list; each one after the first brings a comma.
        size += estimateOf(JSON.stringify(resource)) + (count() === 0 ? 0 : ','.length) + (count() === 1 ? '[]'.length : 0);
        fresh.add(resource);
      }
    }
    return size;
  }

  private merge(statements: readonly PreparedStatement[]): void {
    this.size = this.sizeWith(statements);
    for (const { key, resources } of statements) {
      const known = this.statements.get(key);
      if (known === undefined) this.statements.set(key, new Set(resources));
      else resources.forEach((resource) => known.add(resource));
    }
  }
}

/** The length of a statement without its resources. Its key has all the rest, and lists a single action too. */
function frameOf({ key, actions }: PreparedStatement): number {
  return '"Effect":"Allow","Resource":,'.length + estimateOf(key) - (actions.length === 1 ? '[]'.length : 0);
}
