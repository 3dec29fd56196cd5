import { listOf, textOf, withoutNulls } from './json';
import { AccessFileError, parseJson } from '../access/file';
import type { AccessReference, AccessValue } from '../access/model';

const HOW = 'Pass what `terraform show -json` prints in the directory of the stack, after apply.';

/** What says who the nodes of a pool are. Their metadata, which may hold keys, is not read. */
const POOL = ['node_config.service_account', 'node_config.oauth_scopes', 'node_config.workload_metadata_config'];

/** What is read of each type of resource, and of its blocks, and nothing else of a state: it holds secrets in plain text. */
export const READ: { readonly [type: string]: readonly string[] } = {
  aws_eks_cluster: ['arn', 'name', 'identity'],
  aws_eks_pod_identity_association: ['cluster_name', 'namespace', 'service_account', 'role_arn', 'target_role_arn', 'disable_session_tags'],
  aws_eks_access_entry: ['cluster_name', 'principal_arn'],
  aws_eks_node_group: ['cluster_name', 'node_role_arn', 'launch_template'],
  aws_launch_template: ['id', 'name', 'latest_version', 'metadata_options'],
  aws_iam_instance_profile: ['role'],
  aws_iam_openid_connect_provider: ['arn', 'url', 'client_id_list'],
  aws_iam_role: ['arn', 'name', 'assume_role_policy', 'permissions_boundary', 'inline_policy', 'managed_policy_arns'],
  aws_iam_role_policy: ['role', 'policy'],
  aws_iam_role_policy_attachment: ['role', 'policy_arn'],
  aws_iam_policy: ['arn', 'policy'],
  aws_iam_user: ['arn', 'name'],
  aws_iam_user_policy: ['user', 'policy'],
  aws_iam_user_policy_attachment: ['user', 'policy_arn'],
  aws_ecr_repository_policy: ['repository', 'registry_id', 'policy'],
  aws_s3_bucket_policy: ['bucket', 'policy'],
  aws_kms_key_policy: ['key_id', 'policy'],
  aws_kms_key: ['arn', 'key_id', 'policy', 'is_enabled'],
  azurerm_kubernetes_cluster: ['oidc_issuer_url', 'oidc_issuer_enabled', 'workload_identity_enabled', 'kubelet_identity'],
  azurerm_user_assigned_identity: ['id', 'client_id', 'principal_id', 'tenant_id', 'name'],
  azurerm_federated_identity_credential: ['parent_id', 'user_assigned_identity_id', 'issuer', 'subject', 'audience'],
  azurerm_role_assignment: ['scope', 'role_definition_id', 'role_definition_name', 'principal_id', 'condition'],
  azurerm_role_definition: ['id', 'role_definition_id', 'role_definition_resource_id'],
  azuread_application: ['id', 'client_id', 'object_id'],
  azuread_service_principal: ['id', 'client_id', 'object_id', 'application_tenant_id', 'account_enabled'],
  azuread_service_principal_certificate: ['service_principal_id', 'end_date'],
  azuread_application_certificate: ['application_id', 'end_date'],
  azuread_application_federated_identity_credential: ['application_id', 'issuer', 'subject', 'audiences'],
  azurerm_key_vault: ['id', 'enable_rbac_authorization', 'rbac_authorization_enabled'],
  azuredevops_service_principal_entitlement: ['origin_id', 'descriptor'],
  azuredevops_group_membership: ['group', 'members'],
  google_iam_workload_identity_pool: ['name', 'disabled', 'state'],
  google_iam_workload_identity_pool_provider: ['name', 'disabled', 'state', 'attribute_condition', 'attribute_mapping', 'oidc'],
  google_container_cluster: ['name', 'location', 'project', 'enable_autopilot', 'node_pool.name', ...POOL.map((attribute) => `node_pool.${attribute}`)],
  google_container_node_pool: ['name', 'cluster', 'location', 'project', ...POOL],
  google_service_account: ['email', 'member', 'name', 'disabled', 'unique_id'],
};
/** What members of resources of Google Cloud are read by, whatever the resource. */
const MEMBER = /^google_\w+_iam_(member|binding)$/;
export const READ_MEMBER: readonly string[] = ['role', 'member', 'members', 'condition', 'bucket', 'repository', 'location', 'project', 'topic', 'crypto_key_id', 'key_ring_id',
  'service_account_id', 'folder', 'org_id'];

/** A resource of a state, with the attributes that are read. */
export interface StateResource {
  readonly address: string;
  readonly type: string;
  readonly values: { readonly [attribute: string]: any };
}

/** The state of one stack. */
export interface State {
  /** What its file is called, for the reader to know it by. */
  readonly name: string;
  readonly resources: ReadonlyMap<string, StateResource>;
}

