import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { EcrRepositoryPolicy } from '@cdktf/provider-aws/lib/ecr-repository-policy';
import { IamGroupMembership } from '@cdktf/provider-aws/lib/iam-group-membership';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { KmsGrant } from '@cdktf/provider-aws/lib/kms-grant';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { Group } from '@cdktf/provider-azuread/lib/group';
import { GroupMember } from '@cdktf/provider-azuread/lib/group-member';
import { User } from '@cdktf/provider-azuread/lib/user';
import { DataAzurermClientConfig } from '@cdktf/provider-azurerm/lib/data-azurerm-client-config';
import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { KeyVaultAccessPolicyA } from '@cdktf/provider-azurerm/lib/key-vault-access-policy';
import { KubernetesCluster } from '@cdktf/provider-azurerm/lib/kubernetes-cluster';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { IamDenyPolicy } from '@cdktf/provider-google/lib/iam-deny-policy';
import { ProjectIamBinding } from '@cdktf/provider-google/lib/project-iam-binding';
import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member';
import { ProjectIamPolicy } from '@cdktf/provider-google/lib/project-iam-policy';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account';
import { StorageBucketAcl } from '@cdktf/provider-google/lib/storage-bucket-acl';
import { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member';
import { App, Lazy, TerraformHclModule, TerraformResource, TerraformStack, TerraformVariable } from 'cdktf';
import {
  AcrPermissions, ClusterIssuer, CloudStoragePermissions, EcrPermissions, FluxAzureFederatedIdentity, FluxController, FluxEcrRepositoryPolicy,
  FluxGcpPrincipal, FluxGcpServiceAccount, FluxGcpWorkloadPool, FluxIrsaRole, FluxOidcProvider, FluxServiceAccount, IFluxIdentity,
} from '../../../lib';
import { Access, expectAccess } from '../../../lib/testing';

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const WEB = 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/web';
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000001';
const REGISTRY = `${SUBSCRIPTION}/resourceGroups/flux/providers/Microsoft.ContainerRegistry/registries/acmeregistry`;
const EMAIL = 'flux-manifests@acme-prod.iam.gserviceaccount.com';

interface Setting {
  readonly stack: TerraformStack;
  /** Another stack of the app. */
  readonly other: TerraformStack;
  readonly identity: IFluxIdentity & any;
}

/** What the grants allow, and what they do not. */
interface Calls {
  readonly yes: Access;
  readonly no: Access;
}

const CALLS: { readonly [cloud: string]: Calls } = {
  aws: { yes: { action: 'ecr:ListImages', resource: WEB }, no: { action: 'ecr:PutImage', resource: WEB } },
  gcp: {
    yes: { permission: 'storage.objects.get', resource: 'acme-flux' },
    no: { permission: 'storage.objects.get', resource: 'acme-other' },
  },
  azure: {
    yes: { action: 'Microsoft.ContainerRegistry/registries/pull/read', scope: REGISTRY },
    no: { action: 'Microsoft.ContainerRegistry/registries/pull/read', scope: `${REGISTRY}2` },
  },
};

function stacks(): { app: App; stack: TerraformStack; other: TerraformStack } {
  const app = new App();
  return { app, stack: new TerraformStack(app, 'prod'), other: new TerraformStack(app, 'landing') };
}

function aws(roleArn?: (stack: TerraformStack) => string): Setting {
  const { stack, other } = stacks();
  const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE' });
  const options = { oidcProviders: [new FluxOidcProvider(stack, 'Oidc', { issuer })], serviceAccounts: [SOURCE] };
  const identity = roleArn === undefined
    ? new FluxIrsaRole(stack, 'Images', { ...options, name: 'flux-images', account: '111122223333' })
    : FluxIrsaRole.fromRoleArn(stack, 'Images', { ...options, roleArn: roleArn(stack) });
  identity.grant('Apps', EcrPermissions.pull(WEB));
  return { stack, other, identity };
}

function gcp(of: (stack: TerraformStack, pool: ReturnType<typeof pooled>) => any = (stack, pool) => (
  new FluxGcpServiceAccount(stack, 'Manifests', { pool, serviceAccounts: [SOURCE], accountId: 'flux-manifests', project: 'acme-prod' })
)): Setting {
  const { stack, other } = stacks();
  const identity = of(stack, pooled(stack));
  identity.grant('Bucket', CloudStoragePermissions.read('acme-flux'));
  return { stack, other, identity };
}

function pooled(stack: TerraformStack) {
  const issuer = ClusterIssuer.gke(stack, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' });
  return FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: 'acme-prod', issuer });
}
const direct = (stack: TerraformStack, pool: any) => new FluxGcpPrincipal(stack, 'Manifests', { pool, serviceAccounts: [SOURCE] });
const federated = (stack: TerraformStack) => new FluxGcpPrincipal(stack, 'Manifests', {
  pool: new FluxGcpWorkloadPool(stack, 'Own', { poolId: 'own-pool', issuer: ClusterIssuer.oidc(stack, 'Kind', { url: 'https://oidc.example.com/kind' }) }),
  serviceAccounts: [SOURCE],
});
const byEmail = (stack: TerraformStack, pool: any) => FluxGcpServiceAccount.fromEmail(stack, 'Manifests', { pool, serviceAccounts: [SOURCE], email: EMAIL });

