import { FluxCloud } from '../../../../lib/core/flux-identity';
import { FluxKind } from '../../../../lib/core/flux-kind';
import { FluxObject, FluxObjectUse, fluxObjectOf } from '../../../../lib/core/shared/flux/object-uses';

const { AWS, AZURE, GCP } = FluxCloud;
const GROUPS: { readonly [kind: string]: string } = {
  Kustomization: 'kustomize.toolkit.fluxcd.io/v1',
  HelmRelease: 'helm.toolkit.fluxcd.io/v2',
  Provider: 'notification.toolkit.fluxcd.io/v1beta3',
  ResourceSetInputProvider: 'fluxcd.controlplane.io/v1',
};

function read(kind: string, spec: unknown, metadata: unknown = { namespace: 'team-a', name: 'apps' }): FluxObject | undefined {
  return fluxObjectOf({ apiVersion: GROUPS[kind] ?? 'source.toolkit.fluxcd.io/v1', kind, metadata, spec });
}

/** What uses there are, without what is undefined. */
const uses = (kind: string, spec: unknown) => JSON.parse(JSON.stringify(read(kind, spec)!.uses));

const FULL = { provider: 'aws', serviceAccountName: 'flux', secretRef: { name: 'key' }, region: 'eu-west-1' };
const READ = { cloud: AWS, account: 'flux', secret: 'key', region: 'eu-west-1' };

test.each<[string, object, FluxObjectUse]>([
  ['GitRepository', { ...FULL, url: 'https://git' }, { kind: FluxKind.GIT_REPOSITORY, ...READ, url: 'https://git' }],
  ['OCIRepository', { ...FULL, url: 'oci://a/b' }, { kind: FluxKind.OCI_REPOSITORY, ...READ, url: 'oci://a/b' }],
  ['HelmRepository', { ...FULL, url: 'oci://a/b', type: 'oci' }, { kind: FluxKind.HELM_REPOSITORY, ...READ, url: 'oci://a/b' }],
  ['Bucket', { ...FULL, endpoint: 's3.amazonaws.com' }, { kind: FluxKind.BUCKET, ...READ, url: 's3.amazonaws.com' }],
  ['ImageRepository', { ...FULL, image: 'a/b' }, { kind: FluxKind.IMAGE_REPOSITORY, ...READ, url: 'a/b' }],
  ['GitRepository', { provider: 'azure' }, { kind: FluxKind.GIT_REPOSITORY, cloud: AZURE }],
  ['OCIRepository', { provider: 'gcp', serviceAccountName: 1, url: { a: 1 } }, { kind: FluxKind.OCI_REPOSITORY, cloud: GCP }],
  ['Kustomization', { decryption: { provider: 'sops', serviceAccountName: 'flux', secretRef: { name: 'key' } } }, { kind: FluxKind.KUSTOMIZATION, account: 'flux', secret: 'key' }],
  ['Kustomization', { decryption: { provider: 'sops' } }, { kind: FluxKind.KUSTOMIZATION }],
  ['Provider', { type: 'azuredevops', serviceAccountName: 'flux' }, { kind: FluxKind.AZURE_DEVOPS_PROVIDER, cloud: AZURE, account: 'flux' }],
  ['Provider', { type: 'azureeventhub' }, { kind: FluxKind.AZURE_EVENT_HUB_PROVIDER, cloud: AZURE }],
  ['Provider', { type: 'googlepubsub', secretRef: { name: 'key' } }, { kind: FluxKind.GOOGLE_PUBSUB_PROVIDER, cloud: GCP, secret: 'key' }],
  ...([
    ['ECRArtifactTag', AWS], ['AWSCodeCommitBranch', AWS], ['ACRArtifactTag', AZURE], ['AzureDevOpsBranch', AZURE], ['GARArtifactTag', GCP],
  ] as const).map(([type, cloud]): [string, object, FluxObjectUse] => (
    ['ResourceSetInputProvider', { type, serviceAccountName: 'flux' }, { kind: FluxKind.RESOURCE_SET_INPUT_PROVIDER, cloud, account: 'flux' }]
  )),
])('%s says what it uses (%#)', (kind, spec, use) => {
  expect(uses(kind, spec)).toEqual([use]);
  expect(read(kind, spec)).not.toMatchObject({ problem: expect.anything() });
});

