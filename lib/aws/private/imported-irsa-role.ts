import { createHash } from 'crypto';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { IClusterIssuer } from '../../core/cluster-issuer';
import { FluxCloud, FluxContext, FluxSettings } from '../../core/flux-identity';
import { FluxServiceAccount } from '../../core/flux-service-account';
import { Grant } from '../../core/grant';
import { checkedScope } from '../../core/shared/ids';
import { checkOptions } from '../../core/shared/options';
import { jsonTemplate } from '../../core/shared/terraform-text';
import { hasToken } from '../../core/shared/tokens';
import { ValidationError } from '../../core/shared/validation-error';
import type { AwsPermission } from '../aws-permission';
import type { FluxIrsaRoleFromArnProps, IFluxIrsaRole } from '../flux-irsa-role';
import { Arn, parseArn } from './arn';
import { grantTo } from './grant-to';
import { checkTrust, roleHolder, trustsIssuer } from './irsa';
import { limitsOf } from './limits';
import { Policies } from './policies';
import { checkProviderHome } from './provider-home';
import { checkRole } from './role-input';
import { trustPolicy, webIdentitySettings } from './web-identity';

/** A role that somebody else owns. */
export class ImportedIrsaRole extends Construct implements IFluxIrsaRole {
  public readonly cloud = FluxCloud.AWS;
  public readonly serviceAccounts: FluxServiceAccount[];
  public readonly arn: string;
  public readonly trustPolicy: string;
  private readonly parsed: Arn;
  private readonly policies: Policies;

  public constructor(scope: Construct, id: string, private readonly props: FluxIrsaRoleFromArnProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxIrsaRole.fromRoleArn', props, {
      roleArn: true, oidcProviders: true, serviceAccounts: true, account: true, region: true, policies: true, quotas: true, provider: true,
    });
    checkTrust(this, props.oidcProviders, props.serviceAccounts, props.region);
    checkRole(this, { account: props.account, region: props.region });
    this.parsed = parseArn(this, props.roleArn, {
      what: 'IAM role ARN',
      service: 'iam',
      scope: 'account',
      resource: /^role\/[\w+=,.@/-]{1,200}$/,
      example: 'arn:aws:iam::111122223333:role/flux/images',
      why: 'Flux and STS know the role by its ARN, with at most 200 characters of path and name',
    });
    checkProviderHome(this, props.oidcProviders, this.parsed);
    this.serviceAccounts = [...props.serviceAccounts];
    this.arn = props.roleArn;
    this.trustPolicy = jsonTemplate(trustPolicy(props.oidcProviders, props.serviceAccounts));
    const roleName = hasToken(props.roleArn) ? Fn.basename(props.roleArn) : props.roleArn.split('/').pop()!;
    this.policies = new Policies(this, roleHolder(roleName, this.policyName(), props), limitsOf(this, props.policies, props.quotas));
  }

  public grant(id: string, permission: AwsPermission): Grant {
    const { account = this.props.account, partition = 'aws' } = this.parsed;
    if (account !== undefined && this.props.account !== undefined && account !== this.props.account) {
      throw new ValidationError(this, {
        given: `a grant on a role of account ${account} from account ${this.props.account}.`,
        allowed: 'grants on roles of the account that the provider works in',
        why: 'policies of a role live in its own account; this provider cannot write them',
        fix: 'pass a provider alias of the role\'s account with its `account`, or let the role\'s owner attach the policy',
      });
    }
    return grantTo(this, id, permission, this.policies, { arn: this.arn, account, partition, serviceAccounts: this.serviceAccounts });
  }

  public trusts(issuer: IClusterIssuer): boolean {
    return trustsIssuer(this.props.oidcProviders, issuer);
  }

  public fluxSettings(serviceAccount: FluxServiceAccount, context: FluxContext): FluxSettings {
    return webIdentitySettings(this, serviceAccount, context.issuer, { arn: this.arn, region: this.props.region });
  }

  public fluxObjects(_context: FluxContext): any[] {
    return [];
  }

  /** Two stacks that grant on one role must not overwrite each other: the name comes from stack and path. */
  private policyName(): string {
    const hash = createHash('sha256').update(this.node.path).digest('hex').slice(0, 8);
    return `flux-${this.node.path.replace(/[^\w+=,.@-]+/g, '-').slice(0, 110)}-${hash}`;
  }
}
