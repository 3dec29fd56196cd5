import { Annotations } from 'cdktf';
import { IConstruct } from 'constructs';
import { GATE } from './arguments';
import { loadYaml } from './load-yaml';
import { needsGate } from '../../../core/shared/flux/controllers';
import { OPTIONS, OptionShapes, TEXT } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { FluxPatch, FluxPatchTarget } from '../../flux-patch';
import { FluxModel } from '../model/model';

const TARGET_OPTIONS: OptionShapes<FluxPatchTarget> = {
  group: TEXT.optional,
  version: TEXT.optional,
  kind: TEXT.optional,
  name: TEXT.optional,
  namespace: TEXT.optional,
  labelSelector: TEXT.optional,
  annotationSelector: TEXT.optional,
};

/**
 * The user's patches as they go into a kustomization, in their order. What would undo ours is an error, or a warning where it may
 * be meant.
 *
 * @param objectLevel whether something in the configuration needs object-level identity
 */
export function userPatches(at: IConstruct, model: FluxModel, patches: FluxPatch[] | undefined, objectLevel: boolean): FluxPatch[] {
  return (patches ?? []).map((given, index) => {
    const what = `patch ${index + 1} of \`patches\``;
    checkOptions(at, what, given, { patch: TEXT, target: OPTIONS.optional });
    if (given.target !== undefined) checkOptions(at, `${what}: target`, given.target, TARGET_OPTIONS);
    if (given.patch.trim() === '') {
      throw new ValidationError(at, {
        given: `${what}: ${shown(given.patch)}`,
        allowed: 'one strategic-merge patch or one list of JSON patch operations, as text',
        why: 'kustomize would refuse the whole kustomization',
        fix: 'pass the patch as YAML or JSON text',
      });
    }
    checkGate(at, model, given.patch, what, objectLevel);
    warnOfReplacedArguments(at, given, what);
    return { ...(given.target === undefined ? {} : { target: given.target }), patch: given.patch };
  });
}

function checkGate(at: IConstruct, model: FluxModel, patch: string, what: string, objectLevel: boolean): void {
  if (!patch.includes(GATE)) return;
  if (!needsGate(model.version)) {
    throw new ValidationError(at, {
      given: `${what}, which names the feature gate ${GATE}, in Flux ${model.version}.`,
      allowed: 'patches without this gate from Flux 2.10 on',
      why: 'the gate is retired: object level is always on, and controllers ignore what the gate is set to',
      fix: 'remove the gate from the patch',
    });
  }
  if (objectLevel && patch.includes(`${GATE}=false`)) {
    throw new ValidationError(at, {
      given: `${what}, which switches the feature gate ${GATE} off.`,
      allowed: 'patches that leave the gate alone while there are object-level identities or FluxLockdown.workloadIdentity',
      why: 'Flux would refuse every object that names a service account, and a controller with a default one stops at start',
      fix: 'remove the gate from the patch, or the object-level identities from this configuration',
    });
  }
}

function warnOfReplacedArguments(at: IConstruct, { patch, target }: FluxPatch, what: string): void {
  const { parse } = loadYaml();
  let parsed: any;
  try {
    parsed = parse(patch, { logLevel: 'silent' });
  } catch {
    return; // tokens make it something else than YAML; kustomize will tell
  }
  if (Array.isArray(parsed) || (target?.kind ?? parsed?.kind) !== 'Deployment') return;
  const containers = parsed?.spec?.template?.spec?.containers;
  if (!Array.isArray(containers) || !containers.some((container) => container?.args !== undefined)) return;
  Annotations.of(at).addWarning(
    `${what} sets \`args\` by strategic merge, which replaces the whole list: the controller loses its own arguments and ours. ` +
    'Use a JSON patch instead: {op: add, path: /spec/template/spec/containers/0/args/-, value: --flag=value}.');
}
