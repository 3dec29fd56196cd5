/** How providers write attributes into states otherwise than programs give them. */
const SHAPES: { readonly [type: string]: (values: any) => any } = {
  aws_iam_openid_connect_provider: (values) => ({ ...values, url: String(values.url).replace('https://', ''), thumbprint_list: ['9e99a48a9960b14926bb7f3b02e22da2b0ab7280'], id: values.arn }),
  aws_iam_role: (values) => ({ ...values, id: values.name, permissions_boundary: '', inline_policy: [], managed_policy_arns: [], description: '', tags: null, create_date: '2025-11-01T00:00:00Z' }),
  aws_iam_role_policy: (values) => ({ ...values, name_prefix: '', id: `${values.role}:${values.name}` }),
  google_iam_workload_identity_pool_provider: ({ oidc, ...values }) => ({
    ...values,
    disabled: false,
    aws: [],
    saml: [],
    x509: [],
    display_name: '',
    description: '',
    oidc: [oidc].flat().map((block: any) => ({ allowed_audiences: [], jwks_json: '', ...block })),
  }),
  google_iam_workload_identity_pool: (values) => ({ disabled: null, display_name: '', ...values }),
  google_storage_bucket_iam_member: (values) => ({ ...values, bucket: `b/${values.bucket}`, condition: [], etag: 'CAE=', id: `b/${values.bucket}/${values.role}/${values.member}` }),
  google_artifact_registry_repository_iam_member: (values) => ({
    ...values, repository: `projects/${values.project}/locations/${values.location}/repositories/${values.repository}`, condition: [], etag: 'BwYz',
  }),
  google_pubsub_topic_iam_member: (values) => ({ ...values, topic: `projects/${values.project}/topics/${values.topic}`, condition: [] }),
  google_service_account: (values) => ({ ...values, disabled: false, display_name: '', description: '' }),
  azurerm_role_assignment: (values) => ({ ...values, role_definition_name: null, condition: '', condition_version: '', delegated_managed_identity_resource_id: '', name: 'c0ffee00-0000-4000-8000-000000000001' }),
  azurerm_federated_identity_credential: (values) => ({ ...values, timeouts: null }),
};

/** What `terraform show -json` prints of a stack, from what Terraform evaluated. */
export function stateOf(resources: { readonly [address: string]: any }): any {
  return {
    format_version: '1.0',
    terraform_version: '1.11.4',
    values: {
      outputs: {},
      root_module: {
        resources: Object.entries(resources).filter(([address]) => !address.startsWith('module.')).map(([address, values]) => {
          const data = address.startsWith('data.');
          const [type, name] = address.replace(/^data\./, '').split('.');
          return {
            address,
            mode: data ? 'data' : 'managed',
            type,
            name,
            provider_name: `registry.terraform.io/hashicorp/${type.split('_')[0]}`,
            schema_version: 0,
            values: (data ? undefined : SHAPES[type])?.(values ?? {}) ?? values ?? {},
            sensitive_values: type === 'aws_iam_access_key' ? { secret: true } : {},
          };
        }),
      },
    },
  };
}
