import { FLUX_OPERATOR } from './operator';
import { atLeast } from './versions';
import { FluxController } from '../../flux-controller';
import { FluxCloud } from '../../flux-identity';
import { FluxKind } from '../../flux-kind';
import { FluxSecretUse } from '../../flux-secret';
import { FluxVersion } from '../../flux-version';

/** What is known of a kind of Flux object. */
export interface KindFacts {
  readonly kind: string;
  /** Its API in the version. */
  readonly apiVersion: (version: FluxVersion) => string;
  /** The controllers that act as its identity. */
  readonly controllers: FluxController[];
  /** The clouds it can reach, each from a Flux on. */
  readonly clouds: { readonly [cloud in FluxCloud]?: FluxVersion };
  /** From which Flux on it may name a service account, where that differs from the cloud's; undefined: never. */
  readonly objectLevel?: FluxVersion;
  /** The way out where it may not name one. */
  readonly otherwise?: string;
  /** The Secret it reads a static credential from. */
  readonly secret?: FluxSecretUse;
}

const ALL = { [FluxCloud.AWS]: FluxVersion.V2_6, [FluxCloud.AZURE]: FluxVersion.V2_6, [FluxCloud.GCP]: FluxVersion.V2_6 };
const source = () => 'source.toolkit.fluxcd.io/v1';
const image = (version: FluxVersion) => `image.toolkit.fluxcd.io/${atLeast(version, FluxVersion.V2_7) ? 'v1' : 'v1beta2'}`;
const notification = (version: FluxVersion) => `notification.toolkit.fluxcd.io/${atLeast(version, FluxVersion.V2_10) ? 'v1' : 'v1beta3'}`;

/**
 * The kinds that reach a cloud.
 *
 * @see https://github.com/fluxcd/flux2/tree/main/rfcs/0010-multi-tenant-workload-identity
 */
export const KINDS: { readonly [kind in FluxKind]: KindFacts } = {
  [FluxKind.GIT_REPOSITORY]: {
    kind: 'GitRepository',
    apiVersion: source,
    controllers: [FluxController.SOURCE, FluxController.IMAGE_AUTOMATION],
    clouds: { [FluxCloud.AWS]: FluxVersion.V2_9, [FluxCloud.AZURE]: FluxVersion.V2_6 },
    objectLevel: FluxVersion.V2_7,
  },
  [FluxKind.OCI_REPOSITORY]: { kind: 'OCIRepository', apiVersion: source, controllers: [FluxController.SOURCE], clouds: ALL, objectLevel: FluxVersion.V2_6 },
  [FluxKind.HELM_REPOSITORY]: {
    kind: 'HelmRepository',
    apiVersion: source,
    controllers: [FluxController.SOURCE],
    clouds: ALL,
    otherwise: 'use an OCIRepository for the chart (HelmRelease `spec.chartRef`), or an identity of source-controller',
  },
  [FluxKind.BUCKET]: {
    kind: 'Bucket', apiVersion: source, controllers: [FluxController.SOURCE], clouds: ALL, objectLevel: FluxVersion.V2_7, secret: FluxSecretUse.BUCKET,
  },
  [FluxKind.IMAGE_REPOSITORY]: {
    kind: 'ImageRepository', apiVersion: image, controllers: [FluxController.IMAGE_REFLECTOR], clouds: ALL, objectLevel: FluxVersion.V2_6,
  },
  [FluxKind.IMAGE_UPDATE_AUTOMATION]: {
    kind: 'ImageUpdateAutomation', apiVersion: image, controllers: [FluxController.IMAGE_AUTOMATION], clouds: {},
  },
  [FluxKind.KUSTOMIZATION]: {
    kind: 'Kustomization',
    apiVersion: () => 'kustomize.toolkit.fluxcd.io/v1',
    controllers: [FluxController.KUSTOMIZE],
    clouds: ALL,
    objectLevel: FluxVersion.V2_6,
    secret: FluxSecretUse.SOPS,
  },
  [FluxKind.AZURE_DEVOPS_PROVIDER]: {
    kind: 'Provider', apiVersion: notification, controllers: [FluxController.NOTIFICATION], clouds: { [FluxCloud.AZURE]: FluxVersion.V2_6 }, objectLevel: FluxVersion.V2_7,
  },
  [FluxKind.AZURE_EVENT_HUB_PROVIDER]: {
    kind: 'Provider', apiVersion: notification, controllers: [FluxController.NOTIFICATION], clouds: { [FluxCloud.AZURE]: FluxVersion.V2_6 }, objectLevel: FluxVersion.V2_6,
  },
  [FluxKind.GOOGLE_PUBSUB_PROVIDER]: {
    kind: 'Provider',
    apiVersion: notification,
    controllers: [FluxController.NOTIFICATION],
    clouds: { [FluxCloud.GCP]: FluxVersion.V2_6 },
    objectLevel: FluxVersion.V2_7,
    secret: FluxSecretUse.PROVIDER,
  },
  [FluxKind.RESOURCE_SET_INPUT_PROVIDER]: {
    kind: 'ResourceSetInputProvider',
    apiVersion: () => 'fluxcd.controlplane.io/v1',
    controllers: [FLUX_OPERATOR],
    clouds: ALL,
    objectLevel: FluxVersion.V2_6,
  },
};

/** What a ResourceSetInputProvider calls the registry of a cloud. */
export const REGISTRY_TYPES: { readonly [cloud in FluxCloud]: string } = {
  [FluxCloud.AWS]: 'ECRArtifactTag',
  [FluxCloud.AZURE]: 'ACRArtifactTag',
  [FluxCloud.GCP]: 'GARArtifactTag',
};
