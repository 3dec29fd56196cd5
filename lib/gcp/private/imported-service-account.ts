import { Construct } from 'constructs';
import { workloadIdentityObjects, workloadIdentitySettings } from './flux-settings';
import { existingAccount } from './google-account';
import { grantTo } from './grant-to';
import { Impersonation } from './impersonation';
import { checkUniverse } from './universe';
import { IClusterIssuer } from '../../core/cluster-issuer';
import { FluxCloud, FluxContext, FluxSettings } from '../../core/flux-identity';
import { FluxServiceAccount } from '../../core/flux-service-account';
import { Grant } from '../../core/grant';
import { allOrNothing } from '../../core/shared/attempt';
import { checkedScope } from '../../core/shared/ids';
import { sameIssuer } from '../../core/shared/issuer-url';
import { checkOptions } from '../../core/shared/options';
import { checkServiceAccounts } from '../../core/shared/service-accounts';
import { TEXT } from '../../core/shared/shape';
import type { FluxGcpServiceAccountFromEmailProps, IFluxGcpServiceAccount } from '../flux-gcp-service-account';
import type { GcpPermission } from '../gcp-permission';
import { POOL_OPTIONS } from './shapes';

/** A Google service account that somebody else made. */
@allOrNothing
export class ImportedServiceAccount extends Construct implements IFluxGcpServiceAccount {
  public readonly cloud = FluxCloud.GCP;
  public readonly serviceAccounts: FluxServiceAccount[];
  public readonly email: string;
  public readonly members: string[];
  private readonly impersonation: Impersonation;

  public constructor(scope: Construct, id: string, private readonly props: FluxGcpServiceAccountFromEmailProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxGcpServiceAccount.fromEmail', props, { ...POOL_OPTIONS, email: TEXT });
    checkServiceAccounts(this, props.serviceAccounts);
    checkUniverse(this, props.universeDomain, props.serviceAccounts, props.pool);
    const account = existingAccount(this, props.email, props.serviceAccounts);
    this.serviceAccounts = [...props.serviceAccounts];
    this.email = account.email;
    this.members = [account.member];
    this.impersonation = new Impersonation(this, account, props);
    // Last: the pool lets in whom it was told of.
    props.pool._admit(this, this.serviceAccounts);
  }

  public get kubernetesUserNames(): string[] {
    return [this.email];
  }

  public grant(id: string, permission: GcpPermission): Grant {
    return grantTo(this, id, permission, this.impersonation.grantee);
  }

  public trusts(issuer: IClusterIssuer): boolean {
    return sameIssuer(this.props.pool.issuer, issuer);
  }

  public fluxSettings(serviceAccount: FluxServiceAccount, _context: FluxContext): FluxSettings {
    return workloadIdentitySettings(serviceAccount, this.impersonation.credential);
  }

  public fluxObjects(_context: FluxContext): any[] {
    return workloadIdentityObjects(this.serviceAccounts, this.impersonation.credential);
  }
}
