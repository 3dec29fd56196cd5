import { Cloud, CLOUDS, Estate, Level, LEVELS, NAMESPACES, STRANGER } from './estate';
import { GENERIC_AUDIENCE, remoteOf } from './stack';
import { KubernetesObject } from '../conformance/kustomize';
import { Evaluation } from '../conformance/terraform';

/** A Flux object in a cell, and what is to become of it. */
export interface Case {
  readonly cloud: Cloud;
  readonly level: Level;
  /** What it shows. */
  readonly title: string;
  readonly object: KubernetesObject;
  /** For a twin: why it is refused, in Flux's own words or the cloud's. */
  readonly refused?: RegExp;
  /** For what is to be seen: an object that is there then, in the cluster or in the remote one, and says which cell it comes from. */
  readonly made?: { readonly object: KubernetesObject; readonly remote?: boolean };
  /** Whether it calls the cloud itself, so that a change there is seen by it. */
  readonly calls: boolean;
}

const SPEC = { interval: '1h', timeout: '20s' };
const object = (apiVersion: string, kind: string, namespace: string, name: string, spec?: object): KubernetesObject => ({ apiVersion, kind, metadata: { name, namespace }, ...spec && { spec } });
const configMap = (namespace: string, name: string): KubernetesObject => object('v1', 'ConfigMap', namespace, name);

/** Everything of one cell: what Flux uses in a cloud, and the forbidden twins. */
export function casesOf(estate: Estate, cloud: Cloud, level: Level): Case[] {
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
  const helmRelease = (name: string, more: object) => object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', namespace, `${cloud}-${name}`, { ...SPEC, ...more });

  const one = (title: string, it: KubernetesObject, more: Partial<Case> = {}): Case => ({ cloud, level, title, object: it, calls: true, ...more });
  const seen: Case[] = [
    one('OCIRepository', oci(namespace, 'artifact', `${own.registry}/${own.repository}`, account)),
    one('Bucket', bucket(namespace, 'bucket', own.bucket, account)),
    one('Kustomization with SOPS', kustomization(namespace, 'decrypt', './decrypt', decryption(account)), { made: { object: object('v1', 'Secret', namespace, `decrypted-${cloud}`) } }),
    one('remote cluster', kustomization(namespace, 'remote', './plain', { ...kubeConfig(remoteOf(cloud)), targetNamespace: `${namespace}-${cloud}` }),
      { made: { object: configMap(`${namespace}-${cloud}`, 'applied'), remote: true } }),
    one('OCIRepository of a chart', oci(namespace, 'chart', `${own.registry}/${own.chart}`, account, '0.1.0',
      { layerSelector: { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', operation: 'copy' } })),
    one('HelmRelease by chartRef', helmRelease('release', { chartRef: { kind: 'OCIRepository', name: `${cloud}-chart` } }),
      { calls: false, made: { object: configMap(namespace, `${cloud}-release`) } }),
    // Object level knows no HelmRepository.
    ...level === 'object' ? [] : [
      one('HelmRelease by HelmRepository', helmRelease('helm', { chart: { spec: { chart: 'chart', version: '0.1.0', sourceRef: { kind: 'HelmRepository', name: `${cloud}-helm` } } } }),
        { calls: false, made: { object: configMap(namespace, `${cloud}-helm`) } }),
    ],
    // It is no cloud's: one is enough.
    ...level === 'object' && cloud === 'aws' ? [
      one('remote cluster without a cloud', kustomization(namespace, 'generic', './plain', { ...kubeConfig(remoteOf('generic')), targetNamespace: 'generic' }),
        { calls: false, made: { object: configMap('generic', 'applied'), remote: true } }),
    ] : [],
  ];

  const untrusted = UNTRUSTED[cloud];
  const twins: Case[] = [
    one('another tenant\'s account: OCIRepository', oci(STRANGER, `${level}-artifact`, `${own.registry}/${own.repository}`, thief), { refused: untrusted }),
    one('another tenant\'s account: Bucket', bucket(STRANGER, `${level}-bucket`, own.bucket, thief), { refused: untrusted }),
    one('another tenant\'s account: decryption', kustomization(STRANGER, `${level}-decrypt`, './decrypt', decryption(thief)), { refused: untrusted }),
    one('another tenant\'s account: remote cluster', kustomization(STRANGER, `${level}-remote`, './plain', kubeConfig(`${cloud}-${level}-thief`)), { refused: untrusted }),
    one('another repository', oci(namespace, 'other-repository', `${other.registry}/${other.repository}`, account), { refused: /may not|DENIED/ }),
    one('another bucket', bucket(namespace, 'other-bucket', other.bucket, account), { refused: FORBIDDEN[cloud] }),
    one('another key', kustomization(namespace, 'other-key', './other-key', decryption(account)), { refused: /may not/ }),
    one('another remote cluster', kustomization(namespace, 'other-remote', './plain', kubeConfig(`${cloud}-other`)), { refused: /may not/ }),
    ...level === 'object' && cloud === 'aws' ? [
      one('another tenant\'s account: remote cluster without a cloud', kustomization(STRANGER, 'generic', './plain', kubeConfig('generic-thief')), { calls: false, refused: /forbidden/i }),
      one('another audience: remote cluster without a cloud', kustomization(namespace, 'generic-audience', './plain', kubeConfig('generic-audience')), { calls: false, refused: /Unauthorized|provide credentials/i }),
    ] : [],
  ];
  return [...seen, ...twins];
}

/** How a cloud says that a token's holder is not trusted, as Flux hands it on. */
export const UNTRUSTED: { readonly [cloud in Cloud]: RegExp } = {
  aws: /the trust policy does not allow it/,
  azure: /no federated credential for system:/,
  gcp: /the attribute condition does not allow it|may not iam\.serviceAccounts\.getAccessToken/,
};
const FORBIDDEN: { readonly [cloud in Cloud]: RegExp } = { aws: /may not s3:|Access Denied|AccessDenied/, azure: /AuthorizationPermissionMismatch|403/, gcp: /may not storage\.|403/ };

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
  const account = find('google_service_account', ({ account_id: id }) => id === `flux-${level}`);
  return {
    'eks.amazonaws.com/role-arn': find('aws_iam_role', named).arn,
    'azure.workload.identity/client-id': identity.client_id,
    'azure.workload.identity/tenant-id': identity.tenant_id,
    'gcp.auth.fluxcd.io/workload-identity-provider': find('google_iam_workload_identity_pool_provider', () => true).name,
    ...account === undefined ? {} : { 'iam.gke.io/gcp-service-account': account.email },
  };
}
