import { Change, dropResources, policy, resources } from './doctor-changes';
import { sortedJson } from './provider-shape/facts';
import type { FlatResource } from './provider-shape/show';

const AWS = 'https://github.com/hashicorp/terraform-provider-aws/blob/main';
const AZURERM = 'https://github.com/hashicorp/terraform-provider-azurerm/blob/main/internal/services';
const AZUREAD = 'https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services';
const GOOGLE = 'https://github.com/hashicorp/terraform-provider-google/blob/main/google';
const PRINCIPALS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html';

const POLICIES: readonly (readonly [type: string, attribute: string])[] = [
  ['aws_iam_role', 'assume_role_policy'], ['aws_iam_role_policy', 'policy'], ['aws_iam_user_policy', 'policy'], ['aws_iam_policy', 'policy'],
  ['aws_ecr_repository_policy', 'policy'], ['aws_s3_bucket_policy', 'policy'], ['aws_kms_key_policy', 'policy'],
];

/** Policies of every kind, changed as data. */
const inPolicies = (change: (value: any, key: string) => any): Change => (world) => POLICIES.forEach(([type, attribute]) => (
  resources(world, type).filter(({ values }) => typeof values[attribute] === 'string').forEach(({ values }) => policy(values, attribute, (document) => {
    const walk = (value: any): any => Array.isArray(value) ? value.map(walk)
      : value === null || typeof value !== 'object' ? value : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(walk(item), key)]));
    Object.assign(document, walk(document));
  }))
));
const inValues = (type: RegExp, change: (values: any, resource: FlatResource) => void): Change => (world) => (
  Object.values(world.states).flat().filter((each) => type.test(each.type)).forEach((each) => change(each.values, each))
);
const inText = (type: RegExp, attribute: string, change: (text: string) => string): Change => inValues(type, (values) => {
  if (typeof values[attribute] === 'string') values[attribute] = change(values[attribute]);
});

