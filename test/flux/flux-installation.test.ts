import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { App, Aspects, Fn, Lazy, TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { cluster, documents, documentsOf, errorOf, FakeIdentity, installed, installedFor, known, patchesOf, textOf, warned } from './fakes';
import { TestIdentity } from './test-identity';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxCloud } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxHelmValues } from '../../lib/flux/flux-helm-values';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxInstanceConfig } from '../../lib/flux/flux-instance-config';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { FluxRemoteCluster } from '../../lib/flux/flux-remote-cluster';
import { FluxTenant } from '../../lib/flux/flux-tenant';
import { FluxTesting } from '../../lib/flux/flux-testing';
import { FluxValues } from '../../lib/flux/flux-values';
import { FluxGcpPrincipal } from '../../lib/gcp/flux-gcp-principal';
import { FluxGcpWorkloadPool } from '../../lib/gcp/flux-gcp-workload-pool';
import { PubSubPermissions } from '../../lib/gcp/permissions/pub-sub';

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const KUSTOMIZE = FluxServiceAccount.controller(FluxController.KUSTOMIZE);
const TEAM_A = FluxServiceAccount.of('team-a', 'flux');
const version = FluxVersion.V2_9;

const directories: string[] = [];
afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

/** An app that is synthesized as users do, and what each of its stacks says. */
function app() {
  const outdir = mkdtempSync(join(tmpdir(), 'flux-installation-'));
  directories.push(outdir);
  const made = new App({ outdir, skipValidation: true });
  const annotations = (level: string) => Object.values<any>(JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')).stacks)
    .flatMap((stack) => stack.annotations).filter((each) => each.level === `@cdktf/${level}`).map(({ constructPath, message }) => `${constructPath}: ${message}`);
  const output = (stack: string, name: string) => JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')).output[name].value;
  return { app: made, annotations, output };
}

const issuerIn = (stack: Construct, id = 'Cluster') => ClusterIssuer.oidc(stack, id, { url: `https://oidc.example.com/${id}` });

describe('one Flux, described once', () => {
  it('shows in every delivery what is added after it was read', () => {
    const { stack, flux } = installed();
    const [kustomization, manifests] = [new FluxKustomization(stack, 'Kustomization', { installation: flux }), new FluxManifests(stack, 'Manifests', { installation: flux })];
    new TerraformOutput(stack, 'kustomization', { value: kustomization.yaml });
    new TerraformOutput(stack, 'manifests', { value: manifests.yaml });
    flux.addIdentity(new FakeIdentity(stack, 'Source', { serviceAccounts: [SOURCE] }));
    flux.addIdentity(new FakeIdentity(stack, 'Team', { serviceAccounts: [TEAM_A] }));
    const { output } = JSON.parse(Testing.synth(stack));
    expect(documents(output.kustomization.value)[0].patches).toHaveLength(7);
    expect(documents(output.manifests.value).map(({ kind }) => kind)).toEqual(['ServiceAccount', 'Role', 'RoleBinding']);
  });

  it('gives both halves the same version and namespace: they cannot contradict each other', () => {
    const { stack, flux } = installedFor([TEAM_A], undefined, { version: FluxVersion.V2_6, namespace: 'elsewhere' });
    expect(patchesOf(new FluxKustomization(stack, 'Kustomization', { installation: flux })).every(({ patch }) => JSON.stringify(patch).includes('ObjectLevelWorkloadIdentity=true'))).toBe(true);
    const [, , binding] = documentsOf(new FluxManifests(stack, 'Manifests', { installation: flux }));
    expect(binding.subjects.map(({ name, namespace }: any) => `${namespace}/${name}`)).toContain('elsewhere/kustomize-controller');
    expect(errorOf(() => new FluxManifests(stack, 'Other', { installation: flux, namespace: 'other', version } as any))).toContain('option "namespace" of FluxManifests');
  });

  it('is the same whatever the order of adding', () => {
    const render = (order: number[]) => {
      const { stack, flux } = installed();
      const adds = [
        () => flux.addIdentity(new FakeIdentity(stack, 'A', { serviceAccounts: [SOURCE, TEAM_A], settings: { annotations: { a: '1' }, stamp: 'a' } })),
        () => flux.addIdentity(new FakeIdentity(stack, 'B', { cloud: FluxCloud.GCP, serviceAccounts: [SOURCE], settings: { annotations: { b: '2' }, stamp: 'b' } })),
        () => new FluxTenant(stack, 'Team', { installation: flux, namespace: 'team-a' }),
        () => FluxRemoteCluster.generic(stack, 'Remote', { installation: flux, namespace: 'team-a', name: 'r', address: 'https://r.example.com' }),
      ];
      const deliveries = [new FluxKustomization(stack, 'K', { installation: flux }), new FluxManifests(stack, 'M', { installation: flux })];
      order.forEach((index) => adds[index]());
      return deliveries.map(textOf).join('===\n');
    };
    for (const order of [[3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]]) expect(render(order)).toBe(render([0, 1, 2, 3]));
  });

  it('makes no resource, and nothing at all where nothing is read', () => {
    const { stack, flux } = installedFor([SOURCE]);
    void flux;
    const json = JSON.parse(Testing.synth(stack));
    expect(Object.keys(json).filter((key) => !['//', 'terraform'].includes(key))).toEqual([]);
  });

  it('lets one role serve the tenants of two clusters, blue and green', () => {
    const { stack, issuer } = cluster();
    const green = issuerIn(stack, 'Green');
    const [blueFlux, greenFlux] = [issuer, green].map((of, index) => new FluxInstallation(stack, `Flux${index}`, { issuer: of, version }));
    const [a, b] = [blueFlux, greenFlux].map((installation, index) => new FluxTenant(stack, `Tenant${index}`, { installation, namespace: 'team-a' }));
    const role = new FakeIdentity(stack, 'Role', { serviceAccounts: [a.serviceAccount] });
    a.addIdentity(role);
    b.addIdentity(role);
    const [one, two] = [blueFlux, greenFlux].map((installation, index) => textOf(new FluxManifests(stack, `Manifests${index}`, { installation })));
    expect(one).toContain('who: Role-flux');
    expect(two).toBe(one);
  });
});

describe('conflicts', () => {
  it('are found at the adding line, and leave nothing behind', () => {
    const { stack, flux } = installedFor([SOURCE]);
    const kustomization = new FluxKustomization(stack, 'Kustomization', { installation: flux });
    const before = textOf(kustomization);
    const second = new FakeIdentity(stack, 'Second', { serviceAccounts: [KUSTOMIZE, SOURCE] });
    expect(errorOf(() => flux.addIdentity(second))).toContain('[stack/Flux] service account "flux-system/source-controller" in two identities of cloud "aws": "stack/Id" and "stack/Second".');
    expect(textOf(kustomization)).toBe(before);
    expect(warned(flux)).toContain('unlisted-identity:stack/Second');
  });

  it('an installation that is refused takes its place with it: the id and the Flux can be described again', () => {
    const { stack, issuer } = cluster();
    const foreign = new FakeIdentity(stack, 'Foreign', { serviceAccounts: [SOURCE], trusts: false });
    const message = errorOf(() => new FluxInstallation(stack, 'Flux', { issuer, version, identities: [foreign] }));
    expect(message).toContain('identity "stack/Foreign", which does not trust the issuer "stack/Cluster"');
    expect(() => new FluxInstallation(stack, 'Flux', { issuer, version })).not.toThrow();
  });

  it('two installations of one Flux are an error that names both', () => {
    const { stack, issuer } = installed();
    const message = errorOf(() => new FluxInstallation(stack, 'Again', { issuer, version: FluxVersion.V2_6 }));
    expect(message).toContain('[stack/Again] a second description of the Flux in namespace "flux-system" of cluster "stack/Cluster", beside "stack/Flux".');
    expect(message).toContain('Fix: hand "stack/Flux" on');
    expect(() => new FluxInstallation(stack, 'Elsewhere', { issuer, version, namespace: 'gitops' })).not.toThrow();
    expect(() => new FluxInstallation(stack, 'OtherCluster', { issuer: issuerIn(stack, 'Other'), version })).not.toThrow();
  });

  it('an identity of another copy of the library is refused as one', () => {
    const { flux } = installed();
    class FluxServiceAccountOfAnotherCopy { public fluxController = undefined; public namespace = 'a'; public name = 'b'; }
    const { stack } = cluster();
    const identity = new FakeIdentity(stack, 'Id', { serviceAccounts: [new FluxServiceAccountOfAnotherCopy() as any] });
    expect(errorOf(() => flux.addIdentity(identity))).toContain('Allowed: an identity of this copy of the library');
  });

  it('so is one that has no accounts to be told by: its grants would be in no report', () => {
    const { stack, flux } = installed();
    class FluxNodeRoleOfAnotherCopy extends FakeIdentity { public get _grants() { return []; } }
    const identity = new FluxNodeRoleOfAnotherCopy(stack, 'Nodes', { serviceAccounts: [] });
    expect(errorOf(() => flux.addIdentity(identity))).toContain('Allowed: an identity of this copy of the library');
    flux.addIdentity(new FakeIdentity(stack, 'Own', { serviceAccounts: [] })); // a class of the user's own
  });

  it('belongs to a stack', () => {
    const made = Testing.app();
    const issuer = issuerIn(new TerraformStack(made, 'stack'));
    expect(errorOf(() => new FluxInstallation(made, 'Flux', { issuer, version }))).toContain('a FluxInstallation outside of any stack.');
  });
});

describe('what is removed from the tree', () => {
  const read = (stack: TerraformStack, flux: FluxInstallation) => ({
    kustomization: new FluxKustomization(stack, 'Kustomization', { installation: flux }), manifests: new FluxManifests(stack, 'Manifests', { installation: flux }),
  });

  it('drops out of everything that is rendered, also after that was read', () => {
    const { stack, flux } = installed();
    const { kustomization, manifests } = read(stack, flux);
    const nothing = [textOf(kustomization), textOf(manifests)];
    flux.addIdentity(new FakeIdentity(stack, 'Source', { serviceAccounts: [SOURCE] }));
    const some = [textOf(kustomization), textOf(manifests)];
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'team-a', name: 'env' } };
    const holder = new Construct(stack, 'Holder');
    const tenant = new FluxTenant(holder, 'Tenant', { installation: flux, namespace: 'team-a' });
    tenant.addIdentity(new FakeIdentity(stack, 'Team', { serviceAccounts: [TEAM_A], objects: [config] }));
    FluxRemoteCluster.generic(holder, 'Remote', {
      installation: flux, namespace: 'team-b', name: 'remote', address: 'https://a.example.com', serviceAccount: FluxServiceAccount.of('team-b', 'flux'),
    });
    expect(textOf(manifests)).toMatch(/kind: ConfigMap[^]*kind: ConfigMap/);
    stack.node.tryRemoveChild('Team');
    expect(tenant.identities).toEqual([]);
    expect(textOf(manifests)).not.toContain('name: env');
    stack.node.tryRemoveChild('Holder');
    expect([textOf(kustomization), textOf(manifests)]).toEqual(some);
    stack.node.tryRemoveChild('Source');
    expect([textOf(kustomization), textOf(manifests)]).toEqual(nothing);
    expect(flux.warnings).toEqual([]);
  });

  it('drops out of the access report and of the values', () => {
    const { stack, flux } = installed({ values: FluxValues.SUBSTITUTED });
    const before = [flux.access, flux.runtimeInfo].map((text) => FluxTesting.text(stack, text));
    flux.addIdentity(new FakeIdentity(stack, 'Source', { serviceAccounts: [SOURCE] }));
    expect([flux.access, flux.runtimeInfo].map((text) => FluxTesting.text(stack, text))).not.toEqual(before);
    stack.node.tryRemoveChild('Source');
    expect([flux.access, flux.runtimeInfo].map((text) => FluxTesting.text(stack, text))).toEqual(before);
  });

  it('leaves its place to another: account, object, namespace, client ID', () => {
    const { stack, flux } = installed();
    const object = (data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'flux-system', name: 'env' }, data });
    const identity = (id: string) => new FakeIdentity(stack, id, { serviceAccounts: [SOURCE, TEAM_A], objects: [object({ id })] });
    flux.addIdentity(identity('One'));
    expect(errorOf(() => flux.addIdentity(identity('Two')))).toContain('in two identities');
    stack.node.tryRemoveChild('One');
    flux.addIdentity(stack.node.findChild('Two') as FakeIdentity);
    new FluxTenant(stack, 'Tenant', { installation: flux, namespace: 'team-a', serviceAccountName: 'flux' });
    stack.node.tryRemoveChild('Tenant');
    const tenant = new FluxTenant(stack, 'Tenant', { installation: flux, namespace: 'team-a', serviceAccountName: 'other' });
    const text = textOf(new FluxManifests(stack, 'Manifests', { installation: flux }));
    expect(text).toContain('id: Two');
    expect(text).not.toContain('One');
    expect(documents(text).filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata: { name } }) => name)).toEqual(['flux', 'other']);
    expect(tenant.serviceAccount.name).toBe('other');
  });

  it('cannot be added, nor can what is in another app', () => {
    const { stack, flux } = installed();
    const identity = new FakeIdentity(stack, 'Source', { serviceAccounts: [SOURCE] });
    stack.node.tryRemoveChild('Source');
    expect(errorOf(() => flux.addIdentity(identity))).toContain('[stack/Flux] identity "stack/Source", which is not in the tree of this app.');
    const { stack: other } = cluster();
    expect(errorOf(() => flux.addIdentity(new FakeIdentity(other, 'Source', { serviceAccounts: [SOURCE] })))).toContain('is not in the tree of this app');
    expect(errorOf(() => new FluxTenant(other, 'Tenant', { installation: flux, namespace: 'team-a' }))).toContain('tenant "stack/Tenant", which is not in the tree');
    expect(errorOf(() => FluxRemoteCluster.generic(other, 'Remote', {
      installation: flux, namespace: 'team-b', name: 'remote', address: 'https://a.example.com',
    }))).toContain('remote cluster "stack/Remote", which is not in the tree');
    expect(other.node.children.map(({ node }) => node.id)).toEqual(['Cluster', 'Source']);
  });

  it('an installation takes its deliveries with it, and its identities belong to no Flux', () => {
    const { stack, issuer, flux } = installed();
    const { kustomization } = read(stack, flux);
    flux.addIdentity(new FakeIdentity(stack, 'Source', { serviceAccounts: [SOURCE] }));
    stack.node.tryRemoveChild('Flux');
    expect(errorOf(() => textOf(kustomization))).toContain('[stack/Kustomization] a delivery of installation "stack/Flux", which was removed from the tree.');
    const again = new FluxInstallation(stack, 'Flux', { issuer, version });
    expect(warned(again)).toEqual(['unlisted-identity:stack/Source']);
  });
});

