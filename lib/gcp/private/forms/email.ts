import { IConstruct } from 'constructs';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { hasToken } from '../../../core/shared/terraform/tokens';

/** What Flux takes in the annotation iam.gke.io/gcp-service-account. */
const FLUX_EMAIL = /^[a-zA-Z0-9-]{1,100}@[a-zA-Z0-9-]{1,100}\.iam\.gserviceaccount\.com$/;
const EMAIL = /^[^@\s/]+@[a-zA-Z0-9.-]+\.gserviceaccount\.com$/;

/** Refuses what is no e-mail of a service account, and at object level what Flux refuses. */
export function checkEmail(at: IConstruct, email: string, accounts: readonly FluxServiceAccount[]): void {
  if (typeof email === 'string' && hasToken(email)) return;
  const objectLevel = accounts.some(({ fluxController }) => fluxController === undefined);
  if (typeof email === 'string' && (objectLevel ? FLUX_EMAIL : EMAIL).test(email)) return;
  const google = typeof email === 'string' && EMAIL.test(email);
  throw new ValidationError(at, {
    given: `service account e-mail ${shown(email)}${google ? ' at object level' : ''}`,
    allowed: google ? '<name>@<project>.iam.gserviceaccount.com, without dots or colons in name and project'
      : 'an e-mail like "flux-sops@acme-prod.iam.gserviceaccount.com", or a token',
    why: google ? 'Flux refuses other e-mails in the annotation iam.gke.io/gcp-service-account: those of projects of a domain, and the default accounts of Google'
      : 'IAM knows service accounts by their e-mail',
    fix: google ? 'use a service account of a project without a domain, or controllers in place of object-level accounts'
      : 'pass the `email` of the service account, without "serviceAccount:"',
  });
}

/** Refuses account ids that IAM refuses. */
export function checkAccountId(at: IConstruct, accountId: string): void {
  if (typeof accountId === 'string' && (hasToken(accountId) || /^[a-z](?:[-a-z0-9]{4,28}[a-z0-9])$/.test(accountId))) return;
  throw new ValidationError(at, {
    given: `account id ${shown(accountId)}`,
    allowed: '6 to 30 of a-z, 0-9 and "-", beginning with a letter and not ending with "-"',
    why: 'IAM refuses other ids; the e-mail of the service account is made of it',
    fix: 'choose another id, for example "flux-sops"',
  });
}
