import { ACCOUNT, PROJECT, PROJECT_NUMBER, SUBSCRIPTION, uuidOf } from '../computed';

/** What the providers' sources say that schemas do not: defaults, what they fill where nothing was given, and what they write otherwise. */
export interface TypeFacts {
  /** Arguments with a default, and optional ones that the provider computes: never null once applied. */
  readonly filled?: { readonly [attribute: string]: unknown };
  /** Attributes that states mark as sensitive. */
  readonly sensitive?: readonly string[];
  /** What the provider makes of what it was given: from the values, those that differ. */
  readonly written?: (values: any) => object;
  /** Built on Terraform's plugin framework: what is not set stays null, and is never an empty text. */
  readonly framework?: true;
}

const ROLE_NAMES: { readonly [guid: string]: string } = {
  '7f951dda-4ed3-4680-a7ca-43fe172d538d': 'AcrPull',
  'b93aa761-3e63-49ed-ac28-beffa264f7ac': 'Container Registry Repository Reader',
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1': 'Storage Blob Data Reader',
  '12338af0-0e69-4776-bea7-57ae8d297424': 'Key Vault Crypto User',
  '4abbcc35-e782-43d8-92c5-2d3f1bd2253f': 'Azure Kubernetes Service Cluster User Role',
  '2b629674-e913-4c01-ae53-ef4638d8f975': 'Azure Event Hubs Data Sender',
};
const TAGS = { tags_all: {} };
const inProject = (kind: string, name: any, { project = PROJECT }: any) => String(name).includes('/') ? name : `projects/${project}/${kind}/${name}`;
const unversioned = (id: unknown) => String(id).split('|')[0].replace(/^(?=\/providers\/Microsoft\.Authorization)/, `/subscriptions/${SUBSCRIPTION}`);

