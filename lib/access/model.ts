/**
 * Who can do what, as data: what an installation of Flux comes to, without a word of Terraform. Written by `FluxAccessReport`, read by
 * the command line and by tests. Whoever changes it in a way that readers of older files would misread raises `VERSION`.
 */

/** The name of the form. */
export const SCHEMA = 'cdktf-flux-identity/access';
/** The version of the form. */
export const VERSION = 1;

/** A value as it is, or what Terraform calls it where only Terraform knows it. */
export type AccessValue = string | AccessReference;

/** A value that only Terraform knows: an expression, or a text with expressions, of a stack. */
export interface AccessReference {
  readonly stack: string;
  readonly ref: string;
}

/** Who acts as an identity. */
export type AccessSubject =
  | { readonly account: string; readonly level: 'controller' | 'object' }
  | { readonly secret: string; readonly use: string }
  | { readonly node: true };

/** On whose word a cloud lets a subject in. */
export interface AccessTrust {
  /** What the cloud trusts before the identity; left out where the identity itself holds the trust. */
  readonly anchor?: AccessValue;
  /** The issuer: `cluster` for that of the installation. */
  readonly issuer: AccessValue;
  readonly subject: string;
  readonly audiences: readonly AccessValue[];
}

/** What Kubernetes must hold for one account to act as an identity. */
export interface AccessSettings {
  readonly account: string;
  readonly annotations?: { readonly [name: string]: AccessValue };
  readonly podLabels?: { readonly [name: string]: AccessValue };
  readonly env?: { readonly [name: string]: AccessValue };
  readonly tokens?: readonly { readonly path: string; readonly audience: AccessValue }[];
  readonly mounts?: readonly { readonly mountPath: string; readonly from: string }[];
}

/** Who a set of subjects is in one cloud. */
export interface AccessIdentity {
  /** Made of the cloud and the subjects, so that renaming a construct changes nothing. */
  readonly key: string;
  readonly cloud: string;
  /** How it proves who it is; `unknown` of identities that are not the library's. */
  readonly credential: string;
  /** What the cloud calls it: an ARN, members, an object ID. */
  readonly principals: readonly AccessValue[];
  readonly subjects: readonly AccessSubject[];
  /** `unknown` of identities that are not the library's. */
  readonly trust: readonly AccessTrust[] | 'unknown';
  readonly settings: readonly AccessSettings[];
  /** Whether all that it may do is in `grants`; `unknown` of identities that are not the library's. */
  readonly grants: 'listed' | 'unknown';
}

/** One right, in the words of its cloud. */
export interface AccessRight {
  readonly actions?: readonly string[];
  readonly role?: AccessValue;
  readonly resources: readonly AccessValue[];
  readonly condition?: unknown;
}

/** One grant. */
export interface AccessGrant {
  /** The key of its identity. */
  readonly identity: string;
  /** The service, as its cloud calls it; `other` where the rights were composed by hand. */
  readonly service: string;
  readonly verb: string;
  /** What was granted on, as the report names it. */
  readonly resource: AccessValue;
  readonly rights: readonly AccessRight[];
  /**
   * The Flux kinds of this installation that use it; none where the right exists and nothing can use it, `unknown` where the rights
   * were composed by hand.
   */
  readonly kinds: readonly string[] | 'unknown';
  /** Why it reaches further than one resource. */
  readonly broad?: string;
  /** Whether the owner of the resource must agree. */
  readonly owner?: 'must agree';
}

/** The access model of one installation. */
export interface AccessModel {
  readonly schema: typeof SCHEMA;
  readonly version: typeof VERSION;
  /** The unique name of the installation. */
  readonly installation: string;
  readonly flux: { readonly version: string; readonly namespace: string; readonly controllers: readonly string[] };
  readonly cluster: { readonly kind: string; readonly issuer: AccessValue };
  readonly identities: readonly AccessIdentity[];
  readonly grants: readonly AccessGrant[];
  /** The ConfigMaps of remote clusters, `<namespace>/<name>`, where there are any. */
  readonly remoteClusters?: readonly string[];
  /** The user's own patches that change what the cluster holds, as they are rendered. */
  readonly patches?: readonly string[];
}

/** A value in one line: references as the expression, in angle brackets. */
export function shownValue(value: AccessValue): string {
  return typeof value === 'string' ? value : `<${value.ref}>`;
}

/** A subject in a word. */
export function shownSubject(subject: AccessSubject): string {
  if ('account' in subject) return subject.account;
  return 'secret' in subject ? `Secret ${subject.secret}` : 'nodes';
}
