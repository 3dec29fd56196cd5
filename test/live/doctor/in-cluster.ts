import { LiveFault } from './fault';
import { KubernetesObject } from '../../conformance/kustomize';
import { NAMESPACES } from '../estate';
import { remoteOf } from '../stack';

const object = (apiVersion: string, kind: string, namespace: string | undefined, name: string): KubernetesObject =>
  ({ apiVersion, kind, metadata: { name, namespace } });
const account = (namespace: string, name: string) => object('v1', 'ServiceAccount', namespace, name);
const deployment = (name: string) => object('apps/v1', 'Deployment', 'flux-system', name);
const configMap = (namespace: string, name: string) => object('v1', 'ConfigMap', namespace, name);
const source = (namespace: string, name: string) => object('source.toolkit.fluxcd.io/v1', 'OCIRepository', namespace, name);
const TENANT = account(NAMESPACES.object, 'flux');
const RBAC = 'rbac.authorization.k8s.io/v1';
const manager = (found: any) => found.spec.template.spec.containers.find(({ name }: any) => name === 'manager');
const withArgs = (change: (args: string[]) => string[]) => (found: any) => {
  manager(found).args = change(manager(found).args);
};

/** What can be wrong with the cluster, from EKS toward all clouds, at both levels. */
export const IN_CLUSTER: readonly LiveFault[] = [
  {
    title: 'an OCIRepository without `provider`',
    on: ['aws', 'object', 'Images'],
    says: /401 Unauthorized: Not Authorized/,
    layer: 'flux object',
    break: (bench) => bench.change(source(NAMESPACES.object, 'aws-artifact'), ({ spec }) => delete spec.provider),
  },
  {
    title: 'an OCIRepository with the provider of another cloud',
    on: ['azure', 'controller', 'Images'],
    says: /invalid AWS registry: '[^']+'/,
    layer: 'flux object',
    break: (bench) => bench.change(source(NAMESPACES.controller, 'azure-artifact'), ({ spec }) => {
      spec.provider = 'aws';
    }),
  },
  {
    title: 'an OCIRepository that names an account without an identity',
    on: ['aws', 'object', 'Images'],
    says: /invalid eks\.amazonaws\.com\/role-arn annotation/,
    layer: 'flux object',
    text: 'settings',
    break: (bench) => bench.change(source(NAMESPACES.object, 'aws-artifact'), ({ spec }) => {
      spec.serviceAccountName = 'default';
    }),
  },
  {
    title: 'kustomize-controller scaled to nothing',
    on: ['gcp', 'object', 'Key'],
    layer: 'controller',
    break: async (bench) => {
      await bench.change(deployment('kustomize-controller'), ({ spec }) => {
        spec.replicas = 0;
      });
      await bench.stop('kustomize-controller');
    },
  },
  {
    title: 'the account of the tenant is gone',
    on: ['gcp', 'object', 'Images'],
    says: /serviceaccount 'team-a\/flux' not found/,
    layer: 'account',
    break: (bench) => bench.remove(TENANT),
  },
  {
    title: 'a pull secret in the account of the tenant',
    on: ['aws', 'object', 'Images'],
    says: /Your authorization token has expired/,
    layer: 'account',
    text: 'flux object',
    break: async (bench) => {
      const auths = { '111122223333.dkr.ecr.eu-west-1.amazonaws.com': { username: 'AWS', password: 'of-last-year' } };
      await bench.add({
        ...object('v1', 'Secret', NAMESPACES.object, 'mirror'), type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': JSON.stringify({ auths }) },
      });
      await bench.change(TENANT, (found) => {
        found.imagePullSecrets = [{ name: 'mirror' }];
      });
    },
  },
  {
    title: 'an annotation of the account of the tenant is gone',
    on: ['azure', 'object', 'Images'],
    says: /azure client ID is not set in the service account annotation/,
    layer: 'settings',
    break: (bench) => bench.change(TENANT, ({ metadata }) => delete metadata.annotations['azure.workload.identity/client-id']),
  },
  {
    title: 'the annotation of source-controller is gone, and its pod is new',
    on: ['aws', 'controller', 'Images'],
    says: /AWS_REGION environment variable is not set in the Flux controller|no EC2 IMDS role found/,
    layer: 'settings',
    text: 'pod',
    break: async (bench) => {
      await bench.change(account('flux-system', 'source-controller'), ({ metadata }) => delete metadata.annotations['eks.amazonaws.com/role-arn']);
      await bench.restart('source-controller');
    },
  },
  {
    title: 'a variable of source-controller is gone, and its pod is new',
    on: ['azure', 'controller', 'Images'],
    says: /ManagedIdentityCredential/,
    layer: 'settings',
    text: 'pod',
    break: async (bench) => {
      await bench.change(deployment('source-controller'), (found) => {
        manager(found).env = manager(found).env.filter(({ name }: any) => name !== 'AZURE_CLIENT_ID');
      });
      await bench.restart('source-controller');
    },
  },
  {
    title: 'the ConfigMap of the tenant\'s remote cluster is gone',
    on: ['azure', 'object', 'Cluster'],
    says: /configmaps "remote-azure" not found/,
    layer: 'settings',
    break: (bench) => bench.remove(configMap(NAMESPACES.object, remoteOf('azure'))),
  },
  {
    title: 'the ConfigMap of the tenant\'s remote cluster names another cluster',
    on: ['aws', 'object', 'Cluster'],
    says: /is not authorized to perform: eks:DescribeCluster/,
    layer: 'settings',
    text: 'permission',
    break: (bench) => bench.change(configMap(NAMESPACES.object, remoteOf('aws')), ({ data }) => {
      data.cluster = data.cluster.replace(/[^/]+$/, 'platform');
    }),
  },
  {
    title: 'the pod of source-controller is older than the annotation of its account',
    on: ['aws', 'controller', 'Bucket'],
    says: /AWS_REGION environment variable is not set in the Flux controller|no EC2 IMDS role found/,
    layer: 'pod',
    break: async (bench) => {
      const own = account('flux-system', 'source-controller');
      const annotations = (await bench.trial.machine.kube.get(own)).metadata.annotations;
      await bench.change(own, ({ metadata }) => delete metadata.annotations['eks.amazonaws.com/role-arn']);
      await bench.restart('source-controller');
      await bench.trial.machine.kube.merge(own, { metadata: { annotations } });
    },
  },
  {
    title: 'source-controller without the gate of object level',
    on: ['gcp', 'object', 'Images'],
    says: /please enable the ObjectLevelWorkloadIdentity feature gate/,
    layer: 'gate',
    break: async (bench) => {
      await bench.change(deployment('source-controller'), withArgs((args) => args.filter((arg) => !arg.startsWith('--feature-gates='))));
      await bench.restart('source-controller');
    },
  },
  {
    title: 'source-controller with a flag of the lockdown that it does not know',
    on: ['aws', 'controller', 'Images'],
    says: /unknown flag: --no-cross-namespace-refs/,
    ends: 'source-controller',
    layer: 'gate',
    break: (bench) => bench.change(deployment('source-controller'), withArgs((args) => [...args, '--no-cross-namespace-refs=true'])),
  },
  {
    title: 'source-controller without the right to tokens of the tenant\'s account',
    on: ['aws', 'object', 'Bucket'],
    says: /cannot create resource "serviceaccounts\/token"/,
    layer: 'token right',
    break: async (bench) => {
      await bench.change(object(RBAC, 'ClusterRole', undefined, 'crd-controller-flux-system'), (found) => {
        found.rules = found.rules.filter(({ resources }: any) => !resources?.includes('serviceaccounts/token'));
      });
      await bench.remove(object(RBAC, 'RoleBinding', NAMESPACES.object, 'flux-token-request-flux'));
      await bench.trial.withoutTokens(NAMESPACES.object);
    },
  },
];
