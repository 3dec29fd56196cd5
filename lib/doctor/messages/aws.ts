import type { Message } from './message';

/** What AWS says. */
export const AWS: readonly Message[] = [
  {
    title: 'No OpenIDConnect provider found in your account',
    sample: 'operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 400, InvalidIdentityToken: '
      + 'No OpenIDConnect provider found in your account for https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE',
    pattern: /No OpenIDConnect provider found in your account for (?<issuer>https:\/\/[\w.:/-]+)/,
    layer: 'trust anchor',
    cause: 'The account of the role has no IAM OIDC provider for this issuer, byte for byte: it was never made, is in another account, or is that of a '
      + 'cluster that has been made anew.',
    check: 'aws iam list-open-id-connect-providers in the account of the role; kubectl get --raw /.well-known/openid-configuration',
    fix: 'Apply the stack of FluxOidcProvider with the issuer of this cluster; issuers of AKS end in a slash.',
  },
  {
    title: 'Incorrect token audience',
    sample: 'InvalidIdentityToken: Incorrect token audience',
    pattern: /Incorrect token audience/,
    layer: 'trust anchor',
    cause: 'The OIDC provider of the account does not list the audience of the token among its client IDs. Flux asks for sts.amazonaws.com, in China too.',
    check: 'aws iam get-open-id-connect-provider: ClientIDList',
    fix: 'Add sts.amazonaws.com to the client IDs of the provider (FluxOidcProvider does).',
  },
  {
    title: 'Couldn\'t retrieve verification key from your identity provider',
    sample: 'InvalidIdentityToken: Couldn\'t retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity '
      + 'documentation for requirements',
    pattern: /Couldn.t retrieve verification key from your identity provider|The web identity token provided could not be validated/,
    layer: 'keys',
    cause: 'AWS could not read the discovery document or the keys of the issuer, or the key that signed the token is not among them.',
    check: 'curl <issuer>/.well-known/openid-configuration and its jwks_uri from outside of the cluster',
    fix: 'Make both reachable for everyone; where the documents are hosted, publish the keys that the cluster signs with now.',
  },
  {
    title: 'HTTPS certificate doesn\'t match configured thumbprint',
    sample: 'InvalidIdentityToken: OpenIDConnect provider\'s HTTPS certificate doesn\'t match configured thumbprint',
    pattern: /HTTPS certificate doesn.t match configured thumbprint/,
    layer: 'trust anchor',
    cause: 'The host of the issuer has a certificate that AWS does not trust by itself, and the thumbprints of the OIDC provider are of another one.',
    check: 'aws iam get-open-id-connect-provider: ThumbprintList',
    fix: 'Set the thumbprint of the authority that signs the certificate now.',
  },
  {
    title: 'Token expired (AWS)',
    sample: 'ExpiredTokenException: Token expired: current date/time 1764310000 must be before the expiration date/time 1764300000',
    pattern: /ExpiredToken(?:Exception)?: Token expired/,
    layer: 'pod',
    cause: 'The controller sends a token that is no longer renewed: a copied token file, a pod that hangs, or a wrong clock.',
    check: 'the age of the pod, and its volumes: the token must be a projected volume',
    fix: 'Restart the controller; mount the token as the delivery renders it.',
  },
  {
    title: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    sample: 'operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 403, AccessDenied: '
      + 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    pattern: /Not authorized to perform sts:AssumeRoleWithWebIdentity/,
    layer: 'trust',
    cause: 'AWS knows the issuer, and the role does not let this subject and audience in: the trust policy names another account, audience, issuer or '
      + 'provider. AWS says the same of a role that does not exist.',
    check: 'aws iam get-role: AssumeRolePolicyDocument, against the namespace and name of the service account',
    fix: 'Apply the stack of the role; give the account that the Flux object names to the identity.',
  },
  {
    title: 'EKS does not have permissions to assume the associated role',
    sample: 'Received non 200 response 400 from container metadata: (AccessDeniedException): Unauthorized Exception! '
      + 'EKS does not have permissions to assume the associated role., fault: client',
    pattern: /EKS does not have permissions to assume the associated role/,
    layer: 'trust',
    cause: 'The role of the Pod Identity association does not trust pods.eks.amazonaws.com with sts:AssumeRole and sts:TagSession, or its conditions are '
      + 'those of another cluster or account.',
    check: 'aws iam get-role: AssumeRolePolicyDocument',
    fix: 'Apply the stack of FluxPodIdentityRole.',
  },
  {
    title: 'AWS_REGION environment variable is not set in the Flux controller',
    sample: 'AWS_REGION environment variable is not set in the Flux controller. if you have properly configured IAM Roles for Service Accounts (IRSA) or '
      + 'EKS Pod Identity, please delete/replace the controller pod',
    pattern: /AWS_REGION environment variable is not set in the Flux controller/,
    layer: 'pod',
    cause: 'EKS sets it in pods that start after the annotation or the association; this pod is older, or the cluster is no EKS and nothing sets it.',
    check: 'kubectl -n flux-system get pod -o yaml: env of the container manager',
    fix: 'kubectl -n flux-system rollout restart deployment <controller>; outside of EKS apply the delivery, which sets it.',
  },
  {
    title: 'no EC2 IMDS role found',
    sample: 'failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, http response error StatusCode: 404',
    pattern: /no EC2 IMDS role found/,
    layer: 'pod',
    cause: 'The controller found no identity in its pod and asked the machine. The annotation is missing, or the pod is older than it.',
    check: 'kubectl -n flux-system get pod -o yaml: AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE or AWS_CONTAINER_CREDENTIALS_FULL_URI',
    fix: 'Apply the delivery, then kubectl -n flux-system rollout restart deployment <controller>.',
  },
  {
    title: 'Your authorization token has expired',
    sample: 'GET https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/apps/web/manifests/latest: DENIED: Your authorization token has expired. Reauthenticate '
      + 'and try again.',
    pattern: /Your authorization token has expired/,
    layer: 'flux object',
    cause: 'A Secret takes the place of the identity and holds a token of ECR, which lasts for twelve hours: one that the object names, or a pull secret of its '
      + 'account.',
    check: 'spec.secretRef of the object; imagePullSecrets of its account',
    fix: 'Leave secretRef and imagePullSecrets out, and set spec.provider: aws.',
  },
  {
    title: 'an AWS region is required for authenticating with a service account',
    sample: 'an AWS region is required for authenticating with a service account. please configure one in the object spec',
    pattern: /an AWS region is required for authenticating with a service account/,
    layer: 'flux object',
    cause: 'A Bucket that names a service account does not say its region.',
    check: 'kubectl get bucket -o yaml',
    fix: 'Set spec.region.',
  },
  {
    title: 'roleSessionName: length less than or equal to 64',
    sample: '1 validation error detected: Value \'flux.team-with-a-long-name.ap-southeast-1.fluxcd.io\' at \'roleSessionName\' failed to satisfy constraint: '
      + 'Member must have length less than or equal to 64',
    pattern: /at 'roleSessionName' failed to satisfy constraint/,
    layer: 'account',
    cause: 'Flux names the session of an object-level account <account>.<namespace>.<region>.fluxcd.io, and AWS takes 64 characters.',
    check: 'the lengths of account, namespace and region: 52 together',
    fix: 'Rename the account.',
  },
  {
    title: 'no identity-based policy allows the action',
    sample: 'User: arn:aws:sts::111122223333:assumed-role/flux-apps/flux is not authorized to perform: ecr:BatchGetImage on resource: '
      + 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/web because no identity-based policy allows the ecr:BatchGetImage action',
    pattern: /User: (?<principal>arn:[\w:/+=,.@-]+) is not authorized to perform: (?<action>[\w-]+:\w+) on resource: (?<resource>\S+)(?= because no identity-based)/,
    layer: 'permission',
    cause: 'The role got in, and none of its policies allows the action on the resource.',
    check: 'the resource in the message against the grants in the access report',
    fix: 'Grant it: identity.grant(...) with the permission on that resource, and apply.',
  },
  {
    title: 'no resource-based policy allows the action',
    sample: 'User: arn:aws:sts::111122223333:assumed-role/flux-apps/flux is not authorized to perform: ecr:BatchGetImage on resource: '
      + 'arn:aws:ecr:eu-west-1:444455556666:repository/apps/web because no resource-based policy allows the ecr:BatchGetImage action',
    pattern: /User: (?<principal>arn:[\w:/+=,.@-]+) is not authorized to perform: (?<action>[\w-]+:\w+) on resource: (?<resource>\S+)(?= because no resource-based)/,
    layer: 'owner',
    cause: 'The resource is in another account, whose policy on it does not allow the role.',
    check: 'the policy of the repository, bucket or key in the owner\'s account',
    fix: 'Give the owner the ownerStatements of the grant.',
  },
  {
    title: 'with an explicit deny, or no permissions boundary allows',
    sample: 'User: arn:aws:sts::111122223333:assumed-role/flux-apps/flux is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::apps '
      + 'with an explicit deny in a service control policy',
    pattern: new RegExp('User: (?<principal>arn:[\\w:/+=,.@-]+) is not authorized to perform: (?<action>[\\w-]+:\\w+) on resource: (?<resource>\\S+)'
      + '(?= with an explicit deny| because no (?:permissions boundary|session policy|service control|VPC endpoint|resource control))'),
    layer: 'owner',
    cause: 'The role may, and somebody who stands above it forbids it: the organization, a permissions boundary, the policy of the resource or of an endpoint.',
    check: 'the kind of policy that the message names',
    fix: 'Ask its owner for an exception; no grant can help.',
  },
  {
    title: 'KMS: the key does not exist, or you are not allowed to access it',
    sample: 'AccessDeniedException: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not '
      + 'allowed to access.',
    pattern: /The ciphertext refers to a customer master key that does not exist/,
    layer: 'permission',
    cause: 'KMS tells nothing apart here: the identity lacks kms:Decrypt on the ARN of the key, the key policy does not allow it, or the key is gone.',
    check: 'the key in the sops metadata of the file against the grants in the access report',
    fix: 'Grant KmsPermissions.decrypt on the ARN of that key; in another account its owner must allow it too.',
  },
  {
    title: 'not authorized to perform, without a reason (AWS)',
    sample: 'AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/flux-apps/flux is not authorized to perform: eks:DescribeCluster on resource: '
      + 'arn:aws:eks:eu-west-1:111122223333:cluster/apps',
    pattern: /(?:User: (?<principal>arn:[\w:/+=,.@-]+) is not authorized to perform: (?<action>[\w-]+:\w+)(?: on resource: (?<resource>\S+))?)/,
    layer: 'permission',
    cause: 'The identity got in, and may not do this on the resource.',
    check: 'the resource in the message against the grants in the access report',
    fix: 'Grant it, and apply; in another account its owner must allow it too.',
    vague: true,
  },
  {
    title: 'Access Denied (S3)',
    sample: 'failed to confirm existence of \'apps\' bucket: Access Denied.',
    pattern: /(?:failed to confirm existence of '[\w.-]+' bucket: |AWS authentication failed: |\bS3\b.{0,80})Access ?Denied/,
    layer: 'permission',
    cause: 'S3 gives no reason: the identity may not list or read the bucket, its owner forbids it, or the object names no provider and nobody signed.',
    check: 'spec.provider of the Bucket; the bucket against the grants in the access report',
    fix: 'Grant S3Permissions.read on the bucket, and apply; in another account its owner must allow it too.',
    vague: true,
  },
];
