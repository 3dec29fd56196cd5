import { Construct, IConstruct } from 'constructs';
import { registerPool } from './pool-registry';
import { federatedPrincipal } from './principals';
import { IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { allOrNothing } from '../../../core/shared/input/all-or-nothing';
import { ISSUER } from '../../../core/shared/input/common-options';
import { checkedScope } from '../../../core/shared/input/construct-ids';
import { TEXT } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import type { TerraformCheck } from '../../../core/shared/terraform/check';
import type { FluxGcpWorkloadPoolFromNameProps, IFluxGcpWorkloadPool } from '../../gcp-workload-pool';
import { checkSubjects } from '../forms/pool';
import { lateName, NameForm, parseName } from '../forms/resource-name';
import { WORKLOAD_POOL } from '../options';

const POOL: NameForm = {
  what: 'workload identity pool name',
  forms: ['projects/{project}/locations/global/workloadIdentityPools/{pool}'],
  parts: { project: /^[0-9]{1,19}$/, pool: /^[0-9a-z-]{1,32}$/ },
  example: 'projects/123456789012/locations/global/workloadIdentityPools/prod-eks',
  why: 'Flux refuses other names in the annotation gcp.auth.fluxcd.io/workload-identity-provider, and so does the token service',
  fixes: [
    [/^projects\/[^/]*[a-z]/, 'pass the number of the project in place of its ID'],
    [/\/providers\//, 'this is the name of a provider; pass the part before "/providers/", and what follows as `providerId`'],
    [/\.svc\.id\.goog$/, 'this is the pool that is built into GKE; use FluxGcpWorkloadPool.gke'],
  ],
};

const PROVIDER: NameForm = {
  what: 'provider id',
  forms: ['{provider}'],
  parts: { provider: /^[0-9a-z-]{1,32}$/ },
  example: 'prod-eks',
  why: 'it is part of the provider\'s full name, which Flux and the token service compare',
};

/** A pool that somebody else owns. */
@allOrNothing
export class ImportedPool extends Construct implements IFluxGcpWorkloadPool {
  public readonly issuer: IClusterIssuer;
  public readonly poolName: string;
  public readonly providerName: string;
  public readonly _prerequisites: IConstruct[] = [];
  public readonly _late: readonly TerraformCheck[];

  public constructor(scope: Construct, id: string, props: FluxGcpWorkloadPoolFromNameProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxGcpWorkloadPool.fromPoolName', props, {
      issuer: ISSUER,
      poolName: TEXT,
      providerId: TEXT,
      sharedWith: WORKLOAD_POOL.optional,
    });
    parseName(this, props.poolName, POOL);
    parseName(this, props.providerId, PROVIDER);
    this._late = [...lateName(this, props.poolName, POOL), ...lateName(this, props.providerId, PROVIDER)];
    this.issuer = props.issuer;
    this.poolName = props.poolName;
    this.providerName = `${props.poolName}/providers/${props.providerId}`;
    registerPool(this, this.poolName, props.sharedWith);
  }

  public memberOf(serviceAccount: FluxServiceAccount): string {
    return federatedPrincipal(this.poolName, serviceAccount);
  }

  public kubernetesUserNameOf(serviceAccount: FluxServiceAccount): string {
    return this.memberOf(serviceAccount);
  }

  public _admit(identity: IConstruct, accounts: FluxServiceAccount[]): void {
    checkSubjects(identity, accounts);
  }
}
