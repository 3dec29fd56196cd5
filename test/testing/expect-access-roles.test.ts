import { TerraformStack } from 'cdktf';
import {
  AcrPermissions, AksPermissions, AksRole, ArtifactRegistryPermissions, AzurePermission, BlobStoragePermissions, CloudKmsPermissions,
  CloudStoragePermissions,
  EventHubsPermissions, FluxGcpBucketRole, FluxServiceAccount, GcpPermission, GcpResource, GkePermissions, KeyVaultPermissions, PubSubPermissions,
} from '../../lib';
import { SERVICES as AZURE } from '../../lib/azure/services';
import { FluxCloud, IFluxIdentity } from '../../lib/core/flux-identity';
import { ServiceFacts } from '../../lib/core/shared/flux/service';
import { SERVICES as GCP } from '../../lib/gcp/services';
import { Access, expectAccess } from '../../lib/testing';
import { GROUP, holder, MANAGEMENT_GROUP, newStack, RESOURCES, SUBSCRIPTION } from '../azure/support';
import { IDENTITIES, stackOf, token } from '../gcp/setup';

/** A permission, the calls of Flux that it allows, and twins that differ in one thing: on another resource, or by a right that is not known. */
interface Row<P> {
  readonly name: string;
  readonly permission: (stack: TerraformStack) => P;
  readonly allowed: readonly Access[];
  readonly denied: readonly Access[];
  readonly unknown: readonly Access[];
}

const gcp = (permission: string, ...resources: string[]) => resources.map((resource) => ({ permission, resource }));
const azure = (action: string, ...scopes: string[]) => scopes.map((scope) => ({ action, scope }));

const APPS = 'projects/acme-prod/locations/europe-west1/repositories/apps';
const RING = 'projects/acme-prod/locations/europe-west1/keyRings/flux';
const STAGING = 'projects/acme-prod/locations/europe-west1/clusters/staging';
const EVENTS = 'projects/acme-prod/topics/flux-events';
const PULL = 'artifactregistry.repositories.downloadArtifacts';
const DECRYPT = 'cloudkms.cryptoKeyVersions.useToDecrypt';

