import { createHash } from 'crypto';
import { FederatedIdentityCredential } from '@cdktf/provider-azurerm/lib/federated-identity-credential';
import { Annotations, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { ClusterKind, IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { claim } from '../../../core/shared/input/once-per-app';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { checkServiceAccounts } from '../../../core/shared/kubernetes/service-accounts';
import { checkSigningAlgorithms } from '../../../core/shared/oidc/jwks';
import { byPath, byText } from '../../../core/shared/sort';
import { addressOf } from '../../../core/shared/terraform/graph';
import { hasToken } from '../../../core/shared/terraform/tokens';
import { AUDIENCE } from '../settings/flux-settings';

/** How many federated credentials an identity can have. */
const LIMIT = 20;
const SIGNING_ALGORITHMS = ['RS256'];
const ISSUER_LENGTH = 600;
const NAME_LENGTH = 120;

/** Whose tokens an identity accepts. */
export interface Trust {
  readonly issuers: IClusterIssuer[];
  readonly serviceAccounts: FluxServiceAccount[];
  readonly audience?: string;
}

/** The identity that credentials belong to. */
export interface CredentialParent {
  readonly parentId: string;
  readonly resourceGroupName: string;
  readonly provider?: TerraformProvider;
}

/** Refuses what no federated credentials can be made of, and warns of what Azure accepts and nobody wants. */
export function checkTrust(at: Construct, trust: Trust): void {
  const { issuers, serviceAccounts } = trust;
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
  if (trust.audience !== undefined) checkAudience(at, trust.audience, trust);
  warnOfSlashes(at, issuers);
  warnOfObjectLevel(at, trust);
}

/**
 * A federated credential for each issuer and service account. One waits for the other, because Azure answers 409 to two
 * concurrent writes under one identity; another provider process does not know the first one's lock.
 *
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
 */
export function federate(identity: Construct, trust: Trust, parent: CredentialParent): string[] {
  const scope = new Construct(identity, 'Credentials');
  const accounts = [...trust.serviceAccounts].sort((a, b) => byText(String(a), String(b)));
  let last: FederatedIdentityCredential | undefined;
  return byPath(trust.issuers).flatMap((issuer) => accounts.map((account) => {
    const name = credentialName(issuer, account);
    const credential: FederatedIdentityCredential = new FederatedIdentityCredential(scope, name, {
      ...parent,
      name,
      issuer: issuer.issuerUrl,
      subject: account.subject,
      audience: [trust.audience ?? AUDIENCE],
    });
    if (last !== undefined) credential.dependsOn = [addressOf(last)!];
    if (!hasToken(parent.parentId)) claimRoom(credential, parent.parentId, `issuer "${issuer.node.path}" and account "${account}"`);
    last = credential;
    return credential.id;
  }));
}

/** Refuses what several constructs for one existing identity would make together: a credential twice, or more than it can have. */
function claimRoom(credential: Construct, identityId: string, subject: string): void {
  const identity = `azure identity ${identityId.toLowerCase()}`;
  const refuse = (given: string, allowed: string, why: string, fix: string): never => {
    throw new ValidationError(credential, { given: `${given}.`, allowed, why, fix });
  };
  const twin = claim(credential, `${identity} credential of ${subject}`);
  if (twin !== undefined) {
    refuse(`a second federated credential of ${subject} in identity ${shown(identityId)}; "${twin.node.path}" is the first`, 'each issuer and account once in an identity',
      'Azure keeps one credential for issuer and subject and refuses the second', 'use the first construct for both');
  }
  for (let place = 1; claim(credential, `${identity} place ${place}`) !== undefined; place++) {
    if (place === LIMIT) {
      refuse(`federated credential ${LIMIT + 1} of identity ${shown(identityId)}`, `at most ${LIMIT} in all constructs for one identity`,
        'Azure refuses the 21st credential of an identity', 'split the service accounts over several identities');
    }
  }
}

/**
 * The name of a credential, and its construct id: readable, and told apart by a hash of issuer construct and account. It
 * depends on nothing else, so that others come and go without it.
 */
function credentialName(issuer: IClusterIssuer, account: FluxServiceAccount): string {
  const hash = createHash('sha256').update(`${issuer.node.path} ${account}`).digest('hex').slice(0, 8);
  const readable = `${issuer.node.id}-${account.namespace}-${account.name}`.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
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

function checkAudience(at: Construct, audience: string, { issuers, serviceAccounts }: Trust): void {
  const refuse = (allowed: string, why: string, fix: string): never => {
    throw new ValidationError(at, { given: `audience ${shown(audience)}`, allowed, why, fix });
  };
  if (audience === '' || (!hasToken(audience) && audience.length > ISSUER_LENGTH)) {
    refuse(`1 to ${ISSUER_LENGTH} characters`, 'Azure compares it with the token\'s audience, byte for byte', 'pass the audience that the credential is to expect, or leave it out');
  }
  if (audience === AUDIENCE) return;
  const objectLevel = serviceAccounts.find(({ fluxController }) => fluxController === undefined);
  if (objectLevel !== undefined) {
    refuse(`"${AUDIENCE}" for object-level accounts such as "${objectLevel}"`, 'at object level Flux always asks for that audience', 'leave `audience` out, or make an identity of its own for the controllers');
  }
  const aks = issuers.find(({ kind }) => kind === ClusterKind.AKS);
  if (aks !== undefined) {
    refuse(`"${AUDIENCE}" for AKS clusters such as "${aks.node.path}"`, 'the webhook of AKS mounts tokens for that audience only', 'leave `audience` out, or make an identity of its own for the other clusters');
  }
}

function warnOfSlashes(at: Construct, issuers: IClusterIssuer[]): void {
  for (const { issuerUrl, kind, node } of issuers) {
    if (hasToken(issuerUrl) || issuerUrl.endsWith('/')) continue;
    if (kind !== ClusterKind.AKS && !/^https:\/\/[^/]*\.oic\.prod-aks\.azure\./.test(issuerUrl)) continue;
    Annotations.of(at).addWarning(`Issuer "${node.path}" (${issuerUrl}) does not end in "/", as the issuers of AKS do. Azure compares issuers byte for byte, `
      + 'accepts a wrong one now and refuses every token later (AADSTS700211). Take the issuer from `az aks show --query oidcIssuerProfile.issuerUrl`.');
  }
}

function warnOfObjectLevel(at: Construct, { issuers, serviceAccounts }: Trust): void {
  const accounts = serviceAccounts.filter(({ fluxController }) => fluxController === undefined);
  if (accounts.length === 0 || issuers.every(({ kind }) => kind !== ClusterKind.AKS)) return;
  Annotations.of(at).addWarning(`Object-level accounts of an AKS cluster toward Azure (${accounts.map(String).sort(byText).join(', ')}): Flux calls this unstable, because AKS may `
    + 'demand more configuration later, see https://github.com/fluxcd/flux2/issues/5359. The property `credentialIds` lists the federated credentials that such a change would concern.');
}
