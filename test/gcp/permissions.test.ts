import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformStack } from 'cdktf';
import { addresses, IDENTITIES, MEMBERS, messageOf, resources, stackOf, synth, token, TOKEN, withoutHashes } from './setup';
import {
  ArtifactRegistryPermissions, CloudKmsPermissions, CloudStoragePermissions, FluxGcpBucketRole, GcpPermission, GcpResource, GkeClusterRole,
  GkePermissions, PubSubPermissions,
} from '../../lib';

const CLUSTER = 'projects/acme-prod/locations/europe-west1/clusters/staging';
const ONE_CLUSTER = {
  title: 'one cluster',
  expression: `resource.name == "${CLUSTER}" || resource.name == "projects/acme-prod/zones/europe-west1/clusters/staging"`,
};

interface Row {
  readonly permission: (stack: TerraformStack) => GcpPermission;
  readonly type: string;
  /** What each member gets, apart from the member. */
  readonly gets: object[];
}

const TABLE: { readonly [name: string]: Row } = {
  'artifact registry': {
    permission: () => ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/apps'),
    type: 'google_artifact_registry_repository_iam_member',
    gets: [{ project: 'acme-prod', location: 'europe-west1', repository: 'apps', role: 'roles/artifactregistry.reader' }],
  },
  'cloud storage': {
    permission: () => CloudStoragePermissions.read('acme-flux-manifests'),
    type: 'google_storage_bucket_iam_member',
    gets: [{ bucket: 'acme-flux-manifests', role: 'roles/storage.bucketViewer' }, { bucket: 'acme-flux-manifests', role: 'roles/storage.objectViewer' }],
  },
  'cloud storage, custom role': {
    permission: (stack) => CloudStoragePermissions.read('acme-flux-manifests', { role: new FluxGcpBucketRole(stack, 'Role', { roleId: 'fluxBuckets' }) }),
    type: 'google_storage_bucket_iam_member',
    gets: [{ bucket: 'acme-flux-manifests', role: '${google_project_iam_custom_role.Role.name}' }],
  },
  'cloud kms, key': {
    permission: () => CloudKmsPermissions.decrypt('acme-prod/europe-west1/flux/sops'),
    type: 'google_kms_crypto_key_iam_member',
    gets: [{ crypto_key_id: 'projects/acme-prod/locations/europe-west1/keyRings/flux/cryptoKeys/sops', role: 'roles/cloudkms.cryptoKeyDecrypter' }],
  },
  'cloud kms, key ring': {
    permission: () => CloudKmsPermissions.decryptWithKeyRing('projects/acme-prod/locations/europe-west1/keyRings/flux'),
    type: 'google_kms_key_ring_iam_member',
    gets: [{ key_ring_id: 'projects/acme-prod/locations/europe-west1/keyRings/flux', role: 'roles/cloudkms.cryptoKeyDecrypter' }],
  },
  'gke': {
    permission: () => GkePermissions.access(CLUSTER),
    type: 'google_project_iam_member',
    gets: [{ project: 'acme-prod', role: 'roles/container.clusterViewer', condition: ONE_CLUSTER }],
  },
  'gke, with rights inside': {
    permission: () => GkePermissions.access(CLUSTER, { clusterRole: GkeClusterRole.DEVELOPER }),
    type: 'google_project_iam_member',
    gets: ['roles/container.clusterViewer', 'roles/container.developer'].map((role) => ({ project: 'acme-prod', role, condition: ONE_CLUSTER })),
  },
  'gke, whole project': {
    permission: () => GkePermissions.access(CLUSTER, { wholeProject: true }),
    type: 'google_project_iam_member',
    gets: [{ project: 'acme-prod', role: 'roles/container.clusterViewer' }],
  },
  'pub/sub': {
    permission: () => PubSubPermissions.publish('projects/acme-prod/topics/flux-events'),
    type: 'google_pubsub_topic_iam_member',
    gets: [{ project: 'acme-prod', topic: 'flux-events', role: 'roles/pubsub.publisher' }],
  },
  'of your own': {
    permission: () => GcpPermission.of({
      role: 'roles/secretmanager.secretAccessor',
      resource: GcpResource.project('acme-prod'),
      condition: { title: 'flux', expression: 'resource.name.startsWith("projects/1/secrets/flux")', description: 'only flux' },
    }),
    type: 'google_project_iam_member',
    gets: [{
      project: 'acme-prod',
      role: 'roles/secretmanager.secretAccessor',
      condition: { title: 'flux', expression: 'resource.name.startsWith("projects/1/secrets/flux")', description: 'only flux' },
    }],
  },
};

