import { IConstruct } from 'constructs';
import { checkProviderArn } from './provider-home';
import { requireRegion, sessionName } from './web-identity';
import { ClusterKind, IClusterIssuer } from '../../core/cluster-issuer';
import { FluxServiceAccount } from '../../core/flux-service-account';
import { checkIssuerUrl, sameIssuer } from '../../core/shared/issuer-url';
import { checkServiceAccounts } from '../../core/shared/service-accounts';
import { ValidationError } from '../../core/shared/validation-error';
import type { IFluxOidcProvider } from '../flux-oidc-provider';

/** Whether one of the providers vouches for the cluster. */
export function trustsIssuer(providers: IFluxOidcProvider[], issuer: IClusterIssuer): boolean {
  return providers.some((provider) => sameIssuer(provider.issuer, issuer));
}

/** Refuses what no trust policy can be made of. */
export function checkTrust(at: IConstruct, providers: IFluxOidcProvider[], accounts: FluxServiceAccount[], region?: string): void {
  if (!Array.isArray(providers) || providers.length === 0) {
    throw new ValidationError(at, {
      given: 'no OIDC provider.',
      allowed: 'at least one FluxOidcProvider: new, `fromOidcProviderArn` or `lookup`',
      why: 'AWS accepts tokens only of issuers that the account trusts',
      fix: 'pass `oidcProviders: [oidc]`',
    });
  }
  [...providers].forEach((provider) => checkProvider(at, provider));
  checkServiceAccounts(at, accounts);
  const offEks = providers.some(({ issuer }) => issuer.kind !== ClusterKind.EKS);
  for (const account of accounts) {
    if (offEks && account.fluxController !== undefined) sessionName(at, account, requireRegion(at, region));
  }
}

/** Refuses what has no issuer or no ARN: the condition keys of the trust policy are made of one, its principal of the other. */
function checkProvider(at: IConstruct, provider: IFluxOidcProvider | undefined): void {
  const { arn, issuer } = provider ?? {};
  if (provider?.node === undefined || typeof arn !== 'string' || typeof issuer?.issuerUrl !== 'string') {
    throw new ValidationError(at, {
      given: 'an OIDC provider without `arn` or `issuer`',
      allowed: 'FluxOidcProvider: new, `fromOidcProviderArn` or `lookup`',
      why: 'the trust policy names the provider and compares subject and audience of its issuer; without them it would trust nobody, or anybody',
      fix: 'wrap the provider that you have: FluxOidcProvider.fromOidcProviderArn(scope, id, { issuer, arn })',
    });
  }
  checkIssuerUrl(at, issuer.issuerUrl);
  checkProviderArn(at, arn);
}
