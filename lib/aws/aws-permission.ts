import type { AwsGranted, AwsGrantee } from './private/grant/grantee';
import { statementsOf } from './private/policy/statement';
import type { PermissionFacts } from '../core/shared/flux/service';
import { kept } from '../core/shared/input/kept';

/**
 * One statement of an IAM policy that allows something.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export interface AwsStatement {
  /** The actions, `<service>:<action>`. */
  readonly actions: string[];
  /** The resources: ARNs, or `*` where the action knows no resources. */
  readonly resources: string[];
  /**
   * Conditions: operator, then condition key, then values.
   *
   * @default - none
   */
  readonly conditions?: { readonly [operator: string]: { readonly [key: string]: string[] } };
}

/**
 * What an AWS identity may do on which resource. Made by `EcrPermissions`, `S3Permissions` and their relatives, or by `of`
 * for what they do not cover; given with `grant`.
 *
 * Guide: docs/services.md
 */
export class AwsPermission {
  /**
   * A permission of your own.
   *
   * @param statements what is allowed, at least one; a whole service (`*` or `s3:*`) as an action is refused
   */
  public static of(...statements: AwsStatement[]): AwsPermission {
    statements = kept(statements);
    return AwsPermission._make({}, (to) => ({ statements: statementsOf(to.at, statements) }));
  }

  /**
   * A permission that is worked out when it is granted, where the identity is known and errors have a path.
   *
   * @param facts what it is, as data: a row of `services.ts`, a verb of it, the resource
   * @internal
   */
  public static _make(facts: PermissionFacts, bind: (to: AwsGrantee) => AwsGranted): AwsPermission {
    return new AwsPermission(facts, bind);
  }

  private constructor(
    /** @internal */
    public readonly _facts: PermissionFacts,
    private readonly bind: (to: AwsGrantee) => AwsGranted,
  ) {}

  /** @internal */
  public _bind(to: AwsGrantee): AwsGranted {
    return this.bind(to);
  }
}
