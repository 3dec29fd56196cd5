import { Construct } from 'constructs';
import { ImportedRole } from './imported-role';
import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxCloud, FluxContext, FluxSettings } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { Grant } from '../../../core/grant';
import { allOrNothing } from '../../../core/shared/input/all-or-nothing';
import { SERVICE_ACCOUNTS } from '../../../core/shared/input/common-options';
import { checkedScope } from '../../../core/shared/input/construct-ids';
import { OPTIONS, PROVIDER, TEXT } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import { jsonTemplate } from '../../../core/shared/terraform/text';
import type { AwsPermission } from '../../aws-permission';
import type { FluxIrsaRoleFromArnProps, IFluxIrsaRole } from '../../flux-irsa-role';
import { AwsIdentityKind } from '../grant/support';
import { OIDC_PROVIDERS, POLICIES } from '../options';
import { checkProviderHome } from '../trust/oidc-provider-arn';
import { checkTrust, trustsIssuer } from '../trust/oidc-providers';
import { trustPolicy, webIdentitySettings } from '../trust/web-identity';

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
