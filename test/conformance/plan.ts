import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { TerraformStack, Testing } from 'cdktf';
import { ComputedTable } from './computed';
import { run, TERRAFORM } from './programs';
import { evaluate, TerraformError } from './terraform';

/** Resources by address, `module.images.aws_iam_role.this[0]`, with their arguments: what a module left in a state. */
export interface Standing {
  readonly [address: string]: { readonly [argument: string]: unknown };
}

/** What a plan does, by the address in the configuration; what stays as it is counts too. */
export interface Plan {
  readonly [address: string]: 'keep' | 'update' | 'create' | 'delete' | 'replace';
}

const AWS = 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources';
const GOOGLE = 'https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources';
const AZURE = 'https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources';

/**
 * The arguments that a provider cannot change in place, by the page that says "forces new resource". Computed ones that are left out stay
 * as they are: `name_prefix` of a role that is given its name.
 */
const FORCING: { readonly [type: string]: { readonly page: string; readonly arguments: readonly string[]; readonly defaults?: object } } = {
  aws_iam_role: { page: `${AWS}/iam_role`, arguments: ['name', 'path'], defaults: { path: '/' } },
  aws_iam_role_policy: { page: `${AWS}/iam_role_policy`, arguments: ['name', 'role'] },
  aws_iam_policy: { page: `${AWS}/iam_policy`, arguments: ['name', 'path', 'description'], defaults: { path: '/' } },
  aws_iam_role_policy_attachment: { page: `${AWS}/iam_role_policy_attachment`, arguments: ['role', 'policy_arn'] },
  aws_iam_openid_connect_provider: { page: `${AWS}/iam_openid_connect_provider`, arguments: ['url'] },
  aws_eks_pod_identity_association: { page: `${AWS}/eks_pod_identity_association`, arguments: ['cluster_name', 'namespace', 'service_account'] },
  google_service_account: { page: `${GOOGLE}/google_service_account`, arguments: ['account_id', 'project'] },
  google_service_account_iam_member: { page: `${GOOGLE}/google_service_account_iam`, arguments: ['service_account_id', 'role', 'member', 'condition'] },
  google_project_iam_member: { page: `${GOOGLE}/google_project_iam`, arguments: ['project', 'role', 'member', 'condition'] },
  google_artifact_registry_repository_iam_member: {
    page: `${GOOGLE}/artifact_registry_repository_iam`, arguments: ['project', 'location', 'repository', 'role', 'member', 'condition'],
  },
  azurerm_user_assigned_identity: { page: `${AZURE}/user_assigned_identity`, arguments: ['name', 'location', 'resource_group_name'] },
  azurerm_federated_identity_credential: {
    page: `${AZURE}/federated_identity_credential`, arguments: ['name', 'parent_id', 'issuer', 'subject', 'audience'],
  },
  azurerm_role_assignment: { page: `${AZURE}/role_assignment`, arguments: ['scope', 'principal_id', 'role_definition_id'] },
};

/**
 * A state, and plans over it by real Terraform: `terraform_data` stands in for every resource, its `triggers_replace` for the arguments
 * that the provider cannot change. Values that providers compute are as `evaluate` makes them.
 */
export class State {
  private readonly directory = mkdtempSync(join(tmpdir(), 'plan-'));

  public constructor(standing: Standing) {
    const modules = new Map<string, [string, string, Standing[string]][]>();
    for (const [address, args] of Object.entries(standing)) {
      const { module, resource, index } = parts(address);
      modules.set(module, [...modules.get(module) ?? [], [resource, index, args]]);
    }
    const root: any = {};
    for (const [module, resources] of modules) {
      const blocks = {
        resource: {
          terraform_data: Object.fromEntries(resources.map(([resource, index, args]) => [resource.replace('.', '__'), {
            ...block(resource, args),
            ...(index === '' ? {} : /^\[\d+\]$/.test(index) ? { count: Number(index.slice(1, -1)) + 1 } : { for_each: { [JSON.parse(index.slice(1, -1))]: 1 } }),
          }])),
        },
      };
      if (module === '') Object.assign(root, blocks);
      else (root.module ??= {})[module] = { source: `./${module}` };
      if (module !== '') this.write(join(module, 'main.tf.json'), blocks);
    }
    this.write('main.tf.json', root);
    this.terraform('init', '-input=false', '-no-color');
    this.terraform('apply', '-auto-approve', '-input=false', '-no-color');
  }

