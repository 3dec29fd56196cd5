import { TerraformStack, TerraformVariable } from 'cdktf';
import { FakeIdentity } from './fakes';
import { kustomization, manifests } from './support';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxCloud, FluxSettings } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { refused, resolved, shuffled, stack, synthesized } from '../support';

const ARN = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const KUSTOMIZE = FluxServiceAccount.controller(FluxController.KUSTOMIZE);
const TEAM_A = FluxServiceAccount.of('team-a', 'flux');
const GATE = '--feature-gates=ObjectLevelWorkloadIdentity=true';

/** Clouds of fake identities, beside roles of AWS. */
const CLOUDS = [FluxCloud.GCP, FluxCloud.AZURE];

function cluster(kind: 'eks' | 'other' = 'eks') {
  const scope = stack();
  const issuer = kind === 'eks' ? ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://oidc.example.com/a' })
    : ClusterIssuer.oidc(scope, 'Cluster', { url: 'https://oidc.example.com/a' });
  const oidc = FluxOidcProvider.fromOidcProviderArn(scope, 'Oidc', { issuer, arn: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com/a' });
  const role = (id: string, ...serviceAccounts: FluxServiceAccount[]) =>
    new FluxIrsaRole(scope, id, { oidcProviders: [oidc], serviceAccounts, name: id.toLowerCase(), account: '111122223333', region: 'eu-west-1' });
  // Each in place of the one before: a Flux is described once.
  const installation = (identities: any[], more: object = {}): FluxInstallation => {
    ['Flux', 'Kustomization', 'Manifests'].forEach((id) => scope.node.tryRemoveChild(id));
    return new FluxInstallation(scope, 'Flux', { issuer, version: FluxVersion.V2_10, identities, ...more });
  };
  const yaml = (identities: any[], more: object = {}) => new FluxKustomization(scope, 'Kustomization', { installation: installation(identities, more) }).yaml;
  const flux = (identities: any[], more: object = {}) => kustomization(scope, yaml(identities, more));
  const objects = (identities: any[], more: object = {}) => manifests(scope, new FluxManifests(scope, 'Manifests', { installation: installation(identities, more) }).yaml);
  return { scope, issuer, role, installation, yaml, flux, objects };
}

const gcp = (scope: TerraformStack, accounts: FluxServiceAccount[], settings: FluxSettings, objects: any[] = []) =>
  new FakeIdentity(scope, 'Fake', { cloud: FluxCloud.GCP, serviceAccounts: accounts, settings, objects });

test('without identities: the file of the bootstrap repository, no patches, no manifests', () => {
  const { scope, flux, installation } = cluster();
  expect(flux([])).toEqual({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: ['gotk-components.yaml', 'gotk-sync.yaml'], patches: undefined });
  expect(new FluxManifests(scope, 'Manifests', { installation: installation([]) }).objects).toEqual([]);
  expect(synthesized(scope).resources).toEqual({});
});

test('controllers on EKS: the annotation, and a stamp that restarts the pods', () => {
  const { role, flux } = cluster();
  const patches = (name: string, arn: string) => [
    { target: { kind: 'ServiceAccount', name }, patch: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, annotations: { 'eks.amazonaws.com/role-arn': arn } } } },
    {
      target: { kind: 'Deployment', name },
      patch: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { template: { metadata: { annotations: { 'cdktf-flux-identity/aws': arn } } } } },
    },
  ];
  const images = FluxServiceAccount.controller(FluxController.IMAGE_REFLECTOR);
  expect(flux([role('Sops', KUSTOMIZE), role('Images', images, SOURCE)]).patches).toEqual([
    ...patches('source-controller', ARN('images')), ...patches('kustomize-controller', ARN('sops')), ...patches('image-reflector-controller', ARN('images')),
  ]);
});

