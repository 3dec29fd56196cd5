import { Construct } from 'constructs';
import { listOf, oneOf, shape } from '../../core/shared/shape';
import { ISSUER } from '../../core/shared/shapes';
import type { IFluxOidcProvider } from '../flux-oidc-provider';
import { FluxRolePolicies } from '../flux-role-policies';

export const POLICIES = oneOf('FluxRolePolicies', FluxRolePolicies);
export const OIDC_PROVIDERS = listOf(shape<IFluxOidcProvider>('a FluxOidcProvider: new, `fromOidcProviderArn` or `lookup`', (value) => (
  Construct.isConstruct(value) && typeof (value as IFluxOidcProvider).arn === 'string' && ISSUER.fits((value as IFluxOidcProvider).issuer)
)));
