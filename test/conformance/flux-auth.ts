import { KubernetesObject } from './kustomize';
import { FLUX_AUTH, run } from './programs';

/** What a Flux object asks for, and where: see `request` in flux-auth/main.go. */
export interface FluxRequest {
  /** Service accounts and ConfigMaps of the cluster. */
  readonly objects?: readonly KubernetesObject[];
  /** The feature gate ObjectLevelWorkloadIdentity, on unless said otherwise. */
  readonly gate?: boolean;
  /** The flag --default-service-account. */
  readonly defaultServiceAccount?: string;
  readonly namespace?: string;
  readonly provider?: string;
  readonly serviceAccount?: string;
  /** An artifact repository, a Git repository, the ConfigMap of a remote cluster; none of them for other services. */
  readonly registry?: string;
  readonly git?: string;
  readonly kubeConfig?: string;
  readonly region?: string;
  /** Environment and files of the controller. */
  readonly environment?: { readonly [name: string]: string };
  readonly files?: { readonly [path: string]: string };
  /** What GKE's metadata server answers. */
  readonly gke?: { readonly [path: string]: string };
}

/** One request that Flux sent. */
export interface FluxCall {
  /** A host, or `kubernetes`. */
  readonly to: string;
  readonly path: string;
  readonly form?: { readonly [name: string]: string };
  /** Of the service account's token that was presented. */
  readonly subject?: string;
  /** Of that token; toward Kubernetes: those that were asked for. */
  readonly audiences?: string[];
}

/** What Flux did. */
export interface FluxAnswer {
  readonly calls: FluxCall[];
  /** The API server of a remote cluster, and its authority. */
  readonly host?: string;
  readonly ca?: string;
  /** Why Flux gave up. */
  readonly error?: string;
}

/** What the metadata server of a GKE cluster says of it. */
export const GKE_METADATA = { 'project/project-id': 'acme-prod', 'instance/attributes/cluster-location': 'europe-west1', 'instance/attributes/cluster-name': 'prod' };

/** Lets Flux's own authentication code act on rendered objects. */
export function fluxAuth(request: FluxRequest, flux = FLUX_AUTH): FluxAnswer {
  const { status, stdout, stderr } = run(flux, [], __dirname, {}, JSON.stringify({ gate: true, ...request }));
  if (status !== 0) throw new Error(`flux-auth: ${stderr}`);
  return JSON.parse(stdout);
}

/** The request with which a service account's token was presented to a cloud. */
export function loginOf({ calls, error }: FluxAnswer): Required<FluxCall> {
  if (error !== undefined) throw new Error(`Flux: ${error}`);
  const login = calls.find(({ subject }) => subject !== undefined);
  if (login?.form === undefined || login.audiences?.length !== 1) throw new Error(`no login in ${JSON.stringify(calls)}`);
  return login as Required<FluxCall>;
}
