import { ITerraformDependable, TerraformProvider, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';

/** As Terraform calls them. */
type Arguments = { readonly [name: string]: any };

/** A provider without bindings of this project's. In yours: those of @cdktf/provider-helm, or of `cdktf get`. */
export class PlainProvider extends TerraformProvider {
  /**
   * @param source where Terraform finds it
   * @param config its arguments
   */
  public constructor(scope: Construct, id: string, source: string, version: string, private readonly config: Arguments) {
    const name = source.replace(/.*\//, '');
    const terraformGeneratorMetadata = { providerName: name, providerVersionConstraint: version };
    super(scope, id, { terraformResourceType: name, terraformGeneratorMetadata, terraformProviderSource: source });
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return this.config;
  }
}

/** A resource without bindings. */
export class PlainResource extends TerraformResource {
  public constructor(scope: Construct, id: string, type: string, private readonly config: Arguments, dependsOn?: ITerraformDependable[]) {
    super(scope, id, { terraformResourceType: type, terraformGeneratorMetadata: { providerName: type.replace(/_.*/, '') }, dependsOn });
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return this.config;
  }
}

/** `helm_release`. */
export interface HelmReleaseConfig {
  readonly name: string;
  readonly chart: string;
  readonly repository?: string;
  readonly version?: string;
  readonly values: string[];
  readonly dependsOn?: ITerraformDependable[];
}

/** A release in `flux-system`. In your project: `Release` of @cdktf/provider-helm/lib/release. */
export class HelmRelease extends PlainResource {
  public constructor(scope: Construct, id: string, { dependsOn, ...config }: HelmReleaseConfig) {
    super(scope, id, 'helm_release', { namespace: 'flux-system', create_namespace: true, ...config }, dependsOn);
  }
}
