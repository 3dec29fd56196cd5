import { TerraformProvider, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { poolMembers } from './principals';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { GcpResource } from '../../gcp-resource';
import type { IFluxGcpWorkloadPool } from '../../gcp-workload-pool';
import type { Precondition } from '../forms/text-form';
import { GcpGrantee, IdentityKind } from '../grant/grantee';
import { GoogleAccount } from '../identity/google-account';
import { bindRole } from '../policy/bind-role';
import { Credential } from '../settings/flux-settings';

/** What an impersonated identity needs to know. */
export interface Impersonating {
  readonly pool: IFluxGcpWorkloadPool;
  readonly serviceAccounts: FluxServiceAccount[];
  readonly universeDomain?: string;
  readonly provider?: TerraformProvider;
  /** What Terraform checks of the universe. */
  readonly late?: readonly Precondition[];
}

/** A Google service account that Kubernetes service accounts may impersonate: what the new and the existing one share. */
export class Impersonation {
  public readonly grantee: Omit<GcpGrantee, 'at'>;
  public readonly credential: Credential;

  public constructor(at: Construct, account: GoogleAccount, { pool, serviceAccounts, universeDomain, provider, late = [] }: Impersonating) {
    this.credential = { providerName: pool.providerName, email: account.email, universeDomain };
    this.grantee = {
      kind: IdentityKind.SERVICE_ACCOUNT,
      members: [{ member: account.member, key: account.key }],
      controllers: serviceAccounts.some(({ fluxController }) => fluxController !== undefined),
      provider,
      prerequisites: [],
      late: account.late,
      carriers: this.allow(at, account, { pool, serviceAccounts, provider, late }),
    };
  }

  private allow(at: Construct, account: GoogleAccount, { pool, serviceAccounts, provider, late = [] }: Impersonating): TerraformResource[] {
    return bindRole({
      at,
      kind: IdentityKind.FEDERATED,
      members: poolMembers(at, pool, serviceAccounts),
      controllers: true,
      provider,
      prerequisites: pool._prerequisites,
      late: [...pool._late, ...account.late, ...late],
      carriers: [],
    }, 'WorkloadIdentityUser', { role: 'roles/iam.workloadIdentityUser', resource: GcpResource.serviceAccount(account.name) }, { resourceIsOurs: true });
  }
}