test('elsewhere: environment, one projected token, its mount and the stamp, in one patch', () => {
  const { role, flux } = cluster('other');
  expect(flux([role('Images', SOURCE)]).patches).toEqual([{
    target: { kind: 'Deployment', name: 'source-controller' },
    patch: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'source-controller' },
      spec: {
        template: {
          metadata: { annotations: { 'cdktf-flux-identity/aws': ARN('images') } },
          spec: {
            containers: [{
              name: 'manager',
              env: [
                { name: 'AWS_REGION', value: 'eu-west-1' },
                { name: 'AWS_ROLE_ARN', value: ARN('images') },
                { name: 'AWS_ROLE_SESSION_NAME', value: 'source-controller.flux-system.eu-west-1.fluxcd.io' },
                { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: '/var/run/service-account/aws-token' },
              ],
              volumeMounts: [{ name: 'flux-identity-tokens', mountPath: '/var/run/service-account', readOnly: true }],
            }],
            volumes: [{
              name: 'flux-identity-tokens',
              projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com', expirationSeconds: 3600, path: 'aws-token' } }] },
            }],
          },
        },
      },
    },
  }]);
});

test('values that only Terraform knows become one scalar each', () => {
  const { scope, issuer, flux } = cluster('other');
  const token = new TerraformVariable(scope, 'arn', {}).stringValue;
  const fake = gcp(scope, [SOURCE], { annotations: { 'x/y': token }, env: [{ name: 'A', value: `x: "${token}"\n` }, { name: 'B', value: '${NOT_TERRAFORM}' }], stamp: token });
  expect(issuer.issuerUrl).toContain('https');
  const [account, deployment] = flux([fake]).patches;
  expect(account.patch.metadata.annotations).toEqual({ 'x/y': '<var.arn>' });
  expect(deployment.patch.spec.template.metadata.annotations).toEqual({ 'cdktf-flux-identity/gcp': '<var.arn>' });
  expect(deployment.patch.spec.template.spec.containers[0].env[1]).toEqual({ name: 'B', value: '${NOT_TERRAFORM}' });
});

