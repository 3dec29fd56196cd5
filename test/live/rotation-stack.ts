import { LiveStack, StackOptions } from './stack';
import {
  AcrPermissions, ArtifactRegistryPermissions, EcrPermissions, FluxAzureFederatedIdentity, FluxGcpPrincipal, FluxIrsaRole, FluxTenant,
} from '../../lib';
import { ACCOUNT } from '../conformance/computed';

/** A tenant who comes and goes. */
export const LATE = 'team-c';

/** What is different from one day to the next, beside what any stack can have different. */
export interface RotationOptions extends StackOptions {
  /** Whether the tenant is there. Default: false. */
  readonly late?: boolean;
  /** Further grants of the object level's role in AWS: how many there are of ids that begin with this. Default: none. */
  readonly further?: { readonly [id: string]: number };
}

/** The stack of the cells, over the days. */
export class RotationStack extends LiveStack {
  public constructor(options: RotationOptions) {
    super(options);
    const { installation, issuer, oidcProviders, pool } = this;
    const { aws, azure, gcp } = options.estate;
    if (options.late) {
      const tenant = new FluxTenant(this, 'Late', { installation, namespace: LATE, clusterRole: 'admin' });
      const serviceAccounts = [tenant.serviceAccount];
      const role = new FluxIrsaRole(tenant, 'Aws', { oidcProviders, serviceAccounts, name: 'flux-late', account: ACCOUNT, region: 'eu-west-1' });
      const identity = new FluxAzureFederatedIdentity(tenant, 'Azure', {
        issuers: [issuer], serviceAccounts, name: 'flux-late', resourceGroupName: 'flux', location: 'westeurope',
      });
      const principal = new FluxGcpPrincipal(tenant, 'Gcp', { pool, serviceAccounts });
      role.grant('Images', EcrPermissions.pull(aws.object.pullFrom));
      identity.grant('Images', AcrPermissions.pull(azure.object.pullFrom));
      principal.grant('Images', ArtifactRegistryPermissions.pull(gcp.object.pullFrom));
      for (const each of [role, identity, principal]) tenant.addIdentity(each);
    }
    for (const [id, count] of Object.entries(options.further ?? {})) {
      for (let index = 0; index < count; index++) {
        const name = `${id}${String(index).padStart(4, '0')}`;
        this.aws.object!.grant(name, EcrPermissions.pull(`arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/further/${name.toLowerCase()}`));
      }
    }
  }
}
