import { TerraformProvider, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { poolMembers } from './principals';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import type { TerraformCheck } from '../../../core/shared/terraform/check';
import { GcpResource } from '../../gcp-resource';
import type { IFluxGcpWorkloadPool } from '../../gcp-workload-pool';
import { GcpPrincipal } from '../grant/grantee';
import { GoogleAccount } from '../identity/google-account';
import { bindRole } from '../policy/bind-role';
import { Credential } from '../settings/flux-settings';

/** What an impersonated identity needs to know. */
export interface Impersonating {
  readonly pool: IFluxGcpWorkloadPool;
  readonly serviceAccounts: FluxServiceAccount[];
  readonly universeDomain?: string;
  readonly audience?: string;
  readonly provider?: TerraformProvider;
  /** What Terraform checks of the universe. */
  readonly late?: readonly TerraformCheck[];
}

/** A Google service account that Kubernetes service accounts may impersonate: what the new and the existing one share. */
export class Impersonation {
  public readonly principal: GcpPrincipal;
  public readonly credential: Credential;

  public constructor(at: Construct, account: GoogleAccount, { pool, serviceAccounts, universeDomain, audience, provider, late = [] }: Impersonating) {
    this.credential = { providerName: pool.providerName, email: account.email, universeDomain, audience };
    this.principal = {
      isDirect: false,
      members: [{ member: account.member, key: account.key }],
      provider,
      prerequisites: [],
      late: account.late,
      carriers: this.allow(at, account, { pool, serviceAccounts, provider, late }),
    };
  }

  private allow(at: Construct, account: GoogleAccount, { pool, serviceAccounts, provider, late = [] }: Impersonating): readonly TerraformResource[] {
    return bindRole({
      at,
      isDirect: true,
      members: poolMembers(at, pool, serviceAccounts),
      provider,
      prerequisites: pool._prerequisites,
      late: [...pool._late, ...account.late, ...late],
      carriers: [],
    }, 'WorkloadIdentityUser', { role: 'roles/iam.workloadIdentityUser', resource: GcpResource.serviceAccount(account.name) }, { resourceIsOurs: true }).made;
  }
}
