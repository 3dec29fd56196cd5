import { generateKeyPairSync } from 'crypto';
import { TerraformStack } from 'cdktf';
import { addresses, eks, EMAIL, gke, gkePool, IDENTITIES, KUSTOMIZE, messageOf, ownPool, SOURCE, stackOf, TENANT, token } from './setup';
import {
  ArtifactRegistryPermissions, CloudKmsPermissions, CloudStoragePermissions, ClusterIssuer, FluxController, FluxGcpBucketRole,
  FluxGcpNodeServiceAccount, FluxGcpPrincipal, FluxGcpServiceAccount, FluxGcpServiceAccountKey, FluxGcpWorkloadPool, FluxNodeUse,
  FluxSecret, FluxServiceAccount, GcpPermission, GcpResource, GkeClusterRole, GkePermissions, Jwks, PubSubPermissions,
} from '../../lib';

const NAME = 'projects/123456789012/locations/global/workloadIdentityPools/prod-eks';
const CONDITION = { title: 'until 2030', expression: 'request.time < timestamp("2030-01-01T00:00:00Z")' };

type Case = [given: string, fix: string, run: (stack: TerraformStack) => unknown];

const pool = (stack: TerraformStack, props: object) => new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod-eks', ...props });
const account = (stack: TerraformStack, props: object) => new FluxGcpServiceAccount(stack, 'Account', {
  pool: gkePool(stack), serviceAccounts: [SOURCE], accountId: 'flux-apps', ...props,
});
const existing = (stack: TerraformStack, props: object) => FluxGcpServiceAccount.fromEmail(stack, 'Account', {
  pool: gkePool(stack), serviceAccounts: [TENANT], email: EMAIL, ...props,
});
const sameEks = (stack: TerraformStack) => (stack.node.tryFindChild('Eks') as ClusterIssuer | undefined) ?? eks(stack);
const grant = (permission: GcpPermission, kind = 'gke') => (stack: TerraformStack) => IDENTITIES[kind](stack).grant('Access', permission);
const privateJwk = () => JSON.stringify({ keys: [generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })] });