/** By type; of hashicorp/aws 6, hashicorp/google 7, hashicorp/azurerm 4, hashicorp/azuread 3 and microsoft/azuredevops 1, read on GitHub. */
export const FACTS: { readonly [type: string]: TypeFacts } = {
  // internal/service/iam/openid_connect_provider.go sets what GetOpenIDConnectProvider answers: a URL without its scheme.
  aws_iam_openid_connect_provider: {
    filled: { ...TAGS, thumbprint_list: ['9e99a48a9960b14926bb7f3b02e22da2b0ab7280'] }, written: ({ url, arn }) => ({ url: String(url).replace('https://', ''), id: arn }),
  },
  aws_iam_role: {
    filled: { ...TAGS, force_detach_policies: false, max_session_duration: 3600, path: '/', name_prefix: '', create_date: '2025-11-01T00:00:00Z' },
    // internal/service/iam/role.go: the ID is the name, trust policies are normalized JSON.
    written: ({ name, assume_role_policy: policy }) => ({ id: name, ...policy === undefined ? {} : { assume_role_policy: sortedJson(policy) } }),
  },
  aws_iam_role_policy: { filled: { name_prefix: '' }, written: ({ role, name }) => ({ id: `${role}:${name}` }) },
  aws_iam_user: { filled: { ...TAGS, path: '/', force_destroy: false } },
  aws_iam_user_policy: { filled: { name_prefix: '' }, written: ({ user, name }) => ({ id: `${user}:${name}` }) },
  aws_iam_policy: { filled: { ...TAGS, path: '/', name_prefix: '', attachment_count: 1 } },
  aws_iam_role_policy_attachment: { written: ({ role, policy_arn: arn }) => ({ id: `${role}-${arn}` }) },
  aws_iam_access_key: { filled: { status: 'Active' }, sensitive: ['secret', 'ses_smtp_password_v4'] },
  aws_eks_access_entry: { filled: { ...TAGS, type: 'STANDARD', kubernetes_groups: [] } },
  aws_eks_pod_identity_association: { framework: true, filled: { ...TAGS } },
  aws_eks_node_group: { filled: { ...TAGS, ami_type: 'AL2023_x86_64_STANDARD', capacity_type: 'ON_DEMAND', instance_types: ['m6i.large'], disk_size: 20, version: '1.33' } },
  aws_launch_template: { filled: { ...TAGS, latest_version: 1, default_version: 1 } },
  aws_kms_key: {
    filled: {
      ...TAGS,
      is_enabled: true,
      enable_key_rotation: false,
      key_usage: 'ENCRYPT_DECRYPT',
      customer_master_key_spec: 'SYMMETRIC_DEFAULT',
      multi_region: false,
      policy: JSON.stringify({ Id: 'key-default-1', Statement: [{ Action: 'kms:*', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Resource: '*', Sid: 'Enable IAM User Permissions' }], Version: '2012-10-17' }),
    },
  },
  // Computed: the account of the provider, which in the examples is that of the owner.
  aws_ecr_repository_policy: { filled: { registry_id: '444455556666' } },
  // google/services/iambeta: name is computed, of the number of the project.
  google_iam_workload_identity_pool: { filled: { project: PROJECT, state: 'ACTIVE', disabled: false } },
  google_iam_workload_identity_pool_provider: { filled: { project: PROJECT, state: 'ACTIVE', disabled: false } },
  google_service_account: { filled: { project: PROJECT, disabled: false, create_ignore_already_exists: null } },
  google_service_account_key: { filled: { key_algorithm: 'KEY_ALG_RSA_2048', private_key_type: 'TYPE_GOOGLE_CREDENTIALS_FILE' }, sensitive: ['private_key'] },
  // google/services/storage/iam_storage_bucket.go: the resource's ID in place of the bucket's name.
  google_storage_bucket_iam_member: { written: ({ bucket, role, member }) => ({ bucket: `b/${bucket}`, id: `b/${bucket}/${role}/${member}` }) },
  // google/services/artifactregistry/iam_artifact_registry_repository.go: the full name, with project and location beside it.
  google_artifact_registry_repository_iam_member: {
    written: ({ repository, location, project = PROJECT }) => ({ project, repository: String(repository).includes('/') ? repository : `projects/${project}/locations/${location}/repositories/${repository}` }),
  },
  google_pubsub_topic_iam_member: { written: (values) => ({ topic: inProject('topics', values.topic, values), project: values.project ?? PROJECT }) },
  google_container_cluster: { filled: { project: PROJECT, enable_autopilot: false } },
  google_container_node_pool: { filled: { project: PROJECT, node_count: 3 } },
  azurerm_role_assignment: {
    // internal/services/authorization/role_assignment_resource.go reads the definition and sets its name beside the ID, whichever was given.
    filled: { principal_type: 'ServicePrincipal', skip_service_principal_aad_check: null },
    written: ({ role_definition_id: id, role_definition_name: name, scope }) => (
      id === undefined || id === null ? { role_definition_id: `/subscriptions/${String(scope).split('/')[2]}/providers/Microsoft.Authorization/roleDefinitions/${guidOf(name)}` }
        : { role_definition_id: unversioned(id), role_definition_name: ROLE_NAMES[unversioned(id).split('/').pop()!] ?? 'Custom' }
    ),
  },
  azurerm_role_definition: { written: ({ scope, assignable_scopes: scopes }) => ({ assignable_scopes: scopes ?? [scope] }) },
  azurerm_key_vault: {
    filled: {
      public_network_access_enabled: true, soft_delete_retention_days: 90, rbac_authorization_enabled: true, enable_rbac_authorization: true,
    },
  },
  azurerm_kubernetes_cluster: {
    filled: { oidc_issuer_enabled: true, workload_identity_enabled: true, private_cluster_enabled: false },
    sensitive: ['kube_config', 'kube_config_raw', 'kube_admin_config', 'kube_admin_config_raw'],
  },
  azuread_application: { filled: { sign_in_audience: 'AzureADMyOrg', prevent_duplicate_names: false, publisher_domain: 'acme.onmicrosoft.com' } },
  azuread_service_principal: { filled: { account_enabled: true, app_role_assignment_required: false, type: 'Application', display_name: 'flux' } },
  // internal/services/serviceprincipals: whole seconds, in Z.
  azuread_service_principal_certificate: { filled: { encoding: 'pem', start_date: '2025-11-01T00:00:00Z', end_date: '2027-11-01T00:00:00Z' }, sensitive: ['value'] },
  azuread_application_certificate: { filled: { encoding: 'pem', start_date: '2025-11-01T00:00:00Z', end_date: '2027-11-01T00:00:00Z' }, sensitive: ['value'] },
  azuread_application_password: { sensitive: ['value'] },
};

function guidOf(name: unknown): string {
  return Object.entries(ROLE_NAMES).find(([, each]) => each === name)?.[0] ?? uuidOf(`role ${name}`);
}

/** JSON as the provider normalizes it: keys sorted, no white space. */
export function sortedJson(text: string): string {
  const sorted = (value: any): any => Array.isArray(value) ? value.map(sorted)
    : value === null || typeof value !== 'object' ? value : Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
  return JSON.stringify(sorted(JSON.parse(text)));
}

/** Types of which there are no bindings: attributes by name, from the provider's documentation. */
export const BY_HAND: { readonly [type: string]: readonly string[] } = {
  azuredevops_service_principal_entitlement: ['account_license_type', 'descriptor', 'display_name', 'id', 'licensing_source', 'origin', 'origin_id', 'timeouts'],
  azuredevops_group_membership: ['group', 'id', 'members', 'mode', 'timeouts'],
};

/** A plausible value of what a provider computes and no test refers to. */
export function computedText(type: string, attribute: string, address: string): string {
  if (attribute === 'arn') return `arn:aws:${type.split('_')[1]}:eu-west-1:${ACCOUNT}:${type.replace(/^aws_[a-z0-9]+_/, '').replace(/_/g, '-')}/${uuidOf(address)}`;
  if (attribute === 'etag') return 'BwYzE1dKXyA=';
  if (/_at$|date/.test(attribute)) return '2025-11-01T00:00:00Z';
  if (attribute === 'number') return PROJECT_NUMBER;
  return uuidOf(`${address}.${attribute}`);
}
