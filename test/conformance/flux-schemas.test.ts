import { App, TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { problems } from './kubectl-validate';
import { KubernetesObject, parseObjects } from './kustomize';
import { describeWith, FLUX_MANIFESTS, KUBECTL_VALIDATE, TERRAFORM } from './programs';
import { evaluateIn } from './terraform';
import { addExamples } from '../../examples/stacks';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxCloud } from '../../lib/core/flux-identity';
import { FluxKind } from '../../lib/core/flux-kind';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxFields } from '../../lib/flux/flux-fields';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { FluxRemoteCluster } from '../../lib/flux/flux-remote-cluster';
import { FluxTenant } from '../../lib/flux/flux-tenant';
import { FakeIdentity, installed } from '../flux/fakes';
import { fluxOf } from '../support';

const VERSIONS = Object.values(FluxVersion);
const ACCOUNT = FluxServiceAccount.of('team-a', 'flux');
const { SOURCE, KUSTOMIZE, NOTIFICATION, IMAGE_REFLECTOR } = FluxController;

interface Facts {
  /** Whose account it has at controller level. */
  readonly account: FluxServiceAccount;
  /** What it needs besides. */
  readonly rest: object;
  /** Its static credential, if it takes one. */
  readonly secret?: FluxSecret;
}

function facts(controller: FluxController, rest: object, secret?: FluxSecret): Facts {
  return { account: FluxServiceAccount.controller(controller), rest, secret };
}

/** Every kind but ImageUpdateAutomation, which names no cloud. */
const KINDS: { readonly [kind: string]: Facts } = {
  [FluxKind.GIT_REPOSITORY]: facts(SOURCE, { interval: '1m', url: 'https://dev.azure.com/a/b/_git/c' }),
  [FluxKind.OCI_REPOSITORY]: facts(SOURCE, { interval: '1m', url: 'oci://example.com/a' }),
  [FluxKind.HELM_REPOSITORY]: facts(SOURCE, { interval: '1m', url: 'oci://example.com/a' }),
  [FluxKind.BUCKET]: facts(SOURCE, { interval: '1m', bucketName: 'b', endpoint: 's3.amazonaws.com' }, FluxSecret.bucket('team-a', 's')),
  [FluxKind.IMAGE_REPOSITORY]: facts(IMAGE_REFLECTOR, { interval: '1m', image: 'example.com/a' }),
  [FluxKind.KUSTOMIZATION]: facts(KUSTOMIZE, { interval: '1m', prune: true, sourceRef: { kind: 'GitRepository', name: 'a' } }, FluxSecret.sops('team-a', 's')),
  [FluxKind.AZURE_DEVOPS_PROVIDER]: facts(NOTIFICATION, { address: 'a' }),
  [FluxKind.AZURE_EVENT_HUB_PROVIDER]: facts(NOTIFICATION, { address: 'a', channel: 'b' }),
  [FluxKind.GOOGLE_PUBSUB_PROVIDER]: facts(NOTIFICATION, { address: 'a', channel: 'b' }, FluxSecret.provider('team-a', 's')),
  [FluxKind.RESOURCE_SET_INPUT_PROVIDER]: { account: FluxServiceAccount.operator(), rest: { url: 'oci://example.com/a' } },
};

type Level = 'controller' | 'object' | 'secret';
const ROWS = Object.keys(KINDS).flatMap((kind) => Object.values(FluxCloud).flatMap((cloud) =>
  (['controller', 'object', 'secret'] as Level[]).map((level) => ({ kind: kind as FluxKind, cloud, level, name: `${kind} ${cloud} ${level}` }))));

/** The whole object; undefined where the library refuses it. */
function objectOf({ kind, cloud, level }: typeof ROWS[number], version: FluxVersion): any {
  const { account, rest, secret } = KINDS[kind];
  if (level === 'secret' && secret === undefined) return undefined;
  const { stack, flux: installation } = installed({ version });
  const identity = new FakeIdentity(stack, 'Id', { cloud, serviceAccounts: [level === 'object' ? ACCOUNT : account] });
  const region = kind === FluxKind.BUCKET && cloud === FluxCloud.AWS ? 'eu-west-1' : undefined;
  try {
    const { object } = FluxFields.of(kind, { identity, installation, region, secret: level === 'secret' ? secret : undefined });
    return { ...object, metadata: { name: 'a', namespace: 'team-a' }, spec: { ...rest, ...object.spec } };
  } catch (error: any) {
    if (error.name !== 'ValidationError') throw error;
    return undefined;
  }
}

/** Names that a version still serves, where the library uses its newer ones. */
const OLDER_NAMES: { readonly [version in FluxVersion]: string[] } = {
  [FluxVersion.V2_6]: [],
  [FluxVersion.V2_7]: ['ImageRepository image.toolkit.fluxcd.io/v1beta2'],
  [FluxVersion.V2_8]: ['ImageRepository image.toolkit.fluxcd.io/v1beta2'],
  [FluxVersion.V2_9]: [],
  [FluxVersion.V2_10]: ['Provider notification.toolkit.fluxcd.io/v1beta3'],
};

