import { FluxController } from '../../../../lib/core/flux-controller';
import { FluxCloud } from '../../../../lib/core/flux-identity';
import { FluxKind } from '../../../../lib/core/flux-kind';
import { FluxSecretUse } from '../../../../lib/core/flux-secret';
import { FluxVersion } from '../../../../lib/core/flux-version';
import { ALL_CONTROLLERS, existsIn, hasObjectLevel, needsGate } from '../../../../lib/core/shared/flux/controllers';
import { hostMatches, hostOf } from '../../../../lib/core/shared/flux/hosts';
import { CloudKind, controllersReading, KindFields, KINDS, RemoteKind } from '../../../../lib/core/shared/flux/kinds';
import { controllersOf, kindsOf, secretsOf, ServiceFacts } from '../../../../lib/core/shared/flux/service';
import { requireVersion } from '../../../../lib/core/shared/flux/versions';
import { refused } from '../../../support';

const { SOURCE, KUSTOMIZE, HELM, NOTIFICATION, IMAGE_REFLECTOR, IMAGE_AUTOMATION, SOURCE_WATCHER } = FluxController;
const VERSIONS = Object.values(FluxVersion);

const NOTIFICATIONS = ['notification.toolkit.fluxcd.io/v1', 'notification.toolkit.fluxcd.io/v1beta3 before 2.10'] as const;

/** As the API of each kind has it. */
const SPECS: { readonly [kind in CloudKind]: [api: string, from: string, fields?: object] } = {
  [FluxKind.GIT_REPOSITORY]: ['source.toolkit.fluxcd.io/v1', '', { provider: 'aws', serviceAccountName: 'flux' }],
  [FluxKind.OCI_REPOSITORY]: ['source.toolkit.fluxcd.io/v1', '', { provider: 'aws', serviceAccountName: 'flux' }],
  [FluxKind.HELM_REPOSITORY]: ['source.toolkit.fluxcd.io/v1', '', { type: 'oci', provider: 'aws', serviceAccountName: 'flux' }],
  [FluxKind.BUCKET]: ['source.toolkit.fluxcd.io/v1', '', { provider: 'aws', serviceAccountName: 'flux' }],
  [FluxKind.IMAGE_REPOSITORY]: ['image.toolkit.fluxcd.io/v1', 'image.toolkit.fluxcd.io/v1beta2 before 2.7', { provider: 'aws', serviceAccountName: 'flux' }],
  [FluxKind.IMAGE_UPDATE_AUTOMATION]: ['image.toolkit.fluxcd.io/v1', 'image.toolkit.fluxcd.io/v1beta2 before 2.7'],
  [FluxKind.KUSTOMIZATION]: ['kustomize.toolkit.fluxcd.io/v1', '', { decryption: { provider: 'sops', serviceAccountName: 'flux' } }],
  [RemoteKind.KUSTOMIZATION]: ['kustomize.toolkit.fluxcd.io/v1', ''],
  [RemoteKind.HELM_RELEASE]: ['helm.toolkit.fluxcd.io/v2', ''],
  [FluxKind.AZURE_DEVOPS_PROVIDER]: [...NOTIFICATIONS, { type: 'azuredevops', serviceAccountName: 'flux' }],
  [FluxKind.AZURE_EVENT_HUB_PROVIDER]: [...NOTIFICATIONS, { type: 'azureeventhub', serviceAccountName: 'flux' }],
  [FluxKind.GOOGLE_PUBSUB_PROVIDER]: [...NOTIFICATIONS, { type: 'googlepubsub', serviceAccountName: 'flux' }],
  [FluxKind.RESOURCE_SET_INPUT_PROVIDER]: ['fluxcd.controlplane.io/v1', '', { type: 'ECRArtifactTag', serviceAccountName: 'flux' }],
};

test.each(Object.keys(SPECS) as CloudKind[])('%s: its API, and the fields that say who it acts as', (kind) => {
  const [api, from, fields] = SPECS[kind];
  const [older, since] = from === '' ? [api, VERSIONS[0]] : from.split(' before ');
  const { apiVersion, spec } = KINDS[kind];
  const first = VERSIONS.indexOf(since as FluxVersion);
  expect(VERSIONS.map((version) => apiVersion(version))).toEqual(VERSIONS.map((_, index) => index < first ? older : api));
  const given: KindFields = { cloud: FluxCloud.AWS, account: 'flux', inputType: 'ECRArtifactTag' };
  expect(spec?.(given)).toEqual(fields);
});

test('a Secret and a region stand in what names them, and nothing undefined', () => {
  const cloud = FluxCloud.AWS;
  expect(KINDS[FluxKind.BUCKET].spec!({ cloud, secret: 'key', region: 'eu-west-1' })).toStrictEqual({ provider: 'aws', secretRef: { name: 'key' }, region: 'eu-west-1' });
  expect(KINDS[FluxKind.BUCKET].spec!({ cloud })).toStrictEqual({ provider: 'aws' });
  expect(KINDS[FluxKind.KUSTOMIZATION].spec!({ cloud, secret: 'key', region: 'eu-west-1' })).toStrictEqual({ decryption: { provider: 'sops', secretRef: { name: 'key' } } });
});

