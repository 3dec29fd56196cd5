import { readFileSync } from 'fs';
import { join } from 'path';
import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket';
import { App, Testing } from 'cdktf';
import { addresses, eks, gke, messageOf, resolved, resources, SOURCE, stackOf, synth, TENANT, token, TOKEN } from './setup';
import { ArtifactRegistryPermissions, ClusterIssuer, FluxController, FluxGcpPrincipal, FluxGcpServiceAccount, FluxGcpWorkloadPool, FluxServiceAccount, Jwks } from '../../lib';
import { prepare, refused } from '../support';

const PROVIDER = 'google_iam_workload_identity_pool_provider';
const NAME = 'projects/123456789012/locations/global/workloadIdentityPools/prod-eks';

describe('a pool of its own', () => {
  test('does not trust the service accounts of an identity that was refused', () => {
    const stack = stackOf();
    const pool = new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod-eks' });
    const email = 'flux-sops@acme-prod.iam.gserviceaccount.com';
    FluxGcpServiceAccount.fromEmail(stack, 'First', { pool, email, serviceAccounts: [TENANT] });
    const other = FluxServiceAccount.of('team-b', 'flux');
    expect(() => FluxGcpServiceAccount.fromEmail(stack, 'Second', { pool, email, serviceAccounts: [other, TENANT] })).toThrow('grants already');
    expect(Object.values<any>(synth(stack).resource[PROVIDER])[0].attribute_condition).toBe('assertion.sub in [\'system:serviceaccount:team-a:flux\']');
  });

  test('trusts exactly the service accounts that use it, in any order', () => {
    const render = (accounts: FluxServiceAccount[]) => {
      const stack = stackOf();
      const pool = new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod-eks' });
      accounts.forEach((account) => new FluxGcpPrincipal(stack, `Of-${account.namespace}`, { pool, serviceAccounts: [account] }));
      return synth(stack);
    };
    const made = render([SOURCE, TENANT]);
    expect(made).toEqual(render([TENANT, SOURCE]));
    expect(Object.values<any>(made.resource[PROVIDER])[0]).toMatchObject({
      attribute_condition: 'assertion.sub in [\'system:serviceaccount:flux-system:source-controller\', \'system:serviceaccount:team-a:flux\']',
      attribute_mapping: {
        'google.subject': 'assertion.sub',
        'attribute.namespace': 'assertion[\'kubernetes.io\'][\'namespace\']',
        'attribute.service_account_name': 'assertion[\'kubernetes.io\'][\'serviceaccount\'][\'name\']',
      },
      oidc: { issuer_uri: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE' },
      workload_identity_pool_provider_id: 'prod-eks',
    });
    expect(JSON.stringify(made)).not.toMatch(/pod/);
    // Google's default stands for the two audiences that Flux asks for.
    expect(Object.values<any>(made.resource[PROVIDER])[0].oidc.allowed_audiences).toBeUndefined();
  });

  test('counts identities of other stacks in', () => {
    const app = Testing.app();
    const first = stackOf('first', app);
    const second = stackOf('second', app);
    const pool = new FluxGcpWorkloadPool(first, 'Pool', { issuer: eks(first), poolId: 'prod-eks', project: 'acme-prod' });
    new FluxGcpPrincipal(second, 'Tenant', { pool, serviceAccounts: [TENANT] });
    expect(resources(first, PROVIDER)[0].attribute_condition).toBe('assertion.sub in [\'system:serviceaccount:team-a:flux\']');
  });

  test('takes namespaces, or a condition, in place of the list', () => {
    const stack = stackOf();
    const issuer = eks(stack);
    new FluxGcpWorkloadPool(stack, 'Tenants', { issuer, poolId: 'tenants', namespaces: ['team-b', 'team-a'] });
    new FluxGcpWorkloadPool(stack, 'Own', { issuer, poolId: 'own-one', attributeCondition: 'assertion.sub.startsWith(\'system:\')' });
    expect(resources(stack, PROVIDER).map((provider) => provider.attribute_condition).sort()).toEqual([
      'assertion.sub.startsWith(\'system:\')', 'assertion[\'kubernetes.io\'][\'namespace\'] in [\'team-a\', \'team-b\']',
    ]);
  });

  test('has plain names where the project number is known, and Terraform checks them', () => {
    const stack = stackOf();
    const pool = new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod-eks', providerId: 'eks-1', projectNumber: '123456789012', namespaces: ['a'] });
    expect(pool.poolName).toBe(NAME);
    expect(pool.providerName).toBe(`${NAME}/providers/eks-1`);
    expect(pool.kubernetesUserNameOf(TENANT)).toBe(`principal://iam.googleapis.com/${NAME}/subject/system:serviceaccount:team-a:flux`);
    expect(resources(stack, PROVIDER)[0].lifecycle.postcondition[0].condition).toBe(`\${self.name == "${NAME}/providers/eks-1"}`);
  });

  test('leaves names to Terraform otherwise', () => {
    const stack = stackOf();
    const pool = new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: token(stack), projectNumber: '123456789012', namespaces: ['a'] });
    expect(resolved(stack, pool.providerName)).toMatch(/^\$\{google_iam_workload_identity_pool_provider\.Pool_Provider_\w+\.name\}$/);
    expect(resources(stack, 'google_iam_workload_identity_pool')[0].workload_identity_pool_id).toBe(TOKEN);
    expect(resources(stack, PROVIDER)[0].lifecycle.postcondition).toBeUndefined();
  });

  test('can be kept from destruction, with its provider', () => {
    const stack = stackOf();
    new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod-eks', namespaces: ['a'], preventDestroy: true });
    expect(resources(stack, 'google_iam_workload_identity_pool')[0].lifecycle).toEqual({ prevent_destroy: true });
    expect(resources(stack, PROVIDER)[0].lifecycle).toEqual({ prevent_destroy: true });
  });

  test('uploads keys without what Google refuses, compact and in order', () => {
    const file = join(__dirname, '../../examples/kind-to-gcp/jwks.json');
    const [{ kid, n }] = JSON.parse(readFileSync(file, 'utf8')).keys;
    const stack = stackOf();
    const jwks = Jwks.fromText(JSON.stringify({ keys: [{ x5c: ['MII'], x5t: 'x', ...JSON.parse(readFileSync(file, 'utf8')).keys[0] }] }));
    new FluxGcpWorkloadPool(stack, 'Pool', { issuer: ClusterIssuer.oidc(stack, 'Kind', { url: 'https://kubernetes.default.svc.cluster.local' }), poolId: 'kind', namespaces: ['a'], jwks });
    expect(resources(stack, PROVIDER)[0].oidc.jwks_json).toBe(`{"keys":[{"alg":"RS256","e":"AQAB","kid":"${kid}","kty":"RSA","n":"${n}","use":"sig"}]}`);
  });

  test('adds the audiences of Flux to those of the user', () => {
    const stack = stackOf();
    new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod-eks', projectNumber: '123456789012', namespaces: ['a'], allowedAudiences: ['backup'] });
    expect(resources(stack, PROVIDER)[0].oidc.allowed_audiences).toEqual([
      `//iam.googleapis.com/${NAME}/providers/prod-eks`, 'backup', `https://iam.googleapis.com/${NAME}/providers/prod-eks`,
    ]);
  });
});