const GCP_ROWS: readonly Row<GcpPermission>[] = [
  {
    name: 'Artifact Registry',
    permission: () => ArtifactRegistryPermissions.pull(APPS),
    allowed: [...gcp(PULL, APPS, `${APPS}/packages/web`), ...gcp('artifactregistry.tags.list', APPS)],
    denied: gcp(PULL, `${APPS}2`, APPS.replace('europe', 'us'), APPS.replace('acme-prod', 'acme-dev'), 'projects/acme-prod'),
    unknown: gcp('artifactregistry.repositories.uploadArtifacts', APPS),
  },
  {
    name: 'Artifact Registry, named without its project',
    permission: () => ArtifactRegistryPermissions.pull('europe-west1/apps'),
    allowed: gcp(PULL, 'europe-west1/apps'),
    denied: gcp(PULL, `${APPS}2`),
    unknown: gcp(PULL, APPS),
  },
  {
    name: 'Cloud Storage',
    permission: () => CloudStoragePermissions.read('acme-flux'),
    allowed: [
      ...gcp('storage.buckets.get', 'acme-flux', 'projects/_/buckets/acme-flux'),
      ...gcp('storage.objects.list', 'acme-flux'),
      ...gcp('storage.objects.get', 'projects/_/buckets/acme-flux/objects/clusters/prod.yaml'),
    ],
    denied: [...gcp('storage.objects.get', 'acme-flux-2', 'projects/_/buckets/other/objects/acme-flux'), ...gcp('storage.buckets.get', 'acme')],
    unknown: gcp('storage.objects.create', 'acme-flux'),
  },
  {
    name: 'Cloud Storage with a role of its own',
    permission: (stack) => CloudStoragePermissions.read('acme-flux', { role: new FluxGcpBucketRole(stack, 'Role', { roleId: 'fluxBuckets' }) }),
    allowed: [],
    denied: gcp('storage.objects.get', 'other'),
    unknown: gcp('storage.objects.get', 'acme-flux'),
  },
  {
    name: 'Cloud KMS: a key',
    permission: () => CloudKmsPermissions.decrypt(`${RING}/cryptoKeys/sops`),
    allowed: gcp(DECRYPT, `${RING}/cryptoKeys/sops`, `${RING}/cryptoKeys/sops/cryptoKeyVersions/3`),
    denied: gcp(DECRYPT, `${RING}/cryptoKeys/sops2`, RING),
    unknown: gcp('cloudkms.cryptoKeyVersions.useToEncrypt', `${RING}/cryptoKeys/sops`),
  },
  {
    name: 'Cloud KMS: a key ring',
    permission: () => CloudKmsPermissions.decryptWithKeyRing(RING),
    allowed: gcp(DECRYPT, `${RING}/cryptoKeys/sops`, `${RING}/cryptoKeys/other`),
    denied: gcp(DECRYPT, `${RING}2/cryptoKeys/sops`),
    unknown: gcp('cloudkms.cryptoKeys.get', `${RING}/cryptoKeys/sops`),
  },
  {
    name: 'Cloud KMS under a condition',
    permission: () => CloudKmsPermissions.decryptWithKeyRing(RING, { condition: { title: 'day', expression: 'request.time < timestamp("2030-01-01T00:00:00Z")' } }),
    allowed: [],
    denied: gcp(DECRYPT, `${RING}2/cryptoKeys/sops`),
    unknown: gcp(DECRYPT, `${RING}/cryptoKeys/sops`),
  },
  {
    name: 'GKE: one cluster',
    permission: () => GkePermissions.access(STAGING),
    allowed: gcp('container.clusters.get', STAGING, STAGING.replace('locations', 'zones')),
    denied: gcp('container.clusters.get', `${STAGING}-2`, STAGING.replace('europe', 'us'), STAGING.replace('acme-prod', 'acme-dev')),
    unknown: gcp('container.clusters.update', STAGING),
  },
  {
    name: 'GKE: a whole project',
    permission: () => GkePermissions.access(STAGING, { wholeProject: true }),
    allowed: gcp('container.clusters.get', STAGING, `${STAGING}-2`),
    denied: gcp('container.clusters.get', STAGING.replace('acme-prod', 'acme-dev')),
    unknown: gcp('container.pods.list', STAGING),
  },
  {
    name: 'Pub/Sub',
    permission: () => PubSubPermissions.publish(EVENTS),
    allowed: gcp('pubsub.topics.publish', EVENTS),
    denied: gcp('pubsub.topics.publish', `${EVENTS}-2`),
    unknown: gcp('pubsub.topics.delete', EVENTS),
  },
  {
    name: 'a role on a whole project, of which buckets and numbers do not say that they are in it',
    permission: () => GcpPermission.of({ role: 'roles/storage.objectViewer', resource: GcpResource.project('acme-prod') }),
    allowed: gcp('storage.objects.get', 'projects/acme-prod/buckets/any'),
    denied: gcp('storage.objects.get', 'projects/acme-dev', 'projects/acme-dev/buckets/any'),
    unknown: gcp('storage.objects.get', 'acme-flux', 'projects/_/buckets/acme-flux', 'projects/123456789012/buckets/any'),
  },
  {
    name: 'Pub/Sub, in a project by its number',
    permission: () => PubSubPermissions.publish(EVENTS),
    allowed: gcp('pubsub.topics.publish', EVENTS),
    denied: gcp('pubsub.topics.publish', 'projects/123456789012/topics/other'),
    unknown: gcp('pubsub.topics.publish', EVENTS.replace('acme-prod', '123456789012')),
  },
  {
    name: 'a role of your own',
    permission: () => GcpPermission.of({ role: 'roles/secretmanager.secretAccessor', resource: GcpResource.project('acme-prod') }),
    allowed: [],
    denied: gcp('secretmanager.versions.access', 'projects/acme-dev/secrets/a'),
    unknown: gcp('secretmanager.versions.access', 'projects/acme-prod/secrets/a'),
  },
];

const REPOSITORY = 'Microsoft.ContainerRegistry/registries/repositories';
const READ_BLOB = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read';
const PULL_IMAGE = 'Microsoft.ContainerRegistry/registries/pull/read';
const DECRYPT_KEY = 'Microsoft.KeyVault/vaults/keys/decrypt/action';
const SEND = 'Microsoft.EventHub/namespaces/messages/send/action';
const SIGN_IN = 'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action';

