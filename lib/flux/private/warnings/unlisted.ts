import { IConstruct } from 'constructs';
import { IFluxIdentity } from '../../../core/flux-identity';
import { WarningId } from '../../../core/shared/flux/warning-ids';
import { IDENTITY } from '../../../core/shared/input/common-options';
import { inTree } from '../../../core/shared/input/once-per-app';
import { isTest } from '../files/planned';
import type { FluxModel } from '../model/model';

/** The installations of each app and their models, by the root of its tree: what no Flux is told of is found once for all. */
const MODELS = new WeakMap<IConstruct, Map<IConstruct, FluxModel>>();

/** The identities of each app that no Flux is told of, as synthesis found them: of many installations the first looks for all. */
const UNLISTED = new WeakMap<IConstruct, readonly IFluxIdentity[]>();

/** Takes note of the model of an installation. */
export function noteModel(at: IConstruct, model: FluxModel): void {
  const models = MODELS.get(at.node.root) ?? new Map<IConstruct, FluxModel>();
  MODELS.set(at.node.root, models.set(at, model));
  UNLISTED.delete(at.node.root);
}

/**
 * Identities that trust the cluster, and that no Flux is told of: their grants are never used.
 *
 * @param isComplete whether the app is being synthesized
 */
export function unlisted(at: IConstruct, model: FluxModel, isComplete: boolean): [string, string][] {
  const { root } = at.node;
  const found = (isComplete ? UNLISTED.get(root) : undefined) ?? unlistedIn(root);
  if (isComplete && !isTest(at)) UNLISTED.set(root, found); // tests synthesize stack by stack, and may add between
  return found.filter((identity) => identity.serviceAccounts.length > 0 && identity.trusts(model.context.issuer))
    .map(({ node }) => [`${WarningId.UNLISTED_IDENTITY}${node.path}`,
      `no Flux is told of identity "${node.path}", so nothing acts as it: add it to the installation (\`identities\`, addIdentity) or to a tenant of it.`]);
}

function unlistedIn(root: IConstruct): IFluxIdentity[] {
  const installed = [...MODELS.get(root)!].filter(([installation]) => inTree(installation));
  const listed = new Set(installed.flatMap(([, { allIdentities }]) => allIdentities));
  return root.node.findAll()
    .filter((node): node is IFluxIdentity => 'fluxSettings' in node && IDENTITY.fits(node) && !listed.has(node as IFluxIdentity));
}
