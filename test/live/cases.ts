import { Cloud, CLOUDS, Estate, Level, LEVELS, NAMESPACES, STRANGER } from './estate';
import { builtInStranger, denied, FORBIDDEN, Refused, STRANGERS } from './refused';
import { GENERIC_AUDIENCE, GrantId, remoteOf, Source } from './stack';
import { KubernetesObject } from '../conformance/kustomize';
import { Evaluation } from '../conformance/terraform';

/** The one case that no cloud has a part in. */
export const TO_GENERIC = 'Kustomization to a remote cluster without a cloud';

/** A Flux object in a cell, and what is to become of it. */
export interface Case {
  readonly cloud: Cloud;
  readonly level: Level;
  /** What it shows. */
  readonly title: string;
  readonly object: KubernetesObject;
  /** For a twin: why it is refused. */
  readonly refused?: Refused;
  /** For what is to be seen: an object that is there then, in the cluster or in the remote one, and says which cell it comes from. */
  readonly made?: { readonly object: KubernetesObject; readonly remote?: boolean };
  /** The grant that it uses, of those that call the cloud themselves and are to get in: a change there is seen by it. */
  readonly uses?: GrantId;
}

const SPEC = { interval: '1h', timeout: '20s' };
const object = (apiVersion: string, kind: string, namespace: string, name: string, spec?: object): KubernetesObject =>
  ({ apiVersion, kind, metadata: { name, namespace }, ...spec && { spec } });
const configMap = (namespace: string, name: string): KubernetesObject => object('v1', 'ConfigMap', namespace, name);

