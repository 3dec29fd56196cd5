import { createHash } from 'crypto';
import { FederatedIdentityCredential } from '@cdktf/provider-azurerm/lib/federated-identity-credential';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { ClusterKind, IClusterIssuer } from '../../../core/cluster-issuer';
import type { FluxContext } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { IdentityTrust, IdentityWarning } from '../../../core/shared/flux/identity-base';
import { WarningId } from '../../../core/shared/flux/warning-ids';
import { claim } from '../../../core/shared/input/once-per-app';
import { refuse, shown, ValidationError } from '../../../core/shared/input/validation-error';
import { checkServiceAccounts, isObjectLevel } from '../../../core/shared/kubernetes/service-accounts';
import { sameIssuer } from '../../../core/shared/oidc/issuer-url';
import { checkSigningAlgorithms } from '../../../core/shared/oidc/jwks';
import { byPath, byText } from '../../../core/shared/sort';
import { lifecycleOf, TerraformCheck } from '../../../core/shared/terraform/check';
import { addressOf } from '../../../core/shared/terraform/graph';
import { attributeOf } from '../../../core/shared/terraform/light-token';
import { newResource } from '../../../core/shared/terraform/new-resource';
import { stringTemplate } from '../../../core/shared/terraform/text';
import { checkLength, lateText, LengthForm } from '../../../core/shared/terraform/text-form';
import { hasToken } from '../../../core/shared/terraform/tokens';
import { AUDIENCE } from '../settings/flux-settings';

