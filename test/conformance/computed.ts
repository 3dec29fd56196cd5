import { createHash } from 'crypto';

/** What stands in for the attributes that a provider computes: from the type's arguments and the address. */
export type Computed = (args: any, address: string) => object;

/** By resource type, or by address; data sources begin with `data.`. */
export interface ComputedTable {
  readonly [typeOrAddress: string]: Computed;
}

export const ACCOUNT = '111122223333';
export const PROJECT = 'acme-prod';
export const PROJECT_NUMBER = '123456789012';
export const TENANT = 'aaaabbbb-0000-4000-8000-ccccddddeeee';
export const SUBSCRIPTION = '11112222-3333-4444-8555-666677778888';
/** The issuer of the cluster that `data.aws_eks_cluster` finds. */
export const EKS_ISSUER = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE';
/** The issuer of the cluster that `data.azurerm_kubernetes_cluster` finds: AKS issuers end in a slash. */
export const AKS_ISSUER = `https://westeurope.oic.prod-aks.azure.com/${TENANT}/9f8e7d6c-0000-4000-8000-0123456789ab/`;

/** Made of the address, so that every resource has its own and every run the same. */
const hash = (address: string, length: number) => createHash('sha256').update(address).digest('hex').slice(0, length);
export const uuidOf = (address: string) => hash(address, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
const numberOf = (address: string, digits: number) => String(BigInt(`0x${hash(address, 24)}`)).slice(0, digits);

const nameOf = (args: any, address: string) => args.name ?? `${args.name_prefix ?? 'terraform-'}${hash(address, 26)}`;
const iam = (kind: string, args: any, address: string) => {
  const name = nameOf(args, address);
  return { name, id: name, arn: `arn:aws:iam::${ACCOUNT}:${kind}${args.path ?? '/'}${name}` };
};
const withId: Computed = (_args, address) => ({ id: hash(address, 16) });
const eksCluster: Computed = ({ name }) => ({
  id: name,
  arn: `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/${name}`,
  endpoint: 'https://ABCDEF0123456789.gr7.eu-west-1.eks.amazonaws.com',
  certificate_authority: [{ data: Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n').toString('base64') }],
  access_config: [{ authentication_mode: 'API' }],
  identity: [{ oidc: [{ issuer: EKS_ISSUER }] }],
});
const oidcProvider: Computed = ({ url, arn }) => ({
  // In Terraform, which may be the only one to know the URL.
  arn: arn ?? `arn:aws:iam::${ACCOUNT}:oidc-provider/\${replace("${url}", "https://", "")}`,
});
const inResourceGroup = (type: string): Computed => ({ name, resource_group_name: group }) => ({
  id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/${type}/${name}`,
});
const aksCluster: Computed = (args, address) => ({
  ...inResourceGroup('Microsoft.ContainerService/managedClusters')(args, address),
  oidc_issuer_url: AKS_ISSUER,
  oidc_issuer_enabled: true,
  kubelet_identity: [{ client_id: uuidOf(`${address}.client`), object_id: uuidOf(`${address}.object`), user_assigned_identity_id: `/subscriptions/${SUBSCRIPTION}/kubelet` }],
});
const pool = (id: string) => `projects/${PROJECT_NUMBER}/locations/global/workloadIdentityPools/${id}`;
const serviceAccount: Computed = ({ account_id: id }, address) => {
  const email = String(id).includes('@') ? id : `${id}@${PROJECT}.iam.gserviceaccount.com`;
  return { email, id: `projects/${PROJECT}/serviceAccounts/${email}`, name: `projects/${PROJECT}/serviceAccounts/${email}`, member: `serviceAccount:${email}`, unique_id: numberOf(address, 21) };
};
const entra: Computed = (_args, address) => ({ id: `/x/${uuidOf(address)}`, object_id: uuidOf(address), client_id: uuidOf(`${address}.client`), application_tenant_id: TENANT });

/** What providers compute, as far as the library or its users refer to it. Callers of `evaluate` add to it. */
export const COMPUTED: ComputedTable = {
  'aws_iam_role': (args, address) => ({ ...iam('role', args, address), unique_id: `AROA${hash(address, 17).toUpperCase()}` }),
  'aws_iam_policy': (args, address) => ({ ...iam('policy', args, address), policy_id: `ANPA${hash(address, 17).toUpperCase()}` }),
  'aws_iam_user': (args, address) => ({ ...iam('user', args, address), unique_id: `AIDA${hash(address, 17).toUpperCase()}` }),
  'aws_iam_access_key': (_args, address) => ({ id: `AKIA${hash(address, 16).toUpperCase()}`, secret: hash(`${address}.secret`, 40), encrypted_secret: 'wcBMA+encrypted' }),
  'aws_iam_role_policy': withId,
  'aws_iam_user_policy': withId,
  'aws_iam_openid_connect_provider': oidcProvider,
  'aws_eks_cluster': eksCluster,
  'aws_eks_access_entry': (_args, address) => ({ access_entry_arn: `arn:aws:eks:eu-west-1:${ACCOUNT}:access-entry/${hash(address, 16)}` }),
  'aws_eks_pod_identity_association': (_args, address) => ({
    association_arn: `arn:aws:eks:eu-west-1:${ACCOUNT}:podidentityassociation/a-${hash(address, 16)}`, association_id: `a-${hash(address, 16)}`, external_id: uuidOf(address),
  }),
  'aws_kms_grant': (_args, address) => ({ grant_id: hash(address, 64), grant_token: hash(`${address}.token`, 64) }),
  'aws_kms_key': (_args, address) => ({ arn: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${uuidOf(address)}`, key_id: uuidOf(address) }),
  'aws_ecr_repository': ({ name }) => ({ arn: `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/${name}`, repository_url: `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/${name}` }),
  'aws_s3_bucket': ({ bucket }) => ({ arn: `arn:aws:s3:::${bucket}`, id: bucket }),
  'data.aws_caller_identity': () => ({ account_id: ACCOUNT }),
  'data.aws_eks_cluster': eksCluster,
  'data.aws_iam_openid_connect_provider': oidcProvider,
  'data.aws_iam_role': (args, address) => ({ ...iam('role', args, address), unique_id: `AROA${hash(address, 17).toUpperCase()}` }),
  'data.aws_partition': () => ({ partition: 'aws', dns_suffix: 'amazonaws.com' }),
  'data.aws_region': () => ({ name: 'eu-west-1', region: 'eu-west-1' }),

  'google_iam_workload_identity_pool': ({ workload_identity_pool_id: id }) => ({ name: pool(id), id: pool(id), state: 'ACTIVE' }),
  'google_iam_workload_identity_pool_provider': ({ workload_identity_pool_id: id, workload_identity_pool_provider_id: provider }) => ({
    name: `${pool(id)}/providers/${provider}`, id: `${pool(id)}/providers/${provider}`, state: 'ACTIVE',
  }),
  'google_project_iam_custom_role': ({ role_id: id, project }) => ({ id: `projects/${project ?? PROJECT}/roles/${id}`, name: `projects/${project ?? PROJECT}/roles/${id}` }),
  'google_service_account': serviceAccount,
  'google_service_account_key': (_args, address) => ({
    id: hash(address, 40),
    name: `projects/${PROJECT}/serviceAccounts/${hash(address, 8)}/keys/${hash(address, 40)}`,
    private_key: Buffer.from(JSON.stringify({ type: 'service_account', private_key_id: hash(address, 40) })).toString('base64'),
  }),
  'google_storage_bucket': ({ name }) => ({ id: name, url: `gs://${name}` }),
  'data.google_container_cluster': ({ name, location, project }) => ({
    id: `projects/${project ?? PROJECT}/locations/${location}/clusters/${name}`,
    self_link: `https://container.googleapis.com/v1/projects/${project ?? PROJECT}/locations/${location}/clusters/${name}`,
  }),
  'data.google_project': ({ project_id: id }) => ({ number: PROJECT_NUMBER, project_id: id ?? PROJECT }),
  'data.google_service_account': serviceAccount,

  'azurerm_federated_identity_credential': (_args, address) => ({ id: `/subscriptions/${SUBSCRIPTION}/federatedIdentityCredentials/${hash(address, 16)}` }),
  'azurerm_kubernetes_cluster': aksCluster,
  'azurerm_resource_group': ({ name }) => ({ id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${name}` }),
  'azurerm_role_assignment': (_args, address) => ({ id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/${uuidOf(address)}` }),
  'azurerm_role_definition': ({ scope }, address) => ({
    id: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${uuidOf(address)}|${scope}`,
    role_definition_id: uuidOf(address),
    role_definition_resource_id: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${uuidOf(address)}`,
  }),
  'azurerm_storage_account': (args, address) => ({
    ...inResourceGroup('Microsoft.Storage/storageAccounts')(args, address),
    primary_blob_endpoint: `https://${args.name}.blob.core.windows.net/`,
    primary_web_endpoint: `https://${args.name}.z6.web.core.windows.net/`,
  }),
  'azurerm_user_assigned_identity': (args, address) => ({
    ...inResourceGroup('Microsoft.ManagedIdentity/userAssignedIdentities')(args, address),
    client_id: uuidOf(`${address}.client`),
    principal_id: uuidOf(`${address}.principal`),
    tenant_id: TENANT,
  }),
  'data.azurerm_client_config': () => ({ client_id: uuidOf('client'), object_id: uuidOf('object'), subscription_id: SUBSCRIPTION, tenant_id: TENANT }),
  'data.azurerm_kubernetes_cluster': aksCluster,
  'data.azurerm_subscription': () => ({ id: `/subscriptions/${SUBSCRIPTION}`, subscription_id: SUBSCRIPTION, tenant_id: TENANT }),
  'data.azurerm_user_assigned_identity': (args, address) => ({
    ...inResourceGroup('Microsoft.ManagedIdentity/userAssignedIdentities')(args, address),
    client_id: uuidOf(`${address}.client`),
    principal_id: uuidOf(`${address}.principal`),
    tenant_id: TENANT,
  }),
  'azuread_application': entra,
  'azuread_application_registration': entra,
  'azuread_application_federated_identity_credential': (_args, address) => ({ credential_id: uuidOf(address) }),
  'azuread_application_password': (_args, address) => ({ key_id: uuidOf(address), value: hash(`${address}.secret`, 40) }),
  'azuread_service_principal': entra,
  'data.azuread_application': entra,
  'data.azuread_client_config': () => ({ client_id: uuidOf('client'), object_id: uuidOf('object'), tenant_id: TENANT }),
  'data.azuread_service_principal': entra,
  'azuredevops_service_principal_entitlement': (_args, address) => ({ id: uuidOf(address), descriptor: `aadsp.${hash(address, 40)}` }),
  'azuredevops_group_membership': (_args, address) => ({ id: numberOf(address, 18) }),
  'data.azuredevops_project': ({ name }) => ({ id: uuidOf(`project ${name}`) }),
  'data.azuredevops_group': ({ name }) => ({ descriptor: `vssgp.${hash(name, 40)}` }),
};