/** Everything of one cell: what Flux uses in a cloud, and the forbidden twins. */
export function casesOf(estate: Estate, { builtInPool }: Source, cloud: Cloud, level: Level): Case[] {
  const namespace = NAMESPACES[level];
  const account = level === 'object' ? { serviceAccountName: 'flux' } : {};
  const thief = { serviceAccountName: `thief-${level}` };
  const [own, other] = [estate[cloud][level], estate[cloud][level === 'object' ? 'controller' : 'object']];
  const oci = (where: string, name: string, url: string, who: object, tag = 'v1', layer: object = {}) =>
    object('source.toolkit.fluxcd.io/v1', 'OCIRepository', where, `${cloud}-${name}`, { ...SPEC, provider: cloud, url: `oci://${url}`, ref: { tag }, ...layer, ...who });
  const bucket = (where: string, name: string, bucketName: string, who: object) => object('source.toolkit.fluxcd.io/v1', 'Bucket', where, `${cloud}-${name}`, {
    ...SPEC, provider: cloud, bucketName, endpoint: own.endpoint, ...cloud === 'aws' ? { region: 'eu-west-1' } : {}, ...who,
  });
  const kustomization = (where: string, name: string, path: string, more: object) => object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', where, `${cloud}-${name}`, {
    ...SPEC, prune: true, path, targetNamespace: where, sourceRef: { kind: 'OCIRepository', name: `${cloud}-artifact`, namespace }, ...more,
  });
  const decryption = (who: object) => ({ decryption: { provider: 'sops', ...who } });
  const kubeConfig = (name: string) => ({ kubeConfig: { configMapRef: { name } } });
  const helmRelease = (where: string, name: string, more: object) => object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', where, `${cloud}-${name}`, { ...SPEC, ...more });

  const inputs = (where: string, name: string, url: string, who: object) => object('fluxcd.controlplane.io/v1', 'ResourceSetInputProvider', where, `${cloud}-${name}`,
    { type: `${{ aws: 'ECR', azure: 'ACR', gcp: 'GAR' }[cloud]}ArtifactTag`, url: `oci://${url}`, ...who });

  const one = (title: string, it: KubernetesObject, more: Partial<Case> = {}): Case => ({ cloud, level, title, object: it, ...more });
  const remote = { ...kubeConfig(remoteOf(cloud)), targetNamespace: `${namespace}-${cloud}` };
  const chartRef = { chartRef: { kind: 'OCIRepository', name: `${cloud}-chart`, namespace } };
  const seen: Case[] = [
    one('OCIRepository', oci(namespace, 'artifact', `${own.registry}/${own.repository}`, account), { uses: 'Images' }),
    one('Bucket', bucket(namespace, 'bucket', own.bucket, account), { uses: 'Bucket' }),
    one('Kustomization with SOPS', kustomization(namespace, 'decrypt', './decrypt', decryption(account)),
      { uses: 'Key', made: { object: object('v1', 'Secret', namespace, `decrypted-${cloud}`) } }),
    one('Kustomization to a remote cluster', kustomization(namespace, 'remote', './plain', remote),
      { uses: 'Cluster', made: { object: configMap(`${namespace}-${cloud}`, 'applied'), remote: true } }),
    one('OCIRepository of a chart', oci(namespace, 'chart', `${own.registry}/${own.chart}`, account, '0.1.0',
      { layerSelector: { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', operation: 'copy' } }), { uses: 'Images' }),
    one('HelmRelease by chartRef', helmRelease(namespace, 'release', chartRef), { made: { object: configMap(namespace, `${cloud}-release`) } }),
    one('HelmRelease to a remote cluster', helmRelease(namespace, 'remote', { ...chartRef, ...remote, releaseName: `${cloud}-released` }),
      { uses: 'Cluster', made: { object: configMap(`${namespace}-${cloud}`, `${cloud}-released`), remote: true } }),
    one('ResourceSetInputProvider', inputs(namespace, 'tags', `${own.registry}/${own.repository}`, account), { uses: 'Images' }),
    // Object level knows no HelmRepository.
    ...level === 'object' ? [] : [
      one('HelmRelease by HelmRepository', helmRelease(namespace, 'helm', { chart: { spec: { chart: 'chart', version: '0.1.0', sourceRef: { kind: 'HelmRepository', name: `${cloud}-helm` } } } }),
        { made: { object: configMap(namespace, `${cloud}-helm`) } }),
    ],
    // It is no cloud's: one is enough.
    ...level === 'object' && cloud === 'aws' ? [
      one(TO_GENERIC, kustomization(namespace, 'generic', './plain', { ...kubeConfig(remoteOf('generic')), targetNamespace: 'generic' }),
        { made: { object: configMap('generic', 'applied'), remote: true } }),
    ] : [],
  ];

  const stranger: Refused = { says: (builtInPool ? builtInStranger : STRANGERS[cloud])(STRANGER, thief.serviceAccountName) };
  const forbidden = denied(other, cloud, level);
  const twins: Case[] = [
    one('another tenant\'s account: OCIRepository', oci(STRANGER, `${level}-artifact`, `${own.registry}/${own.repository}`, thief), { refused: stranger }),
    one('another tenant\'s account: Bucket', bucket(STRANGER, `${level}-bucket`, own.bucket, thief), { refused: stranger }),
    one('another tenant\'s account: decryption', kustomization(STRANGER, `${level}-decrypt`, './decrypt', decryption(thief)), { refused: stranger }),
    one('another tenant\'s account: Kustomization to a remote cluster', kustomization(STRANGER, `${level}-remote`, './plain', kubeConfig(`${cloud}-${level}-thief`)), { refused: stranger }),
    one('another tenant\'s account: HelmRelease to a remote cluster', helmRelease(STRANGER, `${level}-remote`, { ...chartRef, ...kubeConfig(`${cloud}-${level}-thief`) }), { refused: stranger }),
    one('another tenant\'s account: ResourceSetInputProvider', inputs(STRANGER, `${level}-tags`, `${own.registry}/${own.repository}`, thief), { refused: stranger }),
    one('another repository: ResourceSetInputProvider', inputs(namespace, 'other-tags', `${other.registry}/${other.repository}`, account),
      { refused: { says: /may not/, denied: forbidden.tags } }),
    one('another repository', oci(namespace, 'other-repository', `${other.registry}/${other.repository}`, account), { refused: { says: /may not/, denied: forbidden.repository } }),
    one('another bucket', bucket(namespace, 'other-bucket', other.bucket, account), { refused: { says: FORBIDDEN, denied: forbidden.Bucket } }),
    one('another key', kustomization(namespace, 'other-key', './other-key', decryption(account)), { refused: { says: /may not/, denied: forbidden.Key } }),
    one('another remote cluster', kustomization(namespace, 'other-remote', './plain', kubeConfig(`${cloud}-other`)), { refused: { says: /may not/, denied: forbidden.Cluster } }),
    ...level === 'object' && cloud === 'aws' ? [
      one('another tenant\'s account: remote cluster without a cloud', kustomization(STRANGER, 'generic', './plain', kubeConfig('generic-thief')),
        { refused: { says: /User "flux:system:serviceaccount:team-b:thief-object" cannot/ } }),
      one('another audience: remote cluster without a cloud', kustomization(namespace, 'generic-audience', './plain', kubeConfig('generic-audience')),
        { refused: { says: /Unauthorized|asked for the client to provide credentials/ } }),
    ] : [],
  ];
  return [...seen, ...twins];
}

/** What the objects of all cells refer to: HelmRepositories, the thief's accounts and ConfigMaps, remote clusters of others. */
export function helpersOf(estate: Estate, evaluation: Evaluation, manifests: readonly KubernetesObject[]): KubernetesObject[] {
  const remote = (namespace: string, name: string, of: string, data: object): KubernetesObject => {
    const { data: given } = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === of && metadata.namespace === NAMESPACES.object)!;
    return { ...configMap(namespace, name), data: { ...given, ...data } };
  };
  return [
    ...LEVELS.flatMap((level) => [
      { ...object('v1', 'ServiceAccount', STRANGER, `thief-${level}`), metadata: { name: `thief-${level}`, namespace: STRANGER, annotations: identityOf(evaluation, level) } },
      ...CLOUDS.flatMap((cloud) => {
        const other = level === 'object' ? 'controller' : 'object';
        const stolen = remote(STRANGER, `${cloud}-${level}-thief`, remoteOf(cloud), { cluster: estate[cloud][level].cluster, serviceAccountName: `thief-${level}` });
        const wanted = remote(NAMESPACES[level], `${cloud}-other`, remoteOf(cloud), { cluster: estate[cloud][other].cluster });
        if (level === 'controller') delete wanted.data.serviceAccountName;
        return [stolen, wanted];
      }),
    ]),
    ...CLOUDS.map((cloud) => {
      const { registry, chart } = estate[cloud].controller;
      const url = `oci://${registry}/${chart}`.replace(/\/chart$/, '');
      return object('source.toolkit.fluxcd.io/v1', 'HelmRepository', NAMESPACES.controller, `${cloud}-helm`, { type: 'oci', provider: cloud, url });
    }),
    remote(STRANGER, 'generic-thief', remoteOf('generic'), { serviceAccountName: 'thief-object' }),
    remote(NAMESPACES.object, 'generic-audience', remoteOf('generic'), { audiences: `not-${GENERIC_AUDIENCE}` }),
  ];
}

/** What somebody who read the stack would annotate their own account with, to be the identity of a level. */
function identityOf({ resources }: Evaluation, level: Level): { readonly [annotation: string]: string } {
  const find = (type: string, where: (resource: any) => boolean) => Object.entries<any>(resources).find(([address, resource]) => address.startsWith(`${type}.`) && where(resource))?.[1];
  const named = ({ name }: any) => name === `flux-${level}`;
  const identity = find('azurerm_user_assigned_identity', named);
  const provider = find('google_iam_workload_identity_pool_provider', () => true);
  const account = find('google_service_account', ({ account_id: id }) => id === `flux-${level}`);
  return {
    'eks.amazonaws.com/role-arn': find('aws_iam_role', named).arn,
    'azure.workload.identity/client-id': identity.client_id,
    'azure.workload.identity/tenant-id': identity.tenant_id,
    ...provider === undefined ? {} : { 'gcp.auth.fluxcd.io/workload-identity-provider': provider.name },
    ...account === undefined ? {} : { 'iam.gke.io/gcp-service-account': account.email },
  };
}
