import { Construct } from 'constructs';
import { OIDC_PROVIDERS, POLICIES } from './shapes';
import { IClusterIssuer } from '../../core/cluster-issuer';
import { FluxCloud, FluxContext, FluxSettings } from '../../core/flux-identity';
import { FluxServiceAccount } from '../../core/flux-service-account';
import { Grant } from '../../core/grant';
import { allOrNothing } from '../../core/shared/attempt';
import { checkedScope } from '../../core/shared/ids';
import { checkOptions } from '../../core/shared/options';
import { SERVICE_ACCOUNTS } from '../../core/shared/shapes';
import { jsonTemplate } from '../../core/shared/terraform-text';
import type { AwsPermission } from '../aws-permission';
import type { FluxIrsaRoleFromArnProps, IFluxIrsaRole } from '../flux-irsa-role';
import { ImportedRole } from './imported-role';
import { checkTrust, trustsIssuer } from './irsa';
import { checkProviderHome } from './provider-home';
import { AwsIdentityKind } from './support';
import { trustPolicy, webIdentitySettings } from './web-identity';
import { OPTIONS, PROVIDER, TEXT } from '../../core/shared/shape';

/** A role that somebody else owns. */
@allOrNothing
export class ImportedIrsaRole extends Construct implements IFluxIrsaRole {
  public readonly cloud = FluxCloud.AWS;
  public readonly serviceAccounts: FluxServiceAccount[];
  public readonly arn: string;
  public readonly trustPolicy: string;
  private readonly role: ImportedRole;

  public constructor(scope: Construct, id: string, private readonly props: FluxIrsaRoleFromArnProps) {
    super(checkedScope(scope, id), id);
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
    this.role = new ImportedRole(this, props, AwsIdentityKind.WEB_IDENTITY);
    checkProviderHome(this, props.oidcProviders, this.role.home);
    this.trustPolicy = jsonTemplate(trustPolicy(props.oidcProviders, props.serviceAccounts));
  }

  public grant(id: string, permission: AwsPermission): Grant {
    return this.role.grant(id, permission);
  }

  public trusts(issuer: IClusterIssuer): boolean {
    return trustsIssuer(this.props.oidcProviders, issuer);
  }

  public fluxSettings(serviceAccount: FluxServiceAccount, context: FluxContext): FluxSettings {
    return webIdentitySettings(this, serviceAccount, context, { arn: this.arn, region: this.props.region, partition: this.role.home.partition });
  }

  public fluxObjects(_context: FluxContext): any[] {
    return [];
  }
}
