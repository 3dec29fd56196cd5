import type { FluxInstallation } from './flux-installation';

/** Options of every delivery. */
export interface FluxDeliveryProps {
  /** The Flux that is told. */
  readonly installation: FluxInstallation;
}
