import { listOf, instanceOf, OPTIONS } from '../../core/shared/input/option-shape';
import { FluxInstallation } from '../flux-installation';
import type { FluxPatch } from '../flux-patch';

/** What whatever belongs to one Flux takes. */
export const INSTALLATION = instanceOf<FluxInstallation>('a FluxInstallation', () => FluxInstallation);

/** The patches of deliveries that kustomize builds. */
export const PATCHES = listOf<FluxPatch>(OPTIONS).optional;
