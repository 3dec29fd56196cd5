import { Annotations } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import type { BoundPermission, CredentialKind, PermissionFacts } from './service';
import type { IClusterIssuer } from '../../cluster-issuer';
import type { FluxCloud, FluxContext } from '../../flux-identity';
import type { FluxSecret } from '../../flux-secret';
import type { FluxServiceAccount } from '../../flux-service-account';
import type { Grant } from '../../grant';
import { checkedScope } from '../input/construct-ids';
import { inTree } from '../input/once-per-app';
import { Synthesis } from '../terraform/synthesis';

/** One subject that a cloud lets act as an identity, and on whose word. Trust policies and credentials are rendered from it. */
export interface IdentityTrust {
  /** What the cloud trusts before the identity: the ARN of a provider, the name of a pool, the identity that holds the credential. */
  readonly anchor: string;
  /** The cluster whose issuer vouches. */
  readonly issuer: IClusterIssuer;
  /** The `sub` of the tokens. */
  readonly subject: string;
  /** The `aud` of the tokens; empty where the cluster's own agent vouches, not a token. */
  readonly audiences: readonly string[];
}

/** A permission that an identity was given. */
export interface IdentityGrant extends BoundPermission, PermissionFacts {
  readonly grant: Grant;
  /** What a Flux installation must warn of because of it, as far as it is true when the tree is complete. */
  readonly warnings?: () => readonly IdentityWarning[];
}

/** Something that an identity makes a Flux installation warn of. */
export interface IdentityWarning {
  /** A `WarningId`: the same for every identity that brings the fact, so that it is said once; a fact of one grant has its path. */
  readonly id: string;
  readonly message: string;
}

/**
 * What every identity of this library is, own and imported: `lib/flux` and the access model read it through here. (Users' own
 * implementations of `IFluxIdentity` are not.)
 *
 * @internal
 */
export abstract class FluxIdentityBase extends Construct {
  /** The cloud this identity lives in. */
  public abstract readonly cloud: FluxCloud;
  /** The service accounts that act as this identity. */
  public abstract readonly serviceAccounts: FluxServiceAccount[];
  /** @internal */
  public abstract readonly _credential: CredentialKind;
  private readonly granted: IdentityGrant[] = [];
  private readonly installations = new Map<IConstruct, (grant: IdentityGrant) => void>();

  protected constructor(scope: Construct, id: string) {
    super(checkedScope(scope, id), id);
  }

  /**
   * What it was given, in the order of calls: one entry for each grant, more where users composed the rights of several services.
   *
   * @internal
   */
  public get _grants(): readonly IdentityGrant[] {
    return this.granted.filter(({ grant }) => inTree(grant)); // a grant that was refused after it was noted has left
  }

  /**
   * Takes note of a grant, unless a Flux that the identity belongs to cannot use it: that throws.
   *
   * @internal
   */
  public _addGrant(grant: IdentityGrant): void {
    if (this.installations.size > 0) this.admits.forEach((admit) => admit(grant));
    this.granted.push(grant);
    if (grant.warnings !== undefined) this.warnWithout(grant.grant, grant.warnings);
  }

  /**
   * Lets a Flux have its word on every grant that comes.
   *
   * @internal
   */
  public _admitBy(installation: IConstruct, admit: (grant: IdentityGrant) => void): void {
    this.installations.set(installation, admit);
  }

  /**
   * What its cloud calls it: an ARN, members, an object ID.
   *
   * @internal
   */
  public abstract get _principals(): readonly string[];

  /**
   * The Secrets that hold its static credential at object level.
   *
   * @internal
   */
  public get _secrets(): readonly FluxSecret[] {
    return [];
  }

  /**
   * Whether it takes grants that Flux does not test at node level: the user's explicit choice.
   *
   * @internal
   */
  public get _takesUntested(): boolean {
    return false;
  }

  /**
   * Whom the cloud lets act as it; empty for nodes and static credentials.
   *
   * @internal
   */
  public abstract get _trust(): readonly IdentityTrust[];

  /**
   * What it makes a Flux installation warn of.
   *
   * @internal
   */
  public _warnings(_context: FluxContext): IdentityWarning[] {
    return this._grants.flatMap(({ warnings }) => warnings?.() ?? []);
  }

  private get admits(): ((grant: IdentityGrant) => void)[] {
    return [...this.installations].filter(([installation]) => inTree(installation)).map(([, admit]) => admit);
  }

  /** Nobody says it for the identity of nodes, or of another app's Flux: they are in no installation. */
  private warnWithout(grant: Grant, warnings: () => readonly IdentityWarning[]): void {
    new Synthesis(grant, 'Warnings', () => {
      if (this.admits.length === 0) warnings().forEach(({ id, message }) => Annotations.of(grant).addWarning(`${message} [id: ${id}]`));
    });
  }
}
