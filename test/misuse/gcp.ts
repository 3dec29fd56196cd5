import { eks, gke, google, JWK, SECRET, SOURCE, TENANT } from './core';
import { granted, Rows } from './row';
import {
  ArtifactRegistryPermissions, CloudStoragePermissions, ClusterIssuer, FluxGcpBucketRole, FluxGcpPrincipal, FluxGcpWorkloadPool, FluxNodeUse,
  GcpPermission, GcpResource, GkeClusterRole, Jwks,
} from '../../lib';
import { EMAIL, IDENTITIES } from '../gcp/setup';

const REPOSITORY = 'projects/acme-prod/locations/europe-west1/repositories/apps';
const KEY_RING = 'projects/acme-prod/locations/europe-west1/keyRings/sops';
const POOL_NAME = 'projects/123456789012/locations/global/workloadIdentityPools/prod-eks';
const CONDITION = { title: 'a', expression: 'true', description: 'b' };
const HOSTED = { bucketName: 'acme-oidc', jwks: Jwks.fromText(JWK), previousIssuers: [] };
const DOCUMENT = '{"issuer":"https://storage.googleapis.com/acme-oidc","jwks_uri":"https://storage.googleapis.com/acme-oidc/openid/v1/jwks"}';

const pool = (s: any): FluxGcpWorkloadPool => s.node.tryFindChild('Pool') ?? new FluxGcpWorkloadPool(s, 'Pool', {
  issuer: eks(s), poolId: 'prod-eks', projectNumber: '123456789012', allowedAudiences: ['mine'],
});
const twin = (s: any) => ClusterIssuer.gke(s, 'Twin', { projectId: 'acme-prod', location: 'l', clusterName: 'twin' });
const principal = (s: any) => new FluxGcpPrincipal(s, 'Principal', { pool: pool(s), serviceAccounts: [SOURCE, TENANT] });
const bound = (resource: any, on: any) => on.grant('Grant', GcpPermission.of({ role: 'roles/browser', resource }));
const boundRole = (clusterRole: any, on: any) => on.grant('Grant', GcpPermission.of({ role: clusterRole.role, resource: GcpResource.project('acme-prod') }));
const ACCOUNT = { displayName: 'a', description: 'b', project: 'acme-prod' };

