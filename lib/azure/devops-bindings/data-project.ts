import { TerraformDataSource, TerraformMetaArguments } from 'cdktf';
import { Construct } from 'constructs';
import { GENERATOR, hclAttributes } from './generator';

/** Arguments of `azuredevops_project`. */
export interface DataAzuredevopsProjectConfig extends TerraformMetaArguments {
  /** The name of the project. */
  readonly name: string;
}

/**
 * A project of an organization.
 *
 * @see https://github.com/microsoft/terraform-provider-azuredevops
 */
export class DataAzuredevopsProject extends TerraformDataSource {
  public static readonly tfResourceType = 'azuredevops_project';

  public constructor(scope: Construct, id: string, private readonly config: DataAzuredevopsProjectConfig) {
    super(scope, id, { ...config, terraformResourceType: DataAzuredevopsProject.tfResourceType, terraformGeneratorMetadata: GENERATOR });
  }

  /** The ID of the project. */
  public get id(): string {
    return this.getStringAttribute('id');
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
    };
  }
}
