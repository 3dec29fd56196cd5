import { KmsKeyPolicy } from '@cdktf/provider-aws/lib/kms-key-policy';
import { Fn, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { IAwsIdentity } from './aws-identity';
import { AwsPermission } from './aws-permission';
import { Grant } from '../core/grant';
import { arnConditions, ArnForm, arnPart, parseArn } from './private/forms/arn';
import { KMS_KEY } from './private/forms/kms-key';
import { ResourcePolicy } from './private/policy/resource-policy';
import { listOf, matches, SourceStatement } from './private/policy/source-documents';
import { single } from './private/policy/statement';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { valueKey } from '../core/shared/input/once-per-app';
import { PROVIDER, TEXT, TEXTS } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { ValidationError } from '../core/shared/input/validation-error';
import { byText } from '../core/shared/sort';
import { argumentOf } from '../core/shared/terraform/tokens';

const ADMINISTRATOR: ArnForm = {
  what: 'key administrator',
  service: 'iam',
  scope: 'account',
  resource: /^(role|user)\/[\w+=,.@/-]+$/,
  example: 'arn:aws:iam::111122223333:role/key-admin',
  why: 'KMS refuses a policy whose principals do not exist',
};

/** Options of `FluxKmsKeyPolicy`. */
export interface FluxKmsKeyPolicyProps {
  /** The key, `arn:aws:kms:<region>:<account>:key/<id>`, never an alias; may be a token. */
  readonly keyArn: string;
  /**
   * ARNs of roles and users that administer the key: everything but using it. May be tokens.
   *
   * @default - those whom IAM policies of the key's account allow it
   */
  readonly administrators?: string[];
  /**
   * Policies that the key has today, as JSON (plain, or tokens such as `json` of `aws_iam_policy_document`). Their statements
   * are kept: this construct puts the whole policy.
   *
   * @default - none
   */
  readonly sourcePolicyDocuments?: string[];
  /**
   * The AWS provider of the key's account and region.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** What AWS's own default policy gives to administrators of a key. */
const ADMINISTRATION = [
  'CancelKeyDeletion', 'Create*', 'Delete*', 'Describe*', 'Disable*', 'Enable*', 'Get*', 'List*', 'Put*', 'Revoke*', 'RotateKeyOnDemand',
  'ScheduleKeyDeletion', 'TagResource', 'UntagResource', 'Update*',
].map((action) => `kms:${action}`);

/**
 * Owns the policy of a KMS key: for identities of other accounts (grant them the same permission on their side too), and for
 * keys of tenants. The statement that lets IAM policies of the key's account count is always there: without it the account
 * would lose the key. Prefer `KmsPermissions.decryptByGrant` where others own the policy.
 *
 * Guide: docs/aws/cross-account.md
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 */
@allOrNothing
export class FluxKmsKeyPolicy extends Construct {
  private readonly policy: ResourcePolicy;

  public constructor(scope: Construct, id: string, props: FluxKmsKeyPolicyProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxKmsKeyPolicy', props, {
      keyArn: TEXT,
      administrators: TEXTS.optional,
      sourcePolicyDocuments: TEXTS.optional,
      provider: PROVIDER.optional,
    });
    const { keyArn, administrators = [], sourcePolicyDocuments, provider } = props;
    const { resource, region } = parseArn(this, keyArn, KMS_KEY);
    administrators.forEach((arn) => parseArn(this, arn, ADMINISTRATOR));
    const conditions = administrators.flatMap((arn) => arnConditions(this, arn, ADMINISTRATOR));
    const root = `arn:${arnPart(keyArn, 1)}:iam::${arnPart(keyArn, 4)}:root`;
    this.policy = new ResourcePolicy(this, { arn: keyArn, arnForm: KMS_KEY, conditions, sourcePolicyDocuments, provider }, {
      service: 'kms',
      noun: 'KMS key',
      limit: 32768,
      base: [
        { Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:*', Resource: '*' },
        ...(administrators.length === 0 ? [] : [
          { Effect: 'Allow', Principal: { AWS: single(this.inOrder(administrators)) }, Action: ADMINISTRATION, Resource: '*' },
        ]),
      ],
      check: (statement) => this.check(root, statement),
    }, (policy) => new KmsKeyPolicy(this, 'Resource', {
      // The ID, not the ARN: the provider reads the ID back, and would plan a change for ever.
      keyId: resource?.slice('key/'.length) ?? Fn.element(Fn.split(':key/', argumentOf(keyArn)), 1), policy, region, provider,
    }));
  }

  /**
   * Lets an identity in.
   *
   * @param id names the grant
   * @param identity whom
   * @param permission what, as it is granted to the identity itself: of it, what concerns this key
   */
  public grant(id: string, identity: IAwsIdentity, permission: AwsPermission): Grant {
    return this.policy.grant(id, identity, permission);
  }

  private inOrder(arns: string[]): string[] {
    return [...new Map(arns.map((arn) => [valueKey(this, arn), arn]))].sort(([a], [b]) => byText(a, b)).map(([, arn]) => arn);
  }

  /** A denial to everyone, or to the account, undoes the statement that keeps the key manageable. */
  private check(root: string, { Effect, Principal, Action, NotAction, Condition }: SourceStatement): void {
    const principals = typeof Principal === 'string' ? [Principal] : listOf(Principal?.AWS);
    const everyone = principals.some((principal) => principal === '*' || principal === root || root.includes(`::${principal}:root`));
    const putPolicy = NotAction === undefined
      ? listOf(Action).some((action) => matches(action.toLowerCase(), 'kms:putkeypolicy'))
      : !listOf(NotAction).some((action) => matches(action.toLowerCase(), 'kms:putkeypolicy'));
    if (Effect !== 'Deny' || Condition !== undefined || !everyone || !putPolicy) return;
    throw new ValidationError(this, {
      given: 'a source statement that denies kms:PutKeyPolicy to everyone or to the key\'s account.',
      allowed: 'statements that leave the account in charge of its key',
      why: 'a denial beats the statement for the account\'s root: nobody could change the key\'s policy again (KMS refuses it as a lockout)',
      fix: 'deny it to those principals only who must not have it',
    });
  }
}