/** What Flux cannot do, with what the error says. */
const REFUSED: { readonly [kind: string]: (row: string) => string | undefined } = {
  newKey: (row) => row === 'artifact registry' ? 'Flux has no way to use Artifact Registry with a static credential' : undefined,
  existingKey: (row) => row === 'artifact registry' ? 'Flux has no way to use Artifact Registry with a static credential'
    : row.startsWith('gke') ? 'no Flux object would ever use the grant' : undefined,
  node: (row) => row === 'artifact registry' ? undefined : 'the identity of the nodes with container registries only',
};

describe.each(Object.keys(TABLE))('%s', (row) => {
  const { permission, type, gets } = TABLE[row];
  test.each(Object.keys(IDENTITIES))('for %s', (kind) => {
    const stack = stackOf();
    const identity = IDENTITIES[kind](stack);
    const before = addresses(stack);
    const refused = REFUSED[kind]?.(row);
    if (refused !== undefined) {
      expect(messageOf(() => identity.grant('Access', permission(stack)))).toContain(refused);
      expect(resources(stack, type)).toEqual([]);
      return;
    }
    const grant = identity.grant('Access', permission(stack));
    const expected = MEMBERS[kind].flatMap((member) => gets.map((rest) => ({ ...rest, member })));
    const made = resources(stack, type);
    expect(made).toHaveLength(expected.length);
    expect(made).toEqual(expect.arrayContaining(expected));
    const added = addresses(stack).filter((address) => !before.includes(address) && !address.startsWith('google_project_iam_custom_role'));
    expect(grant.addresses).toEqual(expect.arrayContaining(added));
  });
});

describe('names that the provider accepts', () => {
  test.each<[string, (name: string) => GcpPermission, string, object]>([
    ['acme-prod/europe-west1/apps', ArtifactRegistryPermissions.pull, 'google_artifact_registry_repository_iam_member',
      { project: 'acme-prod', location: 'europe-west1', repository: 'apps' }],
    ['europe-west1/apps', ArtifactRegistryPermissions.pull, 'google_artifact_registry_repository_iam_member', { location: 'europe-west1', repository: 'apps' }],
    ['apps', ArtifactRegistryPermissions.pull, 'google_artifact_registry_repository_iam_member', { repository: 'apps' }],
    ['projects/acme-prod/locations/us/repositories/eu.gcr.io', ArtifactRegistryPermissions.pull, 'google_artifact_registry_repository_iam_member',
      { project: 'acme-prod', location: 'us', repository: 'eu.gcr.io' }],
    ['b/acme-flux', CloudStoragePermissions.read, 'google_storage_bucket_iam_member', { bucket: 'acme-flux' }],
    ['europe-west1/flux/sops', CloudKmsPermissions.decrypt, 'google_kms_crypto_key_iam_member', { crypto_key_id: 'europe-west1/flux/sops' }],
    ['acme-prod/europe-west1/flux', CloudKmsPermissions.decryptWithKeyRing, 'google_kms_key_ring_iam_member',
      { key_ring_id: 'projects/acme-prod/locations/europe-west1/keyRings/flux' }],
    ['acme-prod/flux-events', PubSubPermissions.publish, 'google_pubsub_topic_iam_member', { project: 'acme-prod', topic: 'flux-events' }],
    ['flux-events', PubSubPermissions.publish, 'google_pubsub_topic_iam_member', { topic: 'flux-events' }],
    ['example.com:acme-prod/flux-events', PubSubPermissions.publish, 'google_pubsub_topic_iam_member', { project: 'example.com:acme-prod', topic: 'flux-events' }],
  ])('%s', (name, permission, type, expected) => {
    const stack = stackOf();
    IDENTITIES.existingAccount(stack).grant('Access', permission(name));
    for (const made of resources(stack, type)) {
      const { member, role, ...rest } = made;
      expect(rest).toEqual(expected);
    }
    expect(resources(stack, type).length).toBeGreaterThan(0);
  });
});

