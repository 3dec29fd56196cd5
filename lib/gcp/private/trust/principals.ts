import { IConstruct } from 'constructs';
import { controllerAudience, objectAudience } from './audiences';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import type { IdentityTrust } from '../../../core/shared/flux/identity-base';
import { valueKey } from '../../../core/shared/input/once-per-app';
import type { IFluxGcpWorkloadPool } from '../../gcp-workload-pool';
import { GcpMember } from '../grant/grantee';

/** The IAM member of a service account in the pool that is built into GKE. */
export function gkePrincipal(pool: string, account: FluxServiceAccount): string {
  return `serviceAccount:${pool}[${account.namespace}/${account.name}]`;
}

/** The IAM member of a service account in any other pool. */
export function federatedPrincipal(pool: string, account: FluxServiceAccount): string {
  return `principal://iam.googleapis.com/${pool}/subject/${account.subject}`;
}

/** Each service account is taken on the word of the pool's cluster, for the audience that Flux asks for at its level. */
export function poolTrust(pool: IFluxGcpWorkloadPool, accounts: readonly FluxServiceAccount[], audience?: string): IdentityTrust[] {
  const { issuer, providerName, poolName } = pool;
  return accounts.map(({ subject, fluxController }) => ({
    anchor: providerName ?? poolName,
    issuer,
    subject,
    audiences: [providerName === undefined ? poolName
      : fluxController === undefined ? audience ?? objectAudience(providerName) : controllerAudience(providerName)],
  }));
}

/** The members that stand for service accounts of a pool. */
export function poolMembers(at: IConstruct, pool: IFluxGcpWorkloadPool, accounts: readonly FluxServiceAccount[]): GcpMember[] {
  return accounts.map((account) => ({
    // "_" stands in no Kubernetes name.
    id: `${account.namespace}_${account.name}`,
    member: pool.memberOf(account),
    // By the name of the pool, which is plain where it is known: the member refers to the resource, so that Terraform waits for it.
    key: valueKey(at, pool.kubernetesUserNameOf(account)),
  }));
}