describe('grants on services that this Flux does not know', () => {
  it('are refused with the identity, and when they come later', () => {
    const { stack, flux } = installed({ version: FluxVersion.V2_8 });
    const early = new TestIdentity(stack, 'Early', [SOURCE]);
    early.give('Fleet', 'CodeCommit');
    const message = errorOf(() => flux.addIdentity(early));
    expect(message).toContain('[stack/Flux] grant "stack/Early/Fleet" (permission "pull" on CodeCommit) in Flux 2.8.');
    expect(message).toContain('Fix: upgrade to Flux 2.9');
    const late = new TestIdentity(stack, 'Late', [SOURCE]);
    flux.addIdentity(late);
    expect(errorOf(() => late.give('Fleet', 'CodeCommit'))).toContain('[stack/Flux] grant "stack/Late/Fleet" (permission "pull" on CodeCommit) in Flux 2.8.');
    expect(late._grants).toEqual([]);
    late.give('Images', 'ECR');
  });

  it('are taken where Flux does', () => {
    const { stack, flux } = installed();
    const identity = new TestIdentity(stack, 'Id', [SOURCE]);
    identity.give('Fleet', 'CodeCommit');
    flux.addIdentity(identity);
    identity.give('More', 'CodeCommit');
  });
});

describe('what closes an installation', () => {
  it.each<[string, (stack: TerraformStack, flux: FluxInstallation) => unknown, string]>([
    ['objects', (stack, installation) => new FluxManifests(stack, 'Manifests', { installation }).objects, '`objects` of "stack/Manifests" was read'],
    ['hasSecrets', (stack, installation) => new FluxManifests(stack, 'Manifests', { installation }).hasSecrets, '`hasSecrets` of "stack/Manifests" was read'],
  ])('%s must be known at once, so nothing is added after it', (_what, read, reader) => {
    const { stack, flux } = installed();
    const tenant = new FluxTenant(stack, 'Tenant', { installation: flux, namespace: 'team-a' });
    read(stack, flux);
    const identity = new FakeIdentity(stack, 'Id', { serviceAccounts: [SOURCE] });
    const added: [string, () => unknown][] = [
      ['identity "stack/Id"', () => flux.addIdentity(identity)],
      ['identity "stack/Tenant/Id"', () => tenant.addIdentity(new FakeIdentity(tenant, 'Id', { serviceAccounts: [tenant.serviceAccount] }))],
      ['tenant "stack/Late"', () => new FluxTenant(stack, 'Late', { installation: flux, namespace: 'team-b' })],
      ['remote cluster "stack/Remote"', () => FluxRemoteCluster.generic(stack, 'Remote', { installation: flux, namespace: 'a', name: 'b', address: 'https://c' })],
    ];
    for (const [what, add] of added) {
      const message = errorOf(add);
      expect(message).toContain(`[stack/Flux] ${what} after ${reader}.`);
      expect(message).toContain('Fix: add it earlier, or read that last');
    }
    expect(stack.node.tryFindChild('Late')).toBeUndefined();
  });

  it.each<[string, (stack: TerraformStack, flux: FluxInstallation, identity: FakeIdentity) => void]>([
    ['an Aspect', (stack, flux, identity) => Aspects.of(stack).add({ visit: (node) => { if (node === stack) flux.addIdentity(identity); } })],
    ['a Lazy that is resolved later', (stack, flux, identity) => new TerraformOutput(stack, 'lazy', { value: Lazy.stringValue({ produce: () => { flux.addIdentity(identity); return ''; } }) })],
  ])('synthesis does: what %s adds would be missing in stacks that are written', (_what, add) => {
    const made = app();
    const stack = new TerraformStack(made.app, 'stack');
    const flux = new FluxInstallation(stack, 'Flux', { issuer: issuerIn(stack), version });
    add(stack, flux, new FakeIdentity(stack, 'Id', { serviceAccounts: [SOURCE] }));
    const message = errorOf(() => made.app.synth());
    expect(message).toContain('identity "stack/Id" after synthesis began.');
    expect(message).toContain('Fix: add it where it is made, and not in an Aspect or a Lazy');
  });

  it.each<[string, (stack: TerraformStack, grant: () => void) => void]>([
    ['an Aspect of another stack', (stack, grant) => Aspects.of(new TerraformStack(stack.node.root as App, 'z')).add({ visit: () => grant() })],
    ['a Lazy that is resolved later', (stack, grant) => new TerraformOutput(stack, 'lazy', { value: Lazy.stringValue({ produce: () => { grant(); return ''; } }) })],
  ])('so with grants: what %s grants would be in no policy, or in no report', (_what, add) => {
    const made = app();
    const stack = new TerraformStack(made.app, 'stack');
    new GoogleProvider(stack, 'Google', { project: 'acme-prod' });
    const issuer = issuerIn(stack);
    const pool = new FluxGcpWorkloadPool(stack, 'Pool', { issuer, poolId: 'prod', projectNumber: '123456789012' });
    const identity = new FluxGcpPrincipal(stack, 'Id', { pool, serviceAccounts: [FluxServiceAccount.controller(FluxController.NOTIFICATION)] });
    new FluxInstallation(stack, 'Flux', { issuer, version, identities: [identity] });
    add(stack, () => identity.grant('Late', PubSubPermissions.publish('projects/acme-prod/topics/flux')));
    const message = errorOf(() => made.app.synth());
    expect(message).toContain('[stack/Id] grant "Late" after synthesis began.');
    expect(message).toContain('Fix: grant where the identity is made, and not in an Aspect or a Lazy');
  });

  it('a test that reads text does not, nor does synthesis in a test', () => {
    const { stack, flux } = installed();
    const kustomization = new FluxKustomization(stack, 'Kustomization', { installation: flux });
    expect(FluxTesting.text(stack, kustomization.yaml)).not.toContain('patches');
    Testing.synth(stack);
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [SOURCE] }));
    expect(FluxTesting.text(stack, kustomization.yaml)).toContain('patches');
  });
});