describe('values that only Terraform knows', () => {
  test.each<[string, (name: string) => GcpPermission, string, string]>([
    ['repository', ArtifactRegistryPermissions.pull, 'google_artifact_registry_repository_iam_member', 'repository'],
    ['bucket', CloudStoragePermissions.read, 'google_storage_bucket_iam_member', 'bucket'],
    ['key', CloudKmsPermissions.decrypt, 'google_kms_crypto_key_iam_member', 'crypto_key_id'],
    ['key ring', CloudKmsPermissions.decryptWithKeyRing, 'google_kms_key_ring_iam_member', 'key_ring_id'],
    ['topic', PubSubPermissions.publish, 'google_pubsub_topic_iam_member', 'topic'],
  ])('%s', (_, permission, type, argument) => {
    const stack = stackOf();
    IDENTITIES.gke(stack).grant('Access', permission(token(stack)));
    for (const made of resources(stack, type)) expect(made[argument]).toBe(TOKEN);
    expect(resources(stack, type).length).toBeGreaterThan(0);
  });

  test('parts of a name', () => {
    const stack = stackOf();
    IDENTITIES.existingAccount(stack).grant('Access', ArtifactRegistryPermissions.pull(`projects/${token(stack)}/locations/europe-west1/repositories/apps`));
    expect(resources(stack, 'google_artifact_registry_repository_iam_member')[0]).toMatchObject({ project: TOKEN, location: 'europe-west1', repository: 'apps' });
  });

  test('a cluster: Terraform takes its name apart', () => {
    const stack = stackOf();
    IDENTITIES.existingAccount(stack).grant('Access', GkePermissions.access(token(stack)));
    const part = (place: number) => `\${element(split("/", google_storage_bucket.SomeBucket.name), ${place})}`;
    expect(resources(stack, 'google_project_iam_member')[0]).toMatchObject({
      project: part(1),
      condition: {
        expression: `resource.name == "projects/${part(1)}/locations/${part(3)}/clusters/${part(5)}" || resource.name == "projects/${part(1)}/zones/${part(3)}/clusters/${part(5)}"`,
      },
    });
  });
});

describe('grants', () => {
  test('of a service account cover what lets it be impersonated', () => {
    const stack = stackOf();
    const grant = IDENTITIES.existingAccount(stack).grant('Apps', ArtifactRegistryPermissions.pull('apps'));
    expect(grant.addresses.map(withoutHashes)).toEqual([
      'google_artifact_registry_repository_iam_member.Identity_Apps_Reader',
      'google_service_account_iam_member.Identity_WorkloadIdentityUser-flux-system_source-controller',
      'google_service_account_iam_member.Identity_WorkloadIdentityUser-team-a_flux',
    ]);
  });

  test('take the provider of the permission before that of the identity', () => {
    const stack = stackOf();
    const identity = IDENTITIES.existingAccount(stack);
    const other = new GoogleProvider(stack, 'Other', { alias: 'other' });
    identity.grant('Apps', ArtifactRegistryPermissions.pull('apps', { provider: other }));
    expect(resources(stack, 'google_artifact_registry_repository_iam_member')[0].provider).toBe('google.other');
    expect(resources(stack, 'google_service_account_iam_member')[0].provider).toBeUndefined();
  });

  test('the custom role holds exactly what Flux needs', () => {
    const stack = stackOf();
    new FluxGcpBucketRole(stack, 'Role', { roleId: 'fluxBuckets', project: 'acme-prod' });
    expect(resources(stack, 'google_project_iam_custom_role')).toEqual([expect.objectContaining({
      role_id: 'fluxBuckets',
      title: 'Flux bucket reader',
      project: 'acme-prod',
      permissions: ['storage.buckets.get', 'storage.objects.get', 'storage.objects.list'],
    })]);
  });

  test('make nothing authoritative', () => {
    const stack = stackOf();
    const identity = IDENTITIES.newAccount(stack);
    Object.values(TABLE).filter((_, index) => ![1, 6, 7].includes(index)).forEach(({ permission }, index) => identity.grant(`Grant${index}`, permission(stack)));
    expect(Object.keys(synth(stack).resource).filter((type) => /_iam_(binding|policy)$/.test(type))).toEqual([]);
  });
});
