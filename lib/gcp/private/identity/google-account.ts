import { ServiceAccount } from '@cdktf/provider-google/lib/service-account';
import { TerraformProvider } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { valueKey } from '../../../core/shared/input/once-per-app';
import { hasToken } from '../../../core/shared/terraform/tokens';
import { checkAccountId, checkEmail } from '../forms/email';
import { checkLength } from '../forms/pool';
import { parseName } from '../forms/resource-name';
import { PROJECT_ID } from '../forms/resources';
import { GOOGLE } from '../forms/universe';

/** A Google service account, new or existing. */
export interface GoogleAccount {
  /** The e-mail: plain where it is known. */
  readonly email: string;
  /** The full name, for resources that belong to it. */
  readonly name: string;
  /** Its IAM member. */
  readonly member: string;
  /** The member as far as it is known at synth. */
  readonly key: string;
}

/** What a new service account is made of. */
export interface NewAccount {
  readonly accountId: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly project?: string;
  readonly universeDomain?: string;
  readonly provider?: TerraformProvider;
}

/** Checks the options of a new service account; gives its e-mail where it can be told at synth. */
export function checkNewAccount(at: IConstruct, options: NewAccount, accounts: readonly FluxServiceAccount[]): string | undefined {
  const { accountId, displayName, description, project, universeDomain = GOOGLE } = options;
  checkAccountId(at, accountId);
  checkLength(at, 'display name', displayName, 100);
  checkLength(at, 'description', description, 256);
  const id = project === undefined ? undefined : parseName(at, project, PROJECT_ID)?.project ?? project;
  if (id === undefined || hasToken(accountId + id) || /^\d+$/.test(id) || universeDomain !== GOOGLE) return undefined;
  const [domain, name] = id.includes(':') ? id.split(':') : [undefined, id];
  const email = `${accountId}@${name}${domain === undefined ? '' : `.${domain}`}.iam.gserviceaccount.com`;
  checkEmail(at, email, accounts);
  return email;
}

/** Makes the service account. */
export function makeAccount(scope: Construct, options: NewAccount, plainEmail: string | undefined): GoogleAccount {
  const { accountId, displayName, description, project, provider } = options;
  const made = new ServiceAccount(scope, 'Resource', {
    accountId,
    displayName,
    description,
    project,
    provider,
    lifecycle: plainEmail === undefined ? undefined : {
      postcondition: [{
        condition: `\${self.email == "${plainEmail}"}`,
        errorMessage: `${scope.node.path} is not ${plainEmail}: the project is not what \`project\` says.`,
      }],
    },
  });
  const { member } = made;
  return { email: plainEmail ?? made.email, name: made.name, member, key: plainEmail === undefined ? valueKey(scope, member) : `serviceAccount:${plainEmail}` };
}

/** A service account that exists. */
export function existingAccount(at: IConstruct, email: string, accounts: readonly FluxServiceAccount[]): GoogleAccount {
  checkEmail(at, email, accounts);
  const member = `serviceAccount:${email}`;
  // The project where the e-mail tells it; else "-": the e-mail is unique by itself.
  const project = hasToken(email) ? undefined : /@([a-z0-9-]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1];
  return { email, name: `projects/${project ?? '-'}/serviceAccounts/${email}`, member, key: valueKey(at, member) };
}
