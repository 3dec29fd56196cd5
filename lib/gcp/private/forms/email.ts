import { IConstruct } from 'constructs';
import { SERVICE_ACCOUNT_EMAIL } from './resources';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { isObjectLevel } from '../../../core/shared/kubernetes/service-accounts';
import type { TerraformCheck } from '../../../core/shared/terraform/check';
import { checkText, TextForm } from '../../../core/shared/terraform/text-form';

const EMAIL: TextForm = {
  what: 'service account e-mail',
  pattern: SERVICE_ACCOUNT_EMAIL,
  allowed: 'an e-mail like "flux-sops@acme-prod.iam.gserviceaccount.com"',
  why: 'IAM knows service accounts by their e-mail, in lower case',
  fix: 'pass the `email` of the service account, without "serviceAccount:"',
};

/** What Flux takes in the annotation iam.gke.io/gcp-service-account, of what Google has. */
const OBJECT_LEVEL_EMAIL: TextForm = {
  what: 'object-level service account e-mail',
  pattern: /^[a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z0-9-]{1,63}[.]iam[.]gserviceaccount[.]com$/,
  allowed: '<name>@<project>.iam.gserviceaccount.com, without dots or colons in name and project',
  why: 'Flux refuses other e-mails in the annotation iam.gke.io/gcp-service-account: those of projects of a domain, and the default accounts of Google',
  fix: 'use a service account of a project without a domain, or controllers in place of object-level accounts',
};

/** Refuses what is no e-mail of a service account, and at object level what Flux refuses. */
export function checkEmail(at: IConstruct, email: string, accounts: readonly FluxServiceAccount[]): TerraformCheck[] {
  const late = checkText(at, email, EMAIL);
  return accounts.some(isObjectLevel) ? checkText(at, email, OBJECT_LEVEL_EMAIL) : late;
}

/** Refuses account ids that IAM refuses. */
export function checkAccountId(at: IConstruct, accountId: string): TerraformCheck[] {
  return checkText(at, accountId, {
    what: 'account id',
    pattern: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    allowed: '6 to 30 of a-z, 0-9 and "-", beginning with a letter and not ending with "-"',
    why: 'IAM refuses other ids; the e-mail of the service account is made of it',
    fix: 'choose another id, for example "flux-sops"',
  });
}
