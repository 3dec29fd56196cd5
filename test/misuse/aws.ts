import { aws, eks, irsa, JWK, oidcProvider, SECRET, SOURCE, TENANT } from './core';
import { granted, Rows } from './row';
import {
  EcrPermissions, EksAccessPolicy, FluxEcrRepositoryPolicy, FluxIamUser, FluxKmsKeyPolicy, FluxNodeRole, FluxNodeUse, FluxPodIdentityRole,
  FluxPodIdentityTrust, FluxRolePolicies, FluxS3BucketPolicy, Jwks, KmsPermissions, S3Permissions,
} from '../../lib';
import { SAMPLES } from '../aws/permissions/samples';
import { KEY } from '../aws/support';

const ROLE = 'arn:aws:iam::111122223333:role/flux';
const REPOSITORY = 'arn:aws:ecr:eu-west-1:111122223333:repository/apps';
const BUCKET = 'arn:aws:s3:::manifests';
const SOURCE_POLICIES = ['{"Statement":[]}'];
const TAGS = { team: 'a' };
const QUOTAS = { managedPolicies: 20 };
const PRINCIPAL = { path: '/flux/', permissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary', tags: TAGS, account: '111122223333', partition: 'aws' };
const NEW_ROLE = { ...PRINCIPAL, name: 'flux', description: 'a', maxSessionDuration: 7200, policies: FluxRolePolicies.MANAGED, quotas: QUOTAS };
const HOSTED = { bucketName: 'acme-oidc', region: 'eu-west-1', jwks: Jwks.fromText(JWK), previousIssuers: [] };

export const AWS: Rows = {
  'AwsPermission.of': { on: irsa, args: () => [{ actions: ['s3:GetObject'], resources: [`${BUCKET}/*`] }], optional: () => ({ conditions: { StringEquals: { 'aws:SourceAccount': ['111122223333'] } } }), use: (permission, on) => on.grant('Grant', permission) },
  'EksAccessPolicy.of': { args: () => ['AmazonEKSViewPolicy'] },
  'EksAccessPolicy#onNamespaces': { on: () => EksAccessPolicy.VIEW, args: () => ['team-a'] },
  'FluxEcrRepositoryPolicy': {
    args: (s) => [s, 'X', { repositoryArn: REPOSITORY }],
    optional: (s) => ({ sourcePolicyDocuments: SOURCE_POLICIES, provider: aws(s) }),
  },
  'FluxEcrRepositoryPolicy#grant': {
    on: (s) => new FluxEcrRepositoryPolicy(s, 'Policy', { repositoryArn: REPOSITORY }),
    args: (s) => ['G', irsa(s), EcrPermissions.pull(REPOSITORY)],
  },
  'FluxIamUser': {
    args: (s) => [s, 'X', { name: 'flux', serviceAccounts: [SOURCE] }],
    optional: (s) => ({
      ...PRINCIPAL, serviceAccounts: [SOURCE], secrets: [SECRET], accessKeys: ['A'], pgpKey: 'keybase:flux', region: 'eu-west-1', policies: FluxRolePolicies.MANAGED, quotas: QUOTAS, provider: aws(s),
    }),
    beside: () => ({ serviceAccounts: { secrets: [SECRET] } }),
  },
  'FluxIamUser#grant': { on: (s) => new FluxIamUser(s, 'User', { name: 'flux', serviceAccounts: [SOURCE] }), args: () => ['G', S3Permissions.read(BUCKET)] },
  'FluxIrsaRole': {
    args: (s) => [s, 'X', { oidcProviders: [oidcProvider(s)], serviceAccounts: [SOURCE, TENANT] }],
    optional: (s) => ({ ...NEW_ROLE, region: 'eu-west-1', provider: aws(s) }),
  },
  'FluxIrsaRole.fromRoleArn': {
    args: (s) => [s, 'X', { roleArn: ROLE, oidcProviders: [oidcProvider(s)], serviceAccounts: [SOURCE] }],
    optional: (s) => ({ account: '111122223333', region: 'eu-west-1', policies: FluxRolePolicies.MANAGED, quotas: QUOTAS, provider: aws(s) }),
  },
  'FluxIrsaRole#grant': { on: irsa, args: () => ['G', S3Permissions.read(BUCKET)] },
  'FluxKmsKeyPolicy': {
    args: (s) => [s, 'X', { keyArn: KEY }],
    optional: (s) => ({ administrators: [ROLE], sourcePolicyDocuments: SOURCE_POLICIES, provider: aws(s) }),
  },
  'FluxKmsKeyPolicy#grant': {
    on: (s) => new FluxKmsKeyPolicy(s, 'Policy', { keyArn: KEY }),
    args: (s) => ['G', irsa(s), KmsPermissions.decrypt(KEY)],
  },
  'FluxNodeRole.fromRoleArn': {
    args: (s) => [s, 'X', { roleArn: ROLE }],
    optional: (s) => ({ use: FluxNodeUse.UNTESTED, account: '111122223333', policies: FluxRolePolicies.MANAGED, quotas: QUOTAS, provider: aws(s) }),
  },
  'FluxNodeRole#grant': { on: (s) => FluxNodeRole.fromRoleArn(s, 'Node', { roleArn: ROLE }), args: () => ['G', EcrPermissions.pull(REPOSITORY)] },
  'FluxOidcProvider': {
    args: (s) => [s, 'X', { issuer: eks(s) }],
    optional: (s) => ({ audience: 'aws.example.com', thumbprints: ['a'.repeat(40)], tags: TAGS, provider: aws(s) }),
  },
  'FluxOidcProvider.fromOidcProviderArn': {
    args: (s) => [s, 'X', { issuer: eks(s), arn: 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A' }],
    optional: () => ({ audience: 'aws.example.com' }),
  },
  'FluxOidcProvider.lookup': { args: (s) => [s, 'X', { issuer: eks(s) }], optional: (s) => ({ audience: 'aws.example.com', provider: aws(s) }) },
  'FluxPodIdentityRole': {
    args: (s) => [s, 'X', { issuer: eks(s), serviceAccounts: [SOURCE] }],
    optional: (s) => ({
      ...NEW_ROLE, targetRoleArn: 'arn:aws:iam::444455556666:role/flux', targetProvider: aws(s), trust: FluxPodIdentityTrust.ACCOUNT, disableSessionTags: true, provider: aws(s),
    }),
    beside: () => ({ targetProvider: { targetRoleArn: 'arn:aws:iam::444455556666:role/flux' }, disableSessionTags: { trust: FluxPodIdentityTrust.ACCOUNT } }),
  },
  'FluxPodIdentityRole#grant': {
    on: (s) => new FluxPodIdentityRole(s, 'Pod', { issuer: eks(s), serviceAccounts: [SOURCE] }), args: () => ['G', S3Permissions.read(BUCKET)],
  },
  'FluxS3BucketPolicy': {
    args: (s) => [s, 'X', { bucketArn: BUCKET }],
    optional: (s) => ({ sourcePolicyDocuments: SOURCE_POLICIES, region: 'eu-west-1', provider: aws(s) }),
  },
  'FluxS3BucketPolicy#grant': {
    on: (s) => new FluxS3BucketPolicy(s, 'Policy', { bucketArn: BUCKET }),
    args: (s) => ['G', irsa(s), S3Permissions.read(BUCKET)],
  },
  'S3HostedIssuer': {
    args: (s) => [s, 'X', HOSTED],
    optional: (s) => ({ discoveryDocument: DOCUMENT, partition: 'aws', tags: TAGS, allowDestroy: true, provider: aws(s) }),
  },
  'S3HostedIssuer.inBucket': {
    args: (s) => [s, 'X', HOSTED],
    optional: (s) => ({ discoveryDocument: DOCUMENT, partition: 'aws', tags: TAGS, provider: aws(s), path: 'prod' }),
    beside: () => ({ path: {} }),
  },
  ...granted(irsa, SAMPLES),
};

const DOCUMENT = '{"issuer":"https://acme-oidc.s3.eu-west-1.amazonaws.com","jwks_uri":"https://acme-oidc.s3.eu-west-1.amazonaws.com/openid/v1/jwks"}';

