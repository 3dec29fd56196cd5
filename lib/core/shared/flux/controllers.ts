import { atLeast } from './versions';
import { FluxController } from '../../flux-controller';
import { FluxVersion } from '../../flux-version';

interface ControllerFacts {
  /** The first Flux that has the controller; undefined for those older than the library supports. */
  readonly since?: FluxVersion;
  /** The first Flux in which its objects may name a service account for cloud access; undefined: never. */
  readonly objectLevelSince?: FluxVersion;
}

/**
 * What is known of each controller.
 *
 * @see https://fluxcd.io/flux/components/
 */
const CONTROLLERS: { readonly [name in FluxController]: ControllerFacts } = {
  [FluxController.SOURCE]: { objectLevelSince: FluxVersion.V2_6 },
  [FluxController.KUSTOMIZE]: { objectLevelSince: FluxVersion.V2_6 },
  [FluxController.HELM]: { objectLevelSince: FluxVersion.V2_7 },
  [FluxController.NOTIFICATION]: { objectLevelSince: FluxVersion.V2_6 },
  [FluxController.IMAGE_REFLECTOR]: { objectLevelSince: FluxVersion.V2_6 },
  [FluxController.IMAGE_AUTOMATION]: { objectLevelSince: FluxVersion.V2_6 },
  [FluxController.SOURCE_WATCHER]: { since: FluxVersion.V2_7 },
};

/** Every controller, in the order in which they are rendered. */
export const ALL_CONTROLLERS = Object.values(FluxController);

/** Whether the controller exists in a version. */
export function existsIn(controller: FluxController, version: FluxVersion): boolean {
  return atLeast(version, firstVersionOf(controller));
}

/** The first version that has the controller. */
export function firstVersionOf(controller: FluxController): FluxVersion {
  return CONTROLLERS[controller].since ?? FluxVersion.V2_6;
}

/** Whether objects of the controller may name a service account for cloud access. */
export function hasObjectLevel(controller: FluxController, version: FluxVersion): boolean {
  const since = objectLevelSince(controller);
  return since !== undefined && atLeast(version, since);
}

/** The first version in which objects of the controller may name a service account; undefined: never. */
export function objectLevelSince(controller: FluxController): FluxVersion | undefined {
  return CONTROLLERS[controller].objectLevelSince;
}

/** Whether object level must be switched on with the feature gate; from 2.10 on it is always on and controllers ignore the gate. */
export function needsGate(version: FluxVersion): boolean {
  return !atLeast(version, FluxVersion.V2_10);
}
