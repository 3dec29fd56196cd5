import { argumentsOf } from './arguments';
import { argumentPatches, identityPatches, Patch, platformPatch, tokenRightsPatches } from './patches';
import { FluxModel } from '../model/model';

/** Our patches of a bootstrapped installation. */
export function allPatches(model: FluxModel): Patch[] {
  return [
    ...identityPatches(model),
    ...tokenRightsPatches(model),
    ...argumentPatches(argumentsOf(model)),
    ...(model.lockdown === undefined ? [] : [platformPatch(model)]),
  ];
}
