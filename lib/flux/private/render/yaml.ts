import { loadYaml } from './load-yaml';
import { plainYaml } from './plain-yaml';
import { withFluxVariables } from '../../../core/shared/terraform/flux-variables';
import { asInJson, escapeTemplate, TerraformText } from '../../../core/shared/terraform/text';

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

  /** A structure as a text that is a value: for what escapes it as a whole. */
  public static value(value: unknown): string {
    return new YamlTemplate(new TerraformText((literal) => literal, true)).render([value]);
  }

  /** For what Flux applies, which may hold variables of its substitution. */
  public static forFlux(): YamlTemplate {
    return new YamlTemplate(new TerraformText(escapeTemplate, true, withFluxVariables));
  }

  public constructor(private readonly text = new TerraformText(escapeTemplate, true)) {}

  /** A structure as the text of a scalar inside a document (a patch, a file). */
  public embed(value: unknown): string {
    return plainYaml(value) ?? serialize(this.text.holdAll(value));
  }

  /** The documents; what `embed` gave may stand in them. */
  public render(documents: readonly unknown[]): string {
    return this.text.template(documents.map((document) => this.embed(document)).join('---\n'));
  }
}

/** What has to stand between double quotes, escaped: line ends that JSON does not know, and tabs, which Go refuses before a line end. */
const TO_QUOTE = /[\t\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;

function serialize(document: unknown): string {
  const plain = plainYaml(document);
  if (plain !== undefined) return plain;
  // Loaded here: programs that render nothing do not pay for it.
  const { Document, stringify, visit } = loadYaml();
  // The YAML of Go, which kustomize and Kubernetes read, takes 1.1's booleans and numbers for what they were.
  const options = { blockQuote: 'literal', aliasDuplicateObjects: false, compat: 'yaml-1.1', lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity } as const;
  const text = stringify(document, options);
  if (!TO_QUOTE.test(text)) return text;
  const quoted = new Document(document, options);
  visit(quoted, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && TO_QUOTE.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return asInJson(quoted.toString(options));
}
