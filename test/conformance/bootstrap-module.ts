import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { run, TERRAFORM } from './programs';

/**
 * The variables of the flux-operator-bootstrap module by which it is told of Flux, as its 0.8.0 declares their types: what is required and
 * what each field is. (controlplaneio-fluxcd/terraform-kubernetes-flux-operator-bootstrap, `variables.tf` of tag v0.8.0.)
 */
export const BOOTSTRAP = { source: 'controlplaneio-fluxcd/flux-operator-bootstrap/kubernetes', version: '0.8.0' };
const CHECK = 'adoption = optional(object({ resource = string, api_group = optional(string), name = string, namespace = string }))';
const CHART = `object({ name = string, repository = string, namespace = string, version = optional(string), create_namespace = optional(bool), \
values_yaml = optional(string), flux_${CHECK.replace('adoption', 'adoption_check')} })`;
const TYPES = {
  gitops_resources: `object({ instance_yaml = string, \
prerequisites = optional(object({ yamls = optional(list(string)), charts = optional(list(${CHART})) })), \
operator_chart = optional(object({ repository = optional(string), version = optional(string), values_yaml = optional(string) })) })`,
  managed_resources: 'object({ secrets_yaml = optional(string), \
runtime_info = optional(object({ data = map(string), labels = optional(map(string)), annotations = optional(map(string)) })) })',
  revision: 'number',
};
const OPTIONAL = ['managed_resources'];

/** What the module makes of its inputs, by Terraform's own types; an error where it refuses one, lacks one, or does not know it. */
export function bootstrapInputs(inputs: { readonly [name: string]: unknown }): any {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-'));
  const write = (path: string, content: object) => writeFileSync(join(directory, path), JSON.stringify(content));
  try {
    mkdirSync(join(directory, 'module'));
    write('main.tf.json', {
      module: { bootstrap: { source: './module', ...escaped(inputs) } }, output: { taken: { value: '${module.bootstrap.taken}' } },
    });
    const variable = ([name, type]: [string, string]) => [name, { type, ...(OPTIONAL.includes(name) ? { default: {} } : { nullable: false }) }];
    write('module/main.tf.json', {
      variable: Object.fromEntries(Object.entries(TYPES).map(variable)),
      output: { taken: { value: Object.fromEntries(Object.keys(TYPES).map((name) => [name, `\${var.${name}}`])) } },
    });
    const terraform = (...args: string[]) => {
      const { status, stdout, stderr } = run(TERRAFORM, args, directory, { CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' });
      if (status !== 0) throw new Error(`terraform ${args[0]}: ${stdout}${stderr}`);
      return stdout;
    };
    terraform('init', '-input=false', '-no-color');
    terraform('apply', '-auto-approve', '-input=false', '-no-color');
    return JSON.parse(terraform('output', '-json')).taken.value;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Values, not templates. */
function escaped(inputs: object): object {
  return JSON.parse(JSON.stringify(inputs).replace(/[$%](?=\{)/g, '$&$&'));
}
