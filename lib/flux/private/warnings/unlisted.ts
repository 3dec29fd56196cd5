import { IConstruct } from 'constructs';
import { IFluxIdentity } from '../../../core/flux-identity';
import { WarningId } from '../../../core/shared/flux/warning-ids';
import { IDENTITY } from '../../../core/shared/input/common-options';
import { inTree } from '../../../core/shared/input/once-per-app';
import type { FluxModel } from '../model/model';

/** The installations of each app and their models, by the root of its tree: what no Flux is told of is found once for all. */
const MODELS = new WeakMap<IConstruct, Map<IConstruct, FluxModel>>();

/** Takes note of the model of an installation. */
export function noteModel(at: IConstruct, model: FluxModel): void {
  const models = MODELS.get(at.node.root) ?? new Map<IConstruct, FluxModel>();
  MODELS.set(at.node.root, models.set(at, model));
}

/** Identities that trust the cluster, and that no Flux is told of: their grants are never used. */
export function unlisted(at: IConstruct, model: FluxModel): [string, string][] {
  const installed = [...MODELS.get(at.node.root)!].filter(([installation]) => inTree(installation));
  const listed = new Set(installed.flatMap(([, { allIdentities }]) => allIdentities));
  return at.node.root.node.findAll()
    .filter((node): node is IFluxIdentity => 'fluxSettings' in node && IDENTITY.fits(node) && !listed.has(node as IFluxIdentity))
    .filter((identity) => identity.serviceAccounts.length > 0 && identity.trusts(model.context.issuer))
    .map(({ node }) => [`${WarningId.UNLISTED_IDENTITY}${node.path}`,
      `no Flux is told of identity "${node.path}", so nothing acts as it: add it to the installation (\`identities\`, addIdentity) or to a tenant of it.`]);
}
