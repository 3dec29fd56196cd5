import { parse } from 'yaml';
import { KubernetesObject, objectOf, parseObjects } from './kustomize';
import { ClusterKind } from '../../lib/core/cluster-issuer';

/** The token that Flux asks Kubernetes for, and the identity that it asks the cloud for with it. */
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

const ROLE = 'eks.amazonaws.com/role-arn';
const CLIENT = 'azure.workload.identity/client-id';
const TENANT = 'azure.workload.identity/tenant-id';
const USE = 'azure.workload.identity/use';
const PROVIDER = 'gcp.auth.fluxcd.io/workload-identity-provider';
const AWS_AUDIENCE = 'sts.amazonaws.com';
const AZURE_AUDIENCE = 'api://AzureADTokenExchange';

/** What Flux does for an object whose service account has these annotations. */
export const objectLevel = {
  aws: (flux: Rendered, account: string, namespace: string): Request => mounted(false, AWS_AUDIENCE, annotations(flux, account, namespace)[ROLE]),
  gcp: (flux: Rendered, account: string, namespace: string): Request => {
    const provider = annotations(flux, account, namespace)[PROVIDER];
    return mounted(false, `//iam.googleapis.com/${provider}`, provider);
  },
  azure: (flux: Rendered, account: string, namespace: string): Request => {
    const { [CLIENT]: client, [TENANT]: tenant } = annotations(flux, account, namespace);
    if (!tenant) throw new Error(`${account} has no tenant`);
    return mounted(false, AZURE_AUDIENCE, client);
  },
};

/** What a controller does, and what the webhooks of EKS and AKS do for its pod. */
export const controllerLevel = {
  aws: (flux: Rendered, controller: string): Request => {
    const { env, token } = pod(flux, controller);
    if (env.AWS_WEB_IDENTITY_TOKEN_FILE !== undefined) return mounted(true, token(env.AWS_WEB_IDENTITY_TOKEN_FILE), env.AWS_ROLE_ARN);
    if (flux.kind !== ClusterKind.EKS) throw new Error('only EKS reads the annotation');
    return mounted(true, AWS_AUDIENCE, patched(flux, 'ServiceAccount', controller).metadata.annotations![ROLE]);
  },
  gcp: (flux: Rendered, controller: string): Request => {
    const { env, file, token } = pod(flux, controller);
    const credentials = JSON.parse(file(env.GOOGLE_APPLICATION_CREDENTIALS));
    const [, provider] = /^\/\/iam\.googleapis\.com\/(.+)$/.exec(credentials.audience) ?? [];
    return mounted(true, token(credentials.credential_source.file), provider);
  },
  azure: (flux: Rendered, controller: string): Request => {
    const { env, labels, token } = pod(flux, controller);
    if (env.AZURE_FEDERATED_TOKEN_FILE !== undefined) {
      if (!env.AZURE_TENANT_ID || !env.AZURE_AUTHORITY_HOST) throw new Error('half an environment');
      return mounted(true, token(env.AZURE_FEDERATED_TOKEN_FILE), env.AZURE_CLIENT_ID);
    }
    if (flux.kind !== ClusterKind.AKS || labels[USE] !== 'true') throw new Error('only AKS reads the annotation, and only of labelled pods');
    return mounted(true, AZURE_AUDIENCE, patched(flux, 'ServiceAccount', controller).metadata.annotations![CLIENT]);
  },
};

function mounted(isMounted: boolean, audience: string | undefined, identity: string | undefined): Request {
  if (!audience || !identity) throw new Error(`Flux is not told everything: audience ${audience}, identity ${identity}`);
  return { audience, identity, mounted: isMounted };
}

function annotations(flux: Rendered, account: string, namespace: string): { readonly [name: string]: string } {
  return objectOf(parseObjects(flux.manifests), 'ServiceAccount', account, namespace).metadata.annotations ?? {};
}

/** The patch of one object in the kustomization. */
function patched(flux: Rendered, kind: string, name: string): KubernetesObject {
  const patches = parse(flux.kustomization, { version: '1.1' }).patches
    .filter(({ target, patch }: any) => target.kind === kind && target.name === name && !/^\s*- op:/.test(patch));
  if (patches.length !== 1) throw new Error(`${patches.length} patches of ${kind} ${name}`);
  return parseObjects(patches[0].patch)[0];
}

function pod(flux: Rendered, controller: string) {
  const { metadata = {}, spec } = patched(flux, 'Deployment', controller).spec.template;
  const [manager, ...others] = spec?.containers ?? [{}];
  if (others.length > 0) throw new Error('one container');
  const named = (manager.env ?? []).map(({ name }: any) => name);
  if (new Set(named).size !== named.length) throw new Error(`a variable twice: ${named.join(', ')}`);
  const source = (path: string) => {
    const mount = (manager.volumeMounts ?? []).find(({ mountPath }: any) => path.startsWith(`${mountPath}/`));
    if (mount === undefined) throw new Error(`nothing is mounted at ${path}`);
    return { volume: spec.volumes.find(({ name }: any) => name === mount.name), file: path.slice(mount.mountPath.length + 1) };
  };
  return {
    env: Object.fromEntries((manager.env ?? []).map(({ name, value }: any) => [name, value])) as { [name: string]: string },
    labels: (metadata.labels ?? {}) as { [name: string]: string },
    /** The audience of the token at a path. */
    token: (path: string): string => {
      const { volume, file } = source(path);
      return volume.projected.sources.map(({ serviceAccountToken }: any) => serviceAccountToken).find((each: any) => each.path === file).audience;
    },
    /** A file of a ConfigMap. */
    file: (path: string): string => {
      const { volume, file } = source(path);
      return objectOf(parseObjects(flux.manifests), 'ConfigMap', volume.configMap.name, 'flux-system').data[file];
    },
  };
}
