import { parse } from 'yaml';
import { fluxAuth, FluxAnswer, FluxCall, loginOf } from './flux-auth';
import { KubernetesObject, objectOf, parseObjects } from './kustomize';
import { ClusterKind } from '../../lib/core/cluster-issuer';

/** The token with which Flux goes to a cloud, and the identity that it asks the cloud for. */
export interface Request {
  readonly audience: string;
  /** Role ARN, name of the workload identity provider, or client ID. */
  readonly identity: string;
  /** Whether the token is mounted, and so bound to a pod. */
  readonly mounted: boolean;
}

/** A Flux configuration as the library rendered it. */
export interface Rendered {
  readonly kind: ClusterKind;
  /** `kustomization.yaml`. */
  readonly kustomization: string;
  /** Service accounts, ConfigMaps. */
  readonly manifests: string;
}

/** A cloud, by the name that Flux has for it. */
export type Cloud = 'aws' | 'azure' | 'gcp';

const NAMESPACE = 'flux-system';

/** What is pulled from a cloud, and what its token service is told about who pulls. */
const CLOUDS: { readonly [cloud in Cloud]: { readonly registry: string; readonly identity: (form: Required<FluxCall>['form']) => string } } = {
  aws: { registry: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/apps', identity: ({ RoleArn }) => RoleArn },
  azure: { registry: 'acmeregistry.azurecr.io/apps', identity: ({ client_id: clientId }) => clientId },
  gcp: { registry: 'europe-west1-docker.pkg.dev/acme-prod/apps', identity: ({ audience }) => audience.replace('//iam.googleapis.com/', '') },
};

/** What Flux does for an object that names a service account. */
export function objectLevel(flux: Rendered, cloud: Cloud, namespace: string, serviceAccount: string): Request {
  const { registry } = CLOUDS[cloud];
  return requestOf(cloud, fluxAuth({ objects: parseObjects(flux.manifests), namespace, serviceAccount, provider: cloud, registry }));
}

/** What a controller does in the pod that it gets: by our patch and, on EKS and AKS, by their webhooks. */
export function controllerLevel(flux: Rendered, cloud: Cloud, controller: string): Request {
  const { registry } = CLOUDS[cloud];
  return requestOf(cloud, fluxAuth({ namespace: NAMESPACE, provider: cloud, registry, ...podOf(flux, controller) }));
}

function requestOf(cloud: Cloud, answer: FluxAnswer): Request {
  const { form, audiences } = loginOf(answer);
  return { audience: audiences[0], identity: CLOUDS[cloud].identity(form), mounted: answer.calls.every(({ to }) => to !== 'kubernetes') };
}

export interface Pod {
  readonly environment: { readonly [name: string]: string };
  readonly files: { readonly [path: string]: string };
}

export function podOf(flux: Rendered, controller: string): Pod {
  const { metadata = {}, spec } = patched(flux, 'Deployment', controller)!.spec.template;
  const [manager, ...others] = spec?.containers ?? [{}];
  if (others.length > 0) throw new Error('one container');
  const named = (manager.env ?? []).map(({ name }: any) => name);
  if (new Set(named).size !== named.length) throw new Error(`a variable twice: ${named.join(', ')}`);
  const files: { [path: string]: string } = {};
  for (const { name, mountPath } of manager.volumeMounts ?? []) {
    const volume = spec.volumes.find((each: any) => each.name === name);
    for (const { serviceAccountToken } of volume.projected?.sources ?? []) {
      files[`${mountPath}/${serviceAccountToken.path}`] = token(controller, serviceAccountToken.audience);
    }
    if (volume.configMap !== undefined) {
      const { data } = objectOf(parseObjects(flux.manifests), 'ConfigMap', volume.configMap.name, NAMESPACE);
      for (const [key, content] of Object.entries<string>(data)) files[`${mountPath}/${key}`] = content;
    }
  }
  const injected = webhook(flux, controller, metadata.labels ?? {});
  return {
    environment: { ...injected.environment, ...Object.fromEntries((manager.env ?? []).map(({ name, value }: any) => [name, value])) },
    files: { ...injected.files, ...files },
  };
}

/** What EKS adds to pods of an annotated account, and AKS to labelled pods. */
function webhook(flux: Rendered, controller: string, labels: { readonly [name: string]: string }): Pod {
  const { annotations = {} } = patched(flux, 'ServiceAccount', controller)?.metadata ?? {};
  if (flux.kind === ClusterKind.EKS && annotations['eks.amazonaws.com/role-arn'] !== undefined) {
    const file = '/var/run/secrets/eks.amazonaws.com/serviceaccount/token';
    const environment = { AWS_REGION: 'eu-west-1', AWS_ROLE_ARN: annotations['eks.amazonaws.com/role-arn'], AWS_WEB_IDENTITY_TOKEN_FILE: file };
    return { environment, files: { [file]: token(controller, 'sts.amazonaws.com') } };
  }
  if (flux.kind === ClusterKind.AKS && labels['azure.workload.identity/use'] === 'true') {
    const file = '/var/run/secrets/azure/tokens/azure-identity-token';
    const environment = {
      AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
      AZURE_CLIENT_ID: annotations['azure.workload.identity/client-id'],
      AZURE_FEDERATED_TOKEN_FILE: file,
      AZURE_TENANT_ID: annotations['azure.workload.identity/tenant-id'],
    };
    return { environment, files: { [file]: token(controller, 'api://AzureADTokenExchange') } };
  }
  return { environment: {}, files: {} };
}

/** The patch of one object in the kustomization. */
function patched(flux: Rendered, kind: string, name: string): KubernetesObject | undefined {
  const patches = parse(flux.kustomization, { version: '1.1' }).patches
    .filter(({ target, patch }: any) => target.kind === kind && target.name === name && !/^\s*- op:/.test(patch));
  if (patches.length > 1) throw new Error(`${patches.length} patches of ${kind} ${name}`);
  return patches.length === 0 ? undefined : parseObjects(patches[0].patch)[0];
}

/** A mounted token, as far as flux-auth reads it. */
function token(controller: string, audience: string): string {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: `system:serviceaccount:${NAMESPACE}:${controller}`, aud: [audience] })}.`;
}
