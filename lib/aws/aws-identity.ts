import { AwsPermission } from './aws-permission';
import { IFluxIdentity } from '../core/flux-identity';
import { Grant } from '../core/grant';

/** An identity in AWS. */
export interface IAwsIdentity extends IFluxIdentity {
  /** The ARN of the role or user. */
  readonly arn: string;

  /**
   * Allows the identity to do something.
   *
   * @param id names the grant; adding or removing one never renames another
   * @param permission what is allowed, for example `EcrPermissions.pull(...)`
   */
  grant(id: string, permission: AwsPermission): Grant;
}
