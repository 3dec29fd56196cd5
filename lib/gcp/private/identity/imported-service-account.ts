import { Construct } from 'constructs';
import { GcpIdentityBase } from './gcp-identity-base';
import { existingAccount } from './google-account';
import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxContext, FluxSettings } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { Grant } from '../../../core/grant';
import { IdentityTrust } from '../../../core/shared/flux/identity-base';
import { CredentialKind } from '../../../core/shared/flux/service';
import { allOrNothing } from '../../../core/shared/input/all-or-nothing';
import { TEXT } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import { checkServiceAccounts } from '../../../core/shared/kubernetes/service-accounts';
import type { FluxGcpServiceAccountFromEmailProps, IFluxGcpServiceAccount } from '../../flux-gcp-service-account';
import type { GcpPermission } from '../../gcp-permission';
import { checkUniverse } from '../forms/universe';
import { grantTo } from '../grant/grant-to';
import type { GcpPrincipal } from '../grant/grantee';
import { POOL_OPTIONS } from '../options';
import { workloadIdentityObjects, workloadIdentitySettings } from '../settings/flux-settings';
import { Impersonation } from '../trust/impersonation';
import { checkAudience } from '../trust/object-audience';
import { poolTrust } from '../trust/principals';
import { sameCluster } from '../trust/same-cluster';

/** A Google service account that somebody else made. */
@allOrNothing
export class ImportedServiceAccount extends GcpIdentityBase implements IFluxGcpServiceAccount {
  public readonly serviceAccounts: FluxServiceAccount[];
  public readonly email: string;
  public readonly members: string[];
  public readonly _credential = CredentialKind.WORKLOAD_IDENTITY;
  public readonly _trust: readonly IdentityTrust[];
  private readonly impersonation: Impersonation;

  public constructor(scope: Construct, id: string, private readonly props: FluxGcpServiceAccountFromEmailProps) {
    super(scope, id);
    checkOptions(this, 'FluxGcpServiceAccount.fromEmail', props, { ...POOL_OPTIONS, email: TEXT });
    checkServiceAccounts(this, props.serviceAccounts);
    const late = [
      ...checkUniverse(this, props.universeDomain, props.serviceAccounts, props.pool),
      ...checkAudience(this, props.audience, props.serviceAccounts, props.pool),
    ];
    const account = existingAccount(this, props.email, props.serviceAccounts);
    this.serviceAccounts = [...props.serviceAccounts];
    this._trust = poolTrust(props.pool, this.serviceAccounts, props.audience);
    this.email = account.email;
    this.members = [account.member];
    this.impersonation = new Impersonation(this, account, { ...props, late });
    // Last: the pool lets in whom it was told of.
    props.pool._admit(this, this.serviceAccounts);
  }

  public get _principal(): GcpPrincipal {
    return this.impersonation.principal;
  }

  public get kubernetesUserNames(): string[] {
    return [this.email];
  }

  public grant(id: string, permission: GcpPermission): Grant {
    return grantTo(this, id, permission);
  }

  public trusts(issuer: IClusterIssuer): boolean {
    return sameCluster(this, this.props.pool, { issuer });
  }

  public fluxSettings(serviceAccount: FluxServiceAccount, context: FluxContext): FluxSettings {
    return workloadIdentitySettings(this, serviceAccount, this.impersonation.credential, context);
  }

  public fluxObjects(_context: FluxContext): any[] {
    return workloadIdentityObjects(this.serviceAccounts, this.impersonation.credential);
  }
}