test('the fields of an object are read by its own controller, and by that of the kind that reads them', () => {
  expect(controllersReading(FluxKind.GIT_REPOSITORY)).toEqual([SOURCE, IMAGE_AUTOMATION]);
  expect(controllersReading(FluxKind.BUCKET)).toEqual([SOURCE]);
  expect(controllersReading(RemoteKind.KUSTOMIZATION)).toEqual([KUSTOMIZE]);
});

test('what exists from which Flux on', () => {
  const first = (has: (version: FluxVersion) => boolean) => VERSIONS.find(has);
  expect(ALL_CONTROLLERS.map((controller) => first((version) => existsIn(controller, version)))).toEqual(ALL_CONTROLLERS.map((controller) => controller === SOURCE_WATCHER ? '2.7' : '2.6'));
  const objectLevel = Object.fromEntries(ALL_CONTROLLERS.map((controller) => [controller, first((version) => hasObjectLevel(controller, version))]));
  expect(objectLevel).toEqual({
    [SOURCE]: '2.6', [KUSTOMIZE]: '2.6', [HELM]: '2.7', [NOTIFICATION]: '2.6', [IMAGE_REFLECTOR]: '2.6', [IMAGE_AUTOMATION]: '2.6', [SOURCE_WATCHER]: undefined,
  });
  expect(VERSIONS.filter(needsGate)).toEqual(['2.6', '2.7', '2.8', '2.9']);
});

test('what a version lacks is refused, and the one that has it named', () => {
  expect(() => requireVersion(undefined, FluxVersion.V2_10, FluxVersion.V2_9, 'x', 'y')).not.toThrow();
  expect(refused(() => requireVersion(undefined, FluxVersion.V2_8, FluxVersion.V2_9, 'thing', 'it is not known'))).toEqual({
    given: 'thing in Flux 2.8.', allowed: 'Flux 2.9 and later', why: 'it is not known', fix: 'upgrade to Flux 2.9, or do without',
  });
});

const SERVICE: ServiceFacts = {
  name: 'Some Service',
  cloud: FluxCloud.GCP,
  rights: [],
  verbs: { read: { kinds: [FluxKind.BUCKET, FluxKind.OCI_REPOSITORY] }, notify: { kinds: [FluxKind.GOOGLE_PUBSUB_PROVIDER, FluxKind.BUCKET] } },
  levels: {},
  docs: '',
};

test('of a service: one verb, or all of them, each once', () => {
  expect(kindsOf(SERVICE, 'read')).toEqual([FluxKind.BUCKET, FluxKind.OCI_REPOSITORY]);
  expect(kindsOf(SERVICE)).toEqual([FluxKind.BUCKET, FluxKind.OCI_REPOSITORY, FluxKind.GOOGLE_PUBSUB_PROVIDER]);
  expect([controllersOf(SERVICE, 'read'), controllersOf(SERVICE)]).toEqual([[SOURCE], [SOURCE, NOTIFICATION]]);
  expect([secretsOf(SERVICE, 'read'), secretsOf(SERVICE)]).toEqual([[FluxSecretUse.BUCKET], [FluxSecretUse.BUCKET, FluxSecretUse.PROVIDER]]);
});

test.each([
  ['https://storage.example.com/a', 'storage.example.com'],
  ['oci://ghcr.io/acme/apps', 'ghcr.io'],
  ['ghcr.io/acme/apps:v1', 'ghcr.io'],
  ['localhost:5000/a', 'localhost'],
  ['ssh://git@git.example.com:22/fleet', 'git.example.com'],
  ['git@git.example.com:fleet', 'git.example.com'],
  ['https://u:p@git.example.com/fleet@v1', 'git.example.com'],
  ['git+ssh://git.example.com', 'git.example.com'],
  ['s3.amazonaws.com', 's3.amazonaws.com'],
  ['https://a.example.com?x', 'a.example.com'],
  ['https://a.example.com#x', 'a.example.com'],
  ['a.example.com/b@sha256:0', 'a.example.com'],
  ['a.example.com/https://b.example.com', 'a.example.com'],
  ['', undefined],
  ['/a', undefined],
])('the host of %j is %j', (url, host) => {
  expect(hostOf(url)).toBe(host);
});

test.each<[pattern: string, hosts: string[], others: string[]]>([
  ['s3.*.amazonaws.com', ['s3.amazonaws.com', 's3.eu-west-1.amazonaws.com', 's3.dualstack.eu-west-1.amazonaws.com', 'S3.Amazonaws.com'], ['s3xamazonaws.com', 's3.amazonaws.com.evil.example', 'evil.s3.amazonaws.com', 's3.amazonawsxcom']],
  ['*.azurecr.io', ['acme.azurecr.io', 'a.b.azurecr.io'], ['azurecr.io', '.azurecr.io', 'acme.azurecr.io.example', 'acmexazurecr.io']],
  ['*-docker.pkg.dev', ['europe-docker.pkg.dev'], ['-docker.pkg.dev', 'docker.pkg.dev']],
  ['gcr.io', ['gcr.io'], ['eu.gcr.io', 'gcrxio', 'gcr.io.example']],
])('hosts of %j', (pattern, hosts, others) => {
  expect([...hosts, ...others].filter((host) => hostMatches(pattern, host))).toEqual(hosts);
});
