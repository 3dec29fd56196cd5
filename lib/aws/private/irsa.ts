import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { IConstruct } from 'constructs';
import { ClusterKind, IClusterIssuer } from '../../core/cluster-issuer';
import { FluxServiceAccount } from '../../core/flux-service-account';
import { sameIssuer } from '../../core/shared/issuer-url';
import { checkServiceAccounts } from '../../core/shared/service-accounts';
import { ValidationError } from '../../core/shared/validation-error';
import type { IFluxOidcProvider } from '../flux-oidc-provider';
import { PolicyHolder } from './policies';
import { requireRegion, sessionName } from './web-identity';

/** What the policies of a role take over from it. */
type HolderOptions = Pick<PolicyHolder, 'path' | 'tags' | 'provider'>;

/** What policies of a role are made of. */
export function roleHolder(role: string, inlineName: string, options: HolderOptions): PolicyHolder {
  const { path, tags, provider } = options;
  return {
    path,
    tags,
    provider,
    inline: (scope, id, policy) => new IamRolePolicy(scope, id, { name: inlineName, role, policy, provider }),
    attach: (scope, id, policyArn) => new IamRolePolicyAttachment(scope, id, { role, policyArn, provider }),
  };
}

/** Whether one of the providers vouches for the cluster. */
export function trustsIssuer(providers: IFluxOidcProvider[], issuer: IClusterIssuer): boolean {
  return providers.some((provider) => sameIssuer(provider.issuer, issuer));
}

/** Refuses what no trust policy can be made of. */
export function checkTrust(at: IConstruct, providers: IFluxOidcProvider[], accounts: FluxServiceAccount[], region?: string): void {
  if (!providers?.length) {
    throw new ValidationError(at, {
      given: 'no OIDC provider.',
      allowed: 'at least one FluxOidcProvider: new, `fromOidcProviderArn` or `lookup`',
      why: 'AWS accepts tokens only of issuers that the account trusts',
      fix: 'pass `oidcProviders: [oidc]`',
    });
  }
  checkServiceAccounts(at, accounts);
  const offEks = providers.some(({ issuer }) => issuer.kind !== ClusterKind.EKS);
  for (const account of accounts) {
    if (offEks && account.fluxController !== undefined) sessionName(at, account, requireRegion(at, region));
  }
}
