import { TerraformMetaArguments, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { GENERATOR, hclAttributes } from './generator';

/** Arguments of `azuredevops_group_membership`. */
export interface GroupMembershipConfig extends TerraformMetaArguments {
  /** The descriptor of the group. */
  readonly group: string;
  /** The descriptors of the members. */
  readonly members: string[];
  /** `add` leaves other members alone, `overwrite` removes them. */
  readonly mode?: string;
}

/**
 * Members of a group.
 *
 * @see https://github.com/microsoft/terraform-provider-azuredevops
 */
export class GroupMembership extends TerraformResource {
  public static readonly tfResourceType = 'azuredevops_group_membership';

  public constructor(scope: Construct, id: string, private readonly config: GroupMembershipConfig) {
    super(scope, id, { ...config, terraformResourceType: GroupMembership.tfResourceType, terraformGeneratorMetadata: GENERATOR });
  }

  protected synthesizeAttributes(): { [name: string]: any } {
    return this.attributes();
  }

  protected synthesizeHclAttributes(): { [name: string]: any } {
    return hclAttributes(this.attributes());
  }

  private attributes() {
    return {
      group: this.config.group,
      members: this.config.members,
      mode: this.config.mode,
    };
  }
}
