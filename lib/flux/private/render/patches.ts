import { ControllerArguments } from './arguments';
import { podParts, withoutEmpty } from './pod';
import { FluxVersion } from '../../../core/flux-version';
import { atLeast } from '../../../core/shared/flux/versions';
import { byKey } from '../../../core/shared/sort';
import { FluxTokenRights } from '../../flux-token-rights';
import { AccountModel } from '../model/accounts';
import { FluxModel } from '../model/model';

/** A kustomize patch as an object; `patch` is still to be serialized. */
export interface Patch {
  readonly target: { readonly group?: string; readonly kind: string; readonly name: string };
  readonly patch: unknown;
}

/** The container of every controller. */
const CONTAINER = 'manager';

/** Where the rule on `serviceaccounts/token` is in `crd-controller`: 2.7 put one on `source.extensions.fluxcd.io` before it. */
const tokenRule = (version: FluxVersion) => atLeast(version, FluxVersion.V2_7) ? '/rules/11' : '/rules/10';

/** The patches of the identities, per controller: its service account, its Deployment. */
export function identityPatches(model: FluxModel): Patch[] {
  return model.controllerAccounts.flatMap((account) => [...accountPatch(account), ...deploymentPatch(account)]);
}

/** Arguments take a JSON patch: a strategic merge would replace the whole list. The test guards the index. */
export function argumentPatches(args: readonly ControllerArguments[]): Patch[] {
  return args.map(({ controller, args: values }) => ({
    target: { kind: 'Deployment', name: controller },
    patch: [
      { op: 'test', path: '/spec/template/spec/containers/0/name', value: CONTAINER },
      ...values.map((value) => ({ op: 'add', path: '/spec/template/spec/containers/0/args/-', value })),
    ],
  }));
}

/** With a lockdown the platform's own Kustomization must say whom it applies as, or it would be locked out as well. */
export function platformPatch(model: FluxModel): Patch {
  return {
    target: { group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization', name: model.namespace },
    patch: [{ op: 'add', path: '/spec/serviceAccountName', value: 'kustomize-controller' }],
  };
}

/** Takes the cluster-wide right to service account tokens away. The test fails the build where the rule is another one. */
export function tokenRightsPatches({ version, namespace, lockdown }: FluxModel): Patch[] {
  // From Flux 2.10 on nobody has the right but by the Roles of FluxManifests.
  if (lockdown?.tokenRights !== FluxTokenRights.PER_ACCOUNT || atLeast(version, FluxVersion.V2_10)) return [];
  const rule = tokenRule(version);
  return [{
    target: { kind: 'ClusterRole', name: `crd-controller-${namespace}` },
    patch: [
      { op: 'test', path: `${rule}/resources`, value: ['serviceaccounts/token'] },
      { op: 'remove', path: rule },
    ],
  }];
}

function accountPatch({ account: { name }, annotations }: AccountModel): Patch[] {
  if (Object.keys(annotations).length === 0) return [];
  return [{
    target: { kind: 'ServiceAccount', name },
    patch: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, annotations: byKey(annotations) } },
  }];
}

/** One strategic-merge patch: env, volumes and mounts merge by name there, and nothing is listed twice. */
function deploymentPatch(account: AccountModel): Patch[] {
  const { labels, annotations, env, volumes, volumeMounts } = podParts(account);
  const container = withoutEmpty({ env, volumeMounts });
  const template = withoutEmpty({
    metadata: withoutEmpty({ labels, annotations }),
    spec: withoutEmpty({ containers: Object.keys(container).length === 0 ? [] : [{ name: CONTAINER, ...container }], volumes }),
  });
  if (Object.keys(template).length === 0) return [];
  const { name } = account.account;
  return [{
    target: { kind: 'Deployment', name },
    patch: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { template } },
  }];
}
