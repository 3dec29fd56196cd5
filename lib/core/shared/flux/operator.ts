import { FluxController } from '../../flux-controller';

/**
 * The Flux Operator's Deployment and account. It stands where a controller does, because clouds treat it as one, but is no constant
 * of the enum: whoever goes through the controllers of Flux must not meet it.
 */
export const FLUX_OPERATOR = 'flux-operator' as FluxController;
