import { TerraformStack } from 'cdktf';
import { eks, EMAIL, gke, gkePool, ownPool, SOURCE, TENANT } from './setup';
import {
  CloudStoragePermissions, FluxGcpBucketRole, FluxGcpPrincipal, FluxGcpServiceAccount, FluxGcpWorkloadPool, GcpPermission, GcpResource,
  GcsHostedIssuer, GkeClusterRole, GkePermissions, Jwks,
} from '../../lib';

export const principal = (stack: TerraformStack) => new FluxGcpPrincipal(stack, 'Identity', { pool: gkePool(stack), serviceAccounts: [SOURCE, TENANT] });
const KEYS = '{"keys":[{"kty":"RSA","n":"sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1WlUzewbgBHod5pcM9H95GQRV3JDXboIRROSBigeC5yjU1hGzHHyXss8UDprecbAYxknTcQkhslANGRUZmdTOQ5qTRsLAt6BTYuyvVRdhS8exSZEy_c4gs_7svlJJQ4H9_NxsiIoLwAEk7-Q3UXERGYw_75IDrGA84-lA_-Ct4eTlXHBIY2EaV7t7LjJaynVJCpkv4LKjTTAumiGUIuQhrNhZLuF_RJLqHpM2kgWFLU7-VTdL1VbC2tejvcI2BlMkEpk1BzBZI0KQB0GaDWFLN-aEAw3vRw","e":"AQAB","kid":"1","alg":"RS256","use":"sig"}]}';

