import { FluxLockdown } from './flux-lockdown';
import { FluxPatch } from './flux-patch';
import { FluxRemoteCluster } from './flux-remote-cluster';
import { FluxTenant } from './flux-tenant';
import { FluxTokenRights } from './flux-token-rights';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxController } from '../core/flux-controller';
import { IFluxIdentity } from '../core/flux-identity';
import { FluxVersion } from '../core/flux-version';

/**
 * What every Flux configuration is made of. Give the same to each configuration of one cluster: the installation's switches
 * object-level identity on, the manifests' gives it the service accounts.
 */
export interface FluxConfigProps {
  /** The cluster that Flux runs in. Every identity must trust it. */
  readonly issuer: IClusterIssuer;
  /** The Flux version. */
  readonly version: FluxVersion;
  /**
   * The identities that service accounts of this cluster act as, in any of the clouds.
   *
   * @default - those of the tenants
   */
  readonly identities?: IFluxIdentity[];
  /**
   * The tenants of this cluster; their identities need not be listed again.
   *
   * @default - none
   */
  readonly tenants?: FluxTenant[];
  /**
   * Remote clusters that Flux reaches from here (Flux 2.7 and later).
   *
   * @default - none
   */
  readonly remoteClusters?: FluxRemoteCluster[];
  /**
   * The namespace that Flux is installed in.
   *
   * @default flux-system
   */
  readonly namespace?: string;
  /**
   * The controllers that are installed. A patch for a controller that is not there would do nothing, silently.
   *
   * @default - every controller of the version
   */
  readonly controllers?: FluxController[];
}

/** What every configuration of an installation takes besides. */
export interface FluxInstallationProps extends FluxConfigProps {
  /**
   * What tenants are kept from.
   *
   * @default - nothing: every Flux object may use what its controller may
   */
  readonly lockdown?: FluxLockdown;
}

/** What installations built by kustomize take besides. */
export interface FluxPatchedInstallationProps extends FluxInstallationProps {
  /**
   * Patches of your own, applied after the library's, in this order.
   *
   * @default - none
   */
  readonly patches?: FluxPatch[];
  /**
   * Who may ask Kubernetes for tokens of service accounts.
   *
   * @default FluxTokenRights.AS_INSTALLED
   */
  readonly tokenRights?: FluxTokenRights;
}
