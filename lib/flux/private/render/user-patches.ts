import { IConstruct } from 'constructs';
import { GATE } from './arguments';
import { loadYaml } from './load-yaml';
import { needsGate } from '../../../core/shared/flux/controllers';
import { WarningId } from '../../../core/shared/flux/warning-ids';
import { OPTIONS, OptionShapes, TEXT } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import type { FluxInstallation } from '../../flux-installation';
import { FluxPatch, FluxPatchTarget } from '../../flux-patch';

const TARGET_OPTIONS: OptionShapes<FluxPatchTarget> = {
  group: TEXT.optional,
  version: TEXT.optional,
  kind: TEXT.optional,
  name: TEXT.optional,
  namespace: TEXT.optional,
  labelSelector: TEXT.optional,
  annotationSelector: TEXT.optional,
};

/** Arguments that take away what a lockdown sets; the first two mean nothing else anywhere. */
const OPENING = /--no-(?:cross-namespace-refs|remote-bases)=(?:false|f|0)\b/i;
const LOCKDOWN = new RegExp(`${OPENING.source}|--default(?:-decryption|-kubeconfig)?-service-account\\b`, 'i');

/**
 * The user's patches as they go into a kustomization, in their order. What would undo ours is an error, or a warning where it may
 * be meant.
 */
export function userPatches(at: IConstruct, installation: FluxInstallation, patches: FluxPatch[] | undefined): FluxPatch[] {
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
    checkGate(at, installation, given.patch, what);
    const warn = (id: WarningId, text: string) => installation._warn(`${id}${at.node.path}:${index + 1}`, `"${at.node.path}": ${what} ${text}`);
    if (replacesArguments(given)) {
      warn(WarningId.PATCH_ARGUMENTS, 'sets `args` by strategic merge, which replaces the whole list: the controller loses its own arguments and ours. ' +
        'Use a JSON patch instead: {op: add, path: /spec/template/spec/containers/0/args/-, value: --flag=value}.');
    }
    const [flag] = (installation.lockdown === undefined ? OPENING : LOCKDOWN).exec(given.patch) ?? [];
    if (flag !== undefined) {
      warn(WarningId.PATCH_LOCKDOWN, `sets ${flag}, which comes after the lockdown's own and takes its place: objects that name nothing may reach what tenants are to be kept from.`);
    }
    return { ...(given.target === undefined ? {} : { target: given.target }), patch: given.patch };
  });
}

function checkGate(at: IConstruct, { version }: FluxInstallation, patch: string, what: string): void {
  if (!patch.includes(GATE)) return;
  if (!needsGate(version)) {
    throw new ValidationError(at, {
      given: `${what}, which names the feature gate ${GATE}, in Flux ${version}.`,
      allowed: 'patches without this gate from Flux 2.10 on',
      why: 'the gate is retired: object level is always on, and controllers ignore what the gate is set to',
      fix: 'remove the gate from the patch',
    });
  }
  if (patch.includes(`${GATE}=false`)) {
    throw new ValidationError(at, {
      given: `${what}, which switches the feature gate ${GATE} off.`,
      allowed: 'patches that leave the gate alone',
      why: 'it is off by itself where nothing needs it; with object-level identities Flux would refuse every object that names a service account, and a controller with a default one stops at start',
      fix: 'remove the gate from the patch',
    });
  }
}

/** Whether a patch replaces the whole list of a controller's arguments. */
function replacesArguments({ patch, target }: FluxPatch): boolean {
  const { parse } = loadYaml();
  let parsed: any;
  try {
    parsed = parse(patch, { logLevel: 'silent' });
  } catch {
    return false; // tokens make it something else than YAML; kustomize will tell
  }
  if (Array.isArray(parsed) || (target?.kind ?? parsed?.kind) !== 'Deployment') return false;
  const containers = parsed?.spec?.template?.spec?.containers;
  return Array.isArray(containers) && containers.some((container) => container?.args !== undefined);
}
