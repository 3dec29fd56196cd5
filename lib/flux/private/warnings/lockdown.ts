import { WarningId } from './ids';
import { FluxController } from '../../../core/flux-controller';
import { FluxModel } from '../model/model';

/** What tenants are not kept from. */
export function lockdownWarnings(model: FluxModel): [string, string][] {
  const { lockdown, tenants } = model;
  if (lockdown === undefined) {
    return tenants.length === 0 ? [] : [[WarningId.TENANTS_WITHOUT_LOCKDOWN,
      `${tenants.length === 1 ? 'a tenant' : `${tenants.length} tenants`} without a lockdown: a Kustomization or HelmRelease that leaves \`serviceAccountName\` out applies as ` +
      'cluster-admin, in every namespace. Set `lockdown: FluxLockdown.workloadIdentity()` (Flux 2.7), or FluxLockdown.kubernetes().']];
  }
  const source = model.controllerAccounts.find(({ account }) => account.fluxController === FluxController.SOURCE);
  if (!lockdown.coversClouds || source === undefined) return [];
  return [[WarningId.LOCKDOWN_HELM_REPOSITORIES,
    `${source.identities.map(({ node }) => `"${node.path}"`).join(', ')}: an identity of source-controller beside FluxLockdown.workloadIdentity. ` +
    'HelmRepositories (type: oci) log in to registries as source-controller in every namespace, whatever the flags say, so every tenant can read what it ' +
    'may. Give the identity to an object-level service account and use OCIRepositories, or grant it only what all tenants may read.']];
}