describe('other pools', () => {
  test('GKE\'s own makes nothing', () => {
    const stack = stackOf();
    const pool = FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: 'acme-prod', issuer: gke(stack) });
    expect(pool.poolName).toBe('acme-prod.svc.id.goog');
    expect(pool.providerName).toBeUndefined();
    expect(addresses(stack)).toEqual([]);
  });

  test('GKE\'s own takes a project that only Terraform knows', () => {
    const stack = stackOf();
    const pool = FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: token(stack), issuer: gke(stack) });
    expect(resolved(stack, pool.memberOf(TENANT))).toBe('serviceAccount:${google_storage_bucket.SomeBucket.name}.svc.id.goog[team-a/flux]');
  });

  test('members wait for the cluster that makes GKE\'s pool, across stacks too', () => {
    const app = Testing.app();
    const stack = stackOf('first', app);
    const other = stackOf('second', app);
    const dependsOn = [new StorageBucket(stack, 'First', { name: 'b', location: 'EU' }), new StorageBucket(other, 'Second', { name: 'b', location: 'EU' })];
    const pool = FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: 'acme-prod', issuer: gke(stack), dependsOn });
    new FluxGcpPrincipal(stack, 'Images', { pool, serviceAccounts: [SOURCE] }).grant('Apps', ArtifactRegistryPermissions.pull('apps'));
    new FluxGcpServiceAccount(stack, 'Account', { pool, serviceAccounts: [TENANT], accountId: 'flux-apps' });
    expect(resources(stack, 'google_artifact_registry_repository_iam_member')[0].depends_on).toEqual(['google_storage_bucket.First']);
    expect(resources(stack, 'google_service_account_iam_member')[0].depends_on).toEqual(['google_storage_bucket.First']);
    prepare(app);
    expect(stack.dependencies).toContain(other);
  });

  test('members cannot wait for a cluster in a stack that takes something from theirs', () => {
    const app = Testing.app();
    const [stack, other] = [stackOf('first', app), stackOf('second', app)];
    const bucket = new StorageBucket(stack, 'First', { name: 'b', location: 'EU' });
    const cluster = new StorageBucket(other, 'Cluster', { name: bucket.id, location: 'EU' });
    const pool = FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: 'acme-prod', issuer: gke(stack), dependsOn: [cluster] });
    new FluxGcpPrincipal(stack, 'Images', { pool, serviceAccounts: [SOURCE] }).grant('Apps', ArtifactRegistryPermissions.pull('apps'));
    const error = refused(() => prepare(app));
    expect(error.given).toContain('"second/Cluster" before it, while stack "second" itself needs stack "first".');
    expect(error.fix).toContain('move one of them into the stack of the other');
  });

  test('an existing one is named, not made', () => {
    const stack = stackOf();
    const pool = FluxGcpWorkloadPool.fromPoolName(stack, 'Pool', { issuer: eks(stack), poolName: NAME, providerId: 'eks-1' });
    expect(pool.providerName).toBe(`${NAME}/providers/eks-1`);
    expect(pool.memberOf(TENANT)).toBe(`principal://iam.googleapis.com/${NAME}/subject/system:serviceaccount:team-a:flux`);
    expect(addresses(stack)).toEqual([]);
  });

  test('an existing one may be a token', () => {
    const stack = stackOf();
    const pool = FluxGcpWorkloadPool.fromPoolName(stack, 'Pool', { issuer: eks(stack), poolName: token(stack), providerId: 'eks-1' });
    expect(resolved(stack, pool.providerName)).toBe(`${TOKEN}/providers/eks-1`);
  });
});