function azure(): Setting {
  const { stack, other } = stacks();
  const identity = new FluxAzureFederatedIdentity(stack, 'Images', {
    name: 'flux', resourceGroupName: 'flux', location: 'westeurope', serviceAccounts: [SOURCE], issuers: [ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com/kind' })],
  });
  identity.grant('Apps', AcrPermissions.pull(REGISTRY));
  return { stack, other, identity };
}

const member = (at: TerraformStack, who: string) => new ProjectIamMember(at, 'Mine', { project: 'acme-prod', role: 'roles/storage.admin', member: who });
const assign = (at: TerraformStack, principalId: string, rest: object = {}) => new RoleAssignment(at, 'Mine', {
  scope: SUBSCRIPTION, roleDefinitionName: 'Contributor', principalId, principalType: 'ServicePrincipal', ...rest,
});
const variable = (at: TerraformStack) => new TerraformVariable(at, 'who', { type: 'string' }).stringValue;
const repositoryPolicy = (at: TerraformStack, statement: object, repository = 'apps/web') => new EcrRepositoryPolicy(at, 'Mine', {
  repository, policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'ecr:*', ...statement }] }),
});
const documentPolicy = (at: TerraformStack, statement?: object, rest: object = {}) => new EcrRepositoryPolicy(at, 'Mine', {
  repository: 'apps/web', policy: new DataAwsIamPolicyDocument(at, 'Document', { statement: statement && [{ actions: ['ecr:*'], ...statement }], ...rest }).json,
});
const GUID = '00000000-0000-0000-0000-0000000000aa';
const uai = (at: TerraformStack) => new UserAssignedIdentity(at, 'App', { name: 'app', resourceGroupName: 'app', location: 'westeurope' });

/** What the user's program makes beside, and why nothing can be said of it. */
type Row = [string, () => Setting, (setting: Setting) => unknown, RegExp];

