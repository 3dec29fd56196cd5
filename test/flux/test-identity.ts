import { Construct } from 'constructs';
import { IClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxCloud, FluxContext, FluxSettings, IFluxIdentity } from '../../lib/core/flux-identity';
import { FluxKind } from '../../lib/core/flux-kind';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { Grant } from '../../lib/core/grant';
import { FluxIdentityBase, IdentityWarning } from '../../lib/core/shared/flux/identity-base';
import { CredentialKind, ServiceFacts } from '../../lib/core/shared/flux/service';
import { attempt } from '../../lib/core/shared/input/all-or-nothing';

const KINDS: { readonly [service: string]: FluxKind } = { CodeCommit: FluxKind.GIT_REPOSITORY, ECR: FluxKind.OCI_REPOSITORY };

/** An identity as the library's own are: with grants, and with warnings. */
export class TestIdentity extends FluxIdentityBase implements IFluxIdentity {
  public readonly cloud = FluxCloud.AWS;
  public readonly _credential = CredentialKind.WORKLOAD_IDENTITY;
  public readonly _trust = [];
  public readonly _principals = [];

  public constructor(scope: Construct, id: string, public readonly serviceAccounts: FluxServiceAccount[], private readonly warning?: string) {
    super(scope, id);
  }

  public trusts(_issuer: IClusterIssuer): boolean {
    return true;
  }

  public fluxSettings(_account: FluxServiceAccount, _context: FluxContext): FluxSettings {
    return { annotations: { id: this.node.id } };
  }

  public fluxObjects(_context: FluxContext): any[] {
    return [];
  }

  public override _warnings({ version }: FluxContext): IdentityWarning[] {
    return this.warning === undefined ? [] : [{ id: this.warning as `aws-${string}`, message: `in Flux ${version}` }];
  }

  /** Grants something on a service. */
  public give(id: string, name: string): void {
    const service: ServiceFacts = { name, cloud: FluxCloud.AWS, rights: [], verbs: { pull: { kinds: [KINDS[name]] } }, levels: { [CredentialKind.WORKLOAD_IDENTITY]: ['controller', 'object'] }, docs: '' };
    const grant = Grant._make(this, id);
    attempt(grant, () => this._addGrant({ grant, service, verb: 'pull', rights: [], made: [] }));
  }
}