/** What clouds and providers write otherwise than programs gave it, each with the page or the source that says so: harmless in every example. */
export const REWRITES: readonly (readonly [what: string, source: string, change: Change])[] = [
  ['the URL of an OIDC provider with its scheme, as it is before the first read', `${AWS}/internal/service/iam/openid_connect_provider.go`,
    inText(/^aws_iam_openid_connect_provider$/, 'url', (url) => `https://${url.replace('https://', '')}`)],
  ['further client IDs and thumbprints, in any order', `${AWS}/internal/service/iam/openid_connect_provider.go`,
    inValues(/^aws_iam_openid_connect_provider$/, (values) => {
      values.client_id_list = ['another', ...values.client_id_list ?? []];
    })],
  ['policies with sorted keys', `${AWS}/internal/service/iam/role.go`, (world) => POLICIES.forEach(([type, attribute]) => (
    resources(world, type).forEach(({ values }) => { values[attribute] = sortedJson(values[attribute]); })))],
  ['lists of one as the one', 'https://github.com/hashicorp/awspolicyequivalence', inPolicies((value) => (Array.isArray(value) && value.length === 1 ? value[0] : value))],
  ['the one as a list of one', 'https://github.com/hashicorp/awspolicyequivalence', inPolicies((value, key) => (
    ['Action', 'Resource', 'Federated', 'Service'].includes(key) && !Array.isArray(value) ? [value] : value))],
  ['values of conditions as lists', 'https://github.com/hashicorp/awspolicyequivalence', inPolicies((value, key) => (
    /:(sub|aud)$|^aws:/.test(key) && !Array.isArray(value) ? [value] : value))],
  ['lists in another order', 'https://github.com/hashicorp/awspolicyequivalence', inPolicies((value) => (Array.isArray(value) ? [...value].reverse() : value))],
  ['statements with an ID of their own, and the policy with one', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html',
    inPolicies((value, key) => (key === 'Statement' ? [value].flat().map((each: any, index: number) => ({ Sid: `Statement${index}`, ...each })) : value))],
  ['accounts as the ARNs of their root', PRINCIPALS, inPolicies((value, key) => (key === 'AWS' ? [value].flat().map((each) => (
    /^\d{12}$/.test(each) ? `arn:aws:iam::${each}:root` : each)) : value))],
  ['principals of roles that are gone beside', PRINCIPALS, inPolicies((value, key) => (key === 'AWS' ? ['AROADBQP57FF2AEXAMPLE', ...[value].flat()] : value))],
  ['keys by their ARN', `${AWS}/website/docs/r/kms_key_policy.html.markdown`, inText(/^aws_kms_key_policy$/, 'key_id', (id) => (
    id.startsWith('arn:') ? id : `arn:aws:kms:eu-west-1:111122223333:key/${id}`))],
  ['resource groups in capitals', 'https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules',
    inText(/^azurerm_role_assignment$/, 'scope', (scope) => scope.replace(/\/resourceGroups\/[^/]+/i, (text) => text.toUpperCase()))],
  ['role definitions of the tenant, without a subscription', `${AZURERM}/authorization/role_assignment_resource.go`,
    inText(/^azurerm_role_assignment$/, 'role_definition_id', (id) => id.replace(/^\/subscriptions\/[^/]+(?=\/providers\/)/, ''))],
  ['IDs of objects in capitals', 'https://learn.microsoft.com/en-us/graph/api/resources/serviceprincipal', (world) => {
    inText(/^azurerm_role_assignment$/, 'principal_id', (id) => id.toUpperCase())(world);
    inText(/^azuredevops_service_principal_entitlement$/, 'origin_id', (id) => id.toUpperCase())(world);
  }],
  ['the parent of a credential by its newer name', `${AZURERM}/managedidentity/federated_identity_credential_resource.go`,
    inValues(/^azurerm_federated_identity_credential$/, (values) => {
      values.user_assigned_identity_id = values.parent_id;
      delete values.parent_id;
      delete values.resource_group_name;
    })],
  ['IDs of service principals without their path, as before version 3', `${AZUREAD}/serviceprincipals/service_principal_certificate_resource.go`,
    inText(/^azuread_service_principal(_certificate)?$/, 'service_principal_id', (id) => id.split('/').pop()!)],
  ['service accounts of Google that were given in capitals, whose members come back in small letters', `${GOOGLE}/tpgresource/utils.go`, (world) => (
    world.model.identities.forEach((identity) => {
      const upper = (text: any) => (typeof text === 'string' && text.startsWith('serviceAccount:') && text.includes('@') ? text.replace(/:[^@]*/, (name) => name.toUpperCase()) : text);
      Object.assign(identity, { principals: identity.principals.map(upper) });
    }))],
  ['buckets by their name, as they are before the first read', `${GOOGLE}/services/storage/iam_storage_bucket.go`,
    inText(/^google_storage_bucket_iam_member$/, 'bucket', (bucket) => bucket.replace(/^b\//, ''))],
  ['repositories by their last name, with project and location beside', `${GOOGLE}/services/artifactregistry/iam_artifact_registry_repository.go`,
    inText(/^google_artifact_registry_repository_iam_member$/, 'repository', (repository) => repository.split('/').pop()!)],
  ['topics by their last name', `${GOOGLE}/services/pubsub/iam_pubsub_topic.go`, inText(/^google_pubsub_topic_iam_member$/, 'topic', (topic) => topic.split('/').pop()!)],
  ['keys of Google in the short form', `${GOOGLE}/services/kms/iam_kms_crypto_key.go`,
    inText(/^google_kms_crypto_key_iam_member$/, 'crypto_key_id', (id) => id.replace(/^projects\/([^/]+)\/locations\/([^/]+)\/keyRings\/([^/]+)\/cryptoKeys\//, '$1/$2/$3/'))],
  ['projects with their path', `${GOOGLE}/services/resourcemanager/iam_project.go`,
    inText(/^google_project_iam_member$/, 'project', (project) => `projects/${project.replace(/^projects\//, '')}`)],
  ['service accounts of Google in whatever project', 'https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/get',
    inText(/^google_service_account_iam_member$/, 'service_account_id', (id) => id.replace(/^projects\/[^/]+\//, 'projects/-/'))],
  ['inline policies that only the role shows, as modules of before give them', `${AWS}/internal/service/iam/role.go`, (world) => (
    resources(world, 'aws_iam_role').forEach(({ values }) => {
      const own = resources(world, 'aws_iam_role_policy').filter((each) => each.values.role === values.name);
      values.inline_policy = own.map((each) => ({ name: each.values.name, policy: each.values.policy }));
      if (own.length > 0) dropResources(world, (each) => own.includes(each));
    }))],
];
