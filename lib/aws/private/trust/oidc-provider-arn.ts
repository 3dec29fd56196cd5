import { IConstruct } from 'constructs';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { hasToken } from '../../../core/shared/terraform/tokens';
import type { IFluxOidcProvider } from '../../flux-oidc-provider';
import { Arn, ArnForm, parseArn } from '../forms/arn';

const PROVIDER_ARN: ArnForm = {
  what: 'OIDC provider ARN',
  service: 'iam',
  scope: 'account',
  resource: /^oidc-provider\/.+$/,
  example: 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE',
  why: 'the trust policy names the provider by its ARN; IAM refuses a principal that is none',
  fixes: [[/^https:/, 'this is the issuer URL; pass the ARN, or use FluxOidcProvider.lookup']],
};

/** Reads the ARN of an OIDC provider. */
export function checkProviderArn(at: IConstruct, arn: string): Arn {
  return parseArn(at, arn, PROVIDER_ARN);
}

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