const GIVES_MORE: readonly Row[] = [
  ['a role for the same account, by reference', gcp, ({ stack, identity }) => member(stack, identity.members[0]), /"prod\/Mine" \(google_project_iam_member\) gives role roles\/storage\.admin to .*same principal/],
  ['a role for the same account, from another stack', gcp, ({ other, identity }) => member(other, `serviceAccount:${identity.email}`), /"landing\/Mine" \(google_project_iam_member\)/],
  ['a role for the same account, by its e-mail', gcp, ({ other }) => member(other, `serviceAccount:${EMAIL.toUpperCase()}`), /"landing\/Mine"/],
  ['a role for an account that a variable names', gcp, ({ stack }) => member(stack, `serviceAccount:${variable(stack)}`), /is or may be the same principal/],
  ['a role for a group', gcp, ({ stack }) => member(stack, 'group:platform@acme.com'), /to group:platform@acme\.com/],
  ['a role for everybody', gcp, ({ stack }) => member(stack, 'allUsers'), /to allUsers/],
  ['an account that the app makes under the same name', () => gcp(byEmail), ({ stack }) => (
    member(stack, new ServiceAccount(stack, 'Account', { accountId: 'flux-manifests' }).member)
  ), /"prod\/Mine"/],
  ['a role for the same principal of GKE\'s pool', () => gcp(direct), ({ stack }) => member(stack, 'serviceAccount:acme-prod.svc.id.goog[flux-system/source-controller]'), /"prod\/Mine"/],
  ['and in its other spelling', () => gcp(direct), ({ stack }) => (
    member(stack, 'principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/acme-prod.svc.id.goog/subject/ns/flux-system/sa/source-controller')
  ), /"prod\/Mine"/],
  ['a role for a namespace of the pool', () => gcp(direct), ({ stack }) => (
    member(stack, 'principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/acme-prod.svc.id.goog/namespace/flux-system')
  ), /"prod\/Mine"/],
  ['a role for the same account of its pool', () => gcp(federated), ({ stack, identity }) => member(stack, identity.members[0]), /"prod\/Mine"/],
  ['a list that it may be on', gcp, ({ stack }) => (
    new ProjectIamBinding(stack, 'Mine', { project: 'acme-prod', role: 'roles/owner', members: new TerraformVariable(stack, 'all', { type: 'list(string)' }).listValue })
  ), /\(google_project_iam_binding\)/],
  ['an assignment for the same identity', azure, ({ stack, identity }) => assign(stack, identity.principalId), /"prod\/Mine" \(azurerm_role_assignment\) gives rights to .*same principal/],
  ['an assignment from another stack', azure, ({ other, identity }) => assign(other, identity.principalId), /"landing\/Mine"/],
  ['an assignment for a plain ID, which may be its own', azure, ({ stack }) => assign(stack, GUID), new RegExp(GUID)],
  ['an assignment for a group', azure, ({ stack }) => assign(stack, uai(stack).principalId.replace(/.*/, GUID), { principalType: 'Group' }), /or a group that it is in/],
  ['an assignment for whom a variable names', azure, ({ stack }) => assign(stack, variable(stack)), /"prod\/Mine"/],
  ['a membership of a group', azure, ({ stack, identity }) => new GroupMember(stack, 'Mine', { groupObjectId: GUID, memberObjectId: identity.principalId }), /\(azuread_group_member\)/],
  ['a group with members', azure, ({ other, identity }) => (
    new Group(other, 'Mine', { displayName: 'admins', securityEnabled: true, members: [GUID, identity.principalId] })
  ), /"landing\/Mine" \(azuread_group\)/],
  ['an access policy in a vault', azure, ({ stack, identity }) => new KeyVault(stack, 'Mine', {
    name: 'v', location: 'x', resourceGroupName: 'x', skuName: 'standard', tenantId: GUID, accessPolicy: [{ tenantId: GUID, objectId: identity.principalId }],
  }), /\(azurerm_key_vault\)/],
  ['an access policy', azure, ({ stack, identity }) => (
    new KeyVaultAccessPolicyA(stack, 'Mine', { keyVaultId: variable(stack), tenantId: GUID, objectId: identity.principalId, keyPermissions: ['Decrypt'] })
  ), /\(azurerm_key_vault_access_policy\)/],
  ['an assignment as raw ARM', azure, ({ stack }) => {
    const raw = new TerraformResource(stack, 'Mine', { terraformResourceType: 'azapi_resource' });
    raw.addOverride('type', 'Microsoft.Authorization/roleAssignments@2022-04-01');
  }, /\(azapi_resource\) gives rights, to whom is not known here/],
  ['a policy of the repository, by its ARN', aws, ({ stack }) => repositoryPolicy(stack, { Principal: { AWS: 'arn:aws:iam::111122223333:role/flux-images' } }), /"prod\/Mine" \(aws_ecr_repository_policy\) is the policy of a resource/],
  ['a policy of the repository, for a session', aws, ({ stack }) => repositoryPolicy(stack, { Principal: { AWS: ['arn:aws:sts::111122223333:assumed-role/flux-images/flux'] } }), /"prod\/Mine"/],
  ['a policy of the repository, by reference and from another stack', aws, ({ other, identity }) => repositoryPolicy(other, { Principal: { AWS: identity.arn } }), /"landing\/Mine"/],
  ['a policy of the repository for everybody', aws, ({ stack }) => repositoryPolicy(stack, { Principal: '*', Action: ['ecr:Put*'] }), /"prod\/Mine"/],
  ['a policy for all but some', aws, ({ stack }) => repositoryPolicy(stack, { NotPrincipal: { AWS: 'arn:aws:iam::111122223333:role/app' } }), /"prod\/Mine"/],
  ['a policy of a repository that a variable names', aws, ({ stack }) => repositoryPolicy(stack, { Principal: '*' }, variable(stack)), /"prod\/Mine"/],
  ['a policy that only Terraform knows', aws, ({ stack }) => (
    new EcrRepositoryPolicy(stack, 'Mine', { repository: 'apps/web', policy: variable(stack) })
  ), /"prod\/Mine"/],
  ['a policy that is written at synthesis', aws, ({ stack, identity }) => (
    new EcrRepositoryPolicy(stack, 'Mine', {
      repository: 'apps/web',
      policy: Lazy.stringValue({
        produce: () => JSON.stringify({ Statement: { Effect: 'Allow', Principal: { AWS: identity.arn }, Action: 'ecr:*' } }),
      }),
    })
  ), /"prod\/Mine"/],
  ['a policy that is a document of Terraform', aws, ({ stack, identity }) => documentPolicy(stack, { principals: [{ type: 'AWS', identifiers: [identity.arn] }] }), /"prod\/Mine"/],
  ['such a document with a condition', aws, ({ stack }) => documentPolicy(stack, {
    principals: [{ type: '*', identifiers: ['*'] }], condition: [{ test: 'StringEquals', variable: 'aws:PrincipalOrgID', values: ['o-acme'] }],
  }), /"prod\/Mine"/],
  ['such a document that is made of others', aws, ({ stack }) => documentPolicy(stack, undefined, { sourcePolicyDocuments: ['{}'] }), /"prod\/Mine"/],
  ['a grant of a key', aws, ({ stack, identity }) => (
    new KmsGrant(stack, 'Mine', { keyId: 'k', granteePrincipal: identity.arn, operations: ['Decrypt'] })
  ), /\(aws_kms_grant\) gives rights on a key that are in no policy/],
];

