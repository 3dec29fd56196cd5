import { IConstruct } from 'constructs';
import { argumentsOf, checkLockdown, usesObjectLevel } from './arguments';
import { argumentPatches, identityPatches, Patch, platformPatch, tokenRightsPatches } from './patches';
import { userPatches } from './user-patches';
import { FluxPatchedInstallationProps } from '../../flux-config';
import { FluxPatch } from '../../flux-patch';
import { FluxModel } from '../model/model';

/** The patches of a bootstrapped installation: ours, then the user's. */
export function allPatches(at: IConstruct, model: FluxModel, props: FluxPatchedInstallationProps): { patches: Patch[]; userPatches: FluxPatch[] } {
  return {
    patches: [
      ...commonPatches(at, model, props),
      ...tokenRightsPatches(at, model, props.tokenRights),
      ...argumentPatches(argumentsOf(model, props.lockdown)),
      ...(props.lockdown === undefined ? [] : [platformPatch(model)]),
    ],
    userPatches: userPatches(at, model, props.patches, usesObjectLevel(model, props.lockdown)),
  };
}

/** The patches that every kustomize-built installation needs, however its arguments are set. */
export function commonPatches(at: IConstruct, model: FluxModel, props: FluxPatchedInstallationProps): Patch[] {
  checkLockdown(at, model, props.lockdown);
  return identityPatches(model);
}