/** Refused by the library alone: the CRD of Flux 2.6 takes them, but its controller knows workload identity for Event Hubs only. */
const UNREAD = ['Provider/azuredevops azure controller', 'Provider/azuredevops azure object', 'Provider/googlepubsub gcp object'];

/** What is wrong, by name; nothing where all are as they should be. */
function wrong(version: FluxVersion, objects: { readonly [name: string]: object }): { [name: string]: string } {
  const found = problems(version, Object.values(objects));
  return Object.fromEntries(Object.keys(objects).flatMap((name, index) => found[index] === null ? [] : [[name, found[index] as string]]));
}

function named<T>(rows: typeof ROWS, value: (row: typeof ROWS[number]) => T): { [name: string]: T } {
  return Object.fromEntries(rows.map((row) => [row.name, value(row)]));
}

describeWith([KUBECTL_VALIDATE, FLUX_MANIFESTS], 'the CRDs of Flux', () => {
  describe.each(VERSIONS)('%s', (version) => {
    const rows = ROWS.filter((row) => objectOf(row, version) !== undefined);
    const objects = named(rows, (row) => objectOf(row, version));

    it('take the fields of every kind, cloud and level', () => {
      expect(rows.length).toBeGreaterThan(25);
      expect(wrong(version, objects)).toEqual({});
    });

    it('refuse another cloud or type', () => {
      const bad = named(rows, (row) => JSON.parse(JSON.stringify(objects[row.name]).replace(/"(provider|type)":"[^"]*"/g, '"$1":"nimbus"')));
      expect(wrong(version, bad)).toEqual(named(rows, () => expect.stringContaining('nimbus')));
    });

    it('refuse fields they do not have', () => {
      const bad = named(rows, (row) => ({ ...objects[row.name], spec: { ...objects[row.name].spec, serviceAccount: 'flux' } }));
      expect(wrong(version, bad)).toEqual(named(rows, () => expect.stringContaining('unknown field')));
    });

    it('serve nothing by the names of other versions, or by an older name too', () => {
      const nameOf = ({ apiVersion, kind }: any) => `${kind} ${apiVersion}`;
      const own = new Set(Object.values(objects).map(nameOf));
      const others = VERSIONS.flatMap((other) => ROWS.map((row) => objectOf(row, other)))
        .filter((object) => object !== undefined && !own.has(nameOf(object)));
      const byName = Object.fromEntries(others.map((object) => [nameOf(object), object]));
      expect(Object.keys(byName)).toHaveLength(2);
      expect(wrong(version, byName)).toEqual(Object.fromEntries(Object.keys(byName).filter((name) => !OLDER_NAMES[version].includes(name))
        .map((name) => [name, expect.stringMatching(/failed to locate OpenAPI spec for GV|kind Provider not found/)])));
    });

    it('refuse what the library refuses in this version', () => {
      const apiVersions = new Map(Object.values(objects).map(({ kind, apiVersion }) => [kind, apiVersion]));
      const refused = ROWS.filter((row) => !rows.includes(row) && objectOf(row, FluxVersion.V2_10) !== undefined);
      const bad = named(refused, (row) => {
        const object = objectOf(row, FluxVersion.V2_10);
        return { ...object, apiVersion: apiVersions.get(object.kind) };
      });
      expect(wrong(version, bad)).toEqual(named(refused.filter(({ name }) => !UNREAD.includes(name)),
        () => expect.stringMatching(/serviceAccountName: Invalid value: value provided for unknown field|provider: Unsupported value: "aws"/)));
    });

    it.each(['Kustomization', 'HelmRelease'])('take a remote cluster in a %s, from Flux 2.7 on', (kind) => {
      const { stack, flux: installation } = installed();
      const { spec } = FluxRemoteCluster.generic(stack, 'Remote', { installation, namespace: 'team-a', name: 'remote', address: 'https://example.com' });
      const release = { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind, spec: { interval: '1m', chartRef: { kind: 'OCIRepository', name: 'a' } } };
      const plain = kind === 'HelmRelease' ? { ...release, metadata: { name: 'a', namespace: 'team-a' } } : objects['Kustomization aws object'];
      const both = { kubeConfig: { ...spec.kubeConfig, secretRef: { name: 'a' } } };
      const found = [{}, spec, both].map((more) => ({ ...plain, spec: { ...plain.spec, ...more } }));
      const unknown = version === FluxVersion.V2_6 ? expect.stringContaining('configMapRef: Invalid value: value provided for unknown field') : undefined;
      expect(problems(version, found)).toEqual([null, unknown ?? null, unknown ?? expect.stringContaining('exactly one of spec.kubeConfig.configMapRef or spec.kubeConfig.secretRef')]);
    });
  });

  it('have rules that refuse what FluxFields never makes', () => {
    const object = (name: string, more: object) => {
      const { spec, ...rest } = objectOf(ROWS.find((row) => row.name === name)!, FluxVersion.V2_9);
      return { ...rest, spec: { ...spec, ...more } };
    };
    const rules: Array<[object, string]> = [
      [object('GitRepository azure object', { provider: 'generic' }), 'serviceAccountName can only be set when provider is'],
      [object('Bucket gcp object', { provider: 'generic' }), 'ServiceAccountName is not supported for the \'generic\' Bucket provider'],
      [object('Bucket gcp object', { secretRef: { name: 'a' } }), 'cannot set both .spec.secretRef and .spec.serviceAccountName'],
      [object('ResourceSetInputProvider aws object', { type: 'Static' }), 'spec.url must be empty when spec.type is \'Static\''],
      [object('ResourceSetInputProvider aws object', { type: 'OCIArtifactTag', url: 'https://example.com' }), 'spec.url must start with \'oci://\''],
      [object('ResourceSetInputProvider aws object', { type: 'GitHubTag', url: 'https://example.com' }), 'cannot specify spec.serviceAccountName'],
    ];
    expect(problems(FluxVersion.V2_9, rules.map(([each]) => each))).toEqual(rules.map(([, rule]) => expect.stringContaining(rule)));
    const { stack, flux: installation } = installed();
    const identity = new FakeIdentity(stack, 'Id', { cloud: FluxCloud.GCP, serviceAccounts: [ACCOUNT] });
    const both = { identity, installation, serviceAccount: ACCOUNT, secret: FluxSecret.bucket('team-a', 's') };
    expect(() => FluxFields.of(FluxKind.BUCKET, both)).toThrow('together');
  });
});

/** The examples, and what they have no place for: every kind of remote cluster, a tenant with three accounts. */
function everything(): App {
  const app = Testing.app();
  addExamples(app);
  const rest = new TerraformStack(app, 'rest');
  const issuer = ClusterIssuer.oidc(rest, 'Cluster', { url: 'https://oidc.example.com' });
  const installation = fluxOf(rest, { issuer, version: FluxVersion.V2_9 });
  new FluxTenant(rest, 'Tenant', {
    installation, namespace: 'team-b', decryptionServiceAccountName: 'sops', kubeConfigServiceAccountName: 'remote', clusterRole: 'admin',
  });
  const options = (name: string) => ({ installation, namespace: 'team-a', name, serviceAccount: ACCOUNT, address: 'https://example.com', caCertificate: 'PEM' });
  FluxRemoteCluster.eks(rest, 'Eks', { ...options('eks'), clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/staging' });
  FluxRemoteCluster.aks(rest, 'Aks', options('aks'));
  FluxRemoteCluster.gke(rest, 'Gke', options('gke'));
  FluxRemoteCluster.generic(rest, 'Generic', { ...options('generic'), audiences: ['a', 'b'] });
  new TerraformOutput(rest, 'manifests', { value: new FluxManifests(rest, 'Manifests', { installation }).yaml });
  return app;
}

describeWith([TERRAFORM, KUBECTL_VALIDATE, FLUX_MANIFESTS], 'schemas and CRDs', () => {
  // What Kubernetes applies; `kustomization` is kustomize's own, `operatorValues` are Helm's.
  const OUTPUTS = ['manifests', 'instance', 'fluxInstance'];
  const app = everything();
  const rendered = (app.node.children as TerraformStack[])
    .filter((stack) => OUTPUTS.some((name) => JSON.parse(Testing.synth(stack)).output?.[name] !== undefined))
    .map(({ node }) => node.id);
  const kinds = new Set<string>();

  it.each(rendered)('take every object of %s, and nothing besides', (id) => {
    const { outputs } = evaluateIn(app, id);
    const objects: KubernetesObject[] = OUTPUTS.flatMap((name) => outputs[name] === undefined ? [] : parseObjects(outputs[name]));
    expect(objects.length).toBeGreaterThan(0);
    objects.forEach(({ kind }) => kinds.add(kind));
    expect(problems(FluxVersion.V2_10, objects)).toEqual(objects.map(() => null));
    const more = objects.map((object) => ({ ...object, metadata: { ...object.metadata, nickname: 'a' } }));
    expect(problems(FluxVersion.V2_10, more)).toEqual(objects.map(() => expect.stringContaining('metadata.nickname: Invalid value: value provided for unknown field')));
    const numbered = objects.map((object) => ({ ...object, metadata: { ...object.metadata, name: 1 } }));
    expect(problems(FluxVersion.V2_10, numbered)).toEqual(objects.map(() => expect.stringContaining('ObjectMeta.name of type string')));
  });

  it('have seen every kind of object that the library renders', () => {
    expect([...kinds].sort()).toEqual(['ConfigMap', 'FluxInstance', 'Namespace', 'Role', 'RoleBinding', 'Secret', 'ServiceAccount']);
  });
});
