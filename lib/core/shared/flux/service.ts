import { TerraformResource } from 'cdktf';
import { CloudKind, KINDS } from './kinds';
import { FluxController } from '../../flux-controller';
import { FluxCloud } from '../../flux-identity';
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
  readonly kinds: readonly CloudKind[];
}

/** A row of facts for each service of a cloud (its `services.ts`), under the id that tables and errors know it by. */
export type ServiceRows<Id extends string = string> = { readonly [id in Id]: ServiceFacts };

/**
 * What is known of a service, in the same form for every cloud: whatever decides by service reads it here. Which controllers use
 * it, from which Flux, and which Secrets serve it, follows from the kinds of its verbs.
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
  /** Across accounts: the resource's own policy must agree, or nothing can let another account in. Left out where one side is enough. */
  readonly owner?: 'agrees' | 'never';
  /** The hosts of its resources, `*` for one or more labels. */
  readonly hosts?: readonly string[];
  /** What a ResourceSetInputProvider can list there, the usual first. */
  readonly inputTypes?: readonly string[];
  /** What the roles that its permissions grant hold, as far as Flux needs it (Google Cloud, Azure), and where the cloud says so. */
  readonly roles?: { readonly [role: string]: RoleContents };
  /** Flux's page on it. */
  readonly docs: string;
}

/** What a role of a cloud holds, as far as Flux needs it. */
export interface RoleContents {
  /** Permissions on Google Cloud, actions and data actions on Azure. */
  readonly permissions: readonly string[];
  /** The cloud's page on it. */
  readonly page: string;
  /** The day of the definition, as the cloud's API gave it out, that the contents were last held against. */
  readonly read: string;
}

/** What a permission is, as data. */
export interface PermissionFacts {
  /** The service; undefined for what users compose of services that the library does not list. */
  readonly service?: ServiceFacts;
  /** What is done there, a key of the service's `verbs`; undefined where users composed the rights. */
  readonly verb?: string;
  /** On what, as the user gave it; undefined where it is the whole service, or where users composed the rights. */
  readonly resource?: string;
}

/** One right that an identity has, in the same form for every cloud. */
export interface BoundRight {
  /** IAM actions (AWS). */
  readonly actions?: readonly string[];
  /** The role, by name or definition (Google Cloud, Azure); the managed policy (AWS). */
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

/** The kinds of Flux object that use a verb of a service; of all its verbs when none is named. */
export function kindsOf(service: ServiceFacts, verb?: string): readonly CloudKind[] {
  if (verb !== undefined) return service.verbs[verb].kinds;
  return unique(Object.values(service.verbs).flatMap(({ kinds }) => kinds));
}

/** The controllers that use a verb of a service; of all its verbs when none is named. */
export function controllersOf(service: ServiceFacts, verb?: string): FluxController[] {
  return unique(kindsOf(service, verb).flatMap((kind) => KINDS[kind].controllers));
}

/** The Secrets from which Flux objects read a static credential for a verb of a service. */
export function secretsOf(service: ServiceFacts, verb?: string): FluxSecretUse[] {
  return unique(kindsOf(service, verb).flatMap((kind) => KINDS[kind].secret ?? []));
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
