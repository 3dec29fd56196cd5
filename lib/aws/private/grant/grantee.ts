import { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { IdentityWarning } from '../../../core/shared/flux/identity-base';
import { CredentialKind } from '../../../core/shared/flux/service';
import { Holder } from '../../../core/shared/flux/use';
import { TerraformCheck } from '../../../core/shared/terraform/check';
import type { IAwsIdentity } from '../../aws-identity';
import { AwsStatement } from '../../aws-permission';
import { Arn, arnConditions, ArnForm, checkPartition, parseArn } from '../forms/arn';
import { AwsIdentityBase } from '../identity/aws-identity-base';

/** A role or user as IAM knows it. */
export interface AwsPrincipal {
  /** The ARN of the role or user: the attribute of the resource, if it is made here, so that Terraform orders what names it. */
  readonly arn: string;
  /** The ARN where it is known at synth. */
  readonly plainArn?: string;
  /** The partition of the identity. */
  readonly partition: string;
  /** The account of the identity, where it is known. */
  readonly account?: string;
  /** The role or user itself, where it is made here. */
  readonly made?: TerraformResource;
}

/** A principal in one grant. */
export interface AwsGrantee extends AwsPrincipal {
  /** The grant: errors name it, and resources of the permission's own live below it. */
  readonly at: Construct;
  /** What Terraform must check before the grant: permissions add to it what only Terraform knows. */
  readonly conditions: TerraformCheck[];
  /** What a Flux installation must warn of: permissions add to it. */
  readonly warnings: IdentityWarning[];
}

/** Reads an ARN that a permission is for: of its form, in the identity's partition, and if only Terraform knows it, checked by Terraform. */
export function arnFor(to: AwsGrantee, arn: string, form: ArnForm): Arn {
  const parsed = parseArn(to.at, arn, form);
  checkPartition(to.at, parsed, to.partition);
  to.conditions.push(...arnConditions(to.at, arn, form, to.partition));
  return parsed;
}

/** What granting a permission comes to. */
export interface AwsGranted {
  /** Statements for the identity's policy. */
  readonly statements: AwsStatement[];
  /** ARNs of AWS-managed policies to attach. */
  readonly managedPolicies?: string[];
  /** Regions that the identity's session names will carry, beyond those of the statements' resources. */
  readonly regions?: string[];
  /** Resources that the permission made itself. */
  readonly resources?: TerraformResource[];
  /** The account of the resources whose ARNs carry none, where it is known. */
  readonly account?: string;
  /** The owner's side is taken care of: no resource policy needs to name the identity. */
  readonly ownerAgrees?: boolean;
}

/** An identity that somebody else made must be one role or user: "*" in the policy of a resource is everybody. */
export const PRINCIPAL: ArnForm = {
  what: 'identity with the ARN',
  service: 'iam',
  scope: 'account',
  resource: /^(role|user)\/[\w+=,.@/-]+$/,
  example: 'arn:aws:iam::111122223333:role/flux/images',
  why: 'the policy of the resource lets in whom the ARN names',
};

/** Whom a resource's policy lets in, and who uses it. */
export interface Guest {
  readonly principal: AwsPrincipal;
  readonly holder: Holder;
}

/** The principal behind an identity, which may be a user's own class. */
export function guestOf(at: Construct, identity: IAwsIdentity): Guest {
  if (identity instanceof AwsIdentityBase) return { principal: identity._principal, holder: identity };
  const { text: arn, partition = 'aws', account } = parseArn(at, identity?.arn, PRINCIPAL);
  return {
    principal: { arn, partition, account },
    holder: { serviceAccounts: identity.serviceAccounts, _credential: CredentialKind.WORKLOAD_IDENTITY, _secrets: [], _takesUntested: false },
  };
}
