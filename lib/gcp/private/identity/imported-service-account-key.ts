import { Construct } from 'constructs';
import { GcpIdentityBase } from './gcp-identity-base';
import { existingAccount } from './google-account';
import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxContext, FluxSettings } from '../../../core/flux-identity';
import { FluxSecret } from '../../../core/flux-secret';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { Grant } from '../../../core/grant';
import { IdentityTrust } from '../../../core/shared/flux/identity-base';
import { CredentialKind } from '../../../core/shared/flux/service';
import { allOrNothing } from '../../../core/shared/input/all-or-nothing';
import { TEXT } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import type { IFluxGcpServiceAccount } from '../../flux-gcp-service-account';
import type { FluxGcpServiceAccountKeyFromEmailProps } from '../../flux-gcp-service-account-key';
import type { GcpPermission } from '../../gcp-permission';
import { grantTo } from '../grant/grant-to';
import type { GcpPrincipal } from '../grant/grantee';
import { KEY_OPTIONS } from '../options';
import { AccountKey, checkKeyUse } from '../settings/account-key';

/** A key of a Google service account that somebody else made. */
@allOrNothing
export class ImportedServiceAccountKey extends GcpIdentityBase implements IFluxGcpServiceAccount {
  public readonly serviceAccounts: FluxServiceAccount[];
  public readonly email: string;
  public readonly members: string[];
  public readonly _credential = CredentialKind.STATIC;
  public readonly _trust: readonly IdentityTrust[] = [];
  private readonly key: AccountKey;

  public constructor(scope: Construct, id: string, props: FluxGcpServiceAccountKeyFromEmailProps) {
    super(scope, id);
    checkOptions(this, 'FluxGcpServiceAccountKey.fromEmail', props, { ...KEY_OPTIONS, email: TEXT });
    checkKeyUse(this, props);
    this.serviceAccounts = [...props.serviceAccounts ?? []];
    const account = existingAccount(this, props.email, this.serviceAccounts);
    this.email = account.email;
    this.members = [account.member];
    this.key = new AccountKey(this, account, props);
  }

  public get _principal(): GcpPrincipal {
    return this.key.principal;
  }

  public get _secrets(): readonly FluxSecret[] {
    return this.key.secrets;
  }

  public get kubernetesUserNames(): string[] {
    return [this.email];
  }

  public grant(id: string, permission: GcpPermission): Grant {
    return grantTo(this, id, permission);
  }

  public trusts(_issuer: IClusterIssuer): boolean {
    return true;
  }

  public fluxSettings(serviceAccount: FluxServiceAccount, _context: FluxContext): FluxSettings {
    return this.key.settings(serviceAccount);
  }

  public fluxObjects(context: FluxContext): any[] {
    return this.key.objects(context);
  }
}
