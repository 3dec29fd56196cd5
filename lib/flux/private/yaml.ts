import type * as yaml from 'yaml';
import { loadModule } from '../../core/shared/load-module';
import { TerraformText } from '../../core/shared/terraform-text';

/**
 * YAML for Terraform: values that only Terraform knows stay tokens, literal `${` and `%{` are escaped. The only place that
 * serializes YAML.
 */
export class YamlTemplate {
  private readonly text = new TerraformText();

  /** A structure as the text of a scalar inside a document (a patch, a file). */
  public embed(value: unknown): string {
    return serialize(this.text.holdAll(value));
  }

  /** The documents; what `embed` gave may stand in them. */
  public render(documents: readonly unknown[]): string {
    return this.text.template(documents.map((document) => serialize(this.text.holdAll(document))).join('---\n'));
  }
}

function serialize(document: unknown): string {
  // Loaded here: programs that render nothing do not pay for it.
  const { stringify } = loadModule<typeof yaml>('yaml');
  // The YAML of Go, which kustomize and Kubernetes read, takes 1.1's booleans and numbers for what they were.
  return stringify(document, { lineWidth: 0, blockQuote: 'literal', aliasDuplicateObjects: false, compat: 'yaml-1.1' });
}