/** Reads what `terraform show -json` printed. */
export function parseState(text: string, file: string, name: string): State {
  const value = parseJson(text, file, HOW);
  if (value?.planned_values !== undefined || value?.resource_changes !== undefined) throw new AccessFileError(`${file}: this is a plan, not a state. ${HOW}`);
  if (Array.isArray(value?.resources) && typeof value.serial === 'number') {
    throw new AccessFileError(`${file}: this is the raw state, whose form Terraform keeps to itself. ${HOW}`);
  }
  const major = /^(\d+)\./.exec(String(value?.format_version))?.[1];
  if (major === undefined) throw new AccessFileError(`${file}: this JSON is no state. ${HOW}`);
  if (major !== '1') throw new AccessFileError(`${file}: the state has format ${value.format_version}, this program reads 1.x. ${HOW}`);
  return { name, resources: new Map(modulesOf(value.values?.root_module).flatMap(({ resources }) => listOf(resources).flatMap(read))) };
}

function modulesOf(module: any): any[] {
  return module === null || typeof module !== 'object' ? [] : [module, ...listOf(module.child_modules).flatMap(modulesOf)];
}

function read(resource: any): [string, StateResource][] {
  const { address, type, values } = resource ?? {};
  const attributes = READ[type] ?? (MEMBER.test(type) ? READ_MEMBER : undefined);
  if (attributes === undefined || typeof address !== 'string' || values === null || typeof values !== 'object') return [];
  return [[address, { address, type, values: withoutNulls(pick(values, attributes)) }]];
}

/** Of values the attributes, and of blocks theirs. */
function pick(values: any, attributes: readonly string[]): any {
  return Object.fromEntries(Object.entries<any>(values).flatMap(([name, value]) => {
    const inside = attributes.filter((each) => each.startsWith(`${name}.`)).map((each) => each.slice(name.length + 1));
    if (inside.length > 0) return [[name, listOf(value).filter((block) => typeof block === 'object').map((block) => pick(block ?? {}, inside))]];
    return attributes.includes(name) ? [[name, value]] : [];
  }));
}

const EXPRESSION = /\$\{([^{}]*)\}/g;
const ATTRIBUTE = /^((?:data\.)?[a-z]\w*\.[\w-]+(?:\[[^\]]+\])?)((?:\.\w+|\[\d+\])+)$/;

/** All states that were given. */
export class States {
  /** References that no state has: by stack, the addresses. */
  public readonly missing = new Map<string, Set<string>>();
  /** Addresses that several states have, so that none can be taken. */
  public readonly ambiguous = new Set<string>();
  private readonly seen = new Set<string>();

  public constructor(private readonly states: readonly State[]) {}

  public of(...types: readonly string[]): StateResource[] {
    return this.states.flatMap(({ resources }) => [...resources.values()].filter(({ type }) => types.includes(type)));
  }

  /** The members of one kind of resource of Google Cloud, or of all. */
  public members(): StateResource[] {
    return this.states.flatMap(({ resources }) => [...resources.values()].filter(({ type }) => MEMBER.test(type)));
  }

  /** The text that a value came to; undefined where it is not known. */
  public text(value: AccessValue | undefined): string | undefined {
    if (value === undefined || typeof value === 'string') return value;
    let unknown = false;
    const text = value.ref.replace(EXPRESSION, (all, expression) => {
      const found = this.attribute(value, expression);
      if (found === undefined) unknown = true;
      return found ?? all;
    });
    return unknown || text.includes('${') ? undefined : text;
  }

  /** Whether a stack's state was given, as far as references to it tell. */
  public has(stack: string): boolean {
    return this.seen.has(stack) || this.states.some(({ name }) => name === stack);
  }

  private attribute({ stack }: AccessReference, expression: string): string | undefined {
    const [, address, path] = ATTRIBUTE.exec(expression.trim()) ?? [];
    if (address === undefined) return undefined;
    const holders = this.states.filter(({ resources }) => resources.has(address));
    const named = holders.filter(({ name }) => name === stack);
    const [holder, ...others] = named.length > 0 ? named : holders;
    if (holder === undefined) {
      // Types that are not read are nowhere, and unknown.
      if (isRead(address)) this.missing.set(stack, (this.missing.get(stack) ?? new Set()).add(address));
      return undefined;
    }
    this.seen.add(stack);
    const found = valueAt(holder.resources.get(address)!.values, path);
    if (others.some(({ resources }) => valueAt(resources.get(address)!.values, path) !== found)) {
      this.ambiguous.add(address);
      return undefined;
    }
    return found;
  }
}

function isRead(address: string): boolean {
  const type = address.replace(/^data\./, '').split('.')[0];
  return READ[type] !== undefined || MEMBER.test(type);
}

function valueAt(values: any, path: string): string | undefined {
  let value = values;
  for (const [, name, index] of path.matchAll(/\.(\w+)|\[(\d+)\]/g)) value = value?.[name ?? Number(index)];
  return textOf(value);
}