describe('two clouds on one controller', () => {
  const GCP: FluxSettings = {
    annotations: { 'iam.gke.io/x': 'y' },
    podLabels: { 'azure.workload.identity/use': 'true' },
    env: [{ name: 'GOOGLE_APPLICATION_CREDENTIALS', value: '/etc/gcp/credentials.json' }, { name: 'SECRET', secretName: 'keys', secretKey: 'a' }],
    tokens: [{ path: 'gcp-token', audience: '//iam.googleapis.com/x' }],
    mounts: [{ name: 'gcp', mountPath: '/etc/gcp', configMapName: 'gcp-credentials' }, { name: 'keys', mountPath: '/etc/a', subPath: 'a', secretName: 'keys' },
      { name: 'keys', mountPath: '/etc/b', subPath: 'b', secretName: 'keys' }],
    stamp: 'gcp-1',
  };

  test('one patch, one projected volume with a token each, distinct paths, a stamp for each cloud', () => {
    const { scope, role, flux } = cluster('other');
    const aws = role('Images', SOURCE);
    const fake = gcp(scope, [SOURCE], GCP);
    const { patches } = flux([aws, fake]);
    expect(patches.map(({ target }: any) => target)).toEqual([{ kind: 'ServiceAccount', name: 'source-controller' }, { kind: 'Deployment', name: 'source-controller' }]);
    const { metadata, spec } = patches[1].patch.spec.template;
    expect(metadata).toEqual({
      labels: { 'azure.workload.identity/use': 'true' },
      annotations: { 'cdktf-flux-identity/aws': ARN('images'), 'cdktf-flux-identity/gcp': 'gcp-1' },
    });
    const [{ env, volumeMounts }] = spec.containers;
    expect(env.map(({ name }: any) => name)).toEqual([
      'GOOGLE_APPLICATION_CREDENTIALS', 'SECRET', 'AWS_REGION', 'AWS_ROLE_ARN', 'AWS_ROLE_SESSION_NAME', 'AWS_WEB_IDENTITY_TOKEN_FILE',
    ]);
    expect(env[1]).toEqual({ name: 'SECRET', valueFrom: { secretKeyRef: { name: 'keys', key: 'a' } } });
    expect(volumeMounts).toEqual([
      { name: 'gcp', mountPath: '/etc/gcp', readOnly: true },
      { name: 'keys', mountPath: '/etc/a', subPath: 'a', readOnly: true },
      { name: 'keys', mountPath: '/etc/b', subPath: 'b', readOnly: true },
      { name: 'flux-identity-tokens', mountPath: '/var/run/service-account', readOnly: true },
    ]);
    expect(spec.volumes).toEqual([
      { name: 'gcp', configMap: { name: 'gcp-credentials' } },
      { name: 'keys', secret: { secretName: 'keys' } },
      {
        name: 'flux-identity-tokens',
        projected: {
          sources: [
            { serviceAccountToken: { audience: '//iam.googleapis.com/x', expirationSeconds: 3600, path: 'gcp-token' } },
            { serviceAccountToken: { audience: 'sts.amazonaws.com', expirationSeconds: 3600, path: 'aws-token' } },
          ],
        },
      },
    ]);
  });

  test.each<[string, FluxSettings]>([
    ['environment variable "AWS_REGION"', { env: [{ name: 'AWS_REGION', value: 'x' }] }],
    ['token file "aws-token"', { tokens: [{ path: 'aws-token', audience: 'x' }] }],
  ])('conflict: %s', (what, settings) => {
    const { scope, role, flux } = cluster('other');
    const error = refused(() => flux([role('Images', SOURCE), gcp(scope, [SOURCE], settings)]));
    expect(error.given).toBe(`[test/Flux] ${what} of "flux-system/source-controller" from two identities.`);
    expect(error.fix).toContain('"test/Fake" and "test/Images"');
  });

  test.each<[string, FluxSettings, FluxSettings]>([
    ['annotation "a"', { annotations: { a: '1' } }, { annotations: { a: '2' } }],
    ['pod label "a"', { podLabels: { a: '1' } }, { podLabels: { a: '2' } }],
    ['mount path "/var/run/service-account/"', { tokens: [{ path: 'a', audience: 'a' }] }, { mounts: [{ name: 'a', mountPath: '/var/run/service-account/', secretName: 'a' }] }],
    ['mount path "/var/run/service-account"', { mounts: [{ name: 'a', mountPath: '/var/run/service-account', secretName: 'a' }] }, { tokens: [{ path: 'a', audience: 'a' }] }],
    ['mount path "/x"', { mounts: [{ name: 'a', mountPath: '/x', secretName: 'a' }] }, { mounts: [{ name: 'b', mountPath: '/x', secretName: 'b' }] }],
    ['volume "a"', { mounts: [{ name: 'a', mountPath: '/x', secretName: 'a' }] }, { mounts: [{ name: 'a', mountPath: '/y', secretName: 'b' }] }],
  ])('conflict: %s, when it is added', (what, first, second) => {
    const { scope, installation } = cluster();
    const two = [first, second].map((settings, index) => new FakeIdentity(scope, `Id${index}`, { cloud: CLOUDS[index], serviceAccounts: [SOURCE], settings }));
    expect(refused(() => installation(two)).given).toBe(`[test/Flux] ${what} of "flux-system/source-controller" from two identities.`);
  });

  test('names that every object of JavaScript has are names', () => {
    const { scope, flux } = cluster();
    const podLabels = { constructor: 'a', toString: 'b' } as any;
    const { patches } = flux([new FakeIdentity(scope, 'Id', { serviceAccounts: [SOURCE], settings: { podLabels } })]);
    expect(patches[0].patch.spec.template.metadata.labels).toEqual({ constructor: 'a', toString: 'b' });
  });

  test('equal annotations and labels are no conflict', () => {
    const { scope, flux } = cluster();
    const same: FluxSettings = { annotations: { a: '1' }, podLabels: { b: 'true' } };
    const { patches } = flux(CLOUDS.map((cloud) => new FakeIdentity(scope, cloud, { cloud, serviceAccounts: [SOURCE], settings: same })));
    expect(patches[1].patch.spec.template.metadata.labels).toEqual({ b: 'true' });
  });
});

