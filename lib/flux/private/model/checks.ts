import { TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxController } from '../../../core/flux-controller';
import { FluxCloud, FluxContext, IFluxIdentity } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { FluxVersion } from '../../../core/flux-version';
import { ALL_CONTROLLERS, existsIn, firstVersionOf, objectLevelSince } from '../../../core/shared/flux/controllers';
import { FluxIdentityBase, IdentityGrant } from '../../../core/shared/flux/identity-base';
import { FLUX_OPERATOR } from '../../../core/shared/flux/operator';
import { checkUseIn } from '../../../core/shared/flux/use';
import { atLeast } from '../../../core/shared/flux/versions';
import { claim, inTree } from '../../../core/shared/input/once-per-app';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';

/** The part of an installation that identities are checked against. */
export interface Installation {
  readonly at: IConstruct;
  readonly issuer: IClusterIssuer;
  readonly version: FluxVersion;
  readonly namespace: string;
  readonly controllers: readonly FluxController[];
}

/** What makes an identity trust a cluster, by cloud. */
const ANCHORS: { readonly [cloud: string]: string } = {
  [FluxCloud.AWS]: 'add a FluxOidcProvider of the cluster to `oidcProviders` of the role, or pass the cluster to FluxPodIdentityRole',
  [FluxCloud.GCP]: 'pass the FluxGcpWorkloadPool of the cluster as `pool` of the identity',
  [FluxCloud.AZURE]: 'add the cluster to `issuers` of the identity',
};

/** Refuses an installation that nothing would be synthesized of. */
export function requireStack(at: IConstruct): void {
  if (at.node.scopes.some((construct) => TerraformStack.isStack(construct))) return;
  throw new ValidationError(at, {
    given: 'a FluxInstallation outside of any stack.',
    allowed: 'a scope in a stack, any of the app',
    why: 'only what is in a stack is synthesized, and its warnings shown',
    fix: 'pass the stack as the scope: `this` in its constructor',
  });
}

/** Refuses a second description of one Flux. */
export function requireOnly(at: IConstruct, { issuer: { node: { path } }, namespace }: FluxContext): void {
  const other = claim(at, `flux in ${namespace} of ${path}`);
  if (other === undefined) return;
  throw new ValidationError(at, {
    given: `a second description of the Flux in namespace "${namespace}" of cluster "${path}", beside "${other.node.path}".`,
    allowed: 'one FluxInstallation for each Flux',
    why: 'each would know one part of what Flux must be told, and could contradict the other',
    fix: `hand "${other.node.path}" on, and add to it (addIdentity, \`installation\` of tenants)`,
  });
}

/** Refuses what is in another app, or was taken out of the tree: nothing of it would be made. */
export function requireTogether({ at }: Installation, what: string, added: IConstruct): void {
  if (added.node.root === at.node.root && inTree(added)) return;
  throw new ValidationError(at, {
    given: `${what} ${shown(added.node.path)}, which is not in the tree of this app.`,
    allowed: 'what is in the tree that the installation is in',
    why: 'Terraform would not make it with the rest, and Flux would be told of something that is not there',
    fix: 'make it in a stack of the same app, and do not remove it; for what another app made, use the `from...` methods of its class',
  });
}

/** Refuses an identity whose cloud would refuse every token of the cluster. */
export function requireTrust({ at, issuer }: Installation, identity: IFluxIdentity): void {
  if (identity.trusts(issuer)) return;
  throw new ValidationError(at, {
    given: `identity "${identity.node.path}", which does not trust the issuer "${issuer.node.path}" (${shown(issuer.issuerUrl)}).`,
    allowed: 'identities that trust the cluster of this installation',
    why: 'the cloud would refuse every token of this cluster',
    fix: `${ANCHORS[identity.cloud] ?? 'make the cloud trust the cluster'}, or make both from the same ClusterIssuer construct`,
  });
}

/** Refuses an identity with grants that nothing in this installation has a use for. */
export function requireUse(installation: Installation, identity: IFluxIdentity): void {
  if (!(identity instanceof FluxIdentityBase)) return;
  identity._grants.filter(({ grant }) => inTree(grant)).forEach((grant) => requireGrantUse(installation, identity, grant));
}

/** Refuses a grant that nothing in this installation has a use for. */
export function requireGrantUse({ at, version, controllers }: Installation, identity: FluxIdentityBase, grant: IdentityGrant): void {
  // Whether there is a Flux Operator is known at synthesis only: the installation warns then.
  checkUseIn(at, { version, controllers: [...controllers, FLUX_OPERATOR] }, identity, grant);
}

/** Refuses a controller that the version does not have. */
export function requireInVersion(at: IConstruct, version: FluxVersion, controller: FluxController): void {
  if (existsIn(controller, version)) return;
  throw new ValidationError(at, {
    given: `controller "${controller}" in Flux ${version}.`,
    allowed: `Flux ${firstVersionOf(controller)} and later`,
    why: 'this Flux does not have the controller: the patch would match nothing',
    fix: `upgrade to Flux ${firstVersionOf(controller)}, or remove the controller`,
  });
}

/** Refuses accounts that no patch would reach, and controllers' own accounts at object level. */
export function requireReachable(installation: Installation, identity: IFluxIdentity, account: FluxServiceAccount): void {
  const { at, version, namespace, controllers } = installation;
  const { fluxController } = account;
  if (fluxController === undefined) {
    const controller = ALL_CONTROLLERS.find((name) => name === account.name);
    if (controller === undefined || account.namespace !== namespace) return;
    throw new ValidationError(at, {
      given: `object-level service account "${account}" of "${identity.node.path}", which is a controller's own.`,
      allowed: 'object-level accounts that no controller runs as',
      why: 'the account would be rendered twice, once by Flux and once here',
      fix: `use FluxServiceAccount.controller(${shown(controller)}, ${shown(account.namespace)})`,
    });
  }
  if (account.namespace !== namespace) {
    throw new ValidationError(at, {
      given: `controller "${account}" of "${identity.node.path}" for a Flux in namespace "${namespace}".`,
      allowed: `controllers of namespace "${namespace}"`,
      why: 'the patch would match nothing, which kustomize does not report',
      fix: 'pass the namespace of Flux to FluxServiceAccount.controller and to the installation alike',
    });
  }
  if (fluxController === FLUX_OPERATOR) return;
  requireInVersion(at, version, fluxController);
  if (controllers.includes(fluxController)) return;
  throw new ValidationError(at, {
    given: `controller "${fluxController}" of "${identity.node.path}", which is not installed.`,
    allowed: controllers.join(', '),
    why: 'the patch would match nothing, which kustomize does not report',
    fix: 'add the controller to `controllers` of the installation, or remove it from the identity',
  });
}

/** Refuses object-level accounts where no installed controller can act as them. */
export function requireObjectLevel({ at, version, controllers }: Installation, account: FluxServiceAccount): void {
  const since = controllers.map(objectLevelSince).filter((first) => first !== undefined);
  if (since.some((first) => atLeast(version, first))) return;
  const later = Object.values(FluxVersion).find((candidate) => since.includes(candidate));
  throw new ValidationError(at, {
    given: `object-level service account "${account}" with controllers ${controllers.join(', ')} in Flux ${version}.`,
    allowed: later === undefined ? 'an installation with at least one controller that knows object level' : `Flux ${later} and later with these controllers`,
    why: 'none of them can act as the service account that a Flux object names, so nothing would use this identity',
    fix: later === undefined ? 'add the controller that should use it to `controllers`' : `upgrade to Flux ${later}, or add another controller to \`controllers\``,
  });
}
