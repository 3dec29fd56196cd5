import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { App, Testing } from 'cdktf';
import { Cluster, readFleet } from '../../examples/fleet/fleet-file';
import { addFleet } from '../../examples/fleet/stack';
import { FluxServiceAccount, FluxTesting } from '../../lib';
import { expectAccess } from '../../lib/testing';

const FLEET = readFleet(resolve(__dirname, '../../examples/fleet/fleet.yaml'));
const folder = mkdtempSync(join(tmpdir(), 'fleet-'));
afterAll(() => rmSync(folder, { recursive: true }));

const of = (name: string) => FLEET.find((cluster) => cluster.name === name)!;

describe('the fleet', () => {
  test('has 90 clusters on three clouds, with five tenants each', () => {
    const count = (cloud: string) => FLEET.filter((cluster) => cluster.cloud === cloud).length;
    expect([count('aws'), count('azure'), count('gcp')]).toEqual([30, 30, 30]);
    expect(new Set(FLEET.map(({ tenants }) => tenants.length))).toEqual(new Set([5]));
  });

  test('is a stack for each cluster, with its resources and its files, which are known at synthesis', () => {
    const app = Testing.app();
    const stacks = addFleet(app, FLEET);
    expect(stacks).toHaveLength(90);
    const made: { [type: string]: number } = {};
    for (const stack of stacks) {
      const { resource = {} } = JSON.parse(Testing.synth(stack));
      for (const [type, named] of Object.entries<object>(resource)) made[type] = (made[type] ?? 0) + Object.keys(named).length;
    }
    // Six identities in each cluster: of the controllers, and of five tenants. No local_file.
    expect(made).toEqual({
      aws_iam_openid_connect_provider: 30,
      aws_iam_role: 180,
      aws_iam_role_policy: 180,
      azurerm_federated_identity_credential: 210,
      azurerm_role_assignment: 180,
      azurerm_user_assigned_identity: 180,
      google_artifact_registry_repository_iam_member: 210,
    });
  });

  test('lies in the repository as two files for each cluster, which name no other', () => {
    const app = Testing.app();
    const stacks = addFleet(app, [of('eks-dev-01'), of('eks-dev-02')]);
    const manifests = (index: number) => FluxTesting.text(stacks[index], (stacks[index].node.findChild('Manifests') as any).yaml);
    expect(manifests(0)).toContain('namespace: checkout');
    expect(manifests(0)).not.toContain('eks-dev-02');
    expect(manifests(0)).toBe(manifests(1)); // values come at run time: clusters that are alike have the same files
  });

  test.each([
    ['eks-dev-01', { action: 'ecr:BatchGetImage' }, (team: string) => ({ resource: `arn:aws:ecr:eu-west-1:111122223333:repository/${team}/web` })],
    ['gke-dev-01', { permission: 'artifactregistry.repositories.downloadArtifacts' }, (team: string) => ({ resource: `projects/acme-dev-01/locations/europe-west1/repositories/${team}` })],
  ])('lets a tenant of %s pull its own images, and no other\'s', (name, right, place) => {
    const [stack] = addFleet(Testing.app(), [of(name)]);
    const expectation = expectAccess(stack).of(FluxServiceAccount.of('checkout', 'flux')) as any;
    expectation.allows({ ...right, ...place('checkout') }).denies({ ...right, ...place('payments') });
  });

  test('is the same in any order', () => {
    const some = FLEET.filter((_, index) => index % 15 === 0);
    const synthesized = (clusters: readonly Cluster[]) => (
      Object.fromEntries(addFleet(Testing.app(), clusters).map((stack) => [stack.node.id, Testing.synth(stack)]))
    );
    expect(synthesized([...some].reverse())).toEqual(synthesized(some));
  });
});