/** How many federated credentials an identity can have. */
const LIMIT = 20;
const SIGNING_ALGORITHMS = ['RS256'];
const ISSUER_LENGTH = 600;
const NAME_LENGTH = 120;
const AUDIENCE_LENGTH: LengthForm = {
  what: 'audience',
  limit: 600,
  why: 'Azure compares it with the token\'s audience, byte for byte',
  fix: 'pass the audience that the credential is to expect, or leave it out',
};
const ISSUER = {
  what: 'issuer',
  pattern: /^https:\/\/[^\/ ?#@*]+(\/[^ ?#*]*)?$/,
  allowed: 'an https URL with a host and no user, query, fragment or wildcard',
  why: 'Microsoft Entra ID fetches its discovery document over TLS and compares the issuer of tokens with it byte for byte',
};

/** Whose tokens an identity is to accept. */
export interface TrustOptions {
  readonly issuers: IClusterIssuer[];
  readonly serviceAccounts: FluxServiceAccount[];
  readonly audience?: string;
}

/** The identity that credentials belong to. */
export interface CredentialParent {
  readonly parentId: string;
  readonly resourceGroupName: string;
  readonly provider?: TerraformProvider;
  /** What Terraform checks of the identity before it trusts anybody. */
  readonly checks: readonly TerraformCheck[];
}

/** Refuses what no federated credentials can be made of. */
export function checkTrust(at: Construct, options: TrustOptions): void {
  const { issuers, serviceAccounts } = options;
  if (!issuers?.length) {
    throw new ValidationError(at, {
      given: 'no issuer.',
      allowed: 'at least one ClusterIssuer',
      why: 'Azure accepts tokens only of issuers that a federated credential of the identity names',
      fix: 'pass `issuers: [cluster]`',
    });
  }
  checkServiceAccounts(at, serviceAccounts);
  checkIssuers(at, issuers);
  issuers.forEach((issuer) => checkSigningAlgorithms(at, issuer, issuer.jwks, 'Microsoft Entra', SIGNING_ALGORITHMS));
  checkNumber(at, issuers, serviceAccounts);
  if (options.audience !== undefined) checkAudience(at, options.audience, options);
}

/** Each issuer with each account, in the order of their names. */
export function federatedTrust(anchor: string, { issuers, serviceAccounts, audience }: TrustOptions): IdentityTrust[] {
  const accounts = [...serviceAccounts].sort((a, b) => byText(String(a), String(b)));
  return byPath(issuers).flatMap((issuer) => accounts.map(({ subject }) => ({ anchor, issuer, subject, audiences: [audience ?? AUDIENCE] })));
}

/**
 * A federated credential for each subject. One waits for the other, because Azure answers 409 to two concurrent writes under one
 * identity; another provider process does not know the first one's lock.
 *
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
 */
export function federate(identity: Construct, trust: readonly IdentityTrust[], { checks, ...parent }: CredentialParent): string[] {
  const scope = new Construct(identity, 'Credentials');
  let last: FederatedIdentityCredential | undefined;
  return trust.map(({ issuer, subject, audiences }) => {
    const account = subject.split(':').slice(2).join('/');
    const name = credentialName(issuer, account);
    const credential: FederatedIdentityCredential = newResource(FederatedIdentityCredential, scope, name, {
      ...parent,
      name,
      issuer: stringTemplate(issuer.issuerUrl),
      subject,
      audience: audiences.map((audience) => stringTemplate(audience)),
      lifecycle: lifecycleOf([
        ...checks,
        ...lateText(identity, issuer.issuerUrl, ISSUER),
        ...audiences.flatMap((audience) => checkLength(identity, audience, AUDIENCE_LENGTH)),
      ]),
    });
    if (last !== undefined) credential.dependsOn = [addressOf(last)!];
    if (!hasToken(parent.parentId)) claimRoom(credential, parent.parentId, `issuer "${issuer.node.path}" and account "${account}"`);
    last = credential;
    return attributeOf(credential, 'id');
  });
}

/** Refuses what several constructs for one existing identity would make together: a credential twice, or more than it can have. */
function claimRoom(credential: Construct, identityId: string, subject: string): void {
  const identity = `azure identity ${identityId.toLowerCase()}`;
  const twin = claim(credential, `${identity} credential of ${subject}`);
  if (twin !== undefined) {
    refuse(credential, `a second federated credential of ${subject} in identity ${shown(identityId)}; "${twin.node.path}" is the first.`, 'each issuer and account once in an identity',
      'Azure keeps one credential for issuer and subject and refuses the second', 'use the first construct for both');
  }
  for (let place = 1; claim(credential, `${identity} place ${place}`) !== undefined; place++) {
    if (place === LIMIT) {
      refuse(credential, `federated credential ${LIMIT + 1} of identity ${shown(identityId)}.`, `at most ${LIMIT} in all constructs for one identity`,
        'Azure refuses the 21st credential of an identity', 'split the service accounts over several identities');
    }
  }
}

/**
 * The name of a credential, and its construct id: readable, and told apart by a hash of issuer construct and account. It
 * depends on nothing else, so that others come and go without it.
 */
function credentialName(issuer: IClusterIssuer, account: string): string {
  const hash = createHash('sha256').update(`${issuer.node.path} ${account}`).digest('hex').slice(0, 8);
  const readable = `${issuer.node.id}-${account}`.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return `${readable.slice(0, NAME_LENGTH - hash.length - 1)}-${hash}`;
}

function checkIssuers(at: Construct, issuers: IClusterIssuer[]): void {
  issuers.forEach((issuer, index) => {
    const { issuerUrl } = issuer;
    const twin = issuers.slice(0, index).find((other) => other === issuer || other.issuerUrl === issuerUrl);
    if (twin !== undefined) {
      throw new ValidationError(at, {
        given: `issuer "${issuer.node.path}" (${shown(issuerUrl)}), which "${twin.node.path}" is already.`,
        allowed: 'each issuer once',
        why: 'Azure refuses a second credential with the same issuer and subject',
        fix: 'make one ClusterIssuer for each cluster and list it once',
      });
    }
    if (!hasToken(issuerUrl) && issuerUrl.length > ISSUER_LENGTH) {
      throw new ValidationError(at, {
        given: `issuer of ${issuerUrl.length} characters: ${shown(issuerUrl)}`,
        allowed: `at most ${ISSUER_LENGTH} characters`,
        why: 'Azure refuses a longer issuer in a federated credential',
        fix: 'give the cluster a shorter issuer URL',
      });
    }
  });
}

function checkNumber(at: Construct, issuers: IClusterIssuer[], accounts: FluxServiceAccount[]): void {
  const number = issuers.length * accounts.length;
  if (number <= LIMIT) return;
  const fitting = Math.floor(LIMIT / issuers.length);
  throw new ValidationError(at, {
    given: `${number} federated credentials (${issuers.length} issuers times ${accounts.length} service accounts).`,
    allowed: `at most ${LIMIT} for one identity`,
    why: 'Azure refuses the 21st credential of an identity',
    fix: fitting === 0
      ? `split the issuers over several identities, at most ${LIMIT} each, and give each the same grants`
      : `split the service accounts over ${Math.ceil(accounts.length / fitting)} identities of at most ${fitting} each, and give each the grants it needs`,
  });
}

/** From 2.10 on object-level accounts say which audience they ask for; on AKS the tokens of controllers have one only. */
function checkAudience(at: Construct, audience: string, { issuers, serviceAccounts }: TrustOptions): void {
  checkLength(at, audience, AUDIENCE_LENGTH);
  if (audience === AUDIENCE) return;
  if (audience.includes(',')) {
    throw new ValidationError(at, {
      given: `audience ${shown(audience)}`, allowed: 'one audience, without a comma', why: 'a federated credential has one, and Flux takes a comma for the beginning of another', fix: 'choose another audience',
    });
  }
  const aks = issuers.find(({ kind }) => kind === ClusterKind.AKS);
  if (aks === undefined || serviceAccounts.every(isObjectLevel)) return;
  throw new ValidationError(at, {
    given: `audience ${shown(audience)}`,
    allowed: `"${AUDIENCE}" for the controllers of AKS clusters such as "${aks.node.path}"`,
    why: 'the webhook of AKS mounts tokens for that audience only',
    fix: 'leave `audience` out, or make an identity of its own for the other clusters, or for the object-level accounts',
  });
}

/** Warns of what Azure accepts and nobody wants, in the installation of the cluster. */
export function trustWarnings({ issuers, serviceAccounts }: TrustOptions, { issuer }: FluxContext): IdentityWarning[] {
  if (issuer.kind !== ClusterKind.AKS || !issuers.some((own) => sameIssuer(own, issuer))) return [];
  if (!serviceAccounts.some(isObjectLevel)) return [];
  return [{
    id: WarningId.AKS_OBJECT_LEVEL,
    message: 'Object-level accounts of an AKS cluster toward Azure: Flux calls this unstable, because AKS may demand more configuration later, '
      + 'see https://github.com/fluxcd/flux2/issues/5359. The property `credentialIds` of each identity lists the federated credentials that such a change would concern.',
  }];
}
