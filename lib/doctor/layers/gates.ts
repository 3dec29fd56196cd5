import type { FluxController } from '../../core/flux-controller';
import type { FluxVersion } from '../../core/flux-version';
import { needsGate, objectLevelSince } from '../../core/shared/flux/controllers';
import { managerOf } from '../cluster';
import { listOf } from '../json';
import { Judge } from '../patient';

const GATE = 'ObjectLevelWorkloadIdentity';

/** Whether controllers take accounts of objects, up to Flux 2.9. */
export const judgeGate: Judge = ({ model, cluster }, { level, controllers }) => {
  if (level !== 'object' || !needsGate(model.flux.version as FluxVersion)) return undefined;
  const without = controllers.filter((controller) => {
    const deployment = cluster.find('Deployment', model.flux.namespace, controller);
    return deployment !== undefined && objectLevelSince(controller as FluxController) !== undefined && !gateIsOn(deployment, controller);
  });
  if (without.length === 0) return undefined;
  return {
    layer: 'gate',
    saw: `${without.join(', ')} without --feature-gates=${GATE}=true`,
    expected: `with it: Flux ${model.flux.version} takes accounts of objects only then`,
    says: `to use spec.serviceAccountName for provider authentication please enable the ${GATE} feature gate in the controller`,
    fix: 'deliver the installation as it is rendered now',
    page: 'docs/troubleshooting.md#please-enable-the-objectlevelworkloadidentity-feature-gate',
  };
};

/** Whether a Deployment switches the gate on; where its container cannot be told, it may. */
export function gateIsOn(deployment: any, controller: string): boolean {
  const container = managerOf(deployment?.spec?.template?.spec, controller);
  if (container === undefined) return true;
  const [last] = flagsOf(container, 'feature-gates').flatMap((value) => value.split(',')).filter((gate) => gate.startsWith(`${GATE}=`)).reverse();
  return last === `${GATE}=true`;
}

/** The values of a flag, in order. */
export function flagsOf(container: any, flag: string): string[] {
  const args = [...listOf(container?.command), ...listOf(container?.args)].map(String);
  return args.flatMap((arg, index) => {
    const [, value] = new RegExp(`^--?${flag}(?:=(.*))?$`).exec(arg) ?? [];
    return value !== undefined ? [value] : arg === `--${flag}` ? [args[index + 1] ?? 'true'] : [];
  });
}