describe('text in expressions', () => {
  it('stands there as one string, and structures by jsondecode', () => {
    const { stack, flux } = installed();
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [SOURCE], settings: { annotations: { value: `${known(stack, 'v')}/x`, literal: '${a} "b"\n' } } }));
    const [kustomization, instance] = [new FluxKustomization(stack, 'K', { installation: flux }), new FluxInstanceConfig(stack, 'I', { installation: flux })];
    new TerraformOutput(stack, 'encoded', { value: Fn.base64encode(kustomization.yaml) });
    new TerraformOutput(stack, 'values', { value: Fn.yamlencode({ instance: instance.parts }) });
    const { output } = JSON.parse(Testing.synth(stack));
    expect(output.encoded.value).toMatch(/^\$\{base64encode\(join\("", \["apiVersion: .*value: ", replace\(jsonencode\("\$\{var\.v\}\/x"\), .*\), ".*"\]\)\)\}$/);
    expect(output.encoded.value).toContain('"$${", "a} ');
    expect(output.values.value).toMatch(/^\$\{yamlencode\(\{"instance" = jsondecode\(join\("", \["/);
  });
});

describe('warnings', () => {
  it('are shown once at synthesis, on the installation, each with its id', () => {
    const made = app();
    const stack = new TerraformStack(made.app, 'stack');
    const flux = new FluxInstallation(stack, 'Flux', { issuer: issuerIn(stack), version });
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [SOURCE, TEAM_A] }));
    made.app.synth();
    expect(made.annotations('warn')).toEqual([
      expect.stringMatching(/^stack\/Flux: nobody tells the controllers who they are: make a FluxKustomization.* \[id: undelivered-controllers\]$/),
      expect.stringMatching(/^stack\/Flux: nobody delivers ServiceAccount team-a\/flux, which Flux waits for: make a FluxManifests.* \[id: undelivered-manifests\]$/),
    ]);
    Testing.synth(stack);
    made.app.synth();
    expect(made.annotations('warn')).toHaveLength(2);
  });

  it('do not come when everything is delivered, from whatever stack', () => {
    const made = app();
    const [stack, last] = ['stack', 'last'].map((id) => new TerraformStack(made.app, id));
    const flux = new FluxInstallation(stack, 'Flux', { issuer: issuerIn(stack), version });
    new TerraformOutput(last, 'k', { value: new FluxKustomization(last, 'K', { installation: flux }).yaml });
    new TerraformOutput(last, 'm', { value: new FluxManifests(last, 'M', { installation: flux }).yaml });
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [SOURCE, TEAM_A] }));
    made.app.synth();
    expect(made.annotations('warn')).toEqual([]);
  });

  it.each<[string, (stack: TerraformStack, flux: FluxInstallation) => unknown, string]>([
    ['an object-level identity', (stack, flux) => flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [TEAM_A] })), 'ServiceAccount team-a/flux'],
    ['a ConfigMap that a controller mounts', (stack, flux) => flux.addIdentity(new FakeIdentity(stack, 'Id', {
      serviceAccounts: [SOURCE], objects: [{ kind: 'ConfigMap', metadata: { name: 'gcp', namespace: 'flux-system' } }],
    })), 'ConfigMap flux-system/gcp'],
    ['a tenant', (stack, flux) => new FluxTenant(stack, 'T', { installation: flux, namespace: 'team-b' }), 'Namespace team-b, ServiceAccount team-b/flux'],
    ['a remote cluster', (stack, flux) => FluxRemoteCluster.generic(stack, 'R', { installation: flux, namespace: 'a', name: 'b', address: 'https://c' }), 'ConfigMap a/b'],
  ])('come for %s without FluxManifests', (_what, add, named) => {
    const { stack, flux } = installed();
    void new FluxKustomization(stack, 'K', { installation: flux }).yaml;
    add(stack, flux);
    const of = () => flux.warnings.find(({ id }) => id === 'undelivered-manifests');
    expect(of()!.message).toContain(`nobody delivers ${named}`);
    const manifests = new FluxManifests(stack, 'M', { installation: flux });
    expect(of()!.message).toContain('"stack/M" is there, but nobody reads what it renders');
    void manifests.yaml;
    expect(of()).toBeUndefined();
  });

  it('count what is too long to name', () => {
    const { stack, flux } = installed();
    ['a', 'b', 'c', 'd'].forEach((team) => new FluxTenant(stack, team, { installation: flux, namespace: team }));
    expect(flux.warnings.find(({ id }) => id === 'undelivered-manifests')!.message).toContain('Namespace d, ServiceAccount a/flux and 3 more, which');
  });

  it('come when nobody tells the controllers, and go with any way of telling them', () => {
    for (const tell of [FluxKustomization, FluxHelmValues, FluxInstanceConfig]) {
      const { stack, flux } = installedFor([SOURCE]);
      expect(warned(flux)).toEqual(['undelivered-controllers']);
      void new tell(stack, 'Told', { installation: flux }).yaml;
      expect(warned(flux)).toEqual([]);
    }
    expect(warned(installed({ lockdown: FluxLockdown.kubernetes() }).flux)).toEqual(['undelivered-controllers']);
    expect(warned(installed().flux)).toEqual([]);
  });

  it('name identities that trust the cluster and that no Flux is told of, one by one', () => {
    const { stack, flux } = installed();
    new FakeIdentity(stack, 'Forgotten', { serviceAccounts: [SOURCE] });
    new FakeIdentity(stack, 'Elsewhere', { serviceAccounts: [SOURCE], trusts: false });
    new FakeIdentity(stack, 'Node', { serviceAccounts: [] });
    expect(flux.warnings).toEqual([{ id: 'unlisted-identity:stack/Forgotten', message: expect.stringContaining('no Flux is told of identity "stack/Forgotten"') }]);
    const green = new FluxInstallation(stack, 'Green', { issuer: issuerIn(stack, 'Other'), version });
    green.addIdentity(stack.node.findChild('Forgotten') as FakeIdentity);
    expect(warned(flux)).toEqual([]);
  });

  it('name them at every installation of an app, at one that comes after a synthesis too', () => {
    const { app: root, annotations } = app();
    const add = (id: string) => {
      const stack = new TerraformStack(root, id);
      new FluxInstallation(stack, 'Flux', { issuer: issuerIn(stack), version });
      new FakeIdentity(stack, 'Forgotten', { serviceAccounts: [SOURCE] });
    };
    const unlisted = (flux: string) => annotations('warn').filter((each) => each.startsWith(`${flux}: no Flux is told of`)).map((each) => /"(.*)"/.exec(each)![1]);
    add('One');
    add('Two');
    root.synth();
    expect([unlisted('One/Flux'), unlisted('Two/Flux')]).toEqual([['One/Forgotten', 'Two/Forgotten'], ['One/Forgotten', 'Two/Forgotten']]);
    add('Three');
    root.synth();
    expect(unlisted('Three/Flux')).toEqual(['One/Forgotten', 'Three/Forgotten', 'Two/Forgotten']);
  });

  it('that identities bring are said once for all of them', () => {
    const { stack, flux } = installed();
    void new FluxKustomization(stack, 'K', { installation: flux }).yaml;
    for (const id of ['A', 'B']) flux.addIdentity(new TestIdentity(stack, id, [FluxServiceAccount.controller(id === 'A' ? FluxController.SOURCE : FluxController.HELM)], 'azure-aks-object-level-unstable'));
    expect(flux.warnings).toEqual([{ id: 'azure-aks-object-level-unstable', message: 'in Flux 2.9' }]);
  });

  it('are acknowledged by id; one without cause is an info', () => {
    const made = app();
    const stack = new TerraformStack(made.app, 'stack');
    const flux = new FluxInstallation(stack, 'Flux', {
      issuer: issuerIn(stack), version, acknowledgeWarnings: ['undelivered-manifests', 'undelivered-controllers', 'lockdown-helm-repositories', 'azure-aks-object-level-unstable'],
    });
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [SOURCE, TEAM_A] }));
    made.app.synth();
    expect(made.annotations('warn')).toEqual([]);
    expect(made.annotations('info')).toEqual([
      'stack/Flux: acknowledgeWarnings names "lockdown-helm-repositories", and there is no cause for it any more: remove it.',
      'stack/Flux: acknowledgeWarnings names "azure-aks-object-level-unstable", and there is no cause for it any more: remove it.',
    ]);
    expect(warned(flux)).toEqual(['undelivered-controllers', 'undelivered-manifests']);
  });

  it.each(['undelivered', 'unlisted-identity:', 'undelivered-manifests ', 'ibm-x', 'aws-x', 'azure-whatever', 'aws-owner-policy', 'aws-owner-policy:', ''])('%j is no id of any, and an error', (id) => {
    const message = errorOf(() => installed({ acknowledgeWarnings: [id] }));
    expect(message).toContain(`[stack/Flux] warning "${id}" in \`acknowledgeWarnings\`.`);
    expect(message).toContain('undelivered-manifests, undelivered-operator-values, undelivered-runtime-values, unlisted-identity:<path>');
  });
});

