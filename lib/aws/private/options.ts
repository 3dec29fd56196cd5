import { Construct } from 'constructs';
import { ISSUER } from '../../core/shared/input/common-options';
import { listOf, NUMBER, oneOf, OPTIONS, OptionShapes, PROVIDER, shape, TEXT, TEXT_MAP } from '../../core/shared/input/option-shape';
import type { IFluxOidcProvider } from '../flux-oidc-provider';
import type { FluxRoleBaseProps } from '../flux-role-base-props';
import { FluxRolePolicies } from '../flux-role-policies';

export const POLICIES = oneOf('FluxRolePolicies', FluxRolePolicies);
export const OIDC_PROVIDERS = listOf(shape<IFluxOidcProvider>('a FluxOidcProvider: new, `fromOidcProviderArn` or `lookup`', (value) => (
  Construct.isConstruct(value) && typeof (value as IFluxOidcProvider).arn === 'string' && ISSUER.fits((value as IFluxOidcProvider).issuer)
)));

/** The options of every new role. */
export const ROLE_OPTIONS: OptionShapes<FluxRoleBaseProps> = {
  name: TEXT.optional,
  path: TEXT.optional,
  description: TEXT.optional,
  permissionsBoundary: TEXT.optional,
  maxSessionDuration: NUMBER.optional,
  tags: TEXT_MAP.optional,
  partition: TEXT.optional,
  policies: POLICIES.optional,
  quotas: OPTIONS.optional,
  provider: PROVIDER.optional,
};
