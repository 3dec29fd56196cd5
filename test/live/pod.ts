import { mkdirSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { Kube } from './kube';
import { ClusterKind } from '../../lib/core/cluster-issuer';

/** A controller's pod, as a process has it: files are below a folder, and what names them is moved along. */
export interface Pod {
  readonly args: readonly string[];
  readonly environment: { readonly [name: string]: string };
  /** Of its account, for the API server. */
  readonly token: string;
}

const NAMESPACE = 'flux-system';
/** Where every pod finds the token of its account. */
export const ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Stands in for the kubelet, the controllers of Deployments and the webhooks of EKS and AKS: makes the pod of a controller in the API
 * server, asks it for the tokens that the pod mounts, bound to the pod, and writes all its files.
 *
 * @param root the folder that is the pod's root
 */
export async function podOf(kube: Kube, kind: ClusterKind, controller: string, root: string): Promise<Pod> {
  const find = (apiVersion: string, of: string, name: string) => kube.get({ apiVersion, kind: of, metadata: { name, namespace: NAMESPACE } });
  const [deployment, account] = await Promise.all([find('apps/v1', 'Deployment', controller), find('v1', 'ServiceAccount', controller)]);
  const { metadata, spec } = deployment.spec.template;
  const { serviceAccountName } = spec;
  if (serviceAccountName !== controller) throw new Error(`${controller} runs as ${serviceAccountName}`);
  webhook(kind, metadata, spec, account.metadata.annotations ?? {});

  const pods = `/api/v1/namespaces/${NAMESPACE}/pods`;
  await kube.call('DELETE', `${pods}/${controller}`, { gracePeriodSeconds: 0 }).catch(() => {});
  const made = await kube.call('POST', pods, { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: controller }, spec });
  const bound = { name: controller, uid: made.metadata.uid };

  const [container] = made.spec.containers;
  const files: { [path: string]: string } = {};
  for (const { name, mountPath } of container.volumeMounts) {
    const volume = made.spec.volumes.find((each: any) => each.name === name);
    const sources = volume.projected?.sources ?? (volume.configMap === undefined ? [] : [{ configMap: volume.configMap }]);
    for (const { serviceAccountToken, configMap } of sources) {
      if (serviceAccountToken !== undefined) {
        files[`${mountPath}/${serviceAccountToken.path}`] = await kube.tokenOf(NAMESPACE, controller, serviceAccountToken.audience, bound);
      } else if (configMap !== undefined && configMap.name !== 'kube-root-ca.crt') {
        for (const [key, text] of Object.entries<string>((await find('v1', 'ConfigMap', configMap.name)).data)) files[`${mountPath}/${key}`] = text;
      }
    }
  }
  // Longer paths first: one may begin with another.
  const paths = Object.keys(files).sort((a, b) => b.length - a.length);
  const moved = (text: string) => paths.reduce((all, path) => all.split(path).join(join(root, path)), text);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), moved(text), { mode: 0o600 });
  }
  const token = await kube.tokenOf(NAMESPACE, controller, undefined, bound);
  const mounted = join(root, ACCOUNT_TOKEN);
  mkdirSync(dirname(mounted), { recursive: true });
  writeFileSync(mounted, token, { mode: 0o600 });
  return {
    args: container.args,
    environment: Object.fromEntries((container.env ?? []).flatMap(({ name, value }: any) => (value === undefined ? [] : [[name, moved(value)]]))),
    token,
  };
}

/** What EKS adds to pods of an annotated account, and AKS to labelled pods. Variables that are there already are left alone. */
function webhook(kind: ClusterKind, metadata: any, spec: any, annotations: { readonly [name: string]: string }): void {
  const add = (directory: string, path: string, audience: string, environment: { readonly [name: string]: string | undefined }) => {
    const [container] = spec.containers;
    const name = `live-${path}`;
    const serviceAccountToken = { audience, expirationSeconds: 3600, path };
    spec.volumes = [...spec.volumes ?? [], { name, projected: { sources: [{ serviceAccountToken }] } }];
    container.volumeMounts = [...container.volumeMounts ?? [], { name, mountPath: directory, readOnly: true }];
    const there = new Set((container.env ?? []).map((variable: any) => variable.name));
    const added = Object.entries(environment).filter(([variable, value]) => !there.has(variable) && value !== undefined);
    container.env = [...container.env ?? [], ...added.map(([variable, value]) => ({ name: variable, value }))];
  };
  if (kind === ClusterKind.EKS && annotations['eks.amazonaws.com/role-arn'] !== undefined) {
    const directory = '/var/run/secrets/eks.amazonaws.com/serviceaccount';
    add(directory, 'token', annotations['eks.amazonaws.com/audience'] ?? 'sts.amazonaws.com', {
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_STS_REGIONAL_ENDPOINTS: 'regional',
      AWS_ROLE_ARN: annotations['eks.amazonaws.com/role-arn'],
      AWS_WEB_IDENTITY_TOKEN_FILE: `${directory}/token`,
    });
  }
  if (kind === ClusterKind.AKS && metadata.labels?.['azure.workload.identity/use'] === 'true') {
    const directory = '/var/run/secrets/azure/tokens';
    add(directory, 'azure-identity-token', 'api://AzureADTokenExchange', {
      AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
      AZURE_CLIENT_ID: annotations['azure.workload.identity/client-id'],
      AZURE_FEDERATED_TOKEN_FILE: `${directory}/azure-identity-token`,
      AZURE_TENANT_ID: annotations['azure.workload.identity/tenant-id'],
    });
  }
}
