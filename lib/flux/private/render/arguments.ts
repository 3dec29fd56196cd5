import { IConstruct } from 'constructs';
import { FluxController } from '../../../core/flux-controller';
import { FluxVersion } from '../../../core/flux-version';
import { needsGate } from '../../../core/shared/flux/controllers';
import { atLeast, requireVersion } from '../../../core/shared/flux/versions';
import { FluxLockdown } from '../../flux-lockdown';
import { FluxModel } from '../model/model';

/** The arguments that one controller is started with besides its own. */
export interface ControllerArguments {
  readonly controller: FluxController;
  readonly args: string[];
}

export const GATE = 'ObjectLevelWorkloadIdentity';
const STRICT_GATE = 'StrictPostBuildSubstitutions';

const KUSTOMIZE = [FluxController.KUSTOMIZE];
const APPLIERS = [FluxController.KUSTOMIZE, FluxController.HELM];
const WATCHERS = [FluxController.SOURCE_WATCHER];
const CLOUD_USERS = [FluxController.SOURCE, FluxController.NOTIFICATION, FluxController.IMAGE_REFLECTOR, FluxController.IMAGE_AUTOMATION];
const REFERRERS = [
  ...APPLIERS, ...WATCHERS, FluxController.NOTIFICATION, FluxController.IMAGE_REFLECTOR, FluxController.IMAGE_AUTOMATION,
];

/** Refuses a lockdown that the version does not have. */
export function checkLockdown(at: IConstruct, version: FluxVersion, lockdown: FluxLockdown | undefined): void {
  if (!lockdown?.coversClouds) return;
  requireVersion(at, version, FluxVersion.V2_7, 'FluxLockdown.workloadIdentity',
    'its controllers do not know the flags and stop at start; FluxLockdown.kubernetes exists in this version');
}

/** Whether a version takes a variable without a value for an error by itself. */
export function isStrict(version: FluxVersion): boolean {
  return atLeast(version, FluxVersion.V2_9);
}

/** The arguments of each installed controller that gets any: the gate of object level, then the lockdown. */
export function argumentsOf(model: FluxModel): ControllerArguments[] {
  const gate = model.usesObjectLevel && needsGate(model.version) ? model.objectLevelControllers : [];
  return model.controllers.map((controller) => ({
    controller,
    args: [
      ...(gate.includes(controller) ? [`--feature-gates=${GATE}=true`] : []),
      ...(model.strictSubstitution && KUSTOMIZE.includes(controller) && !isStrict(model.version) ? [`--feature-gates=${STRICT_GATE}=true`] : []),
      ...lockdownArguments(controller, model.version, model.lockdown),
    ],
  })).filter(({ args }) => args.length > 0);
}

function lockdownArguments(controller: FluxController, version: FluxVersion, lockdown: FluxLockdown | undefined): string[] {
  if (lockdown === undefined) return [];
  const { defaultServiceAccount, defaultDecryptionServiceAccount, defaultKubeConfigServiceAccount, coversClouds } = lockdown;
  const flags: Array<[FluxController[], string, boolean]> = [
    [REFERRERS, '--no-cross-namespace-refs=true', true],
    [KUSTOMIZE, '--no-remote-bases=true', true],
    // The same flag thrice: for these two it is whom they apply as, for source-watcher whose rights it checks before it writes into
    // another namespace, for the others who they are toward clouds.
    [APPLIERS, `--default-service-account=${defaultServiceAccount}`, true],
    [WATCHERS, `--default-service-account=${defaultServiceAccount}`, atLeast(version, FluxVersion.V2_10)],
    [CLOUD_USERS, `--default-service-account=${defaultServiceAccount}`, coversClouds],
    [KUSTOMIZE, `--default-decryption-service-account=${defaultDecryptionServiceAccount}`, coversClouds],
    [APPLIERS, `--default-kubeconfig-service-account=${defaultKubeConfigServiceAccount}`, coversClouds],
  ];
  return flags.filter(([controllers, , on]) => on && controllers.includes(controller)).map(([, flag]) => flag);
}
