import { FluxController } from '../../../core/flux-controller';
import { WarningId } from '../../../core/shared/flux/warning-ids';
import { FluxModel } from '../model/model';

/** What tenants are not kept from. */
export function lockdownWarnings(model: FluxModel): [string, string][] {
  const { lockdown, tenants } = model;
  if (lockdown === undefined) {
    return tenants.length === 0 ? [] : [[WarningId.TENANTS_WITHOUT_LOCKDOWN,
      `${tenants.length === 1 ? 'a tenant' : `${tenants.length} tenants`} without a lockdown: a Kustomization or HelmRelease that leaves \`serviceAccountName\` out applies as ` +
      'cluster-admin, in every namespace. Set `lockdown: FluxLockdown.workloadIdentity()` (Flux 2.7), or FluxLockdown.kubernetes().']];
  }
  return [...ofHelmRepositories(model), ...ofOperator(model)];
}

function ofHelmRepositories(model: FluxModel): [string, string][] {
  const source = model.controllerAccounts.find(({ account }) => account.fluxController === FluxController.SOURCE);
  if (!model.lockdown!.coversClouds || source === undefined) return [];
  return [[WarningId.LOCKDOWN_HELM_REPOSITORIES,
    `${source.identities.map(({ node }) => `"${node.path}"`).join(', ')}: an identity of source-controller beside FluxLockdown.workloadIdentity. ` +
    'HelmRepositories (type: oci) log in to registries as source-controller in every namespace, whatever the flags say, so every tenant can read what it ' +
    'may. Give the identity to an object-level service account and use OCIRepositories, or grant it only what all tenants may read.']];
}

/** Under the lockdown the operator reads the annotations of its own account, as of any other: what its pods have is not used. */
function ofOperator({ operatorAccount: account, lockdown }: FluxModel): [string, string][] {
  if (account === undefined || !lockdown!.coversClouds) return [];
  const inPods = account.env.length + account.tokens.length + account.mounts.length > 0;
  if (!inPods && Object.keys(account.annotations).length > 0) return [];
  return [[WarningId.LOCKDOWN_OPERATOR,
    `${account.identities.map(({ node }) => `"${node.path}"`).join(', ')}: an identity of the Flux Operator that is told to its pods, beside FluxLockdown.workloadIdentity. Its ` +
    'ResourceSetInputProviders act as a service account that they name, or as its own by the annotations on it, and not as its pods. Name an object-level account ' +
    'in each, or use an identity that annotates the account (IRSA on EKS, workload identity on AKS, a service account on GKE).']];
}
