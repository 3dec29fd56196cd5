import { IConstruct } from 'constructs';
import { ClusterKind, IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { Jwks } from '../../../core/jwks';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { checkSigningAlgorithms } from '../../../core/shared/oidc/jwks';
import { isPublic } from '../../../core/shared/oidc/known-issuers';
import type { TerraformCheck } from '../../../core/shared/terraform/check';
import { checkText } from '../../../core/shared/terraform/text-form';

const SIGNING_ALGORITHMS = ['RS256', 'ES256'];
const SUBJECT_LIMIT = 127;
const SUBJECT_PREFIX = 'system:serviceaccount::'.length;

/** Refuses pool and provider ids that IAM refuses. */
export function checkPoolId(at: IConstruct, what: string, id: string): TerraformCheck[] {
  return checkText(at, id, {
    what,
    pattern: /^[0-9a-z-]{4,32}$/,
    refused: /^gcp-/,
    allowed: '4 to 32 of a-z, 0-9 and "-", not beginning with "gcp-"',
    why: 'IAM refuses other ids, and "gcp-" is Google\'s own; an id that was deleted stays taken for about 30 days',
    fix: 'name the pool after the cluster, for example "prod-eks"',
  });
}

/** Refuses what is no project number. */
export function checkProjectNumber(at: IConstruct, number: string | undefined): TerraformCheck[] {
  return number === undefined ? [] : checkText(at, number, {
    what: 'project number',
    pattern: /^[0-9]{1,19}$/,
    allowed: 'digits, as a string, for example "123456789012"',
    why: 'pools are named by the number of their project; with its ID Flux and the token service refuse the name',
    fix: 'pass what `gcloud projects describe <project> --format="value(projectNumber)"` shows',
  });
}

/** Refuses service accounts whose token subject is too long for a pool. */
export function checkSubjects(at: IConstruct, accounts: readonly FluxServiceAccount[]): void {
  for (const account of accounts) {
    if (account.subject.length <= SUBJECT_LIMIT) continue;
    throw new ValidationError(at, {
      given: `service account ${shown(String(account))}, whose subject has ${account.subject.length} characters.`,
      allowed: `at most ${SUBJECT_LIMIT - SUBJECT_PREFIX} characters for namespace and name together`,
      why: `google.subject has at most ${SUBJECT_LIMIT} bytes: the token service refuses the token`,
      fix: 'shorten the name of the service account or of its namespace',
    });
  }
}

/** Refuses issuers that Google cannot ask for their keys, and keys that Google does not accept. */
export function checkKeys(at: IConstruct, issuer: IClusterIssuer, jwks: Jwks | undefined): void {
  checkSigningAlgorithms(at, issuer, jwks, 'Google Cloud', SIGNING_ALGORITHMS);
  if (jwks !== undefined || isPublic(issuer.issuerUrl)) return;
  throw new ValidationError(at, {
    given: `issuer ${shown(issuer.issuerUrl)} without keys`,
    allowed: 'an issuer that Google reaches over the internet, or the option `jwks`',
    why: 'without uploaded keys Google asks the issuer for them, and this address leads nowhere outside the cluster or its network',
    fix: 'pass `jwks` with what `kubectl get --raw /openid/v1/jwks` shows',
  });
}

/** Refuses a cluster that is not GKE where only GKE will do. */
export function checkGke(at: IConstruct, what: string, issuer: IClusterIssuer): void {
  if (issuer.kind === ClusterKind.GKE) return;
  throw new ValidationError(at, {
    given: `${what} for a cluster of kind ${shown(issuer.kind)}`,
    allowed: 'GKE clusters (ClusterIssuer.gke)',
    why: 'only GKE gives pods the identities of its project',
    fix: 'make a FluxGcpWorkloadPool for the cluster\'s issuer, and a FluxGcpPrincipal or FluxGcpServiceAccount with it',
  });
}
