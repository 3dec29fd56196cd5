import { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { FluxServiceAccount } from '../../core/flux-service-account';
import { AwsStatement } from '../aws-permission';

/** Whom a permission is granted to. */
export interface AwsGrantee {
  /** The grant: errors name it, and resources of the permission's own live below it. */
  readonly at: Construct;
  /** The ARN of the role or user. */
  readonly arn: string;
  /** The partition of the identity. */
  readonly partition: string;
  /** The account of the identity, where it is known. */
  readonly account?: string;
  /** Who acts as the identity. */
  readonly serviceAccounts: FluxServiceAccount[];
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
}
