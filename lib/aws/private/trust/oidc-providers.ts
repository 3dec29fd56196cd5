import { IConstruct } from 'constructs';
import { checkProviderArn } from './oidc-provider-arn';
import { requireRegion, sessionName } from './web-identity';
import { ClusterKind, IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { checkServiceAccounts, isObjectLevel } from '../../../core/shared/kubernetes/service-accounts';
import { checkIssuerUrl, sameIssuer } from '../../../core/shared/oidc/issuer-url';
import type { IFluxOidcProvider } from '../../flux-oidc-provider';

/** Whether one of the providers vouches for the cluster. */
export function trustsIssuer(providers: IFluxOidcProvider[], issuer: IClusterIssuer): boolean {
  return providers.some((provider) => sameIssuer(provider.issuer, issuer));
}

/** Refuses what no trust policy can be made of. */
export function checkTrust(at: IConstruct, providers: IFluxOidcProvider[], accounts: FluxServiceAccount[], region?: string): void {
  if (providers.length === 0) {
    throw new ValidationError(at, {
      given: 'no OIDC provider.',
      allowed: 'at least one FluxOidcProvider: new, `fromOidcProviderArn` or `lookup`',
      why: 'AWS accepts tokens only of issuers that the account trusts',
      fix: 'pass `oidcProviders: [oidc]`',
    });
  }
  for (const { arn, issuer } of providers) {
    checkIssuerUrl(at, issuer.issuerUrl);
    checkProviderArn(at, arn);
  }
  checkServiceAccounts(at, accounts);
  const offEks = providers.some(({ issuer }) => issuer.kind !== ClusterKind.EKS);
  for (const account of accounts) {
    if (offEks && !isObjectLevel(account)) sessionName(at, account, requireRegion(at, region));
  }
}
