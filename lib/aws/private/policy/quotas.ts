import { IConstruct } from 'constructs';
import { PolicyLimits } from './policies';
import { NUMBER } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { FluxRolePolicies, FluxRoleQuotas } from '../../flux-role-policies';

/** Limits of a role. */
export const ROLE_QUOTAS = { trustPolicySize: 2048, inlinePolicySize: 10240, managedPolicySize: 6144, managedPolicies: 10 };

/** Limits of a user, who has no trust policy. */
export const USER_QUOTAS = { inlinePolicySize: 2048, managedPolicySize: 6144, managedPolicies: 10 };

const NONE: FluxRoleQuotas = {};

/** The limits of a role or user from the caller's options. */
export function limitsOf(
  at: IConstruct,
  policies: FluxRolePolicies = FluxRolePolicies.INLINE,
  quotas: FluxRoleQuotas = NONE,
  defaults: Omit<typeof ROLE_QUOTAS, 'trustPolicySize'> = ROLE_QUOTAS,
): PolicyLimits & { trust: number } {
  if (quotas === NONE) return limits(policies, { ...ROLE_QUOTAS, ...defaults });
  checkOptions<object>(at, defaults === ROLE_QUOTAS ? 'FluxRoleQuotas' : 'FluxUserQuotas', quotas, Object.fromEntries(Object.keys(defaults).map((name) => [name, NUMBER.optional])));
  for (const [name, value] of Object.entries(quotas)) {
    if (value === undefined || (Number.isInteger(value) && value > 0)) continue;
    throw new ValidationError(at, {
      given: `quota ${name} ${shown(value)}`,
      allowed: 'a positive whole number',
      why: 'it bounds what is put into one policy',
      fix: 'pass the quota that your account has',
    });
  }
  return limits(policies, { ...ROLE_QUOTAS, ...defaults, ...Object.fromEntries(Object.entries(quotas).filter(([, value]) => value !== undefined)) });
}

function limits(policies: FluxRolePolicies, quotas: typeof ROLE_QUOTAS): PolicyLimits & { trust: number } {
  return {
    trust: quotas.trustPolicySize,
    inline: policies === FluxRolePolicies.INLINE ? quotas.inlinePolicySize : 0,
    managed: quotas.managedPolicySize,
    attachments: quotas.managedPolicies,
  };
}
