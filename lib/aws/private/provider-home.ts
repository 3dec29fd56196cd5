import { IConstruct } from 'constructs';
import { hasToken } from '../../core/shared/tokens';
import { shown, ValidationError } from '../../core/shared/validation-error';
import type { IFluxOidcProvider } from '../flux-oidc-provider';

/** Refuses OIDC providers outside the role's account or partition, as far as both are known. */
export function checkProviderHome(at: IConstruct, providers: readonly IFluxOidcProvider[], role: { account?: string; partition?: string }): void {
  for (const { arn } of providers) {
    const [, partition, account] = /^arn:([^:]*):iam::([^:]*):/.exec(arn) ?? [];
    if (!differs(partition, role.partition) && !differs(account, role.account)) continue;
    throw new ValidationError(at, {
      given: `OIDC provider ${shown(arn)} for a role of partition "${role.partition}"${role.account === undefined ? '' : ` and account ${role.account}`}`,
      allowed: 'OIDC providers of the role\'s own account and partition',
      why: 'STS looks for the provider in the account of the role, and finds none there',
      fix: 'make or look up a provider for this issuer in the role\'s account, or correct `account` and `partition`',
    });
  }
}

function differs(known: string | undefined, wanted: string | undefined): boolean {
  return known !== undefined && wanted !== undefined && !hasToken(known) && known !== wanted;
}