  /** What applying the stack next would do. */
  public plan(stack: TerraformStack, computed: ComputedTable = {}): Plan {
    this.configure(stack, computed);
    this.terraform('plan', '-input=false', '-no-color', '-out=plan');
    const { resource_changes: changes } = JSON.parse(this.terraform('show', '-json', 'plan'));
    return Object.fromEntries(changes.map(({ address, change: { actions } }: any) => [back(address), NAMES[actions.join(' ')]]));
  }

  /** Applies the stack. */
  public apply(stack: TerraformStack, computed: ComputedTable = {}): void {
    this.configure(stack, computed);
    this.terraform('apply', '-auto-approve', '-input=false', '-no-color');
  }

  public remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private configure(stack: TerraformStack, computed: ComputedTable): void {
    const text = Testing.synth(stack);
    const { resource, moved: moves } = JSON.parse(text);
    // With what providers compute, a resource would never be as the module left it.
    const written = (address: string, values: any) => {
      const [type, name] = address.split('.');
      return Object.fromEntries(Object.entries<any>(values).filter(([argument]) => argument in resource[type][name]));
    };
    const resources = Object.entries<any>(evaluate(text, { computed }).resources).filter(([address]) => !address.startsWith('data.'));
    const moved = (moves ?? []).map(({ from, to }: any) => ({ from: forth(from), to: forth(to) }));
    this.write('main.tf.json', {
      resource: { terraform_data: Object.fromEntries(resources.map(([address, args]) => [address.replace('.', '__'), block(address, written(address, args))])) },
      ...(moved.length === 0 ? {} : { moved }),
    });
    this.terraform('init', '-input=false', '-no-color');
  }

  private write(file: string, content: unknown): void {
    const path = join(this.directory, file);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, JSON.stringify(content, null, 2));
  }

  private terraform(...args: string[]): string {
    const env = { CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_CLI_CONFIG_FILE: join(this.directory, 'none.tfrc') };
    const { status, stdout, stderr } = run(TERRAFORM, args, this.directory, env);
    if (status === 0) return stdout;
    throw new TerraformError([{ summary: `terraform ${args[0]}`, detail: stdout + stderr + readFileSync(join(this.directory, 'main.tf.json'), 'utf8') }]);
  }
}

const NAMES: { readonly [actions: string]: Plan[string] } = {
  'no-op': 'keep', 'update': 'update', 'create': 'create', 'delete': 'delete', 'delete create': 'replace', 'create delete': 'replace',
};

function block(address: string, args: any): object {
  const type = address.slice(0, address.indexOf('.'));
  const forcing = FORCING[type];
  if (forcing === undefined) throw new Error(`plan.ts does not know what forces a new ${type}: look it up and add it to FORCING`);
  // Terraform must take every value as it is.
  return JSON.parse(JSON.stringify({ input: args, triggers_replace: forcing.arguments.map((name) => args[name] ?? (forcing.defaults as any)?.[name] ?? null) }), (_, value) => (
    typeof value === 'string' ? value.replace(/[$%](?=\{)/g, '$&$&') : value
  ));
}

function parts(address: string): { module: string; resource: string; index: string } {
  const [, module = '', resource, index = ''] = /^(?:module\.([\w-]+)\.)?([a-z]\w*\.[\w-]+)(\[.*\])?$/.exec(address)!;
  return { module, resource, index };
}

/** The address of the stand-in, and the way back. */
function forth(address: string): string {
  const { module, resource, index } = parts(address);
  return `${module === '' ? '' : `module.${module}.`}terraform_data.${resource.replace('.', '__')}${index}`;
}

function back(address: string): string {
  return address.replace(/terraform_data\.([a-z]\w*?)__/, '$1.');
}
