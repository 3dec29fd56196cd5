import { IConstruct } from 'constructs';
import { IFluxIdentity } from '../../../core/flux-identity';
import { FluxVersion } from '../../../core/flux-version';
import { FluxIdentityBase, IdentityGrant } from '../../../core/shared/flux/identity-base';
import { KINDS } from '../../../core/shared/flux/kinds';
import { requireVersion } from '../../../core/shared/flux/versions';
import { inTree } from '../../../core/shared/input/once-per-app';

/** Refuses grants of an identity on services that no object of this Flux reaches yet; those that it has, and those that come. */
export function requireUsableGrants(identity: IFluxIdentity, version: FluxVersion): void {
  if (identity instanceof FluxIdentityBase) identity._grants.forEach((each) => requireUsable(identity, each, version));
}

/** Refuses a grant on a service that no object of this Flux reaches yet. */
export function requireUsable(at: IConstruct, { grant, service, verb }: IdentityGrant, version: FluxVersion): void {
  if (service === undefined || !inTree(grant)) return;
  const kinds = verb === undefined ? Object.values(service.verbs).flatMap((each) => each.kinds) : service.verbs[verb].kinds;
  // Objects without fields of their own act by those of another kind.
  const since = kinds.map((kind) => KINDS[kind].clouds[service.cloud]).filter((first) => first !== undefined);
  const order = Object.values(FluxVersion);
  const first = order.find((candidate) => since.includes(candidate));
  if (first === undefined) return;
  requireVersion(at, version, first, `${service.name} (grant "${grant.node.path}")`,
    'no object of this Flux reaches the service with an identity of the cloud, so nothing would use the grant');
}