test.each<[string, object]>([
  ['GitRepository', { provider: 'github' }],
  ['OCIRepository', { secretRef: { name: 'pull' } }],
  ['OCIRepository', { provider: 'generic', secretRef: { name: 'pull' } }],
  ['Kustomization', {}],
  ['Kustomization', { decryption: { provider: 'other' } }],
  // A personal access token, or a connection string, is no identity.
  ['Provider', { type: 'azuredevops', secretRef: { name: 'token' } }],
  ['Provider', { type: 'slack' }],
  ['ResourceSetInputProvider', { type: 'ECRArtifactTag', secretRef: { name: 'token' } }],
  ['ResourceSetInputProvider', { type: 'GitHubBranch' }],
  ['ResourceSetInputProvider', { type: 'Static-ECR' }],
  ['ResourceSetInputProvider', { type: 'NotAzure' }],
  ['ResourceSetInputProvider', { type: 'NotGAR' }],
  ['ResourceSetInputProvider', {}],
])('%s with %j uses no cloud', (kind, spec) => {
  expect(uses(kind, spec)).toEqual([]);
  expect(read(kind, spec)!.without).toBeUndefined();
});

test.each<[string, object, Partial<FluxObject>]>([
  // The provider may have been forgotten.
  ['OCIRepository', { url: 'oci://a/b', serviceAccountName: 'flux' }, { uses: [], without: { kind: FluxKind.OCI_REPOSITORY, account: 'flux', url: 'oci://a/b' } }],
  ['OCIRepository', { url: 'oci://a/b', provider: 'generic' }, { uses: [], without: { kind: FluxKind.OCI_REPOSITORY, url: 'oci://a/b' } }],
  ['HelmRepository', { provider: 'aws', url: 'https://a' }, { problem: '`provider` has no effect without `type: oci`' }],
  ['Kustomization', { kubeConfig: { configMapRef: { name: 'prod' } } }, { uses: [], remote: 'prod' }],
  ['HelmRelease', { kubeConfig: { configMapRef: { name: 'prod' } } }, { uses: [], remote: 'prod' }],
  ['HelmRelease', { kubeConfig: { secretRef: { name: 'prod' } } }, { uses: [] }],
  ['HelmRelease', {}, { uses: [] }],
  ['ImageUpdateAutomation', { sourceRef: { kind: 'GitRepository', name: 'fleet' } }, { uses: [], repository: 'team-a/fleet' }],
  ['ImageUpdateAutomation', { sourceRef: { kind: 'GitRepository', name: 'fleet', namespace: 'b' } }, { uses: [], repository: 'b/fleet' }],
  ['ImageUpdateAutomation', { sourceRef: { kind: 'Bucket', name: 'fleet' } }, { uses: [] }],
  ['ImageUpdateAutomation', {}, { uses: [] }],
])('%s with %j', (kind, spec, found) => {
  expect(JSON.parse(JSON.stringify(read(kind, spec)))).toMatchObject({ kind, namespace: 'team-a', name: `${kind} team-a/apps`, ...found });
  for (const field of ['without', 'problem', 'remote', 'repository'] as const) expect(read(kind, spec)![field] === undefined).toBe(!(field in found));
});

test('without a namespace nobody knows who it acts as', () => {
  const problem = 'it has no `metadata.namespace`, which its service account is in: pass what kustomize builds';
  expect(read('HelmRelease', { kubeConfig: { configMapRef: { name: 'prod' } } }, { name: 'apps' })).toEqual({ kind: 'HelmRelease', namespace: '', name: 'HelmRelease ?/apps', uses: [], problem });
  expect(read('OCIRepository', { provider: 'aws' }, null)).toMatchObject({ namespace: '', problem, uses: [] });
});

test.each<[string, unknown]>([
  ['another kind', { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'HelmChart', spec: {} }],
  ['another group', { apiVersion: 'apps/v1', kind: 'Bucket', spec: {} }],
  ['a group that only ends alike', { apiVersion: 'nottoolkit.fluxcd.io/v1', kind: 'Bucket', spec: {} }],
  ['a group that only begins alike', { apiVersion: 'source.toolkit.fluxcd.io.example.com/v1', kind: 'Bucket', spec: {} }],
  ['no version', { kind: 'Bucket', spec: {} }],
  ['no spec', { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'Bucket' }],
  ['an empty spec', { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'Bucket', spec: null }],
  ['a spec that is none', { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'Bucket', spec: 'a' }],
])('%s is nothing of ours', (_, object) => {
  expect(fluxObjectOf(object)).toBeUndefined();
});
