import { Tokenization } from 'cdktf';
import type * as yaml from 'yaml';
import { loadModule } from '../../../core/shared/load-module';
import { stringTemplate, TerraformText } from '../../../core/shared/terraform/text';

/**
 * YAML for Terraform: values that only Terraform knows stay tokens, literal `${` and `%{` are escaped. The only place that
 * serializes YAML.
 */
export class YamlTemplate {
  /** A structure as text for Terraform, by itself. */
  public static text(value: unknown): string {
    return new YamlTemplate().render([value]);
  }

  /** A structure as JSON for Terraform: an expression takes it by `jsondecode`. */
  public static json(value: unknown): string {
    const text = new TerraformText();
    return text.template(JSON.stringify(text.holdAll(value)));
  }

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

/** A structure for the arguments of a Terraform resource: cdktf takes literal template marks for Terraform's own. */
export function forTerraform(value: any): any {
  if (typeof value === 'string') return stringTemplate(value);
  if (Array.isArray(value)) return value.map(forTerraform);
  if (value !== null && typeof value === 'object' && !Tokenization.isResolvable(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, forTerraform(item)]));
  }
  return value;
}

function serialize(document: unknown): string {
  // Loaded here: programs that render nothing do not pay for it.
  const { stringify } = loadModule<typeof yaml>('yaml');
  // The YAML of Go, which kustomize and Kubernetes read, takes 1.1's booleans and numbers for what they were.
  return stringify(document, { lineWidth: 0, blockQuote: 'literal', aliasDuplicateObjects: false, compat: 'yaml-1.1' });
}
