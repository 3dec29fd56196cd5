import { FLUX_OPERATOR } from './operator';
import { atLeast } from './versions';
import { FluxController } from '../../flux-controller';
import { FluxCloud } from '../../flux-identity';
import { FluxKind } from '../../flux-kind';
import { FluxSecretUse } from '../../flux-secret';
import { FluxVersion } from '../../flux-version';

/**
 * What reaches a cloud beside the kinds of `FluxKind`: the remote cluster that `spec.kubeConfig.configMapRef` of an object names.
 * Its fields are those of `FluxRemoteCluster`.
 */
export enum RemoteKind {
  KUSTOMIZATION = 'Kustomization/remote',
  HELM_RELEASE = 'HelmRelease/remote',
}

/** Every way in which a Flux object uses a cloud. */
export type CloudKind = FluxKind | RemoteKind;

/** Who an object acts as, and where. */
export interface KindFields {
  readonly cloud: FluxCloud;
  /** The service account that it names. */
  readonly account?: string;
  /** The Secret that it names. */
  readonly secret?: string;
  readonly region?: string;
  /** What a ResourceSetInputProvider lists. */
  readonly inputType?: string;
}

/** What is known of a kind of Flux object. */
export interface KindFacts {
  readonly kind: string;
  /** Its API in the version. */
  readonly apiVersion: (version: FluxVersion) => string;
  /** The controllers that act as its identity. */
  readonly controllers: readonly FluxController[];
  /** The clouds it can reach, each from a Flux on. */
  readonly clouds: { readonly [cloud in FluxCloud]?: FluxVersion };
  /** From which Flux on it may name a service account, where that differs from the cloud's; undefined: never. */
  readonly objectLevel?: FluxVersion;
  /** The way out where it may not name one. */
  readonly otherwise?: string;
  /** The Secret it reads a static credential from. */
  readonly secret?: FluxSecretUse;
  /** The kind whose objects say for it who it acts as. */
  readonly fieldsOf?: FluxKind;
  /** The part of `spec` that says who it acts as. */
  readonly spec?: (fields: KindFields) => object;
}

const ALL = { [FluxCloud.AWS]: FluxVersion.V2_6, [FluxCloud.AZURE]: FluxVersion.V2_6, [FluxCloud.GCP]: FluxVersion.V2_6 };
const REMOTE = { [FluxCloud.AWS]: FluxVersion.V2_7, [FluxCloud.AZURE]: FluxVersion.V2_7, [FluxCloud.GCP]: FluxVersion.V2_7 };
const GIT = { [FluxCloud.AWS]: FluxVersion.V2_9, [FluxCloud.AZURE]: FluxVersion.V2_6 };
const source = () => 'source.toolkit.fluxcd.io/v1';
const kustomize = () => 'kustomize.toolkit.fluxcd.io/v1';
const image = (version: FluxVersion) => `image.toolkit.fluxcd.io/${atLeast(version, FluxVersion.V2_7) ? 'v1' : 'v1beta2'}`;
const notification = (version: FluxVersion) => `notification.toolkit.fluxcd.io/${atLeast(version, FluxVersion.V2_10) ? 'v1' : 'v1beta3'}`;

const credential = ({ account, secret }: KindFields) => ({
  ...(account === undefined ? {} : { serviceAccountName: account }),
  ...(secret === undefined ? {} : { secretRef: { name: secret } }),
});
const byProvider = (fields: KindFields) => ({
  provider: fields.cloud, ...credential(fields), ...(fields.region === undefined ? {} : { region: fields.region }),
});
const byType = (type: string) => (fields: KindFields) => ({ type, ...credential(fields) });
const decryption = (fields: KindFields) => ({ decryption: { provider: 'sops', ...credential(fields) } });

/**
 * The kinds that reach a cloud.
 *
 * @see https://github.com/fluxcd/flux2/tree/main/rfcs/0010-multi-tenant-workload-identity
 */
