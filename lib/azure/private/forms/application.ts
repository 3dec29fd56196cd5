import { IConstruct } from 'constructs';
import { checkPublicCertificate } from './certificate';
import { checkGuid } from './guid';
import { FluxSecretUse } from '../../../core/flux-secret';
import { firstDouble } from '../../../core/shared/input/doubles';
import { refuse, shown, ValidationError } from '../../../core/shared/input/validation-error';
import { checkObjectName } from '../../../core/shared/kubernetes/names';
import { checkServiceAccounts, isObjectLevel } from '../../../core/shared/kubernetes/service-accounts';
import { TerraformCheck } from '../../../core/shared/terraform/check';
import { checkLength, isLate, lateText } from '../../../core/shared/terraform/text-form';
import { wholeToken } from '../../../core/shared/terraform/tokens';
import type { FluxAzureApplicationProps } from '../../flux-azure-application';

/** What Terraform checks of an application and of its certificate, and when the certificate ends. */
export interface CheckedApplication {
  readonly application: TerraformCheck[];
  readonly certificate: TerraformCheck[];
  readonly endDate?: string;
}

/** Refuses what Entra ID or Flux would refuse in an application. */
export function checkApplication(at: IConstruct, props: FluxAzureApplicationProps): CheckedApplication {
  // First, before anything of it can be written anywhere.
  const certificate = checkPublicCertificate(at, props.certificate);
  const { displayName, endDate, owners = [] } = props;
  const application = [
    ...checkLength(at, displayName, {
      what: 'display name', limit: 120, why: 'Entra ID refuses other names', fix: 'choose a name that says what the application is for',
    }),
    ...(wholeToken(owners) !== undefined ? [] : owners.flatMap((owner) => checkGuid(at, 'owner', owner, 'Entra ID knows owners by their object IDs'))),
  ];
  checkReaders(at, props);
  if (props.secretName !== undefined) checkObjectName(at, 'Secret name', props.secretName);
  const end = endDate === undefined ? undefined : checkEndDate(at, endDate);
  return { application, certificate: [...certificate, ...end?.late ?? []], endDate: end?.value };
}

const END_DATE = {
  what: 'end date',
  pattern: /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/,
  allowed: 'whole seconds in UTC, for example "2027-12-31T00:00:00Z"',
  why: 'Entra ID answers in that form, and with any other every plan would replace the certificate',
};

/** The end date as Entra ID answers with it: whole seconds in UTC. */
function checkEndDate(at: IConstruct, endDate: string): { value: string; late: TerraformCheck[] } {
  if (isLate(endDate)) return { value: endDate, late: lateText(at, endDate, END_DATE) };
  const match = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(endDate);
  const [year, month, day] = (match ?? []).slice(1, 4).map(Number);
  // A day that its month does not have is no date, though JavaScript takes it for one of the next month.
  if (match === null || Number.isNaN(Date.parse(endDate)) || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) {
    throw new ValidationError(at, {
      given: `end date ${shown(endDate)}`, allowed: 'RFC 3339, for example "2027-12-31T00:00:00Z"', why: 'the provider reads no other form', fix: 'write date, "T", time and zone',
    });
  }
  return { value: new Date(Date.parse(endDate)).toISOString().replace(/\.\d+Z$/, 'Z'), late: [] };
}

function checkReaders(at: IConstruct, { serviceAccounts = [], secrets = [], secret }: FluxAzureApplicationProps): void {
  if (serviceAccounts.length === 0 && secrets.length === 0) {
    refuse(at, 'no controller and no Secret.', 'at least one of `serviceAccounts` and `secrets`', 'nobody would use the certificate',
      'pass `serviceAccounts: [FluxServiceAccount.controller(...)]` or `secrets: [FluxSecret.bucket(...)]`');
  }
  if (serviceAccounts.length > 0) checkServiceAccounts(at, serviceAccounts);
  const objectLevel = serviceAccounts.find(isObjectLevel);
  if (objectLevel !== undefined) {
    refuse(at, `object-level service account "${objectLevel}" of an application`, 'controllers, and Secrets at object level',
      'a certificate belongs to a Secret, not to a service account', 'pass FluxSecret.bucket or FluxSecret.sops in `secrets`');
  }
  const names = secrets.map(({ namespace, name }) => `${namespace}/${name}`);
  const double = firstDouble(names);
  if (double !== undefined) {
    refuse(at, `Secret "${double}" twice.`, 'each Secret once', 'the second would overwrite the first', 'give the Secrets of Buckets and of Kustomizations different names');
  }
  const provider = secrets.find(({ use }) => use === FluxSecretUse.PROVIDER);
  if (provider !== undefined) {
    refuse(at, `FluxSecret.provider(${shown(provider.namespace)}, ${shown(provider.name)}) of an application`, 'FluxSecret.bucket and FluxSecret.sops',
      'notification Providers of Azure take no certificate from a Secret', 'give notification-controller the certificate in `serviceAccounts`');
  }
  const sops = secrets.find(({ use }) => use === FluxSecretUse.SOPS);
  if (sops !== undefined && secret?._contents.pkcs12 !== undefined) {
    refuse(at, 'AzureCertificateSecret.pkcs12 with a FluxSecret.sops.', 'AzureCertificateSecret.pem, or Secrets that exist',
      'SOPS reads the certificate from text, which cannot hold a binary file', 'pass an unencrypted PEM, or use workload identity');
  }
}