describe('a fleet file that is wrong', () => {
  const line = (changes: object = {}, name = 'one') => JSON.stringify({
    name, cloud: 'aws', account: '111122223333', region: 'eu-west-1', flux: '2.10', tenants: ['team-a'], ...changes,
  });
  const read = (...clusters: string[]) => {
    const path = join(folder, 'fleet.yaml');
    writeFileSync(path, clusters.length === 0 ? '' : `clusters:\n${clusters.map((cluster) => `  - ${cluster}\n`).join('')}`);
    return readFleet(path);
  };

  test.each<[string, string[], string[]]>([
    ['a double', [line(), line({}, 'two'), line()], ['fleet.yaml:4: cluster "one" is there already, in line 2.']],
    ['a version that does not exist', [line({ flux: '1.3' })], ['fleet.yaml:2: "flux" is "1.3", and can be 2.6, 2.7, 2.8, 2.9, 2.10.']],
    ['a version without quotes', [line(), '{ name: two, cloud: aws, account: "111122223333", region: eu-west-1, flux: 2.10, tenants: [team-a] }'],
      ['fleet.yaml:3: "flux" is not a text: "2.10" in quotes is.']],
    ['an account without quotes', ['{ name: two, cloud: aws, account: 011122223333, region: eu-west-1, flux: "2.10", tenants: [team-a] }'],
      ['fleet.yaml:2: "account" is not a text: "011122223333" in quotes is.']],
    ['missing fields', [line({ region: undefined, tenants: undefined })], ['fleet.yaml:2: "region" is missing.', 'fleet.yaml:2: "tenants" is missing.']],
    ['an empty text', [line({ region: '' })], ['fleet.yaml:2: "region" is not a text.']],
    ['a field that nobody knows', [line({ zone: 'a' })], ['fleet.yaml:2: no field is called "zone". Fields: name, cloud, account, region, flux, tenants.']],
    ['another cloud', [line({ cloud: 'ibm' })], ['fleet.yaml:2: "cloud" is "ibm", and can be aws, azure, gcp.']],
    ['a tenant twice', [line({ tenants: ['a', 'b', 'a'] })], ['fleet.yaml:2: tenant "a" is there twice.']],
    ['tenants that are none', [line({ tenants: 'team-a' })], ['fleet.yaml:2: "tenants" is not a list of namespaces.']],
    ['no tenants', [line({ tenants: [] })], ['fleet.yaml:2: "tenants" is not a list of namespaces.']],
    ['a cluster that is a name', ['eks-01'], ['fleet.yaml:2: a cluster is written { name: ..., cloud: ..., ... }.']],
    ['no YAML', [line(), '{ name: ['], ['fleet.yaml:4: ', 'fleet.yaml:4: ']],
    ['nothing', [], ['fleet.yaml:1: "clusters" is not a list of clusters.']],
    ['several at once, in order', [line({ flux: '3' }), line({ cloud: 'x' }, 'two')], ['fleet.yaml:2: ', 'fleet.yaml:3: ']],
  ])('%s: says the line', (_, clusters, messages) => {
    const caught = (() => {
      try {
        return read(...clusters);
      } catch (error: any) {
        return (error.message as string).split('\n- ');
      }
    })();
    expect(caught).toEqual(['the fleet is not as it should be:', ...messages.map((message) => message.endsWith(': ') ? expect.stringContaining(message) : message)]);
  });

  test('what only the library refuses has its line too', () => {
    expect(() => addFleet(Testing.app(), read(line(), line({ tenants: ['Team_A'] }, 'two')))).toThrow(/^fleet\.yaml:3: \[flux-fleet-two\/Team_A] /);
    expect(() => addFleet(Testing.app(), read(line({ flux: '2.6' })))).toThrow(/^fleet\.yaml:2: \[flux-fleet-one\/Flux] /);
  });

  test('a list of tenants may stand once and be referred to', () => {
    const path = join(folder, 'alias.yaml');
    writeFileSync(path, `clusters:\n  - ${line().replace('["team-a"]', '&all [team-a, team-b]')}\n  - ${line({}, 'two').replace('["team-a"]', '*all ')}\n`);
    expect(readFleet(path).map(({ tenants }) => tenants)).toEqual([['team-a', 'team-b'], ['team-a', 'team-b']]);
  });

  test('nothing is written', () => {
    const app = new App({ outdir: join(folder, 'out') });
    expect(() => addFleet(app, read(line(), line()))).toThrow('is there already');
    expect(app.node.children).toEqual([]);
  });
});