describe('object level', () => {
  const OBJECT_LEVEL = ['source-controller', 'kustomize-controller', 'helm-controller', 'notification-controller', 'image-reflector-controller', 'image-automation-controller'];

  test.each<[FluxVersion, string[]]>([
    [FluxVersion.V2_6, OBJECT_LEVEL.filter((name) => name !== 'helm-controller')], [FluxVersion.V2_7, OBJECT_LEVEL], [FluxVersion.V2_8, OBJECT_LEVEL], [FluxVersion.V2_9, OBJECT_LEVEL],
  ])('Flux %s: the gate on the controllers that have it, never on source-watcher', (version, names) => {
    const { role, flux } = cluster();
    expect(flux([role('TeamA', TEAM_A)], { version }).patches).toEqual(names.map((name) => ({
      target: { kind: 'Deployment', name },
      patch: [
        { op: 'test', path: '/spec/template/spec/containers/0/name', value: 'manager' },
        { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: GATE },
      ],
    })));
  });

  test('from 2.10 the gate is never named, and without object-level accounts not before either', () => {
    const { scope, role, flux, yaml } = cluster();
    const [team, images] = [role('TeamA', TEAM_A), role('Images', SOURCE)];
    expect(flux([team]).patches).toBeUndefined();
    expect(resolved(scope, yaml([images], { version: FluxVersion.V2_9 }))).not.toContain('feature-gates');
  });

  test('only installed controllers get the gate and the right', () => {
    const { role, flux, objects } = cluster();
    const team = role('TeamA', TEAM_A);
    const controllers = [FluxController.SOURCE_WATCHER, FluxController.HELM, FluxController.SOURCE];
    expect(flux([team], { version: FluxVersion.V2_9, controllers }).patches.map(({ target }: any) => target.name)).toEqual(['source-controller', 'helm-controller']);
    expect(objects([team], { controllers })[2].subjects.map(({ name }: any) => name)).toEqual(['source-controller', 'helm-controller']);
  });

  test.each([FluxVersion.V2_6, FluxVersion.V2_10])('Flux %s: the account, and a Role for its token alone', (version) => {
    const { role, objects } = cluster();
    const names = version === FluxVersion.V2_6 ? OBJECT_LEVEL.filter((name) => name !== 'helm-controller') : OBJECT_LEVEL;
    expect(objects([role('TeamA', TEAM_A, SOURCE)], { version })).toEqual([
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'flux', namespace: 'team-a', annotations: { 'eks.amazonaws.com/role-arn': ARN('teama') } } },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'flux-token-request-flux', namespace: 'team-a' },
        rules: [{ apiGroups: [''], resources: ['serviceaccounts/token'], resourceNames: ['flux'], verbs: ['create'] }],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'flux-token-request-flux', namespace: 'team-a' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'flux-token-request-flux' },
        subjects: names.map((name) => ({ kind: 'ServiceAccount', name, namespace: 'flux-system' })),
      },
    ]);
  });

  test('accounts by namespace and name, in any order of identities; two clouds on one account', () => {
    const { scope, role, objects } = cluster();
    const b = FluxServiceAccount.of('team-b', 'flux');
    const identities = [role('B', b), role('A', FluxServiceAccount.of('team-a', 'zz'), TEAM_A), gcp(scope, [b], { annotations: { 'iam.gke.io/gcp-service-account': 'x@y' } })];
    const accounts = objects(identities).filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata);
    expect(accounts.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(['team-a/flux', 'team-a/zz', 'team-b/flux']);
    expect(accounts[2].annotations).toEqual({ 'eks.amazonaws.com/role-arn': ARN('b'), 'iam.gke.io/gcp-service-account': 'x@y' });
  });
});