const AZURE_ROWS: readonly Row<AzurePermission>[] = [
  {
    name: 'Container Registry',
    permission: () => AcrPermissions.pull(RESOURCES.registry),
    allowed: azure(PULL_IMAGE, RESOURCES.registry, RESOURCES.registry.toUpperCase()),
    denied: azure(PULL_IMAGE, `${RESOURCES.registry}2`, GROUP),
    unknown: azure('Microsoft.ContainerRegistry/registries/push/write', RESOURCES.registry),
  },
  {
    name: 'Container Registry: everything in a subscription',
    permission: () => AcrPermissions.pull(SUBSCRIPTION),
    allowed: azure(PULL_IMAGE, RESOURCES.registry),
    denied: azure(PULL_IMAGE, RESOURCES.registry.replace('000000000001', '000000000002')),
    unknown: azure('Microsoft.ContainerRegistry/registries/read', RESOURCES.registry),
  },
  {
    name: 'Container Registry: a management group, of which IDs do not say what is in it',
    permission: () => AcrPermissions.pull(MANAGEMENT_GROUP),
    allowed: azure(PULL_IMAGE, MANAGEMENT_GROUP),
    denied: [],
    unknown: azure(PULL_IMAGE, RESOURCES.registry),
  },
  {
    name: 'Container Registry: repositories',
    permission: () => AcrPermissions.pullRepositories(RESOURCES.registry),
    allowed: [...azure(`${REPOSITORY}/content/read`, RESOURCES.registry), ...azure(`${REPOSITORY}/metadata/read`, RESOURCES.registry)],
    denied: azure(`${REPOSITORY}/content/read`, `${RESOURCES.registry}2`),
    unknown: azure(`${REPOSITORY}/content/write`, RESOURCES.registry),
  },
  {
    name: 'Container Registry: repositories by prefix',
    permission: () => AcrPermissions.pullRepositories(RESOURCES.registry, { prefix: 'apps/' }),
    allowed: [],
    denied: azure('Microsoft.ContainerRegistry/registries/repositories/content/read', `${RESOURCES.registry}2`),
    unknown: azure('Microsoft.ContainerRegistry/registries/repositories/content/read', RESOURCES.registry),
  },
  {
    name: 'Blob Storage',
    permission: () => BlobStoragePermissions.read(RESOURCES.container),
    allowed: [...azure(READ_BLOB, RESOURCES.container, `${RESOURCES.container}/blobs/a.yaml`), ...azure(READ_BLOB.replace('/blobs/', '/'), RESOURCES.container)],
    denied: azure(READ_BLOB, `${RESOURCES.container}2`, RESOURCES.account),
    unknown: azure(READ_BLOB.replace('read', 'write'), RESOURCES.container),
  },
  {
    name: 'Key Vault',
    permission: () => KeyVaultPermissions.decrypt(RESOURCES.key),
    allowed: azure(DECRYPT_KEY, RESOURCES.key, `${RESOURCES.key}/versions/1`),
    denied: azure(DECRYPT_KEY, `${RESOURCES.key}2`, RESOURCES.vault),
    unknown: azure('Microsoft.KeyVault/vaults/keys/encrypt/action', RESOURCES.key),
  },
  {
    name: 'Key Vault by access policies',
    permission: () => KeyVaultPermissions.decryptByAccessPolicy(RESOURCES.vault),
    allowed: [],
    denied: azure(DECRYPT_KEY, `${RESOURCES.vault}2/keys/sops`),
    unknown: azure(DECRYPT_KEY, RESOURCES.key),
  },
  {
    name: 'AKS',
    permission: () => AksPermissions.access(RESOURCES.cluster),
    allowed: [...azure(SIGN_IN, RESOURCES.cluster), ...azure('Microsoft.ContainerService/managedClusters/read', RESOURCES.cluster)],
    denied: azure(SIGN_IN, `${RESOURCES.cluster}-2`),
    unknown: azure(SIGN_IN.replace('User', 'Admin'), RESOURCES.cluster),
  },
  {
    name: 'AKS: inside of a cluster',
    permission: () => AksPermissions.inCluster(RESOURCES.namespace, AksRole.WRITER),
    allowed: [],
    denied: azure('Microsoft.ContainerService/managedClusters/pods/read', RESOURCES.namespace.replace('team-a', 'team-b'), RESOURCES.cluster),
    unknown: azure('Microsoft.ContainerService/managedClusters/pods/read', RESOURCES.namespace),
  },
  {
    name: 'Event Hubs',
    permission: () => EventHubsPermissions.send(RESOURCES.hub),
    allowed: azure(SEND, RESOURCES.hub),
    denied: azure(SEND, `${RESOURCES.hub}2`, RESOURCES.hubs),
    unknown: azure(SEND.replace('send', 'receive'), RESOURCES.hub),
  },
];

