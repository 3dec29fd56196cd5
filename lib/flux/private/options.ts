import { CONTROLLER, IDENTITIES, ISSUER, VERSION } from '../../core/shared/input/common-options';
import { instanceOf, listOf, oneOf, OptionShapes, OPTIONS, TEXT } from '../../core/shared/input/option-shape';
import type { FluxConfigProps, FluxInstallationProps, FluxPatchedInstallationProps } from '../flux-config';
import { FluxLockdown } from '../flux-lockdown';
import type { FluxPatch } from '../flux-patch';
import { FluxRemoteCluster } from '../flux-remote-cluster';
import { FluxTenant } from '../flux-tenant';
import { FluxTokenRights } from '../flux-token-rights';

/** The options that every Flux configuration has. */
export const CONFIG_OPTIONS: OptionShapes<FluxConfigProps> = {
  issuer: ISSUER,
  version: VERSION,
  identities: IDENTITIES.optional,
  tenants: listOf(instanceOf<FluxTenant>('a FluxTenant', () => FluxTenant)).optional,
  remoteClusters: listOf(instanceOf<FluxRemoteCluster>('a FluxRemoteCluster', () => FluxRemoteCluster)).optional,
  namespace: TEXT.optional,
  controllers: listOf(CONTROLLER).optional,
};

/** The options of installations. */
export const INSTALLATION_OPTIONS: OptionShapes<FluxInstallationProps> = {
  ...CONFIG_OPTIONS,
  lockdown: instanceOf<FluxLockdown>('a FluxLockdown: FluxLockdown.kubernetes(...) or FluxLockdown.workloadIdentity(...)', () => FluxLockdown).optional,
};

/** The options of installations built by kustomize. */
export const PATCHED_INSTALLATION_OPTIONS: OptionShapes<FluxPatchedInstallationProps> = {
  ...INSTALLATION_OPTIONS,
  patches: listOf<FluxPatch>(OPTIONS).optional,
  tokenRights: oneOf('FluxTokenRights', FluxTokenRights).optional,
};
