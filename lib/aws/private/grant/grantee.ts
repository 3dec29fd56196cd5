import { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { AwsIdentityKind } from './support';
import { FluxSecret } from '../../../core/flux-secret';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import type { IAwsIdentity } from '../../aws-identity';
import { AwsStatement } from '../../aws-permission';
import { ArnForm, parseArn } from '../forms/arn';

/** Whom permissions are granted to. */
export interface AwsPrincipal {
  readonly kind: AwsIdentityKind;
  /** The ARN of the role or user: the attribute of the resource, if it is made here, so that Terraform orders what names it. */
  readonly arn: string;
  /** The ARN where it is known at synth. */
  readonly plainArn?: string;
  /** The partition of the identity. */
  readonly partition: string;
  /** The account of the identity, where it is known. */
  readonly account?: string;
  /** Who acts as the identity. */
  readonly serviceAccounts: FluxServiceAccount[];
  /** The Secrets that hold its keys at object level. */
  readonly secrets?: FluxSecret[];
  /** What changes when the role or user is made anew under the same ARN, as `replace_triggered_by` takes it; made here only. */
  readonly recreation?: string;
}

/** A principal in one grant. */
export interface AwsGrantee extends AwsPrincipal {
  /** The grant: errors name it, and resources of the permission's own live below it. */
  readonly at: Construct;
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
const PRINCIPAL: ArnForm = {
  what: 'identity with the ARN',
  service: 'iam',
  scope: 'account',
  resource: /^(role|user)\/[\w+=,.@/-]+$/,
  example: 'arn:aws:iam::111122223333:role/flux/images',
  why: 'the policy of the resource lets in whom the ARN names',
};

const PRINCIPALS = new WeakMap<object, AwsPrincipal>();

/** Makes the principal behind an identity known to the policies of resources. */
export function setPrincipal(identity: IAwsIdentity, principal: AwsPrincipal): AwsPrincipal {
  PRINCIPALS.set(identity, principal);
  return principal;
}

/** The principal behind an identity. */
export function principalOf(at: Construct, identity: IAwsIdentity): AwsPrincipal {
  const known = PRINCIPALS.get(identity);
  if (known !== undefined) return known;
  const { text: arn, partition = 'aws', account } = parseArn(at, identity?.arn, PRINCIPAL);
  return { kind: AwsIdentityKind.WEB_IDENTITY, arn, partition, account, serviceAccounts: identity.serviceAccounts };
}
