import { ServiceAccount } from '@cdktf/provider-google/lib/service-account';
import { TerraformProvider, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { claim, valueKey } from '../../../core/shared/input/once-per-app';
import { ValidationError, shown } from '../../../core/shared/input/validation-error';
import { lifecycleOf, TerraformCheck, terraformCheck } from '../../../core/shared/terraform/check';
import { newResource } from '../../../core/shared/terraform/new-resource';
import { literal } from '../../../core/shared/terraform/text';
import { hasToken } from '../../../core/shared/terraform/tokens';
import { checkAccountId, checkEmail } from '../forms/email';
import { checkIamLength } from '../forms/length';
import { checkedPlainProject } from '../forms/project';
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
  /** What Terraform checks of the e-mail, wherever it is used. */
  readonly late: readonly TerraformCheck[];
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

/** A new service account whose options are in order. */
export interface CheckedAccount {
  readonly project?: string;
  /** The e-mail, where it can be told at synth. */
  readonly email?: string;
  readonly late: TerraformCheck[];
}

/** Checks the options of a new service account. */
export function checkNewAccount(at: IConstruct, options: NewAccount, accounts: readonly FluxServiceAccount[]): CheckedAccount {
  const { accountId, displayName, description, universeDomain = GOOGLE, provider } = options;
  const { project, late } = checkedPlainProject(at, options.project,
    'the provider makes the e-mail of the service account of the ID: with a number, or the ID of a project of a domain, it comes out wrong and the apply fails',
    'pass the ID of the project; for a project of a domain make the service account elsewhere, and use `fromEmail`');
  const checks = [
    ...late,
    ...checkAccountId(at, accountId),
    ...checkIamLength(at, 'display name', displayName, 100, 'bytes'),
    ...checkIamLength(at, 'description', description, 256, 'bytes'),
  ];
  const other = claim(at, `Google service account ${project === undefined ? (provider ?? TerraformStack.of(at)).node.path : valueKey(at, project)}/${valueKey(at, accountId)}`);
  if (other !== undefined) {
    throw new ValidationError(at, {
      given: `account id ${shown(accountId)}, which "${other.node.path}" makes already in that project.`,
      allowed: 'each account id once in a project',
      why: 'IAM answers 409 for the second at apply',
      fix: 'choose another id; or make it once, and use `fromEmail` with its `email` for the other',
    });
  }
  if (project === undefined || hasToken(accountId + project) || universeDomain !== GOOGLE) return { project, late: checks };
  const email = `${accountId}@${project}.iam.gserviceaccount.com`;
  checkEmail(at, email, accounts);
  return { project, email, late: checks };
}

/** Makes the service account. */
export function makeAccount(scope: Construct, options: NewAccount, { project, email, late }: CheckedAccount): GoogleAccount {
  const { accountId, displayName, description, provider } = options;
  const made = newResource(ServiceAccount, scope, 'Resource', {
    accountId,
    displayName: displayName && literal(displayName),
    description: description && literal(description),
    project,
    provider,
    lifecycle: lifecycleOf(late, email === undefined ? {} : {
      postcondition: [terraformCheck(`\${self.email == "${email}"}`, `${scope.node.path} is not ${email}: the project is not what \`project\` says.`)],
    }),
  });
  const { member } = made;
  return { email: email ?? made.email, name: made.name, member, key: email === undefined ? valueKey(scope, member) : `serviceAccount:${email}`, late: [] };
}

/** A service account that exists. */
export function existingAccount(at: IConstruct, email: string, accounts: readonly FluxServiceAccount[]): GoogleAccount {
  const late = checkEmail(at, email, accounts);
  const member = `serviceAccount:${email}`;
  // The project where the e-mail tells it; else "-": the e-mail is unique by itself.
  const project = hasToken(email) ? undefined : /@([a-z0-9-]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1];
  return { email, name: `projects/${project ?? '-'}/serviceAccounts/${email}`, member, key: valueKey(at, member), late };
}