export const KINDS: { readonly [kind in CloudKind]: KindFacts } = {
  [FluxKind.GIT_REPOSITORY]: {
    kind: 'GitRepository', apiVersion: source, controllers: [FluxController.SOURCE], clouds: GIT, objectLevel: FluxVersion.V2_7, spec: byProvider,
  },
  [FluxKind.OCI_REPOSITORY]: {
    kind: 'OCIRepository', apiVersion: source, controllers: [FluxController.SOURCE], clouds: ALL, objectLevel: FluxVersion.V2_6, spec: byProvider,
  },
  [FluxKind.HELM_REPOSITORY]: {
    kind: 'HelmRepository',
    apiVersion: source,
    controllers: [FluxController.SOURCE],
    clouds: ALL,
    otherwise: 'use an OCIRepository for the chart (HelmRelease `spec.chartRef`), or an identity of source-controller',
    spec: (fields) => ({ type: 'oci', ...byProvider(fields) }),
  },
  [FluxKind.BUCKET]: {
    kind: 'Bucket',
    apiVersion: source,
    controllers: [FluxController.SOURCE],
    clouds: ALL,
    objectLevel: FluxVersion.V2_7,
    secret: FluxSecretUse.BUCKET,
    spec: byProvider,
  },
  [FluxKind.IMAGE_REPOSITORY]: {
    kind: 'ImageRepository',
    apiVersion: image,
    controllers: [FluxController.IMAGE_REFLECTOR],
    clouds: ALL,
    objectLevel: FluxVersion.V2_6,
    spec: byProvider,
  },
  [FluxKind.IMAGE_UPDATE_AUTOMATION]: {
    kind: 'ImageUpdateAutomation',
    apiVersion: image,
    controllers: [FluxController.IMAGE_AUTOMATION],
    clouds: GIT,
    objectLevel: FluxVersion.V2_7,
    fieldsOf: FluxKind.GIT_REPOSITORY,
  },
  [FluxKind.KUSTOMIZATION]: {
    kind: 'Kustomization',
    apiVersion: kustomize,
    controllers: [FluxController.KUSTOMIZE],
    clouds: ALL,
    objectLevel: FluxVersion.V2_6,
    secret: FluxSecretUse.SOPS,
    spec: decryption,
  },
  [RemoteKind.KUSTOMIZATION]: {
    kind: 'Kustomization', apiVersion: kustomize, controllers: [FluxController.KUSTOMIZE], clouds: REMOTE, objectLevel: FluxVersion.V2_7,
  },
  [RemoteKind.HELM_RELEASE]: {
    kind: 'HelmRelease',
    apiVersion: () => 'helm.toolkit.fluxcd.io/v2',
    controllers: [FluxController.HELM],
    clouds: REMOTE,
    objectLevel: FluxVersion.V2_7,
  },
  [FluxKind.AZURE_DEVOPS_PROVIDER]: {
    kind: 'Provider',
    apiVersion: notification,
    controllers: [FluxController.NOTIFICATION],
    clouds: { [FluxCloud.AZURE]: FluxVersion.V2_7 },
    objectLevel: FluxVersion.V2_7,
    spec: byType('azuredevops'),
  },
  [FluxKind.AZURE_EVENT_HUB_PROVIDER]: {
    kind: 'Provider',
    apiVersion: notification,
    controllers: [FluxController.NOTIFICATION],
    clouds: { [FluxCloud.AZURE]: FluxVersion.V2_6 },
    objectLevel: FluxVersion.V2_6,
    spec: byType('azureeventhub'),
  },
  [FluxKind.GOOGLE_PUBSUB_PROVIDER]: {
    kind: 'Provider',
    apiVersion: notification,
    controllers: [FluxController.NOTIFICATION],
    clouds: { [FluxCloud.GCP]: FluxVersion.V2_6 },
    objectLevel: FluxVersion.V2_7,
    secret: FluxSecretUse.PROVIDER,
    spec: byType('googlepubsub'),
  },
  [FluxKind.RESOURCE_SET_INPUT_PROVIDER]: {
    kind: 'ResourceSetInputProvider',
    apiVersion: () => 'fluxcd.controlplane.io/v1',
    controllers: [FLUX_OPERATOR],
    clouds: ALL,
    objectLevel: FluxVersion.V2_6,
    spec: (fields) => ({ type: fields.inputType, ...credential(fields) }),
  },
};

/** The controllers that act as whom an object of the kind names: also those of kinds that read its fields. */
export function controllersReading(kind: CloudKind): FluxController[] {
  return Object.entries(KINDS).filter(([name, { fieldsOf }]) => name === kind || fieldsOf === kind).flatMap(([, { controllers }]) => controllers);
}

/** What a ResourceSetInputProvider calls the registry of a cloud: for identities whose grants do not say what it would list. */
export const REGISTRY_TYPES: { readonly [cloud in FluxCloud]: string } = {
  [FluxCloud.AWS]: 'ECRArtifactTag',
  [FluxCloud.AZURE]: 'ACRArtifactTag',
  [FluxCloud.GCP]: 'GARArtifactTag',
};