const TAKES_AWAY: readonly Row[] = [
  ['a policy on the role in another stack, by name', aws, ({ other }) => new IamRolePolicyAttachment(other, 'Mine', { role: 'flux-images', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    /"landing\/Mine" \(aws_iam_role_policy_attachment\) is on the same role or user/],
  ['a policy on a role that a variable names', aws, ({ other }) => new IamRolePolicy(other, 'Mine', { role: variable(other), policy: '{}' }), /"landing\/Mine"/],
  ['a policy on a role of the user\'s that is granted on', () => aws((stack) => new IamRole(stack, 'Role', { assumeRolePolicy: '{}' }).arn), ({ stack }) => (
    new IamRolePolicy(stack, 'Mine', { role: (stack.node.findChild('Role') as IamRole).name, policy: '{}' })
  ), /"prod\/Mine"/],
  ['a policy on any role, where the role itself is known to Terraform alone', () => aws(variable), ({ stack }) => (
    new IamRolePolicy(stack, 'Mine', { role: 'nodes', policy: '{}' })
  ), /"prod\/Mine"/],
  ['a module that is told of a role by its name', () => aws(() => 'arn:aws:iam::111122223333:role/flux/images-role'), ({ stack }) => (
    new TerraformHclModule(stack, 'Mine', { source: 'acme/iam/any', variables: { role: 'images-role' } })
  ), /\(a module\)/],
  ['policies of a role of the user\'s itself', () => aws((stack) => (
    new IamRole(stack, 'Role', { assumeRolePolicy: '{}', managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }).arn
  )), () => undefined, /"prod\/Role" \(aws_iam_role\) is the role itself, with managed_policy_arns/],
  ['a group of users that a variable names', aws, ({ stack }) => (
    new IamGroupMembership(stack, 'Mine', { name: 'm', group: 'admins', users: [variable(stack)] })
  ), /\(aws_iam_group_membership\)/],
  ['the whole list of a role that is granted', gcp, ({ stack }) => (
    new ProjectIamBinding(stack, 'Mine', { project: 'acme-prod', role: 'roles/storage.objectViewer', members: ['user:a@acme.com'] })
  ), /sets who has role roles\/storage\.objectViewer, which is granted here too/],
  ['a whole policy', gcp, ({ stack }) => new ProjectIamPolicy(stack, 'Mine', { project: 'acme-prod', policyData: '{}' }), /\(google_project_iam_policy\) decides for all principals/],
  ['a denial', gcp, ({ stack }) => new IamDenyPolicy(stack, 'Mine', { name: 'd', parent: 'p', rules: [] }), /\(google_iam_deny_policy\)/],
  ['an access control list', gcp, ({ stack }) => new StorageBucketAcl(stack, 'Mine', { bucket: variable(stack), predefinedAcl: 'publicRead' }), /\(google_storage_bucket_acl\)/],
  ['a module that is told of the account', gcp, ({ stack, identity }) => (
    new TerraformHclModule(stack, 'Mine', { source: 'acme/iam/any', variables: { emails: [identity.email] } })
  ), /"prod\/Mine" \(a module\) is told of it/],
  ['a module that is told of the identity', azure, ({ other, identity }) => (
    new TerraformHclModule(other, 'Mine', { source: 'acme/iam/any', variables: { id: `x/${identity.principalId}` } })
  ), /"landing\/Mine" \(a module\)/],
  ['a module that is told of the role', aws, ({ stack, identity }) => new TerraformHclModule(stack, 'Mine', { source: 'acme/iam/any', variables: { role: identity.roleName } }), /\(a module\)/],
];

const SAYS_NOTHING: readonly [string, () => Setting, (setting: Setting) => unknown][] = [
  ['a role for another account that the app makes', gcp, ({ stack }) => member(stack, new ServiceAccount(stack, 'Account', { accountId: 'app' }).member)],
  ['a role for another account, by its e-mail', gcp, ({ stack }) => member(stack, 'serviceAccount:app@acme-prod.iam.gserviceaccount.com')],
  ['a role for people', gcp, ({ stack }) => member(stack, 'user:a@acme.com')],
  ['a role for an account of another cluster', () => gcp(direct), ({ stack }) => member(stack, 'serviceAccount:acme-dev.svc.id.goog[flux-system/source-controller]')],
  ['a role for another account of the cluster', () => gcp(direct), ({ stack }) => member(stack, 'serviceAccount:acme-prod.svc.id.goog[team-a/flux]')],
  ['a role for a Google account, beside a direct principal', () => gcp(direct), ({ stack }) => member(stack, `serviceAccount:${EMAIL}`)],
  ['a role for the same account of another cluster\'s pool', () => gcp(federated), ({ stack }) => {
    const pool = new FluxGcpWorkloadPool(stack, 'Other', { poolId: 'other-pool', issuer: ClusterIssuer.oidc(stack, 'Kind2', { url: 'https://oidc.example.com/kind2' }) });
    return member(stack, pool.memberOf(SOURCE));
  }],
  ['a role of everybody on another bucket', gcp, ({ stack }) => new StorageBucketIamMember(stack, 'Mine', { bucket: 'public', role: 'roles/storage.objectViewer', member: 'allUsers' })],
  ['the whole list of another role', gcp, ({ stack }) => new ProjectIamBinding(stack, 'Mine', { project: 'acme-prod', role: 'roles/owner', members: ['user:a@acme.com'] })],
  ['the same identity of another stack', gcp, ({ other }) => {
    const twin = new FluxGcpServiceAccount(other, 'Manifests', { pool: pooled(other), serviceAccounts: [SOURCE], accountId: 'flux-manifests' });
    twin.grant('Bucket', CloudStoragePermissions.read('acme-flux'));
    return member(other, twin.members[0]);
  }],
  ['a group without it', azure, ({ stack }) => new Group(stack, 'Mine', { displayName: 'admins', securityEnabled: true, members: [uai(stack).principalId] })],
  ['a role for what is deleted', gcp, ({ stack }) => member(stack, 'deleted:serviceAccount:flux-manifests@acme-prod.iam.gserviceaccount.com?uid=1')],
  ['an assignment for a person', azure, ({ stack }) => assign(stack, new User(stack, 'Person', { displayName: 'a', userPrincipalName: 'a@acme.com' }).objectId, { principalType: 'User' })],
  ['an assignment for another identity that the app makes', azure, ({ stack }) => assign(stack, uai(stack).principalId, { principalType: undefined })],
  ['an assignment for whoever runs Terraform', azure, ({ stack }) => assign(stack, new DataAzurermClientConfig(stack, 'Me').objectId, { principalType: undefined })],
  ['an assignment for a cluster\'s own identity', azure, ({ stack }) => {
    const cluster = new KubernetesCluster(stack, 'Aks', { name: 'aks', location: 'x', resourceGroupName: 'x', defaultNodePool: { name: 'a', vmSize: 'b' }, identity: { type: 'SystemAssigned' } });
    return assign(stack, cluster.kubeletIdentity.objectId, { principalType: undefined });
  }],
  ['an assignment elsewhere', azure, ({ stack, identity }) => assign(stack, identity.principalId, { scope: `${SUBSCRIPTION}/resourceGroups/other` })],
  ['a policy of the repository for another role', aws, ({ stack }) => repositoryPolicy(stack, { Principal: { AWS: 'arn:aws:iam::111122223333:role/app' } })],
  ['a policy of the repository for its account', aws, ({ stack }) => repositoryPolicy(stack, { Principal: { AWS: ['111122223333', 'arn:aws:iam::111122223333:root'] } })],
  ['a policy of the repository for a service', aws, ({ stack }) => repositoryPolicy(stack, { Principal: { Service: 'lambda.amazonaws.com' } })],
  ['a policy of the repository with other actions', aws, ({ stack, identity }) => repositoryPolicy(stack, { Principal: { AWS: identity.arn }, Action: 'ecr:BatchGetImage' })],
  ['a policy of the repository that denies', aws, ({ stack }) => repositoryPolicy(stack, { Principal: '*', Effect: 'Deny' })],
  ['the library\'s own policy of the repository', aws, ({ stack, identity }) => {
    new FluxEcrRepositoryPolicy(stack, 'Mine', { repositoryArn: WEB }).grant('Images', identity, EcrPermissions.pull(WEB));
  }],
  ['a policy of another repository', aws, ({ stack }) => repositoryPolicy(stack, { Principal: '*' }, 'other/web')],
  ['a policy of another service', aws, ({ stack }) => new S3BucketPolicy(stack, 'Mine', { bucket: 'apps/web', policy: '{}' })],
  ['a document of Terraform for another role', aws, ({ stack }) => documentPolicy(stack, { principals: [{ type: 'AWS', identifiers: ['arn:aws:iam::111122223333:role/app'] }] })],
  ['a document of Terraform that denies', aws, ({ stack }) => documentPolicy(stack, { effect: 'Deny', principals: [{ type: '*', identifiers: ['*'] }] })],
  ['a policy on another role, by name', aws, ({ stack }) => new IamRolePolicy(stack, 'Mine', { role: 'nodes', policy: '{}' })],
  ['a policy on the role of that name in another account', aws, ({ other }) => {
    const issuer = ClusterIssuer.eks(other, 'Cluster', { clusterName: 'dev', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPL2' });
    const twin = new FluxIrsaRole(other, 'Images', { oidcProviders: [new FluxOidcProvider(other, 'Oidc', { issuer })], serviceAccounts: [SOURCE], name: 'flux-images', account: '222233334444' });
    return new IamRolePolicy(other, 'Mine', { role: twin.roleName, policy: '{}' });
  }],
  ['a module that is told of something else', gcp, ({ stack }) => new TerraformHclModule(stack, 'Mine', { source: 'acme/iam/any', variables: { email: 'app@acme-prod.iam.gserviceaccount.com' } })],
];

test.each(GIVES_MORE)('%s: what the grants allow stays so, what they do not cannot be told', (_, make, add, message) => {
  const setting = make();
  const { yes, no } = CALLS[setting.identity.cloud];
  const access = expectAccess(setting.stack).of(setting.identity);
  access.allows(yes).denies(no);
  add(setting);
  access.allows(yes);
  for (const verb of ['allows', 'denies'] as const) {
    expect(() => access[verb](no)).toThrow(/cannot be told/);
    expect(() => access[verb](no)).toThrow(message);
  }
});

test.each(TAKES_AWAY)('%s: nothing can be told', (_, make, add, message) => {
  const setting = make();
  add(setting);
  const { yes, no } = CALLS[setting.identity.cloud];
  const access = expectAccess(setting.stack).of(setting.identity);
  for (const call of [yes, no]) {
    for (const verb of ['allows', 'denies'] as const) {
      expect(() => access[verb](call)).toThrow(/cannot be told/);
      expect(() => access[verb](call)).toThrow(message);
    }
  }
});

test.each(SAYS_NOTHING)('%s: says nothing of it', (_, make, add) => {
  const setting = make();
  add(setting);
  const { yes, no } = CALLS[setting.identity.cloud];
  expectAccess(setting.stack).of(setting.identity).allows(yes).denies(no);
});

test('grants of identities that are asked about together are no riddle', () => {
  const { stack, identity } = gcp(direct);
  const twin = new FluxGcpPrincipal(stack, 'Twin', { pool: stack.node.findChild('Pool') as any, serviceAccounts: [SOURCE] });
  twin.grant('Bucket', CloudStoragePermissions.read('acme-more'));
  expectAccess(stack).of(SOURCE).allows({ permission: 'storage.objects.get', resource: 'acme-more' }).denies(CALLS.gcp.no);
  expect(() => expectAccess(stack).of(identity).denies({ permission: 'storage.objects.get', resource: 'acme-more' })).toThrow(/same principal/);
});