describe('across stacks', () => {
  /** A platform with the cluster's trust anchor, and a team whose role needs it. */
  function landingZone(plain = false) {
    const made = app();
    const platform = new TerraformStack(made.app, 'platform');
    const anchor = new TerraformVariable(platform, 'anchor', { type: 'string' });
    const flux = new FluxInstallation(platform, 'Flux', { issuer: issuerIn(platform), version });
    const team = () => {
      const stack = new TerraformStack(made.app, 'team');
      new TerraformOutput(stack, 'trust', { value: anchor.stringValue });
      const arn = plain ? 'arn:plain' : new TerraformVariable(stack, 'arn', { type: 'string' }).stringValue;
      flux.addIdentity(new FakeIdentity(stack, 'Role', { serviceAccounts: [SOURCE], settings: { annotations: { arn } } }));
    };
    return { ...made, platform, flux, team };
  }

  it('identities of later stacks are in a delivery of the last', () => {
    const { app: made, flux, team, output } = landingZone();
    team();
    const last = new TerraformStack(made, 'last');
    new TerraformOutput(last, 'kustomization', { value: new FluxKustomization(last, 'Kustomization', { installation: flux }).yaml });
    made.synth();
    expect(output('last', 'kustomization')).toContain('arn: ${replace(jsonencode(data.terraform_remote_state.');
    expect(last.dependencies.map(({ node }) => node.path)).toEqual(['team']);
  });

  it.each(['delivery first', 'team first'])('a delivery in a stack that theirs needs is an error that says what to do (%s)', (order) => {
    const { app: made, platform, flux, team } = landingZone();
    if (order === 'team first') team();
    new TerraformOutput(platform, 'kustomization', { value: new FluxKustomization(platform, 'Kustomization', { installation: flux }).yaml });
    if (order === 'delivery first') team();
    const message = errorOf(() => made.synth());
    expect(message).toContain('[platform/Kustomization] values of stack "team" in text that stack "platform" uses, while "team" itself needs "platform".');
    expect(message).toContain('Fix: make the deliveries in the last stack, after those of all identities, or pass `account` and `name` to the roles of "team"');
  });

  it('an eager reader says so at its own line', () => {
    const { platform, flux, team } = landingZone();
    team();
    flux.addIdentity(new FakeIdentity(platform.node.root.node.findChild('team') as TerraformStack, 'Team', {
      serviceAccounts: [TEAM_A], settings: { annotations: { arn: new TerraformVariable(platform.node.root.node.findChild('team') as TerraformStack, 'team', {}).stringValue } },
    }));
    expect(errorOf(() => new FluxManifests(platform, 'Manifests', { installation: flux }).objects)).toContain('[platform/Manifests] values of stack "team"');
  });

  it('values that are known at synth need no order', () => {
    const { app: made, platform, flux, team, output } = landingZone(true);
    new TerraformOutput(platform, 'kustomization', { value: new FluxKustomization(platform, 'Kustomization', { installation: flux }).yaml });
    team();
    made.synth();
    expect(output('platform', 'kustomization')).toContain('arn: arn:plain');
  });
});