describe('objects of identities', () => {
  const object = (name: string, data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'flux-system' }, data });

  test('each once, by kind, namespace and name', () => {
    const { scope, objects } = cluster();
    const token = new TerraformVariable(scope, 'token', {}).stringValue;
    const fake = (id: string, cloud: FluxCloud, ...made: any[]) => (
      new FakeIdentity(scope, id, { cloud, serviceAccounts: [SOURCE], settings: {}, objects: made })
    );
    expect(objects([fake('A', FluxCloud.GCP, object('b', { x: token }), object('a', {})), fake('B', FluxCloud.AZURE, object('b', { x: token }))]))
      .toEqual([object('a', {}), object('b', { x: '<var.token>' })]);
    const other = cluster();
    const mine = (id: string, cloud: FluxCloud, made: any) => (
      new FakeIdentity(other.scope, id, { cloud, serviceAccounts: [SOURCE], settings: {}, objects: [made] })
    );
    const error = refused(() => other.objects([mine('C', FluxCloud.GCP, object('b', { x: '1' })), mine('D', FluxCloud.AZURE, object('b', { x: '2' }))]));
    expect(error.given).toContain('ConfigMap flux-system/b of "test/C" and, with other contents, of "test/D".');
    expect(error.fix).toBe('give one of them another name');
  });
});

describe('other namespaces', () => {
  test('Flux in "gitops"', () => {
    const { role, flux, objects } = cluster();
    const images = role('Images', FluxServiceAccount.controller(FluxController.SOURCE, 'gitops'), TEAM_A);
    expect(flux([images], { namespace: 'gitops' }).patches[0].target).toEqual({ kind: 'ServiceAccount', name: 'source-controller' });
    expect(objects([images], { namespace: 'gitops' })[2].subjects[0].namespace).toBe('gitops');
  });

  test('a controller of another Flux matches nothing', () => {
    const { role, flux } = cluster();
    const error = refused(() => flux([role('Images', FluxServiceAccount.controller(FluxController.SOURCE, 'gitops'))]));
    expect(error.given).toBe('[test/Flux] controller "gitops/source-controller" of "test/Images" for a Flux in namespace "flux-system".');
    expect(error.fix).toContain('pass the namespace of Flux');
  });

  test('an object-level account that is a controller\'s own there', () => {
    const { role, flux } = cluster();
    const error = refused(() => flux([role('Images', FluxServiceAccount.of('gitops', 'source-controller'))], { namespace: 'gitops' }));
    expect(error.given).toBe('[test/Flux] object-level service account "gitops/source-controller" of "test/Images", which is a controller\'s own.');
    expect(error.fix).toContain('FluxServiceAccount.controller(');
  });
});