export const GCP: Rows = {
  'FluxGcpBucketRole': { args: (s) => [s, 'X', { roleId: 'bucketReader' }], optional: (s) => ({ title: 'a', project: 'acme-prod', provider: google(s) }) },
  'FluxGcpNodeServiceAccount.fromEmail': {
    args: (s) => [s, 'X', { email: EMAIL }], optional: (s) => ({ use: FluxNodeUse.UNTESTED, provider: google(s) }),
  },
  'FluxGcpNodeServiceAccount#grant': { on: IDENTITIES.node, args: () => ['G', ArtifactRegistryPermissions.pull(REPOSITORY)] },
  'FluxGcpPrincipal': {
    args: (s) => [s, 'X', { pool: pool(s), serviceAccounts: [SOURCE, TENANT] }], optional: (s) => ({ universeDomain: 'googleapis.com', audience: 'mine', provider: google(s) }),
  },
  'FluxGcpPrincipal#grant': { on: principal, args: () => ['G', CloudStoragePermissions.read('manifests')] },
  'FluxGcpServiceAccount': {
    args: (s) => [s, 'X', { pool: pool(s), serviceAccounts: [SOURCE, TENANT], accountId: 'flux-apps' }],
    optional: (s) => ({ ...ACCOUNT, universeDomain: 'googleapis.com', audience: 'mine', provider: google(s) }),
  },
  'FluxGcpServiceAccount.fromEmail': {
    args: (s) => [s, 'X', { pool: pool(s), serviceAccounts: [SOURCE, TENANT], email: EMAIL }],
    optional: (s) => ({ universeDomain: 'googleapis.com', audience: 'mine', provider: google(s) }),
  },
  'FluxGcpServiceAccount#grant': { on: IDENTITIES.newAccount, args: () => ['G', CloudStoragePermissions.read('manifests')] },
  'FluxGcpServiceAccountKey': {
    args: (s) => [s, 'X', { accountId: 'flux-apps', serviceAccounts: [SOURCE] }],
    optional: (s) => ({ ...ACCOUNT, serviceAccounts: [SOURCE], secrets: [SECRET], keepers: { month: '1' }, provider: google(s) }),
    beside: () => ({ serviceAccounts: { secrets: [SECRET] } }),
  },
  'FluxGcpServiceAccountKey.fromEmail': {
    args: (s) => [s, 'X', { email: EMAIL, serviceAccounts: [SOURCE] }],
    optional: (s) => ({ serviceAccounts: [SOURCE], secrets: [SECRET], keepers: { month: '1' }, provider: google(s) }),
    beside: () => ({ serviceAccounts: { secrets: [SECRET] } }),
  },
  'FluxGcpServiceAccountKey#grant': { on: IDENTITIES.newKey, args: () => ['G', CloudStoragePermissions.read('manifests')] },
  'FluxGcpWorkloadPool': {
    args: (s) => [s, 'X', { issuer: gke(s), poolId: 'prod-gke' }],
    optional: (s) => ({
      poolId: 'prod-gke',
      providerId: 'prod-gke',
      displayName: 'a',
      description: 'b',
      namespaces: ['team-a'],
      attributeCondition: 'assertion.sub != ""',
      allowedAudiences: ['a'],
      jwks: Jwks.fromText(JWK),
      project: 'acme-prod',
      projectNumber: '123456789012',
      preventDestroy: true,
      get sharedWith() { return pool(s); },
      provider: google(s),
    }),
    beside: (s) => ({
      'allowedAudiences': { projectNumber: '123456789012' },
      'no poolId': { providerId: 'prod-gke', sharedWith: pool(s) },
      'sharedWith': { poolId: undefined, providerId: 'prod-gke' },
      'no sharedWith': {},
    }),
  },
  'FluxGcpWorkloadPool.gke': {
    args: (s) => [s, 'X', { projectId: 'acme-prod', issuer: gke(s) }],
    optional: (s) => ({ dependsOn: [eks(s)], get sharedWith() { return FluxGcpWorkloadPool.gke(s, 'Other', { projectId: 'acme-prod', issuer: twin(s) }); } }),
  },
  'FluxGcpWorkloadPool.fromPoolName': {
    args: (s) => [s, 'X', { issuer: eks(s), poolName: POOL_NAME, providerId: 'eks' }],
    optional: (s) => ({ get sharedWith() { return FluxGcpWorkloadPool.fromPoolName(s, 'Other', { issuer: gke(s), poolName: POOL_NAME, providerId: 'gke' }); } }),
  },
  'GcpPermission.of': {
    on: principal,
    args: () => [{ role: 'roles/browser', resource: GcpResource.project('acme-prod') }],
    optional: (s) => ({ condition: CONDITION, provider: google(s) }),
    use: (permission, on) => on.grant('Grant', permission),
  },
  'GcpResource.repository': { on: principal, use: bound, args: () => [REPOSITORY] },
  'GcpResource.bucket': { on: principal, use: bound, args: () => ['manifests'] },
  'GcpResource.cryptoKey': { on: principal, use: bound, args: () => [`${KEY_RING}/cryptoKeys/sops`] },
  'GcpResource.keyRing': { on: principal, use: bound, args: () => [KEY_RING] },
  'GcpResource.topic': { on: principal, use: bound, args: () => ['projects/acme-prod/topics/flux'] },
  'GcpResource.serviceAccount': { on: principal, use: bound, args: () => [`projects/acme-prod/serviceAccounts/${EMAIL}`] },
  'GcpResource.project': { on: principal, use: bound, args: () => ['acme-prod'] },
  'GkeClusterRole.of': { on: principal, use: boundRole, args: () => ['roles/container.viewer'] },
  'GcsHostedIssuer': {
    args: (s) => [s, 'X', { ...HOSTED, location: 'EU' }],
    optional: (s) => ({ discoveryDocument: DOCUMENT, project: 'acme-prod', labels: { a: 'b' }, allowDestroy: true, provider: google(s) }),
  },
  'GcsHostedIssuer.inBucket': {
    args: (s) => [s, 'X', HOSTED],
    optional: (s) => ({ discoveryDocument: DOCUMENT, path: 'prod', provider: google(s) }),
  },
  ...granted(principal, {
    'ArtifactRegistryPermissions.pull': { args: () => [REPOSITORY, {}], spare: 1, optional: (s) => ({ provider: google(s) }) },
    'CloudKmsPermissions.decrypt': { args: () => [`${KEY_RING}/cryptoKeys/sops`, {}], spare: 1, optional: (s) => ({ condition: CONDITION, provider: google(s) }) },
    'CloudKmsPermissions.decryptWithKeyRing': { args: () => [KEY_RING, {}], spare: 1, optional: (s) => ({ condition: CONDITION, provider: google(s) }) },
    'CloudStoragePermissions.read': {
      args: () => ['manifests', {}],
      spare: 1,
      optional: (s) => ({ role: new FluxGcpBucketRole(s, 'BucketRole', { roleId: 'a.b' }), condition: CONDITION, uniformBucketLevelAccess: true, provider: google(s) }),
    },
    'GkePermissions.access': {
      args: () => ['projects/acme-prod/locations/europe-west1/clusters/staging', {}],
      spare: 1,
      optional: (s) => ({ clusterRole: GkeClusterRole.VIEWER, wholeProject: true, provider: google(s) }),
    },
    'PubSubPermissions.publish': { args: () => ['projects/acme-prod/topics/flux', {}], spare: 1, optional: (s) => ({ provider: google(s) }) },
  }),
};
