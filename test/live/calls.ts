import { Kube, KubeError } from './kube';
import { Stage } from './stage';
import { Lockdown, THIEF, VICTIM } from './tenancy';
import { World } from './world';
import { aws } from '../conformance/clouds';
import { KubernetesObject } from '../conformance/kustomize';

/** Something that is asked of the API server itself. */
export interface ApiCall {
  readonly id: string;
  readonly title: string;
  /** Undefined: it is done. */
  readonly seen: { readonly [lockdown in Lockdown]: RegExp | undefined };
  readonly call: (stage: Stage, world: World) => Promise<unknown>;
}

const DONE = undefined;
const always = (refused?: RegExp) => ({ none: refused, kubernetes: refused, workloadIdentity: refused });
const forbidden = (user: string, to: string, namespace: string) => new RegExp(`User "${user}" cannot \\w+ resource "${to}" in API group "[\\w.]*" in the namespace "${namespace}"`);

const pod = (namespace: string, serviceAccountName: string): KubernetesObject =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'taken', namespace }, spec: { serviceAccountName, containers: [{ name: 'one', image: 'one' }] } });
const ofFlux = (apiVersion: string, kind: string, spec: object): KubernetesObject => ({ apiVersion, kind, metadata: { name: kind === 'FluxInstance' ? 'flux' : 'written', namespace: THIEF }, spec });
const make = async (kube: Kube, object: KubernetesObject) => kube.call('POST', (await kube.pathOf(object)).replace(/\/[^/]+$/, '?fieldValidation=Strict'), object);

/** A controller of Flux, as the API server knows it by the token that its pod mounts. */
async function controller(stage: Stage, name: string): Promise<Kube> {
  return stage.machine.kube.as(await stage.machine.kube.tokenOf('flux-system', name));
}

/**
 * A tenant with the ClusterRole `admin` in his namespace, one who may write Flux objects there and nothing else, and the controllers.
 */
export const CALLS: readonly ApiCall[] = [
  { id: 'a-token', title: 'a token of his own decryption account', seen: always(DONE), call: ({ machine }) => machine.as('tenant').tokenOf(THIEF, 'flux-sops') },
  { id: 'a-token-neighbour', title: 'a token of another tenant\'s account', seen: always(forbidden('tenant', 'serviceaccounts/token', VICTIM)), call: ({ machine }) => machine.as('tenant').tokenOf(VICTIM, 'flux') },
  { id: 'a-token-controller', title: 'a token of a controller', seen: always(forbidden('tenant', 'serviceaccounts/token', 'flux-system')), call: ({ machine }) => machine.as('tenant').tokenOf('flux-system', 'kustomize-controller') },
  {
    id: 'a-pod',
    title: 'a pod that mounts his decryption account: the cloud takes it for that account',
    seen: always(DONE),
    call: async ({ machine }, { cloud: { clouds } }) => {
      const { metadata } = await make(machine.as('tenant'), pod(THIEF, 'flux-sops'));
      const token = await machine.kube.tokenOf(THIEF, 'flux-sops', 'sts.amazonaws.com', { name: metadata.name, uid: metadata.uid });
      await aws(clouds.evaluation, token, 'arn:aws:iam::111122223333:role/flux-thief-sops', clouds.internet);
    },
  },
  { id: 'a-pod-neighbour', title: 'a pod in another tenant\'s namespace', seen: always(forbidden('tenant', 'pods', VICTIM)), call: ({ machine }) => make(machine.as('tenant'), pod(VICTIM, 'flux')) },
  { id: 'a-pod-controller', title: 'a pod beside the controllers', seen: always(forbidden('tenant', 'pods', 'flux-system')), call: ({ machine }) => make(machine.as('tenant'), pod('flux-system', 'kustomize-controller')) },
  {
    id: 'a-instance',
    title: 'a FluxInstance',
    seen: always(forbidden('tenant', 'fluxinstances', THIEF)),
    call: ({ machine }) => make(machine.as('tenant'), ofFlux('fluxcd.controlplane.io/v1', 'FluxInstance', { distribution: { version: '2.x', registry: 'ghcr.io/fluxcd' } })),
  },
  {
    id: 'a-helmrepository',
    title: 'a HelmRepository that names an account',
    seen: always(/unknown field "spec.serviceAccountName"/),
    call: ({ machine }) => make(machine.as('tenant'), ofFlux('source.toolkit.fluxcd.io/v1', 'HelmRepository', { type: 'oci', url: 'oci://example.com/charts', interval: '1h', serviceAccountName: 'flux' })),
  },
  {
    id: 'w-kustomization',
    title: 'who may write Flux objects only: a Kustomization',
    seen: always(DONE),
    call: ({ machine }) => make(machine.as('writer'), ofFlux('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', { interval: '1h', prune: true, suspend: true, sourceRef: { kind: 'OCIRepository', name: 'own' } })),
  },
  { id: 'w-pod', title: 'who may write Flux objects only: a pod', seen: always(forbidden('writer', 'pods', THIEF)), call: ({ machine }) => make(machine.as('writer'), pod(THIEF, 'flux')) },
  { id: 'w-token', title: 'who may write Flux objects only: a token', seen: always(forbidden('writer', 'serviceaccounts/token', THIEF)), call: ({ machine }) => machine.as('writer').tokenOf(THIEF, 'flux') },
  { id: 'w-neighbour', title: 'who may write Flux objects only: a Kustomization in another namespace', seen: always(forbidden('writer', 'kustomizations', VICTIM)), call: ({ machine }) => make(machine.as('writer'), { ...ofFlux('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', {}), metadata: { name: 'written', namespace: VICTIM } }) },
  { id: 'c-own', title: 'source-controller: a token of an account of the installation', seen: always(DONE), call: async (stage) => (await controller(stage, 'source-controller')).tokenOf(VICTIM, 'flux') },
  {
    id: 'c-other',
    title: 'source-controller: a token of any other account',
    seen: { none: DONE, kubernetes: forbidden('system:serviceaccount:flux-system:source-controller', 'serviceaccounts/token', THIEF), workloadIdentity: forbidden('system:serviceaccount:flux-system:source-controller', 'serviceaccounts/token', THIEF) },
    call: async (stage) => (await controller(stage, 'source-controller')).tokenOf(THIEF, 'disguise'),
  },
  { id: 'c-kustomize', title: 'kustomize-controller: a token of any account', seen: always(DONE), call: async (stage) => (await controller(stage, 'kustomize-controller')).tokenOf('flux-system', 'source-controller') },
  { id: 'c-helm', title: 'helm-controller: a token of any account', seen: always(DONE), call: async (stage) => (await controller(stage, 'helm-controller')).tokenOf('flux-system', 'source-controller') },
];

/** What became of it. */
export async function outcomeOf({ call }: ApiCall, stage: Stage, world: World): Promise<string | undefined> {
  try {
    await call(stage, world);
    return undefined;
  } catch (error) {
    if (error instanceof KubeError) return error.message;
    throw error;
  }
}
