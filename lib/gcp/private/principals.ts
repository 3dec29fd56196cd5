import { FluxServiceAccount } from '../../core/flux-service-account';

/** The IAM member of a service account in the pool that is built into GKE. */
export function gkePrincipal(pool: string, account: FluxServiceAccount): string {
  return `serviceAccount:${pool}[${account.namespace}/${account.name}]`;
}

/** The IAM member of a service account in any other pool. */
export function federatedPrincipal(pool: string, account: FluxServiceAccount): string {
  return `principal://iam.googleapis.com/${pool}/subject/${account.subject}`;
}

/** Tells the members of one identity apart in addresses; "_" stands in no Kubernetes name. */
export function memberId(account: FluxServiceAccount): string {
  return `${account.namespace}_${account.name}`;
}
