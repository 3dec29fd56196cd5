import { TerraformResource } from 'cdktf';
import { KINDS } from './kinds';
import { FluxController } from '../../flux-controller';
import { FluxCloud } from '../../flux-identity';
import { FluxKind } from '../../flux-kind';
import { FluxSecretUse } from '../../flux-secret';

/** Where Flux takes credentials from: the controller's own account, the account or Secret that an object names, the node. */
export type Level = 'controller' | 'object' | 'node';

/** How an identity proves who it is, in the same words for every cloud. */
export enum CredentialKind {
  /** Tokens of service accounts, by federation with the cluster's OIDC issuer. */
  WORKLOAD_IDENTITY = 'workload identity',
  /** EKS Pod Identity. */
  POD_IDENTITY = 'Pod Identity',
  /** A stored credential: access key, service account key, certificate. */
  STATIC = 'static credential',
  /** What the nodes of the cluster are. */
  NODE = 'node',
}

/** What is known of one verb of a service: the static methods of its permissions are named after verbs. */
export interface VerbFacts {
  /** The kinds of Flux object that use it. */
  readonly kinds: readonly FluxKind[];
}

/**
 * What is known of a service, in the same form for every cloud (`services.ts` of each): whatever decides by service reads it here.
 */
export interface ServiceFacts {
  /** The service as its cloud calls it. */
  readonly name: string;
  /** Its cloud. */
  readonly cloud: FluxCloud;
  /** What tells its rights from those of other services: IAM prefixes on AWS, role definitions elsewhere. */
  readonly rights: readonly string[];
  /** What Flux does there, each by the kinds of object that do it. */
  readonly verbs: { readonly [verb: string]: VerbFacts };
  /** Where Flux can use it with each kind of credential; not at all where a kind is left out. */
  readonly levels: { readonly [kind in CredentialKind]?: readonly Level[] };
  /** The Secret that its objects read a static credential from. */
  readonly secret?: FluxSecretUse;
  /** Across accounts: the resource's own policy must agree, or nothing can let another account in. Left out where one side is enough. */
  readonly owner?: 'agrees' | 'never';
  /** The hosts of its resources, `*` for one or more labels. */
  readonly hosts?: readonly string[];
  /** Flux's page on it. */
  readonly docs: string;
}

/** One right that an identity has, in the same form for every cloud. */
export interface BoundRight {
  /** IAM actions (AWS). */
  readonly actions?: readonly string[];
  /** The role, by name or definition (Google Cloud, Azure). */
  readonly role?: string;
  /** What it is held on: ARNs, resource names, scopes. */
  readonly resources: readonly string[];
  /** The condition under which it is held, in the cloud's own form. */
  readonly condition?: unknown;
}

/** What a permission comes to once an identity has it, in the same form for every cloud. */
export interface BoundPermission {
  /** What the cloud lets the identity do. */
  readonly rights: readonly BoundRight[];
  /** The Terraform resources that were made for it alone. */
  readonly made: readonly TerraformResource[];
}

/** The controllers that use a verb of a service; of all its verbs when none is named. */
export function controllersOf(service: ServiceFacts, verb?: string): FluxController[] {
  const verbs = verb === undefined ? Object.values(service.verbs) : [service.verbs[verb]];
  return [...new Set(verbs.flatMap(({ kinds }) => kinds.flatMap((kind) => KINDS[kind].controllers)))];
}
