import { IConstruct } from 'constructs';
import type { Patch } from './patches';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { withoutFluxVariables } from '../../../core/shared/terraform/flux-variables';
import { hasToken } from '../../../core/shared/terraform/tokens';
import type { FluxModel } from '../model/model';
import { RUNTIME_INFO } from '../model/runtime-values';

const GROUP = 'kustomize.toolkit.fluxcd.io';

/** Tells what syncs the cluster where the values are. */
export function syncPatch({ namespace }: FluxModel): Patch {
  return {
    target: { group: GROUP, kind: 'Kustomization', name: namespace },
    patch: [{ op: 'add', path: '/spec/postBuild', value: { substituteFrom: [{ kind: 'ConfigMap', name: RUNTIME_INFO }] } }],
  };
}

/** What a bootstrapped Flux needs to substitute in its own manifests. */
export function substitutionPatches(model: FluxModel): Patch[] {
  const name = `kustomizations.${GROUP}`;
  // Its descriptions hold `${var:=default}`, which would be replaced too; from kustomize-controller 1.9.2 on Flux says so itself, and twice is once.
  const patch = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name, labels: { [`${GROUP}/substitute`]: 'disabled' } } };
  return [{ target: { kind: 'CustomResourceDefinition', name }, patch }, syncPatch(model)];
}

/** Refuses what only Terraform knows, where the file is to be known at synthesis. */
export function requireNoTokens(at: IConstruct, given: object): void {
  const where = Object.entries(given).find(([, value]) => hasToken(withoutFluxVariables(JSON.stringify(value) ?? '')));
  if (where === undefined) return;
  throw new ValidationError(at, {
    given: `a value that only Terraform knows, in ${/^[0-9]/.test(where[0]) ? `patch ${Number(where[0]) + 1} of \`patches\`` : `\`${where[0]}\``}, with FluxValues.SUBSTITUTED.`,
    allowed: 'plain values',
    why: 'the file would change with the value, and Flux would take a dollar in it for the beginning of a variable',
    fix: 'pass a plain value, or set `values: FluxValues.RENDERED` for this delivery',
  });
}