function check(stack: TerraformStack, identity: IFluxIdentity, { allowed, denied, unknown }: Row<unknown>): void {
  const access = expectAccess(stack).of(identity);
  for (const call of allowed) {
    access.allows(call);
    expect(() => access.denies(call)).toThrow(/ may .*, by role /);
  }
  for (const call of denied) {
    access.denies(call);
    expect(() => access.allows(call)).toThrow(/ may not .*: no role on /);
  }
  for (const call of unknown) {
    expect(() => access.allows(call)).toThrow(/^expectAccess: whether .* cannot be told: /);
    expect(() => access.denies(call)).toThrow(/^expectAccess: whether .* cannot be told: /);
  }
  expect(allowed.length + unknown.length).toBeGreaterThan(0);
}

describe('Google Cloud', () => {
  test.each(GCP_ROWS)('$name', (row) => {
    const stack = stackOf();
    const identity = IDENTITIES.existingKey(stack);
    const flux = /Registry|GKE/.test(row.name) ? IDENTITIES.gke(new TerraformStack(stack.node.root as any, 'gke')) : identity;
    flux.grant('Access', row.permission(TerraformStack.of(flux)));
    check(TerraformStack.of(flux), flux as IFluxIdentity & typeof flux, row);
  });

  test('by service account', () => {
    const stack = stackOf();
    IDENTITIES.gke(stack).grant('Access', ArtifactRegistryPermissions.pull(APPS));
    expectAccess(stack).of(FluxServiceAccount.of('team-a', 'flux')).allows({ permission: PULL, resource: APPS });
  });

  test('a bucket that only Terraform knows: the same reference is the same, another may be', () => {
    const stack = stackOf();
    const identity = IDENTITIES.existingAccount(stack);
    identity.grant('Access', CloudStoragePermissions.read(token(stack)));
    const access = expectAccess(stack).of(identity as IFluxIdentity & typeof identity);
    access.allows({ permission: 'storage.objects.get', resource: token(stack) });
    expect(() => access.denies({ permission: 'storage.objects.get', resource: 'acme-flux' })).toThrow(/reaches acme-flux only Terraform and the cloud know/);
  });
});

describe('Azure', () => {
  test.each(AZURE_ROWS)('$name', (row) => {
    const stack = newStack();
    const identity = holder(stack);
    identity.grant('Access', row.permission(stack));
    check(stack, identity, row);
  });
});

describe('what roles hold', () => {
  const services: [string, ServiceFacts][] = [...Object.entries(GCP), ...Object.entries(AZURE)];
  const roles = services.flatMap(([id, { cloud, roles: known = {} }]) => (
    Object.entries(known).map(([role, contents]) => ({ id, cloud, role, ...contents }))
  ));

  test.each(roles)('$id, $role: each permission that is listed is asked for above, and its page and day are said', ({ cloud, permissions, page, read }) => {
    const asked = [...GCP_ROWS, ...AZURE_ROWS].flatMap(({ allowed }) => allowed).map((access) => 'permission' in access ? access.permission : access.action);
    expect(permissions.filter((permission) => !asked.includes(permission))).toEqual([]);
    const pages = cloud === FluxCloud.GCP ? 'https://docs.cloud.google.com/iam/' : 'https://learn.microsoft.com/azure/role-based-access-control/';
    expect(page.startsWith(pages)).toBe(true);
    expect(read).toMatch(/^\d{4}-\d\d-\d\d$/);
  });
});
