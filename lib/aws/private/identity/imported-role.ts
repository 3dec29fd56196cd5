import { createHash } from 'crypto';
import { Fn, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AwsIdentityBase } from './aws-identity-base';
import { Grant } from '../../../core/grant';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { argumentOf, hasToken } from '../../../core/shared/terraform/tokens';
import type { AwsPermission } from '../../aws-permission';
import type { FluxRolePolicies, FluxRoleQuotas } from '../../flux-role-policies';
import { Arn, ArnForm, parseArn } from '../forms/arn';
import { checkRole } from '../forms/identity';
import { grantTo } from '../grant/grant-to';
import type { AwsPrincipal } from '../grant/grantee';
import { Policies } from '../policy/policies';
import { limitsOf } from '../policy/quotas';
import { roleHolder } from '../policy/role-holder';

/** How a role that exists already is described. */
export interface ImportedRoleInput {
  readonly roleArn: string;
  readonly account?: string;
  readonly region?: string;
  readonly policies?: FluxRolePolicies;
  readonly quotas?: FluxRoleQuotas;
  readonly provider?: TerraformProvider;
}

/** The grants on a role that somebody else owns: policies of their own, which touch nothing else of it. */
export class ImportedRole {
  /** The role as its grants see it. */
  public readonly principal: AwsPrincipal;
  /** Account and partition, as far as the ARN says them. */
  public readonly home: Arn;
  private readonly policies: Policies;

  public constructor(private readonly identity: AwsIdentityBase, private readonly input: ImportedRoleInput) {
    checkRole(identity, { account: input.account, region: input.region });
    this.home = parseArn(identity, input.roleArn, roleForm());
    this.principal = {
      arn: input.roleArn,
      plainArn: hasToken(input.roleArn) ? undefined : input.roleArn,
      partition: this.home.partition ?? 'aws',
      account: this.home.account ?? input.account,
    };
    const roleName = hasToken(input.roleArn) ? Fn.basename(argumentOf(input.roleArn)) : input.roleArn.split('/').pop()!;
    this.policies = new Policies(identity, roleHolder(roleName, policyName(identity), input), limitsOf(identity, input.policies, input.quotas));
  }

  public grant(id: string, permission: AwsPermission, reserved?: RegExp): Grant {
    const { account } = this.home;
    if (account !== undefined && this.input.account !== undefined && account !== this.input.account) {
      throw new ValidationError(this.identity, {
        given: `a grant on a role of account ${account} from account ${this.input.account}.`,
        allowed: 'grants on roles of the account that the provider works in',
        why: 'policies of a role live in its own account; this provider cannot write them',
        fix: 'pass a provider alias of the role\'s account with its `account`, or let the role\'s owner attach the policy',
      });
    }
    return grantTo(this.identity, id, permission, this.policies, reserved);
  }
}

/** The ARN of a role that exists. */
export function roleForm(what = 'IAM role ARN'): ArnForm {
  return {
    what,
    service: 'iam',
    scope: 'account',
    resource: /^role\/[\w+=,.@/-]{1,200}$/,
    example: 'arn:aws:iam::111122223333:role/flux/images',
    why: 'Flux and STS know the role by its ARN, with at most 200 characters of path and name',
  };
}

/** Two stacks that grant on one role must not overwrite each other: the name comes from stack and path. */
export function policyName(at: Construct): string {
  const hash = createHash('sha256').update(at.node.path).digest('hex').slice(0, 8);
  return `flux-${at.node.path.replace(/[^\w+=,.@-]+/g, '-').slice(0, 110)}-${hash}`;
}