describe('two clusters in one pool', () => {
  const TRAP = 'flux-system/source-controller of either cluster would be the same identity';

  test('are an error: GKE\'s own pool', () => {
    const stack = stackOf();
    FluxGcpWorkloadPool.gke(stack, 'Blue', { projectId: 'acme-prod', issuer: gke(stack, 'blue') });
    const message = messageOf(() => FluxGcpWorkloadPool.gke(stack, 'Green', { projectId: 'acme-prod', issuer: gke(stack, 'green') }));
    expect(message).toContain('[stack/Green] pool "acme-prod.svc.id.goog" for a second cluster: "stack/Blue" uses it');
    expect(message).toContain(TRAP);
    expect(message).toContain('Fix: make a FluxGcpWorkloadPool of its own for each cluster (on GKE too), or say that one identity for both is meant: `sharedWith');
  });

  test('of which one was refused: the name is free again', () => {
    const stack = stackOf();
    new FluxGcpWorkloadPool(stack, 'First', { issuer: eks(stack), poolId: 'flux-pool' });
    const number = '123456789012';
    expect(() => new FluxGcpWorkloadPool(stack, 'Second', { issuer: gke(stack), poolId: 'flux-pool', projectNumber: number })).toThrow('for a second cluster');
    const poolName = `projects/${number}/locations/global/workloadIdentityPools/flux-pool`;
    expect(FluxGcpWorkloadPool.fromPoolName(stack, 'Third', { issuer: gke(stack, 'third'), poolName, providerId: 'third' }).poolName).toBe(poolName);
  });

  test('are an error: an existing pool, an id used twice', () => {
    const stack = stackOf();
    FluxGcpWorkloadPool.fromPoolName(stack, 'Blue', { issuer: eks(stack), poolName: NAME, providerId: 'blue' });
    expect(messageOf(() => FluxGcpWorkloadPool.fromPoolName(stack, 'Green', { issuer: gke(stack), poolName: NAME, providerId: 'green' }))).toContain(TRAP);
    new FluxGcpWorkloadPool(stack, 'One', { issuer: eks2(stack), poolId: 'prod', namespaces: ['a'] });
    expect(messageOf(() => new FluxGcpWorkloadPool(stack, 'Two', { issuer: gke(stack, 'other'), poolId: 'prod', namespaces: ['a'] }))).toContain(TRAP);
  });

  describe('that have one URL, as every cluster of kubeadm does', () => {
    const URL = 'https://kubernetes.default.svc.cluster.local';
    const jwks = (kid: string) => Jwks.fromText(JSON.stringify({ keys: [{ ...JSON.parse(readFileSync(join(__dirname, '../../examples/kind-to-gcp/jwks.json'), 'utf8')).keys[0], kid }] }));
    const kubeadm = (stack: any, id: string, keys?: Jwks) => ClusterIssuer.oidc(stack, id, { url: URL, jwks: keys });
    const poolOf = (stack: any, id: string, issuer: any) => (
      FluxGcpWorkloadPool.fromPoolName(stack, id, { issuer, poolName: NAME, providerId: id.toLowerCase() })
    );

    test('are told apart by their keys', () => {
      const stack = stackOf();
      poolOf(stack, 'Blue', kubeadm(stack, 'BlueCluster', jwks('blue')));
      expect(messageOf(() => poolOf(stack, 'Green', kubeadm(stack, 'GreenCluster', jwks('green'))))).toContain(TRAP);
      expect(() => poolOf(stack, 'Again', kubeadm(stack, 'BlueAgain', jwks('blue')))).not.toThrow();
    });

    test('by the keys that pools were given', () => {
      const stack = stackOf();
      const made = (id: string, issuer: any, keys: Jwks) => new FluxGcpWorkloadPool(stack, id, {
        issuer, jwks: keys, namespaces: ['a'], poolId: 'fleet', project: 'acme-prod', projectNumber: '123456789012',
      });
      made('Blue', kubeadm(stack, 'BlueCluster'), jwks('blue'));
      expect(messageOf(() => made('Green', kubeadm(stack, 'GreenCluster'), jwks('green')))).toContain(TRAP);
    });

    test('by the construct where no keys are known', () => {
      const stack = stackOf();
      const blue = kubeadm(stack, 'BlueCluster');
      poolOf(stack, 'Blue', blue);
      expect(messageOf(() => poolOf(stack, 'Green', kubeadm(stack, 'GreenCluster')))).toContain(TRAP);
      expect(() => poolOf(stack, 'Again', blue)).not.toThrow();
    });

    test('and an identity of one is not trusted by the other', () => {
      const stack = stackOf();
      const [blue, green] = [kubeadm(stack, 'BlueCluster', jwks('blue')), kubeadm(stack, 'GreenCluster', jwks('green'))];
      const pool = poolOf(stack, 'Blue', blue);
      const identities = [
        new FluxGcpPrincipal(stack, 'Principal', { pool, serviceAccounts: [SOURCE] }),
        new FluxGcpServiceAccount(stack, 'Account', { pool, serviceAccounts: [SOURCE], accountId: 'flux-apps' }),
        FluxGcpServiceAccount.fromEmail(stack, 'Existing', { pool, serviceAccounts: [SOURCE], email: 'flux-sops@acme-prod.iam.gserviceaccount.com' }),
      ];
      expect(identities.map((identity) => [identity.trusts(blue), identity.trusts(green)])).toEqual(Array(3).fill([true, false]));
    });
  });

  test('of one URL on the internet are one cluster, whoever names it', () => {
    const stack = stackOf();
    const issuer = (id: string) => ClusterIssuer.oidc(stack, id, { url: 'https://oidc.example.com/prod' });
    FluxGcpWorkloadPool.fromPoolName(stack, 'Blue', { issuer: issuer('One'), poolName: NAME, providerId: 'blue' });
    expect(() => FluxGcpWorkloadPool.fromPoolName(stack, 'Green', { issuer: issuer('Two'), poolName: NAME, providerId: 'green' })).not.toThrow();
  });

  test('are an error: a new pool, imported by its token', () => {
    const stack = stackOf();
    const pool = new FluxGcpWorkloadPool(stack, 'Blue', { issuer: eks(stack), poolId: 'blue', namespaces: ['a'] });
    expect(messageOf(() => FluxGcpWorkloadPool.fromPoolName(stack, 'Green', { issuer: gke(stack), poolName: pool.poolName, providerId: 'green' }))).toContain(TRAP);
  });

  test('share it when it is asked for', () => {
    const stack = stackOf();
    const blue = new FluxGcpWorkloadPool(stack, 'Blue', { issuer: eks(stack), poolId: 'fleet', projectNumber: '123456789012', namespaces: ['a'] });
    const green = new FluxGcpWorkloadPool(stack, 'Green', { issuer: gke(stack), providerId: 'green', sharedWith: blue, namespaces: ['a'] });
    expect(resolved(stack, green.memberOf(TENANT))).toBe(resolved(stack, blue.memberOf(TENANT)));
    expect(green.providerName).toBe('projects/123456789012/locations/global/workloadIdentityPools/fleet/providers/green');
    expect(resources(stack, 'google_iam_workload_identity_pool')).toHaveLength(1);
    expect(resources(stack, PROVIDER).map(({ workload_identity_pool_id }) => workload_identity_pool_id))
      .toEqual(Array(2).fill('${google_iam_workload_identity_pool.Blue.workload_identity_pool_id}'));
    const first = FluxGcpWorkloadPool.gke(stack, 'First', { projectId: 'acme-prod', issuer: gke(stack, 'first') });
    expect(FluxGcpWorkloadPool.gke(stack, 'Second', { projectId: 'acme-prod', issuer: gke(stack, 'second'), sharedWith: first }).poolName).toBe(first.poolName);
    const third = FluxGcpWorkloadPool.fromPoolName(stack, 'Third', { issuer: eks2(stack), poolName: NAME, providerId: 'third' });
    const fourth = new FluxGcpWorkloadPool(stack, 'Fourth', { issuer: gke(stack, 'fourth'), providerId: 'fourth', sharedWith: third, namespaces: ['a'] });
    expect(fourth.poolName).toBe(NAME);
    expect(resources(stack, PROVIDER).map(({ workload_identity_pool_id }) => workload_identity_pool_id)).toContain('prod-eks');
  });

  test('are no error with one id in two stacks, each with a project of its own', () => {
    const app = Testing.app();
    const ids = ['dev', 'prod'].map((name) => {
      const stack = stackOf(name, app);
      const issuer = ClusterIssuer.oidc(stack, 'Cluster', { url: `https://oidc.example.com/${name}` });
      new FluxGcpPrincipal(stack, 'Images', { pool: new FluxGcpWorkloadPool(stack, 'Pool', { issuer, poolId: 'cluster' }), serviceAccounts: [SOURCE] });
      return resources(stack, PROVIDER)[0].workload_identity_pool_provider_id;
    });
    expect(ids).toEqual(['cluster', 'cluster']);
  });

  test('put their providers into the project of the pool', () => {
    const stack = stackOf();
    const sharedWith = new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod', project: 'acme-trust' });
    const pool = new FluxGcpWorkloadPool(stack, 'Second', { issuer: gke(stack), providerId: 'second', sharedWith });
    [sharedWith, pool].forEach((one, index) => new FluxGcpPrincipal(stack, `Id${index}`, { pool: one, serviceAccounts: [index === 0 ? SOURCE : TENANT] }));
    expect(resources(stack, PROVIDER).map(({ project }) => project)).toEqual(['acme-trust', 'acme-trust']);
  });

  test('one cluster may name its pool twice', () => {
    const stack = stackOf();
    const issuer = gke(stack);
    FluxGcpWorkloadPool.gke(stack, 'One', { projectId: 'acme-prod', issuer });
    expect(() => FluxGcpWorkloadPool.gke(stack, 'Two', { projectId: 'acme-prod', issuer })).not.toThrow();
  });

  test('`sharedWith` must be that pool', () => {
    const stack = stackOf();
    const other = FluxGcpWorkloadPool.fromPoolName(stack, 'Other', { issuer: eks(stack), poolName: NAME, providerId: 'x' });
    const message = messageOf(() => FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: 'acme-prod', issuer: gke(stack), sharedWith: other }));
    expect(message).toContain(`sharedWith "stack/Other", which is pool "${NAME}" and not "acme-prod.svc.id.goog".`);
    expect(message).toContain('Fix: leave `sharedWith` out');
  });

  function eks2(stack: any) {
    return ClusterIssuer.eks(stack, 'Eks2', { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/OTHER' });
  }
});

