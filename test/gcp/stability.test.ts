import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket';
import { Testing } from 'cdktf';
import { addresses, EMAIL, gkePool, IDENTITIES, messageOf, ownPool, resources, NOTIFICATION, SOURCE, stackOf, synth, TENANT } from './setup';
import {
  ArtifactRegistryPermissions, CloudKmsPermissions, CloudStoragePermissions, FluxGcpPrincipal, FluxGcpServiceAccount, FluxGcpServiceAccountKey,
  FluxGcpWorkloadPool, FluxServiceAccount, GcpPermission, GcpResource, GkePermissions, PubSubPermissions,
} from '../../lib';

const APPS = ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/apps');

describe('addresses', () => {
  const OTHER = FluxServiceAccount.of('team-b', 'flux');

  test.each(['principal', 'account'])('adding a service account to a %s moves nothing', (kind) => {
    const made = (serviceAccounts: FluxServiceAccount[]) => {
      const stack = stackOf();
      const pool = ownPool(stack);
      const identity = kind === 'principal' ? new FluxGcpPrincipal(stack, 'Id', { pool, serviceAccounts })
        : new FluxGcpServiceAccount(stack, 'Id', { pool, serviceAccounts, accountId: 'flux-apps' });
      identity.grant('Apps', APPS);
      return { addresses: addresses(stack), json: synth(stack) };
    };
    const one = made([SOURCE, TENANT]);
    expect(made([TENANT, SOURCE]).json).toEqual(one.json);
    const more = made([OTHER, TENANT, SOURCE]);
    expect(more.addresses).toEqual(expect.arrayContaining(one.addresses));
    expect(more.addresses.length).toBe(one.addresses.length + 1);
    // Of what was there, only the condition of the pool changes: it names who may use it.
    const changed = one.addresses.filter((address) => {
      const [type, id] = address.split('.');
      return JSON.stringify(one.json.resource[type][id]) !== JSON.stringify(more.json.resource[type][id]);
    });
    expect(changed).toEqual([expect.stringMatching(/^google_iam_workload_identity_pool_provider\./)]);
  });

  test('names that look alike do not meet', () => {
    const stack = stackOf();
    const identity = new FluxGcpPrincipal(stack, 'Id', {
      pool: gkePool(stack), serviceAccounts: [FluxServiceAccount.of('a-b', 'c'), FluxServiceAccount.of('a', 'b-c'), FluxServiceAccount.of('a', 'b.c')],
    });
    identity.grant('Apps', APPS);
    expect(resources(stack, 'google_artifact_registry_repository_iam_member')).toHaveLength(3);
  });

  test('adding, removing and reordering grants moves nothing', () => {
    const made = (...ids: string[]) => {
      const stack = stackOf();
      const identity = IDENTITIES.existingAccount(stack);
      const permissions: { [id: string]: GcpPermission } = { Apps: APPS, Key: CloudKmsPermissions.decrypt('eu/flux/sops'), Topic: PubSubPermissions.publish('flux-events') };
      ids.forEach((id) => identity.grant(id, permissions[id]));
      return { json: synth(stack), addresses: addresses(stack) };
    };
    expect(made('Topic', 'Key', 'Apps').json).toEqual(made('Apps', 'Key', 'Topic').json);
    expect(made('Apps', 'Key', 'Topic').addresses).toEqual(expect.arrayContaining(made('Apps', 'Topic').addresses));
  });
});

