import { TerraformProvider, TerraformResource } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { Precondition } from '../forms/text-form';

/** The kinds of identity, as errors name them. */
export enum IdentityKind {
  /** Kubernetes service accounts themselves, over a pool of their own. */
  FEDERATED = 'a direct principal',
  /** Kubernetes service accounts themselves, over the pool that is built into GKE. */
  GKE = 'a direct principal of GKE',
  /** A Google service account that Kubernetes service accounts impersonate. */
  SERVICE_ACCOUNT = 'a service account',
  /** A Google service account by stored key. */
  KEY = 'a service account by key',
  /** The Google service account of the nodes. */
  NODE = 'the service account of the nodes',
}

/** One IAM member that roles are granted to. */
export interface GcpMember {
  /** Tells the members of one identity apart in addresses; undefined when there is only one, ever. */
  readonly id?: string;
  /** The member, as IAM writes it; may hold tokens that make Terraform create things in order. */
  readonly member: string;
  /** The member as far as it is known at synth, to find doubles. */
  readonly key: string;
}

/** Whom a permission is granted to. */
export interface GcpGrantee {
  /** The grant: errors name it, and resources live below it. */
  readonly at: Construct;
  /** Who the identity is in IAM. */
  readonly members: GcpMember[];
  /** The kind of identity. */
  readonly kind: IdentityKind;
  /** Whether a controller acts as the identity. */
  readonly controllers: boolean;
  /** The provider of the identity. */
  readonly provider?: TerraformProvider;
  /** What must exist before IAM knows the members. */
  readonly prerequisites: IConstruct[];
  /** What Terraform checks of the members, where only it knows them. */
  readonly late: readonly Precondition[];
  /** Resources without which no grant of the identity has an effect. */
  readonly carriers: TerraformResource[];
}