describe('bad input', () => {
  test('one account in two AWS identities', () => {
    for (const account of [SOURCE, TEAM_A]) {
      const { role, installation } = cluster();
      const error = refused(() => installation([role('A', account), role('B', KUSTOMIZE, account)]));
      expect(error.given).toContain(`[test/Flux] service account "${account}" in two identities of cloud "aws": "test/A" and "test/B".`);
      expect(error.fix).toContain('make one identity with both sets of grants');
    }
  });

  test('a resource by a URL with a password', () => {
    for (const url of ['https://flux:hunter2@git.example.com/fleet', 'git::https://ghp_abcdef@github.com/acme/fleet', 'flux:hunter2@git.example.com/fleet']) {
      const { installation } = cluster();
      const at = installation([]);
      const error = refused(() => new FluxKustomization(at.node.scope!, 'Kustomization', { installation: at, resources: ['https://git.example.com/fleet?ref=main', url] }));
      expect(error.given).toMatch(/^\[test\/Kustomization\] resources ".*<not shown/);
      expect(error.fix).toContain('a GitRepository with `spec.secretRef`');
    }
  });

  test('the same identity twice is one', () => {
    const { role, flux } = cluster();
    const images = role('Images', SOURCE);
    expect(flux([images, images]).patches).toHaveLength(2);
  });

  test('an identity that does not trust the issuer', () => {
    const { scope, role, flux } = cluster();
    const other = ClusterIssuer.oidc(scope, 'Other', { url: 'https://other.example.com' });
    const error = refused(() => flux([role('Images', SOURCE)], { issuer: other }));
    expect(error.given).toBe('[test/Flux] identity "test/Images", which does not trust the issuer "test/Other" ("https://other.example.com").');
    expect(error.fix).toContain('add a FluxOidcProvider of the cluster to `oidcProviders` of the role');
  });

  test('controllers that are not installed, or not in this version', () => {
    const { role, flux, installation } = cluster();
    const error = refused(() => flux([role('Images', SOURCE)], { controllers: [FluxController.KUSTOMIZE, FluxController.HELM] }));
    expect(error.given).toBe('[test/Flux] controller "source-controller" of "test/Images", which is not installed.');
    expect(error.allowed).toBe('kustomize-controller, helm-controller');
    const watcher = role('Watcher', FluxServiceAccount.controller(FluxController.SOURCE_WATCHER));
    expect(refused(() => installation([watcher], { version: FluxVersion.V2_6 })).given).toBe('[test/Flux] controller "source-watcher" in Flux 2.6.');
    expect(refused(() => installation([], { controllers: [] })).given).toBe('[test/Flux] an empty list of `controllers`.');
    expect(refused(() => installation([], { version: FluxVersion.V2_6, controllers: [FluxController.SOURCE_WATCHER] })).fix)
      .toBe('upgrade to Flux 2.7, or remove the controller');
    expect(() => installation([watcher], { version: FluxVersion.V2_7 })).not.toThrow();
  });

  test.each<[object, string, string]>([
    [{ version: '2.5' }, 'option "version" of ', 'a constant of FluxVersion: 2.6'],
    [{ version: undefined }, 'option "version" of ', 'a constant of FluxVersion: 2.6'],
    [{ controllers: ['flux'] }, 'option "controllers" of ', 'a constant of FluxController: source-controller'],
    [{ namespace: 'Flux' }, 'namespace "Flux"', 'exactly as Kubernetes shows it'],
    [{ issuer: undefined }, 'option "issuer" of ', 'the construct that ClusterIssuer.eks'],
    [{ identity: [] }, 'option "identity" of ', 'correct the spelling'],
  ])('%j', (more, given, fix) => {
    const error = refused(() => cluster().installation([], more));
    expect(error.given).toContain(`[test/Flux] ${given}`);
    expect(error.fix).toContain(fix);
  });
});

test('the order of identities and accounts changes no byte', () => {
  const yaml = (seed: number) => {
    const { scope, role, installation } = cluster('other');
    const identities = [role('A', ...shuffled([SOURCE, KUSTOMIZE, TEAM_A], seed)), role('B', FluxServiceAccount.of('team-b', 'flux')), gcp(scope, [SOURCE], { stamp: 'x', env: [{ name: 'X', value: 'y' }] })];
    const order = installation(shuffled(identities, seed), { version: FluxVersion.V2_9, controllers: shuffled(Object.values(FluxController), seed) });
    return resolved(scope, new FluxKustomization(scope, 'K', { installation: order }).yaml + new FluxManifests(scope, 'M', { installation: order }).yaml);
  };
  const first = yaml(1);
  for (const seed of [2, 3, 4]) expect(yaml(seed)).toBe(first);
});
