import { Fn, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { policyName, roleForm } from './imported-role';
import { Grant } from '../../../core/grant';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { argumentOf, hasToken } from '../../../core/shared/terraform/tokens';
import { Arn, arnConditions, checkPartition, parseArn } from '../forms/arn';
import type { AwsPrincipal } from '../grant/grantee';
import { Policies, PolicyHolder, PolicyLimits } from '../policy/policies';
import { roleHolder } from '../policy/role-holder';
import { ASSUME_ACTIONS } from '../trust/pod-identity';

const TARGET = roleForm('target role ARN');

/** The role whose credentials pods get in the end, when EKS assumes one more. */
export class PodIdentityTarget {
  public static of(
    at: Construct, { targetRoleArn, targetProvider }: { targetRoleArn?: string; targetProvider?: TerraformProvider }, partition: string,
  ): PodIdentityTarget | undefined {
    if (targetRoleArn !== undefined) return new PodIdentityTarget(at, targetRoleArn, targetProvider, partition);
    if (targetProvider === undefined) return undefined;
    throw new ValidationError(at, {
      given: '`targetProvider` without `targetRoleArn`.',
      allowed: 'both, or `targetRoleArn` alone',
      why: 'the provider writes the policies of the target role, and there is none',
      fix: 'pass the ARN of the role in the other account as `targetRoleArn`',
    });
  }

  /** What the target role's policies are made of. */
  public readonly holder: PolicyHolder;
  private readonly parsed: Arn;

  private constructor(
    at: Construct, private readonly roleArn: string, private readonly provider: TerraformProvider | undefined, private readonly partition: string,
  ) {
    this.parsed = parseArn(at, roleArn, TARGET);
    checkPartition(at, this.parsed, partition);
    const name = hasToken(roleArn) ? Fn.basename(argumentOf(roleArn)) : roleArn.split('/').pop()!;
    this.holder = roleHolder(name, policyName(at), { provider });
  }

  /** Lets the role of the association assume the target, in a policy of its own. */
  public allow(role: Construct, holder: PolicyHolder, limits: PolicyLimits): void {
    const scope = new Construct(role, 'AssumeTarget');
    const grant = Grant._make(scope, 'Statement');
    const conditions = arnConditions(role, this.roleArn, TARGET, this.partition);
    new Policies(scope, holder, limits).add(grant, { statements: [{ actions: ASSUME_ACTIONS, resources: [this.roleArn] }], conditions });
  }

  /** Whom grants reach: the target. */
  public get principal(): AwsPrincipal {
    return {
      arn: this.roleArn,
      plainArn: hasToken(this.roleArn) ? undefined : this.roleArn,
      partition: this.partition,
      account: this.parsed.account,
    };
  }

  /** Refuses grants that nobody can write. */
  public requireProvider(at: Construct): void {
    if (this.provider !== undefined) return;
    throw new ValidationError(at, {
      given: 'a grant on a role with `targetRoleArn`, without `targetProvider`.',
      allowed: 'grants with the AWS provider of the target role\'s account',
      why: 'pods get the credentials of the target role only: what the first role may do is never used',
      fix: 'pass `targetProvider`, or let the target role\'s owner attach its policies',
    });
  }
}