/** Every place where a value that only Terraform knows has a form: a value that passes, others that do not, and who takes it. */
export const SITES: [what: string, good: string, bad: string[], make: (stack: TerraformStack, value: string) => unknown][] = [
  ['pool id', 'prod-eks', ['gcp-prod', 'a', 'Prod', 'a/b'], (stack, poolId) => new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId, providerId: 'prod', namespaces: ['a'] })],
  ['provider id', 'prod-eks', ['gcp-prod', 'x"y'], (stack, providerId) => new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod', providerId, namespaces: ['a'] })],
  ['project number', '123456789012', ['acme-prod'], (stack, projectNumber) => new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod', projectNumber, namespaces: ['a'] })],
  ['project', 'acme-prod', ['projects/acme-prod', 'Acme'], (stack, project) => new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod', project, namespaces: ['a'] })],
  ['project', 'acme-prod', ['example.com:acme-prod', '123456789012'], (stack, project) => new FluxGcpServiceAccount(stack, 'A', { pool: gkePool(stack), serviceAccounts: [SOURCE], accountId: 'flux-apps', project })],
  ['project', 'acme-prod', ['example.com:acme-prod', 'x.svc.id.goog[a/b]'], (stack, projectId) => new FluxGcpPrincipal(stack, 'P', {
    pool: FluxGcpWorkloadPool.gke(stack, 'Pool', { issuer: gke(stack), projectId }), serviceAccounts: [SOURCE],
  }).grant('G', CloudStoragePermissions.read('acme-flux'))],
  ['workload identity pool name', 'projects/1/locations/global/workloadIdentityPools/prod', ['projects/1/locations/global/workloadIdentityPools/prod/subject/x'], (stack, poolName) => (
    new FluxGcpPrincipal(stack, 'P', { pool: FluxGcpWorkloadPool.fromPoolName(stack, 'Pool', { issuer: gke(stack), poolName, providerId: 'x' }), serviceAccounts: [SOURCE] })
      .grant('G', CloudStoragePermissions.read('acme-flux'))
  )],
  ['account id', 'flux-apps', ['flux', 'flux-'], (stack, accountId) => new FluxGcpServiceAccount(stack, 'A', { pool: gkePool(stack), serviceAccounts: [SOURCE], accountId })],
  ['service account e-mail', EMAIL, [`x,${EMAIL}`, 'user@example.com', EMAIL.toUpperCase()], (stack, email) => (
    FluxGcpServiceAccount.fromEmail(stack, 'A', { pool: gkePool(stack), serviceAccounts: [SOURCE], email })
  )],
  ['object-level service account e-mail', EMAIL, ['123456789012-compute@developer.gserviceaccount.com'], (stack, email) => (
    FluxGcpServiceAccount.fromEmail(stack, 'A', { pool: gkePool(stack), serviceAccounts: [TENANT], email })
  )],
  ['universe domain', 'example.eu', ['example.eu/x?', 'a"b.c'], (stack, universeDomain) => (
    new FluxGcpPrincipal(stack, 'P', { pool: ownPool(stack), serviceAccounts: [SOURCE], universeDomain }).grant('G', CloudStoragePermissions.read('acme-flux'))
  )],
  ['object-level audience', 'https://iam.example.com', ['a,b', 'a b', ''], (stack, audience) => (
    new FluxGcpPrincipal(stack, 'P', {
      pool: new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod', projectNumber: '123456789012', allowedAudiences: [audience] }),
      serviceAccounts: [TENANT],
      audience,
    }).grant('G', CloudStoragePermissions.read('acme-flux'))
  )],
  ['role id', 'bucketReader', ['bucket-reader'], (stack, roleId) => new FluxGcpBucketRole(stack, 'R', { roleId })],
  ['GKE cluster', 'projects/acme-prod/locations/europe-west1/clusters/staging',
    ['staging', 'projects/1/locations/eu/clusters/a', 'projects/acme-prod/locations/eu/clusters/x" || "a" == "a'],
    (stack, cluster) => principal(stack).grant('G', GkePermissions.access(cluster, { wholeProject: true }))],
  ['role on a whole project', 'roles/viewer', ['roles/iam.serviceAccountTokenCreator', 'roles/iam.serviceAccountUser'], (stack, role) => (
    principal(stack).grant('G', GcpPermission.of({ role, resource: GcpResource.project('acme-prod') }))
  )],
  ['role', 'roles/viewer', ['roles/owner', 'roles/iam.securityAdmin', 'roles/iam.serviceAccountAdmin', 'roles/resourcemanager.projectIamAdmin', 'owner'], (stack, role) => (
    principal(stack).grant('G', GcpPermission.of({ role, resource: GcpResource.bucket('acme-flux') }))
  )],
  ['role', 'projects/acme-prod/roles/x', ['roles/editor'], (stack, role) => (
    principal(stack).grant('G', GkePermissions.access('projects/acme-prod/locations/eu/clusters/staging', { clusterRole: GkeClusterRole.of(role) }))
  )],
  ['bucket', 'acme-flux', ['gs://acme-flux', 'a/../b'], (stack, bucket) => principal(stack).grant('G', CloudStoragePermissions.read(bucket))],
  ['Cloud KMS key', 'eu/flux/sops', ['projects/a/locations/b/keyRings/c'], (stack, key) => principal(stack).grant('G', GcpPermission.of({ role: 'roles/viewer', resource: GcpResource.cryptoKey(key) }))],
  ['Pub/Sub topic', 'flux-events', ['goog-events', 'a%20b', 'x/subscriptions/y'], (stack, topic) => principal(stack).grant('G', GcpPermission.of({ role: 'roles/viewer', resource: GcpResource.topic(topic) }))],
  ['Artifact Registry repository', 'acme-prod/eu/apps', ['eu-docker.pkg.dev/acme-prod/apps'], (stack, name) => principal(stack).grant('G', GcpPermission.of({ role: 'roles/viewer', resource: GcpResource.repository(name) }))],
  ['service account name', `projects/-/serviceAccounts/${EMAIL}`, [EMAIL], (stack, name) => principal(stack).grant('G', GcpPermission.of({ role: 'roles/viewer', resource: GcpResource.serviceAccount(name) }))],
  ['bucket name', 'acme-oidc', ['acme/x', 'a?b#c'], (stack, bucketName) => (
    new GcsHostedIssuer(stack, 'I', { bucketName, location: 'EU', jwks: Jwks.fromText(KEYS), previousIssuers: [] })
  )],
];

/** Every place where it has a length. */
export const LENGTHS: [what: string, make: (stack: TerraformStack, value: string) => unknown, limit: number][] = [
  ['display name', (stack, displayName) => new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod', namespaces: ['a'], displayName }), 32],
  ['description', (stack, description) => new FluxGcpServiceAccount(stack, 'A', { pool: gkePool(stack), serviceAccounts: [SOURCE], accountId: 'flux-apps', description }), 256],
  ['attribute condition', (stack, attributeCondition) => new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod', attributeCondition }), 4096],
  ['audience', (stack, audience) => new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod', projectNumber: '123456789012', namespaces: ['a'], allowedAudiences: [audience] }), 256],
  ['title', (stack, title) => new FluxGcpBucketRole(stack, 'R', { roleId: 'reader', title }), 100],
  ['condition title', (stack, title) => principal(stack).grant('G', CloudStoragePermissions.read('acme', { condition: { title, expression: 'x' } })), 100],
];
