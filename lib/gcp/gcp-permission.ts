import { GcpResource } from './gcp-resource';
import { PermissionOptions } from '../core/permission-options';
import type { GcpGrantee } from './private/grant/grantee';
import { bindRole } from './private/policy/bind-role';
import type { BoundPermission, PermissionFacts } from '../core/shared/flux/service';
import { kept } from '../core/shared/input/kept';

/**
 * A condition under which a role is held.
 *
 * @see https://cloud.google.com/iam/docs/conditions-overview
 */
export interface GcpCondition {
  /** What it is called, at most 100 characters. */
  readonly title: string;
  /** The CEL expression, for example `request.time < timestamp("2030-01-01T00:00:00Z")`. */
  readonly expression: string;
  /**
   * What it is for, at most 256 characters.
   *
   * @default - none
   */
  readonly description?: string;
}

/** A role on a resource, for `GcpPermission.of`. */
export interface GcpRole extends PermissionOptions {
  /** `roles/<name>`, `projects/<project>/roles/<id>` or `organizations/<number>/roles/<id>`; may be a token. */
  readonly role: string;
  /** What the role is granted on. */
  readonly resource: GcpResource;
  /**
   * The condition under which the role is held. Not on Artifact Registry repositories and Pub/Sub topics: Google takes none.
   *
   * @default - none
   */
  readonly condition?: GcpCondition;
}

/**
 * What a Google Cloud identity may do on which resource. Made by `ArtifactRegistryPermissions`, `CloudStoragePermissions` and
 * their relatives, or by `of` for what they do not cover; given with `grant`.
 *
 * Every permission becomes `*_iam_member` resources, which add to the resource's IAM policy and touch nothing that others put
 * there. The same member, role and resource twice in an app is an error: removing one grant would revoke the other.
 *
 * Guide: docs/services.md
 */
export class GcpPermission {
  /**
   * A permission of your own: one role on one resource. Basic roles that write and roles that administer IAM are refused, and on a
   * project those that let one act as its service accounts; a role of a service that Flux knows is held to who can use it.
   *
   * @param role the role and the resource
   */
  public static of(role: GcpRole): GcpPermission {
    role = kept(role);
    return GcpPermission._make({}, (to) => bindRole(to, 'Role', role));
  }

  /**
   * A permission that is worked out when it is granted, where the identity is known and errors have a path.
   *
   * @param facts what it is, as data: a row of `services.ts`, a verb of it, the resource
   * @internal
   */
  public static _make(facts: PermissionFacts, bind: (to: GcpGrantee) => BoundPermission): GcpPermission {
    return new GcpPermission(facts, bind);
  }

  private constructor(
    /** @internal */
    public readonly _facts: PermissionFacts,
    private readonly bind: (to: GcpGrantee) => BoundPermission,
  ) {}

  /** @internal */
  public _bind(to: GcpGrantee): BoundPermission {
    return this.bind(to);
  }
}
