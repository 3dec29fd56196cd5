import { oneOf } from '../../core/shared/input/option-shape';
import { FluxValues } from '../flux-values';

/** Where values come in. */
export const VALUES = oneOf('FluxValues', FluxValues).optional;
