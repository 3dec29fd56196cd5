import type { Message } from './message';

/** What Terraform and the clouds say when the stack is applied. */
export const TERRAFORM: readonly Message[] = [
  {
    title: 'EntityAlreadyExists: Provider with url already exists',
    sample: 'Error: creating IAM OIDC Provider: operation error IAM: CreateOpenIDConnectProvider, https response error StatusCode: 409, '
      + 'EntityAlreadyExists: Provider with url https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE already exists.',
    pattern: /EntityAlreadyExists: Provider with url (?<issuer>https:\/\/[\w.:/-]+) already exists/,
    layer: 'trust anchor',
    cause: 'An account has one OIDC provider for each issuer, and the module that made the cluster has made it.',
    check: 'aws iam list-open-id-connect-providers',
    fix: 'Use it: FluxOidcProvider.fromOidcProviderArn, or .lookup.',
  },
  {
    title: 'EntityAlreadyExists: Role with name already exists',
    sample: 'Error: creating IAM Role (flux-source): operation error IAM: CreateRole, https response error StatusCode: 409, EntityAlreadyExists: '
      + 'Role with name flux-source already exists.',
    pattern: /EntityAlreadyExists: (?:Role|User) with name (?<name>[\w+=,.@-]+) already exists/,
    layer: 'identity',
    cause: 'Somebody else made the role, or another state of yours knows it.',
    check: 'aws iam get-role: its tags, and the states that hold aws_iam_role',
    fix: 'Take it over (FluxMove.fromAddress, import: docs/adopting.md), leave it to its owner (FluxIrsaRole.fromRoleArn), or give another name.',
  },
  {
    title: 'ResourceInUseException: Association already exists',
    sample: 'creating EKS Pod Identity Association: operation error EKS: CreatePodIdentityAssociation, https response error StatusCode: 409, '
      + 'ResourceInUseException: Association already exists: a-dt1bedfjc72dlwp5n',
    pattern: /ResourceInUseException: Association already exists: (?<association>a-\w+)/,
    layer: 'trust',
    cause: 'A service account has one Pod Identity association, and this one has it with some role.',
    check: 'aws eks list-pod-identity-associations --cluster-name <cluster>',
    fix: 'Take it over with FluxMove.fromAddress or import, or delete the old one.',
  },
  {
    title: 'LimitExceeded: Cannot exceed quota for ACLSizePerRole',
    sample: 'LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048',
    pattern: /Cannot exceed quota for ACLSizePerRole: (?<limit>\d+)/,
    layer: 'trust',
    cause: 'The trust policy names more clusters and accounts than fit.',
    check: 'the oidcProviders and serviceAccounts of the role',
    fix: 'Make a role for each cluster, or raise the quota and say so in quotas.',
  },
  {
    title: 'policy with invalid principals (AWS)',
    sample: 'MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals.',
    pattern: /Policy contains a statement with one or more invalid principals|Invalid principal in policy|grantee principal is invalid/,
    layer: 'owner',
    cause: 'The policy of a resource names a role that is not there: not yet, or no more. What AWS keeps of a role that went is an id, AROA...',
    check: 'the principals of the policy, against aws iam get-role',
    fix: 'Make the role first, or put the policy again when it has been made anew.',
  },
  {
    title: 'The cluster\'s authentication mode must be set to API',
    sample: 'creating EKS Access Entry (cluster:arn:aws:iam::111122223333:role/flux): operation error EKS: CreateAccessEntry, https response error '
      + 'StatusCode: 400, InvalidRequestException: The cluster\'s authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.',
    pattern: /The cluster.s authentication mode must be set to one of \[API, API_AND_CONFIG_MAP\]/,
    layer: 'owner',
    cause: 'The remote cluster still knows its users by the ConfigMap aws-auth alone, and takes no access entry.',
    check: 'aws eks describe-cluster: cluster.accessConfig.authenticationMode',
    fix: 'Set authentication_mode to API_AND_CONFIG_MAP where the cluster is made.',
  },
  {
    title: 'RoleAssignmentExists: the role assignment already exists',
    sample: 'unexpected status 409 (409 Conflict) with error: RoleAssignmentExists: The role assignment already exists. The ID of the conflicting role '
      + 'assignment is 00000000000000000000000000000000.',
    pattern: /RoleAssignmentExists\b|The role assignment already exists/,
    layer: 'permission',
    cause: 'The identity has this role on this scope already, by another state, by hand, or by another grant.',
    check: 'az role assignment list --assignee <principal id> --scope <scope>',
    fix: 'Take it over (FluxMove.fromAddress, import), or remove one of the two.',
  },
  {
    title: 'Too many Federated Identity Credentials are written concurrently',
    sample: 'ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity: Too many Federated Identity Credentials are written concurrently for the '
      + 'managed identity \'/subscriptions/.../userAssignedIdentities/flux\'.',
    pattern: /ConcurrentFederatedIdentityCredentialsWrites|Too many Federated Identity Credentials are written concurrently/,
    layer: 'trust',
    cause: 'Azure takes one at a time for each identity. Those of one construct wait for each other; two stacks or programs write to the same identity.',
    check: 'which states hold azurerm_federated_identity_credential of the identity',
    fix: 'Apply again; let one construct have all credentials of an identity.',
  },
  {
    title: 'Issuer and subject combination already exists',
    sample: 'Issuer and subject combination already exists for this Managed Identity.',
    pattern: /Issuer and subject combination already exists|combination of issuer and subject must be unique/,
    layer: 'trust',
    cause: 'The identity trusts this account already, by a credential of another name.',
    check: 'az identity federated-credential list',
    fix: 'Keep the name of the old one and take it over (docs/adopting.md), or delete it first.',
  },
  {
    title: 'Error 409: Requested entity already exists (Google)',
    sample: 'Error creating WorkloadIdentityPool: googleapi: Error 409: Requested entity already exists',
    pattern: /Error creating WorkloadIdentityPool\w*: googleapi: Error 409: Requested entity already exists/,
    layer: 'trust anchor',
    cause: 'Google keeps a pool or provider for 30 days after it was deleted, and its id with it.',
    check: 'gcloud iam workload-identity-pools list --location=global --show-deleted',
    fix: 'gcloud iam workload-identity-pools undelete, then import; or give another poolId.',
  },
  {
    title: 'Resource precondition failed, Resource postcondition failed',
    sample: 'Error: Resource precondition failed\n  on cdk.tf.json line 42',
    pattern: /Resource (?:pre|post)condition failed/,
    layer: 'identity',
    cause: 'A value that was not known at synth is none that the cloud or Flux would take. What follows the message says which, and why.',
    check: 'the value that the message shows',
    fix: 'Correct the value where it comes from.',
    vague: true,
  },
];
