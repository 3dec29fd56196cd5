import { statementFrame, statementKey } from './statement';
import { jsonSize } from '../../core/shared/terraform-text';
import type { AwsStatement } from '../aws-permission';

/** What statements add to a policy, measured once. */
export type Measured = ReadonlyArray<{ readonly key: string; readonly frame: number; readonly resources: ReadonlyMap<string, number> }>;

const EMPTY = '{"Version":"2012-10-17","Statement":[]}'.length;

/** Measures statements for `PolicySize`. */
export function measured(statements: readonly AwsStatement[]): Measured {
  return statements.map((statement) => ({
    key: statementKey(statement),
    // Without `""`, the one resource of the frame.
    frame: jsonSize(statementFrame(statement)).estimate - 2,
    resources: new Map(statement.resources.map((resource) => [resource, jsonSize(resource).estimate])),
  }));
}

/**
 * The size of a policy document that statements are put into one after the other. Rendering the document for each of them
 * takes time that grows with the cube of their number.
 */
export class PolicySize {
  private readonly statements = new Map<string, { readonly frame: number; readonly resources: Map<string, number>; text: number }>();
  private text = 0;

  /** The characters of the document. */
  public get characters(): number {
    return EMPTY + this.text + Math.max(0, this.statements.size - 1);
  }

  /** Adds statements; equal ones share what they have in common, as in the document. */
  public add(statements: Measured): void {
    for (const { key, frame, resources } of statements) {
      const merged = this.statements.get(key) ?? { frame, resources: new Map<string, number>(), text: 0 };
      this.statements.set(key, merged);
      this.text -= lengthOf(merged);
      for (const [resource, size] of resources) {
        if (merged.resources.has(resource)) continue;
        merged.resources.set(resource, size);
        merged.text += size;
      }
      this.text += lengthOf(merged);
    }
  }
}

/** One resource stands alone; several are a list, with brackets and commas. */
function lengthOf({ frame, resources, text }: { frame: number; resources: Map<string, number>; text: number }): number {
  if (resources.size === 0) return 0;
  return frame + text + (resources.size === 1 ? 0 : resources.size + 1);
}
