import { IConstruct } from 'constructs';
import { FluxContext } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { FluxVersion } from '../../../core/flux-version';
import { requireVersion } from '../../../core/shared/flux/versions';
import { valueKey } from '../../../core/shared/input/once-per-app';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { isObjectLevel } from '../../../core/shared/kubernetes/service-accounts';
import type { TerraformCheck } from '../../../core/shared/terraform/check';
import { checkText } from '../../../core/shared/terraform/text-form';
import type { IFluxGcpWorkloadPool } from '../../gcp-workload-pool';

/** Refuses an audience of object-level tokens that nobody would ask for, or that the pool would not take. */
export function checkAudience(
  at: IConstruct, audience: string | undefined, accounts: readonly FluxServiceAccount[], pool: IFluxGcpWorkloadPool,
): TerraformCheck[] {
  if (audience === undefined) return [];
  const late = checkText(at, audience, {
    what: 'object-level audience',
    pattern: /^[!-+.-~-]{1,256}$/,
    allowed: '1 to 256 printable characters without spaces and commas',
    why: 'Flux reads a list of audiences from the annotation credential.auth.fluxcd.io/audiences, and IAM takes no longer ones',
    fix: 'pass one audience, for example "https://iam.example.com"',
  });
  const given = `audience ${shown(audience)}`;
  if (pool.providerName === undefined) {
    throw new ValidationError(at, {
      given: `${given} with the pool that is built into GKE.`,
      allowed: 'pools with a provider of their own',
      why: 'Flux refuses custom audiences for workload identity of GKE',
      fix: 'leave the audience out, or make a FluxGcpWorkloadPool for the cluster',
    });
  }
  if (!accounts.some(isObjectLevel)) {
    throw new ValidationError(at, {
      given: `${given} without an object-level service account.`,
      allowed: 'identities with `FluxServiceAccount.of(namespace, name)`',
      why: 'Kubernetes mounts the tokens of controllers, for the audience of the provider; only at object level does Flux ask for another',
      fix: 'leave the audience out',
    });
  }
  const known = pool._audiences?.map((each) => valueKey(at, each));
  if (known !== undefined && !known.includes(valueKey(at, audience))) {
    throw new ValidationError(at, {
      given: `${given} with pool "${pool.node.path}".`,
      allowed: 'one of the `allowedAudiences` of the pool',
      why: 'the token service would refuse the tokens',
      fix: 'add the audience to the `allowedAudiences` of the pool',
    });
  }
  return late;
}

/** The annotation of an object-level account that changes the audience. */
export function audienceAnnotation(at: IConstruct, audience: string | undefined, { version }: FluxContext): { [name: string]: string } {
  if (audience === undefined) return {};
  requireVersion(at, version, FluxVersion.V2_10, 'an `audience` at object level', 'this Flux always asks for the audience of the provider');
  return { 'credential.auth.fluxcd.io/audiences': audience };
}