describe('the same member, role and resource twice', () => {
  const WHY = 'removing one of the grants would revoke the other';

  test('is an error at the second grant, which leaves nothing behind', () => {
    const stack = stackOf();
    const identity = IDENTITIES.gke(stack);
    identity.grant('Apps', APPS);
    const before = addresses(stack);
    const message = messageOf(() => identity.grant('Again', ArtifactRegistryPermissions.pull('acme-prod/europe-west1/apps')));
    expect(message).toContain('[stack/Identity/Again] role "roles/artifactregistry.reader" on Artifact Registry repository for "serviceAccount:acme-prod.svc.id.goog[flux-system/source-controller]", which "stack/Identity/Apps/Reader-flux-system_source-controller" grants already.');
    expect(message).toContain(WHY);
    expect(message).toContain('Fix: keep one grant');
    expect(addresses(stack)).toEqual(before);
  });

  test('is an error across identities, stacks, and new and existing accounts', () => {
    const app = Testing.app();
    const one = stackOf('one', app);
    const two = stackOf('two', app);
    const pool = gkePool(one);
    new FluxGcpServiceAccount(one, 'New', { pool, serviceAccounts: [SOURCE], accountId: 'flux-apps', project: 'acme-prod' }).grant('Apps', APPS);
    const same = FluxGcpServiceAccount.fromEmail(two, 'Same', { pool, serviceAccounts: [TENANT], email: 'flux-apps@acme-prod.iam.gserviceaccount.com' });
    expect(messageOf(() => same.grant('Apps', APPS))).toContain(WHY);
  });

  test('is an error for who may impersonate an account', () => {
    const stack = stackOf();
    const pool = gkePool(stack);
    FluxGcpServiceAccount.fromEmail(stack, 'One', { pool, serviceAccounts: [SOURCE], email: EMAIL });
    expect(messageOf(() => FluxGcpServiceAccount.fromEmail(stack, 'Two', { pool, serviceAccounts: [SOURCE], email: EMAIL })))
      .toContain('"stack/One/WorkloadIdentityUser-flux-system_source-controller" grants already');
  });

  test('is seen through tokens: every read of an attribute is another token', () => {
    const stack = stackOf();
    const bucket = new StorageBucket(stack, 'Bucket', { name: 'b', location: 'EU' });
    const identity = IDENTITIES.newAccount(stack);
    identity.grant('One', CloudStoragePermissions.read(bucket.name));
    expect(messageOf(() => identity.grant('Two', CloudStoragePermissions.read(bucket.name)))).toContain(WHY);
    identity.grant('Cluster', GkePermissions.access(bucket.id));
    expect(messageOf(() => identity.grant('ClusterAgain', GkePermissions.access(bucket.id)))).toContain(WHY);
    expect(() => identity.grant('Three', CloudStoragePermissions.read(new StorageBucket(stack, 'Other', { name: 'c', location: 'EU' }).name))).not.toThrow();
  });

  test('is no error for another resource, member, role, condition or project', () => {
    const stack = stackOf();
    const identity = IDENTITIES.existingAccount(stack);
    const provider = new GoogleProvider(stack, 'Elsewhere', { alias: 'elsewhere', project: 'other-project' });
    const cluster = (name: string) => `projects/acme-prod/locations/europe-west1/clusters/${name}`;
    identity.grant('Apps', ArtifactRegistryPermissions.pull('europe-west1/apps'));
    identity.grant('Elsewhere', ArtifactRegistryPermissions.pull('europe-west1/apps', { provider }));
    identity.grant('Staging', GkePermissions.access(cluster('staging')));
    identity.grant('Testing', GkePermissions.access(cluster('testing')));
    identity.grant('All', GkePermissions.access(cluster('staging'), { wholeProject: true }));
    new FluxGcpPrincipal(stack, 'Tenant', { pool: ownPool(stack), serviceAccounts: [TENANT] }).grant('Apps', ArtifactRegistryPermissions.pull('europe-west1/apps'));
    expect(resources(stack, 'google_project_iam_member')).toHaveLength(3);
    expect(resources(stack, 'google_artifact_registry_repository_iam_member')).toHaveLength(3);
  });

  test('is seen through tokens of another stack, and whether a pool is made or named', () => {
    const app = Testing.app();
    const [one, two] = [stackOf('one', app), stackOf('two', app)];
    const bucket = new StorageBucket(one, 'Bucket', { name: 'b', location: 'EU' });
    const made = ownPool(one);
    new FluxGcpPrincipal(one, 'Made', { pool: made, serviceAccounts: [SOURCE] }).grant('Bucket', CloudStoragePermissions.read(bucket.name));
    const pool = FluxGcpWorkloadPool.fromPoolName(two, 'Pool', { issuer: made.issuer, poolName: made.poolName, providerId: 'prod-eks' });
    const named = new FluxGcpPrincipal(two, 'Named', { pool, serviceAccounts: [SOURCE] });
    expect(messageOf(() => named.grant('Bucket', CloudStoragePermissions.read(bucket.name)))).toContain('"one/Made/Bucket/BucketViewer-flux-system_source-controller" grants already');
  });

  test('is no error for short names in stacks with a project of their own each', () => {
    const app = Testing.app();
    const members = ['dev', 'prod'].map((name) => {
      const stack = stackOf(name, app);
      FluxGcpServiceAccountKey.fromEmail(stack, 'Id', { email: EMAIL, serviceAccounts: [NOTIFICATION] }).grant('Topic', PubSubPermissions.publish('flux-events'));
      return resources(stack, 'google_pubsub_topic_iam_member');
    });
    expect(members.map(({ length }) => length)).toEqual([1, 1]);
  });

  test('is no error again after a grant was refused', () => {
    const stack = stackOf();
    const identity = IDENTITIES.existingAccount(stack);
    identity.grant('Objects', GcpPermission.of({ role: 'roles/storage.objectViewer', resource: GcpResource.bucket('acme-flux') }));
    // Refused at its second role: the first must not stay behind.
    expect(messageOf(() => identity.grant('Bucket', CloudStoragePermissions.read('acme-flux')))).toContain('roles/storage.objectViewer');
    expect(() => identity.grant('Viewer', GcpPermission.of({ role: 'roles/storage.bucketViewer', resource: GcpResource.bucket('acme-flux') }))).not.toThrow();
  });
});
