import { constructWith, listOf, oneOf } from '../../core/shared/shape';
import type { IFluxOidcProvider } from '../flux-oidc-provider';
import { FluxRolePolicies } from '../flux-role-policies';

export const POLICIES = oneOf(FluxRolePolicies);
export const OIDC_PROVIDERS = listOf(constructWith<IFluxOidcProvider>('a FluxOidcProvider', 'arn', 'issuer'), 'FluxOidcProviders');
