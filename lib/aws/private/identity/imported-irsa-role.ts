import { Construct } from 'constructs';
import { AwsIdentityBase } from './aws-identity-base';
import { ImportedRole } from './imported-role';
import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxContext, FluxSettings } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { Grant } from '../../../core/grant';
import { IdentityTrust } from '../../../core/shared/flux/identity-base';
import { CredentialKind } from '../../../core/shared/flux/service';
import { allOrNothing } from '../../../core/shared/input/all-or-nothing';
import { SERVICE_ACCOUNTS } from '../../../core/shared/input/common-options';
import { OPTIONS, PROVIDER, TEXT } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import { jsonTemplate } from '../../../core/shared/terraform/text';
import type { AwsPermission } from '../../aws-permission';
import type { FluxIrsaRoleFromArnProps, IFluxIrsaRole } from '../../flux-irsa-role';
import type { AwsPrincipal } from '../grant/grantee';
import { OIDC_PROVIDERS, POLICIES } from '../options';
import { checkProviderHome } from '../trust/oidc-provider-arn';
import { checkTrust, trustsIssuer } from '../trust/oidc-providers';
import { trustPolicy, webIdentitySettings, webIdentityTrust } from '../trust/web-identity';

/** A role that somebody else owns. */
@allOrNothing
export class ImportedIrsaRole extends AwsIdentityBase implements IFluxIrsaRole {
  public readonly serviceAccounts: FluxServiceAccount[];
  public readonly arn: string;
  public readonly trustPolicy: string;
  public readonly _credential = CredentialKind.WORKLOAD_IDENTITY;
  public readonly _trust: readonly IdentityTrust[];
  private readonly role: ImportedRole;

  public constructor(scope: Construct, id: string, private readonly props: FluxIrsaRoleFromArnProps) {
    super(scope, id);
    checkOptions(this, 'FluxIrsaRole.fromRoleArn', props, {
      roleArn: TEXT,
      oidcProviders: OIDC_PROVIDERS,
      serviceAccounts: SERVICE_ACCOUNTS,
      account: TEXT.optional,
      region: TEXT.optional,
      policies: POLICIES.optional,
      quotas: OPTIONS.optional,
      provider: PROVIDER.optional,
    });
    checkTrust(this, props.oidcProviders, props.serviceAccounts, props.region);
    this.serviceAccounts = [...props.serviceAccounts];
    this.arn = props.roleArn;
    this.role = new ImportedRole(this, props);
    checkProviderHome(this, props.oidcProviders, this.role.home);
    this._trust = webIdentityTrust(props.oidcProviders, props.serviceAccounts);
    this.trustPolicy = jsonTemplate(trustPolicy(this._trust));
  }

  public get _principal(): AwsPrincipal {
    return this.role.principal;
  }

  public grant(id: string, permission: AwsPermission): Grant {
    return this.role.grant(id, permission);
  }

  public trusts(issuer: IClusterIssuer): boolean {
    return trustsIssuer(this.props.oidcProviders, issuer);
  }

  public fluxSettings(serviceAccount: FluxServiceAccount, context: FluxContext): FluxSettings {
    return webIdentitySettings(this, serviceAccount, context, {
      arn: this.arn, region: this.props.region, partition: this.role.home.partition, oidcProviders: this.props.oidcProviders,
    });
  }

  public fluxObjects(_context: FluxContext): any[] {
    return [];
  }
}
