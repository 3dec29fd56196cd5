import { TerraformDataSource, TerraformMetaArguments } from 'cdktf';
import { Construct } from 'constructs';
import { GENERATOR, hclAttributes } from './generator';

/** Arguments of `azuredevops_group`. */
export interface DataAzuredevopsGroupConfig extends TerraformMetaArguments {
  /** The name of the group. */
  readonly name: string;
  /** The project of the group; the organization's groups without it. */
  readonly projectId?: string;
}

/**
 * A group of a project or of an organization.
 *
 * @see https://github.com/microsoft/terraform-provider-azuredevops
 */
export class DataAzuredevopsGroup extends TerraformDataSource {
  public static readonly tfResourceType = 'azuredevops_group';

  public constructor(scope: Construct, id: string, private readonly config: DataAzuredevopsGroupConfig) {
    super(scope, id, { ...config, terraformResourceType: DataAzuredevopsGroup.tfResourceType, terraformGeneratorMetadata: GENERATOR });
  }

  /** What memberships know the group by. */
  public get descriptor(): string {
    return this.getStringAttribute('descriptor');
  }

  protected synthesizeAttributes(): { [name: string]: any } {
    return this.attributes();
  }

  protected synthesizeHclAttributes(): { [name: string]: any } {
    return hclAttributes(this.attributes());
  }

  private attributes() {
    return {
      name: this.config.name,
      project_id: this.config.projectId,
    };
  }
}