describe.each<[string, Case[]]>([
  ['pools', [
    ['[stack/Pool] pool id "pro"', 'name the pool after the cluster', (stack) => pool(stack, { poolId: 'pro' })],
    ['pool id "gcp-prod"', 'name the pool after the cluster', (stack) => pool(stack, { poolId: 'gcp-prod' })],
    ['pool id "Prod_EKS"', 'name the pool after the cluster', (stack) => pool(stack, { poolId: 'Prod_EKS' })],
    [`pool id "${'a'.repeat(33)}"`, 'name the pool after the cluster', (stack) => pool(stack, { poolId: 'a'.repeat(33) })],
    ['pool id nothing', 'name the pool after the cluster', (stack) => pool(stack, { poolId: undefined })],
    ['provider id "gcp-eks"', 'name the pool after the cluster', (stack) => pool(stack, { providerId: 'gcp-eks' })],
    ['(33 characters)', 'shorten the display name', (stack) => pool(stack, { displayName: 'x'.repeat(33) })],
    ['(257 characters)', 'shorten the description', (stack) => pool(stack, { description: 'x'.repeat(257) })],
    ['project number "acme-prod"', 'gcloud projects describe', (stack) => pool(stack, { projectNumber: 'acme-prod' })],
    ['option "audiences" of FluxGcpWorkloadPool', 'correct the spelling', (stack) => pool(stack, { audiences: [] })],
    ['`namespaces` and `attributeCondition` together.', 'write the namespaces into the condition', (stack) => pool(stack, { namespaces: ['a'], attributeCondition: 'true' })],
    ['no namespace.', 'name the namespaces of the tenants', (stack) => pool(stack, { namespaces: [] })],
    ['namespace "team-*"', 'pass the namespace exactly as Kubernetes shows it', (stack) => pool(stack, { namespaces: ['team-*'] })],
    ['attribute condition "(true)"', 'leave the option out', (stack) => pool(stack, { attributeCondition: '(true)' })],
    ['attribute condition ""', 'leave the option out', (stack) => pool(stack, { attributeCondition: '' })],
    ['(4097 characters)', 'shorten the attribute condition', (stack) => pool(stack, { attributeCondition: 'x'.repeat(4097) })],
    ['`allowedAudiences` without `projectNumber`.', 'leave `allowedAudiences` out', (stack) => pool(stack, { allowedAudiences: ['a'] })],
    ['9 audiences.', 'drop some', (stack) => pool(stack, { projectNumber: '1', allowedAudiences: [...'123456789'] })],
    ['(257 characters)', 'shorten the audience', (stack) => pool(stack, { projectNumber: '1', allowedAudiences: ['x'.repeat(257)] })],
    ['with private key material', 'rotate it', (stack) => pool(stack, { jwks: Jwks.fromText(privateJwk()) })],
    ['issuer "https://kubernetes.default.svc.cluster.local" without keys', 'pass `jwks`', (stack) => new FluxGcpWorkloadPool(stack, 'Pool', {
      issuer: ClusterIssuer.oidc(stack, 'Kind', { url: 'https://kubernetes.default.svc.cluster.local' }), poolId: 'kind',
    })],
    ['`poolId` together with `sharedWith`.', 'set `providerId`', (stack) => pool(stack, { sharedWith: FluxGcpWorkloadPool.fromPoolName(stack, 'X', { issuer: gke(stack), poolName: NAME, providerId: 'x' }) })],
    ['`sharedWith` without `providerId`.', 'set `providerId`', (stack) => pool(stack, { poolId: undefined, sharedWith: FluxGcpWorkloadPool.fromPoolName(stack, 'X', { issuer: gke(stack), poolName: NAME, providerId: 'x' }) })],
    ['`sharedWith` the pool that is built into GKE.', 'use FluxGcpWorkloadPool.gke with `sharedWith`', (stack) => pool(stack, { poolId: undefined, providerId: 'prod', sharedWith: gkePool(stack) })],
    ['service account "flux-system/source-controller" with pool "stack/Pool", which takes the namespaces team-a, team-b.', 'add "flux-system" to the `namespaces` of the pool',
      (stack) => new FluxGcpPrincipal(stack, 'P', { pool: pool(stack, { namespaces: ['team-b', 'team-a'] }), serviceAccounts: [TENANT, SOURCE] })],
    ['the pool that is built into GKE for a cluster of kind "eks"', 'make a FluxGcpWorkloadPool for the cluster\'s issuer', (stack) => FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: 'acme-prod', issuer: eks(stack) })],
    ['project "123456789012"', 'pass the project\'s ID, not its number', (stack) => FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: '123456789012', issuer: gke(stack) })],
    ['project "Acme"', 'copy it from the resource', (stack) => FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: 'Acme', issuer: gke(stack) })],
    ['object-level service account "team-a/flux" with the pool of project "fleet-host", for a cluster of project "acme-prod".', 'use FluxGcpWorkloadPool.gke with projectId "acme-prod"',
      (stack) => new FluxGcpPrincipal(stack, 'P', { pool: FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: 'fleet-host', issuer: gke(stack) }), serviceAccounts: [SOURCE, TENANT] })],
    ['workload identity pool name "projects/acme-prod/', 'pass the number of the project in place of its ID', (stack) => FluxGcpWorkloadPool.fromPoolName(stack, 'Pool', { issuer: eks(stack), poolName: NAME.replace('123456789012', 'acme-prod'), providerId: 'x' })],
    ['workload identity pool name "acme-prod.svc.id.goog"', 'use FluxGcpWorkloadPool.gke', (stack) => FluxGcpWorkloadPool.fromPoolName(stack, 'Pool', { issuer: gke(stack), poolName: 'acme-prod.svc.id.goog', providerId: 'x' })],
    ['/providers/eks"', 'pass the part before "/providers/"', (stack) => FluxGcpWorkloadPool.fromPoolName(stack, 'Pool', { issuer: eks(stack), poolName: `${NAME}/providers/eks`, providerId: 'x' })],
    ['provider id "a/b"', 'copy it from the resource', (stack) => FluxGcpWorkloadPool.fromPoolName(stack, 'Pool', { issuer: eks(stack), poolName: NAME, providerId: 'a/b' })],
  ]],
  ['names that something has already', [
    ['pool id "prod-eks", which "stack/One" makes already.', 'hand the one pool to all identities', (stack) => ['One', 'Two'].map((id) => new FluxGcpWorkloadPool(stack, id, { issuer: sameEks(stack), poolId: 'prod-eks', namespaces: ['a'] }))],
    ['provider id "blue", which "stack/Two" makes already.', 'choose another id', (stack) => {
      const sharedWith = FluxGcpWorkloadPool.fromPoolName(stack, 'One', { issuer: sameEks(stack), poolName: NAME, providerId: 'x' });
      return ['Two', 'Three'].map((id) => new FluxGcpWorkloadPool(stack, id, { issuer: sameEks(stack), providerId: 'blue', sharedWith, namespaces: ['a'] }));
    }],
    ['account id "flux-apps", which "stack/One" makes already in that project.', 'use `fromEmail`', (stack) => ['One', 'Two'].map((id) => new FluxGcpServiceAccountKey(stack, id, { accountId: 'flux-apps', serviceAccounts: [SOURCE] }))],
    ['account id "flux-apps", which "stack/One" makes already in that project.', 'use `fromEmail`', (stack) => {
      new FluxGcpServiceAccountKey(stack, 'One', { accountId: 'flux-apps', serviceAccounts: [SOURCE], project: 'projects/acme-prod' });
      account(stack, { project: 'acme-prod' });
    }],
    ['role id "fluxBuckets", which "stack/One" makes already in that project.', 'hand the one role to all permissions', (stack) => ['One', 'Two'].map((id) => new FluxGcpBucketRole(stack, id, { roleId: 'fluxBuckets' }))],
  ]],
  ['identities', [
    ['service account e-mail "Flux-Sops@acme-prod.iam.gserviceaccount.com"', 'without "serviceAccount:"', (stack) => existing(stack, { email: 'Flux-Sops@acme-prod.iam.gserviceaccount.com', serviceAccounts: [SOURCE] })],
    ['service account e-mail "123456@acme-prod.iam.gserviceaccount.com"', 'without "serviceAccount:"', (stack) => existing(stack, { email: '123456@acme-prod.iam.gserviceaccount.com', serviceAccounts: [SOURCE] })],
    ['service account e-mail "flux@acme-prod.iam.gserviceaccount.com"', 'without "serviceAccount:"', (stack) => existing(stack, { email: 'flux@acme-prod.iam.gserviceaccount.com' })],
    ['service account e-mail "flux-sops@acme-prod.inf.iam.gserviceaccount.com"', 'without "serviceAccount:"', (stack) => existing(stack, { email: 'flux-sops@acme-prod.inf.iam.gserviceaccount.com', serviceAccounts: [SOURCE] })],
    ['service account e-mail "acme.example.com@appspot.gserviceaccount.com"', 'without "serviceAccount:"', (stack) => existing(stack, { email: 'acme.example.com@appspot.gserviceaccount.com', serviceAccounts: [SOURCE] })],
    ['project "projects/Acme"', 'copy it from the resource', (stack) => new FluxGcpBucketRole(stack, 'R', { roleId: 'fluxBuckets', project: 'projects/Acme' })],
    ['project "Acme"', 'copy it from the resource', (stack) => pool(stack, { project: 'Acme' })],
    ['option "pool" of FluxGcpPrincipal: nothing', 'pass a FluxGcpWorkloadPool: new, `gke` or `fromPoolName`', (stack) => new FluxGcpPrincipal(stack, 'P', { pool: undefined as any, serviceAccounts: [SOURCE] })],
    ['no service account.', 'FluxServiceAccount.controller', (stack) => new FluxGcpPrincipal(stack, 'P', { pool: gkePool(stack), serviceAccounts: [] })],
    ['service account "team-a/flux" twice.', 'FluxServiceAccount.controller', (stack) => account(stack, { serviceAccounts: [TENANT, TENANT] })],
    ['option "email" of FluxGcpServiceAccount', 'correct the spelling', (stack) => account(stack, { email: EMAIL })],
    ['account id "flux"', 'choose another id', (stack) => account(stack, { accountId: 'flux' })],
    ['account id "flux-apps-"', 'choose another id', (stack) => account(stack, { accountId: 'flux-apps-' })],
    [`account id "${'f'.repeat(31)}"`, 'choose another id', (stack) => account(stack, { accountId: 'f'.repeat(31) })],
    ['(101 bytes)', 'shorten the display name', (stack) => account(stack, { displayName: 'x'.repeat(101) })],
    ['project "Acme Prod"', 'copy it from the resource', (stack) => account(stack, { project: 'Acme Prod' })],
    ['project "example.com:acme-prod"', 'use `fromEmail`', (stack) => account(stack, { project: 'example.com:acme-prod' })],
    ['project "123456789012"', 'pass the ID of the project', (stack) => account(stack, { project: '123456789012' })],
    ['object-level service account e-mail "flux-apps@acme-prod.example.com.iam.gserviceaccount.com"', 'a project without a domain', (stack) => existing(stack, { email: 'flux-apps@acme-prod.example.com.iam.gserviceaccount.com' })],
    ['object-level service account e-mail "123456789012-compute@developer.gserviceaccount.com"', 'controllers in place of object-level accounts', (stack) => existing(stack, { email: '123456789012-compute@developer.gserviceaccount.com' })],
    ['service account e-mail "serviceAccount:flux-sops@acme-prod.iam.gserviceaccount.com"', 'without "serviceAccount:"', (stack) => existing(stack, { email: `serviceAccount:${EMAIL}` })],
    ['service account e-mail "me@example.com"', 'without "serviceAccount:"', (stack) => existing(stack, { email: 'me@example.com' })],
    ['service account e-mail "flux"', 'without "serviceAccount:"', (stack) => existing(stack, { email: 'flux', serviceAccounts: [SOURCE] })],
    ['audience "a,b"', 'pass one audience', (stack) => new FluxGcpPrincipal(stack, 'P', { pool: ownPool(stack), serviceAccounts: [TENANT], audience: 'a,b' })],
    ['audience "mine" with pool "stack/Pool".', 'add the audience to the `allowedAudiences`', (stack) => new FluxGcpPrincipal(stack, 'P', { pool: ownPool(stack), serviceAccounts: [TENANT], audience: 'mine' })],
    ['audience "mine" with the pool that is built into GKE.', 'make a FluxGcpWorkloadPool', (stack) => existing(stack, { audience: 'mine' })],
    ['audience "mine" without an object-level service account.', 'leave the audience out', (stack) => new FluxGcpPrincipal(stack, 'P', { pool: ownPool(stack), serviceAccounts: [SOURCE], audience: 'mine' })],
    ['universe domain "https://x"', 'pass the domain alone', (stack) => new FluxGcpPrincipal(stack, 'P', { pool: ownPool(stack), serviceAccounts: [SOURCE], universeDomain: 'https://x' })],
    ['universe domain "example.eu" with object-level service account "team-a/flux".', 'use controllers in place', (stack) => new FluxGcpPrincipal(stack, 'P', { pool: ownPool(stack), serviceAccounts: [SOURCE, TENANT], universeDomain: 'example.eu' })],
    ['universe domain "example.eu" with the pool that is built into GKE.', 'leave the universe domain out', (stack) => account(stack, { universeDomain: 'example.eu' })],
    ['no service account.', 'FluxServiceAccount.controller', (stack) => new FluxGcpServiceAccountKey(stack, 'K', { accountId: 'flux-apps' })],
    ['object-level service account "team-a/flux"', 'pass `secrets: [FluxSecret.bucket', (stack) => new FluxGcpServiceAccountKey(stack, 'K', { accountId: 'flux-apps', serviceAccounts: [TENANT] })],
    ['Secret team-a/key for bucket twice.', 'remove one of them', (stack) => new FluxGcpServiceAccountKey(stack, 'K', { accountId: 'flux-apps', secrets: [FluxSecret.bucket('team-a', 'key'), FluxSecret.bucket('team-a', 'key')] })],
    ['role id "flux-bucket"', 'fluxBucketReader', (stack) => new FluxGcpBucketRole(stack, 'R', { roleId: 'flux-bucket' })],
    ['(101 bytes)', 'shorten the title', (stack) => new FluxGcpBucketRole(stack, 'R', { roleId: 'flux', title: 'x'.repeat(101) })],
  ]],
  ['grants', [
    ['[stack/Identity/Access] a value that is no GcpPermission', 'of the identity\'s own cloud', grant({} as any)],
    ['construct id "Resource"', 'says what is granted', (stack) => IDENTITIES.gke(stack).grant('Resource', PubSubPermissions.publish('events'))],
    ['construct id "WorkloadIdentityUser-x"', 'says what is granted', (stack) => IDENTITIES.gke(stack).grant('WorkloadIdentityUser-x', PubSubPermissions.publish('events'))],
    ['Artifact Registry repository "europe-west1-docker.pkg.dev/acme-prod/apps"', 'this is the address that images are pulled from', grant(ArtifactRegistryPermissions.pull('europe-west1-docker.pkg.dev/acme-prod/apps'))],
    ['Artifact Registry repository "gcr.io/acme-prod"', 'repositories/gcr.io', grant(ArtifactRegistryPermissions.pull('gcr.io/acme-prod'))],
    ['bucket "gs://acme-flux"', 'pass the bucket\'s name alone', grant(CloudStoragePermissions.read('gs://acme-flux'))],
    ['Cloud KMS key "projects/p/locations/l/keyRings/flux"', 'use CloudKmsPermissions.decryptWithKeyRing', grant(CloudKmsPermissions.decrypt('projects/p/locations/l/keyRings/flux'))],
    ['/cryptoKeyVersions/1"', 'leave out "/cryptoKeyVersions/..."', grant(CloudKmsPermissions.decrypt('projects/acme-prod/locations/eu/keyRings/f/cryptoKeys/k/cryptoKeyVersions/1'))],
    ['Cloud KMS key ring "projects/acme-prod/locations/eu/keyRings/f/cryptoKeys/k"', 'use CloudKmsPermissions.decrypt', grant(CloudKmsPermissions.decryptWithKeyRing('projects/acme-prod/locations/eu/keyRings/f/cryptoKeys/k'))],
    ['Pub/Sub topic "projects/acme-prod/subscriptions/flux"', 'pass the topic that Flux publishes to', grant(PubSubPermissions.publish('projects/acme-prod/subscriptions/flux'))],
    ['GKE cluster "projects/acme-prod/zones/europe-west1-b/clusters/staging"', 'use it here too', grant(GkePermissions.access('projects/acme-prod/zones/europe-west1-b/clusters/staging'))],
    ['GKE cluster "projects/123456789012/locations', 'pass the ID of the project in place of its number', grant(GkePermissions.access('projects/123456789012/locations/europe-west1/clusters/staging'))],
    ['GKE cluster "https://container', 'pass what stands behind "/v1/"', grant(GkePermissions.access('https://container.googleapis.com/v1/projects/acme-prod/locations/europe-west1/clusters/staging'))],
    ['role "container.admin"', 'by its full name', grant(GkePermissions.access('projects/acme-prod/locations/eu/clusters/staging', { clusterRole: GkeClusterRole.of('container.admin') }))],
    ...['roles/owner', 'roles/writer', 'roles/iam.securityAdmin', 'roles/resourcemanager.projectIamAdmin', 'roles/resourcemanager.organizationAdmin',
      'roles/iam.serviceAccountAdmin', 'roles/iam.serviceAccountKeyAdmin', 'roles/iam.roleAdmin', 'roles/iam.workloadIdentityPoolAdmin'].map((role): Case => (
      [`role "${role}"`, 'the narrowest role', grant(GcpPermission.of({ role, resource: GcpResource.project('acme-prod') }))]
    )),
    ...['iam.serviceAccountTokenCreator', 'iam.serviceAccountUser', 'iam.workloadIdentityUser'].map((role): Case => (
      [`role on a whole project "roles/${role}"`, 'GcpResource.serviceAccount', grant(GcpPermission.of({ role: `roles/${role}`, resource: GcpResource.project('acme-prod') }))]
    )),
    ['Pub/Sub topic "t%-x"', 'copy it from the resource', grant(PubSubPermissions.publish('t%-x'))],
    ['Pub/Sub topic "google-events"', 'copy it from the resource', grant(PubSubPermissions.publish('google-events'))],
    [`bucket "${'team-'.repeat(13)}x"`, 'copy it from the resource', grant(CloudStoragePermissions.read(`${'team-'.repeat(13)}x`))],
    ['role "roles/editor"', 'the narrowest role', grant(GcpPermission.of({ role: 'roles/editor', resource: GcpResource.project('acme-prod') }))],
    ['service account name "flux-sops@acme-prod.iam.gserviceaccount.com"', 'pass the `name` of the service account', grant(GcpPermission.of({ role: 'roles/iam.serviceAccountTokenCreator', resource: GcpResource.serviceAccount(EMAIL) }))],
    ['a condition on an IAM member of an Artifact Registry repository', 'leave the condition out', grant(GcpPermission.of({ role: 'roles/artifactregistry.reader', resource: GcpResource.repository('apps'), condition: CONDITION }))],
    ['a condition on an IAM member of a Pub/Sub topic', 'leave the condition out', grant(GcpPermission.of({ role: 'roles/pubsub.publisher', resource: GcpResource.topic('flux-events'), condition: CONDITION }))],
    ['condition title ""', 'change the condition title', grant(CloudKmsPermissions.decrypt('eu/flux/sops', { condition: { ...CONDITION, title: '' } }))],
    ['condition expression ""', 'change the condition expression', grant(CloudKmsPermissions.decrypt('eu/flux/sops', { condition: { ...CONDITION, expression: '' } }))],
    ['condition description', 'shorten the condition description', grant(CloudKmsPermissions.decrypt('eu/flux/sops', { condition: { ...CONDITION, description: 'x'.repeat(257) } }))],
    ['option "condition" of ArtifactRegistryPermissions.pull', 'remove it', grant(ArtifactRegistryPermissions.pull('apps', { condition: CONDITION } as any))],
    ['a grant to a direct principal on a bucket without uniform bucket-level access.', 'grant it to a FluxGcpServiceAccount', grant(CloudStoragePermissions.read('acme-flux', { uniformBucketLevelAccess: false }), 'federated')],
    ['a grant to a direct principal on a bucket without', 'set `uniformBucketLevelAccess: true`', grant(CloudStoragePermissions.read('acme-flux', { uniformBucketLevelAccess: false }))],
    ['a condition on a bucket without uniform', 'set `uniformBucketLevelAccess: true`', grant(CloudStoragePermissions.read('acme-flux', { uniformBucketLevelAccess: false, condition: CONDITION }), 'existingAccount')],
    ['permission "pull" on Artifact Registry for an identity by static credential of flux-system/kustomize-controller, flux-system/notification-controller, flux-system/source-controller', 'grant it to an identity by workload identity', grant(ArtifactRegistryPermissions.pull('apps'), 'newKey')],
    ['a permission on Artifact Registry for an identity by static credential', 'grant it to an identity by workload identity', grant(GcpPermission.of({ role: 'roles/artifactregistry.reader', resource: GcpResource.repository('apps') }), 'newKey')],
    ['permission "read" on Cloud Storage for the identity of the nodes', 'FluxNodeUse.UNTESTED', grant(CloudStoragePermissions.read('acme-flux'), 'node')],
    ['a permission of your own for the identity of the nodes', 'FluxNodeUse.UNTESTED', grant(GcpPermission.of({ role: 'roles/viewer', resource: GcpResource.project('acme-prod') }), 'node')],
    ['permission "access" on Google Kubernetes Engine for an identity by static credential of Secret team-a/events (FluxSecret.provider), Secret team-a/key (FluxSecret.bucket), Secret team-a/key (FluxSecret.sops)', 'FluxController.KUSTOMIZE', grant(GkePermissions.access('projects/acme-prod/locations/eu/clusters/staging'), 'existingKey')],
  ]],
])('%s', (_, cases) => {
  test.each(cases)('%s', (given, fix, run) => {
    const message = messageOf(() => run(stackOf()));
    expect(message.split('\n  Allowed:')[0]).toContain(given);
    expect(message.split('\n  Fix: ')[1]).toContain(fix);
    expect(message).toMatch(/^\[stack\/?/);
  });
});

describe('a grant that no account of the identity can use', () => {
  const CLUSTER = 'projects/acme-prod/locations/eu/clusters/staging';
  test.each<[string, FluxController[], GcpPermission, string]>([
    ['Artifact Registry for kustomize-controller', [FluxController.KUSTOMIZE], ArtifactRegistryPermissions.pull('apps'), 'SOURCE'],
    ['Cloud Storage for image-reflector-controller', [FluxController.IMAGE_REFLECTOR], CloudStoragePermissions.read('acme-flux'), 'SOURCE'],
    ['Cloud KMS for source- and helm-controller', [FluxController.SOURCE, FluxController.HELM], CloudKmsPermissions.decrypt('eu/flux/sops'), 'KUSTOMIZE'],
    ['a key ring for helm-controller', [FluxController.HELM], CloudKmsPermissions.decryptWithKeyRing('eu/flux'), 'KUSTOMIZE'],
    ['GKE for source- and notification-controller', [FluxController.SOURCE, FluxController.NOTIFICATION], GkePermissions.access(CLUSTER), 'HELM'],
    ['Pub/Sub for source-controller', [FluxController.SOURCE], PubSubPermissions.publish('flux-events'), 'NOTIFICATION'],
    ['a bucket of one\'s own role for helm-controller', [FluxController.HELM], GcpPermission.of({ role: 'roles/storage.objectViewer', resource: GcpResource.bucket('acme-flux') }), 'SOURCE'],
  ])('%s is an error that names who could', (_, controllers, permission, who) => {
    const stack = stackOf();
    const identity = new FluxGcpPrincipal(stack, 'P', { pool: gkePool(stack), serviceAccounts: controllers.map((name) => FluxServiceAccount.controller(name)) });
    const message = messageOf(() => identity.grant('Access', permission));
    expect(message).toContain('[stack/P/Access] ');
    expect(message).toContain(`FluxServiceAccount.controller(FluxController.${who})`);
    expect(identity._grants).toEqual([]);
    expect(addresses(stack)).toEqual([]);
  });

  test.each([FluxSecret.bucket, FluxSecret.sops, FluxSecret.provider])('and of a Secret of another kind', (secret) => {
    const permissions = { bucket: CloudStoragePermissions.read('acme-flux'), sops: CloudKmsPermissions.decrypt('eu/flux/sops'), provider: PubSubPermissions.publish('flux-events') };
    const accepted = Object.entries(permissions).filter(([, permission]) => {
      const key = FluxGcpServiceAccountKey.fromEmail(stackOf(), 'K', { email: EMAIL, secrets: [secret('team-a', 'key')] });
      try {
        return key.grant('Access', permission) !== undefined;
      } catch {
        return false;
      }
    });
    expect(accepted.map(([use]) => use)).toEqual([secret('team-a', 'key').use]);
  });

  test('the nodes take what Flux does not test, if that is said', () => {
    const stack = stackOf();
    const nodes = FluxGcpNodeServiceAccount.fromEmail(stack, 'N', { email: EMAIL, use: FluxNodeUse.UNTESTED });
    nodes.grant('Bucket', CloudStoragePermissions.read('acme-flux'));
    expect(nodes._grants).toHaveLength(1);
  });
});

describe('accepted', () => {
  test.each<[string, (stack: TerraformStack) => unknown]>([
    ['controllers with the pool of a fleet host', (stack) => new FluxGcpPrincipal(stack, 'P', { pool: FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: 'fleet-host', issuer: gke(stack) }), serviceAccounts: [SOURCE] })],
    ['a service account on a bucket without uniform access', grant(CloudStoragePermissions.read('acme-flux', { uniformBucketLevelAccess: false }), 'existingAccount')],
    ['a key that controllers mount, for GKE', grant(GkePermissions.access('projects/acme-prod/locations/eu/clusters/staging'), 'newKey')],
    ['a default account for controllers', (stack) => existing(stack, { serviceAccounts: [KUSTOMIZE], email: '123456789012-compute@developer.gserviceaccount.com' })],
    ['tokens for every text', (stack) => account(stack, { accountId: token(stack), displayName: token(stack), description: token(stack), project: token(stack) })],
    ['the e-mails that Google has', (stack) => ['flux-sops@acme-prod.example.com.iam.gserviceaccount.com', 'acme-prod@appspot.gserviceaccount.com', 'example.com:acme-prod@appspot.gserviceaccount.com',
      '123456789012-compute@developer.gserviceaccount.com'].forEach((email, index) => FluxGcpNodeServiceAccount.fromEmail(stack, `N${index}`, { email }))],
    ['topics of every character that works, short ones too', (stack) => ['abc', 'goo', 'gox', 'good', 'go-1', 'T.~+_-x', 'x'.repeat(255)].forEach((topic) => IDENTITIES.gke(stackOf(stack.node.id)).grant('Access', PubSubPermissions.publish(topic)))],
    ['the bucket of a domain, over 63 characters', grant(CloudStoragePermissions.read(`${'manifests'.repeat(4)}.${'teams'.repeat(6)}.example.com`))],
    ['a project with its prefix', (stack) => [pool(stack, { project: 'projects/acme-prod' }), new FluxGcpBucketRole(stack, 'R', { roleId: 'fluxBuckets', project: 'projects/acme-prod' })]],
    ['an id in two projects', (stack) => ['acme-prod', 'acme-dev'].map((project) => [
      new FluxGcpServiceAccountKey(stack, `Key-${project}`, { accountId: 'flux-apps', serviceAccounts: [SOURCE], project }),
      new FluxGcpBucketRole(stack, `Role-${project}`, { roleId: 'fluxBuckets', project }),
    ])],
    ['an e-mail by token', (stack) => existing(stack, { email: token(stack) })],
    ['conditions where Google takes them', grant(CloudStoragePermissions.read('acme-flux', { condition: CONDITION }))],
    ['keys by token', (stack) => pool(stack, { jwks: Jwks.fromText(token(stack)), namespaces: ['a'] })],
    ['eight audiences beside those of Flux', (stack) => pool(stack, { projectNumber: '1', allowedAudiences: [...'12345678'] })],
  ])('%s', (_name, run) => {
    expect(() => run(stackOf())).not.toThrow();
  });
});