describe('the limit of the condition', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => FluxServiceAccount.of(`team-${index}`, 'flux-with-a-rather-long-name'));

  test('is found where the identity is made, and the fix works', () => {
    const stack = stackOf();
    const pool = new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod-eks' });
    new FluxGcpPrincipal(stack, 'Some', { pool, serviceAccounts: many(40) });
    const message = messageOf(() => new FluxGcpPrincipal(stack, 'Many', { pool, serviceAccounts: many(70).slice(40) }));
    expect(message).toMatch(/^\[stack\/Many\] an attribute condition of \d{4} characters for pool "stack\/Pool"\./);
    expect(message).toContain('at most 4096 characters');
    expect(message).toContain('Fix: set `namespaces` of pool "stack/Pool" to the namespaces of its service accounts, or its `attributeCondition`');
    const namespaces = many(70).map(({ namespace }) => namespace);
    const wide = new FluxGcpWorkloadPool(stack, 'Wide', { issuer: eks(stackOf('x', stack.node.root as App)), poolId: 'wide', namespaces });
    expect(() => new FluxGcpPrincipal(stack, 'All', { pool: wide, serviceAccounts: many(70) })).not.toThrow();
  });

  test('of namespaces too', () => {
    const stack = stackOf();
    const namespaces = Array.from({ length: 300 }, (_, index) => `some-namespace-${index}`);
    expect(messageOf(() => new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod-eks', namespaces })))
      .toContain('Fix: drop namespaces, or pass an `attributeCondition` of your own');
  });

  test('a pool that nobody uses is an error at synth', () => {
    const stack = stackOf();
    new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod-eks' });
    const run = () => synth(stack);
    expect(run).toThrow('a pool that no identity of this app uses.');
    expect(run).toThrow('set `namespaces` if the identities are in other apps, or remove the pool');
  });

  test('of the subject', () => {
    const stack = stackOf();
    const pool = new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod-eks' });
    const account = (length: number) => FluxServiceAccount.of('a'.repeat(63), 'b'.repeat(length - 63));
    expect(() => new FluxGcpPrincipal(stack, 'Fits', { pool, serviceAccounts: [account(104)] })).not.toThrow();
    const message = messageOf(() => new FluxGcpPrincipal(stack, 'Long', { pool, serviceAccounts: [account(105)] }));
    expect(message).toContain('whose subject has 128 characters.');
    expect(message).toContain('at most 104 characters for namespace and name together');
    const imported = FluxGcpWorkloadPool.fromPoolName(stack, 'Imported', { issuer: eks(stackOf('x', stack.node.root as App)), poolName: NAME, providerId: 'x' });
    expect(messageOf(() => new FluxGcpPrincipal(stack, 'Long2', { pool: imported, serviceAccounts: [account(105)] }))).toContain('Fix: shorten the name');
    // The pool of GKE builds no such subject.
    const own = FluxGcpWorkloadPool.gke(stack, 'Gke', { projectId: 'acme-prod', issuer: gke(stack) });
    expect(() => new FluxGcpPrincipal(stack, 'Gke2', { pool: own, serviceAccounts: [account(105), FluxServiceAccount.controller(FluxController.SOURCE)] })).not.toThrow();
  });
});
