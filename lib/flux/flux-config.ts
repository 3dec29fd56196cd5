import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxController } from '../core/flux-controller';
import { IFluxIdentity } from '../core/flux-identity';
import { FluxVersion } from '../core/flux-version';

/** What every Flux configuration is made of. */
export interface FluxConfigProps {
  /** The cluster that Flux runs in. Every identity must trust it. */
  readonly issuer: IClusterIssuer;
  /** The Flux version. */
  readonly version: FluxVersion;
  /** The identities that service accounts of this cluster act as, in any of the clouds. */
  readonly identities: IFluxIdentity[];
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
