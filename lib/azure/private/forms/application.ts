import { IConstruct } from 'constructs';
import { checkPublicCertificate } from './certificate';
import { checkGuid } from './guid';
import { FluxSecretUse } from '../../../core/flux-secret';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { checkObjectName } from '../../../core/shared/kubernetes/names';
import { checkServiceAccounts } from '../../../core/shared/kubernetes/service-accounts';
import { hasToken, wholeToken } from '../../../core/shared/terraform/tokens';
import type { FluxAzureApplicationProps } from '../../flux-azure-application';

/** Refuses what Entra ID or Flux would refuse in an application. */
export function checkApplication(at: IConstruct, props: FluxAzureApplicationProps): void {
  // First, before anything of it can be written anywhere.
  checkPublicCertificate(at, props.certificate);
  const refuse = (given: string, allowed: string, why: string, fix: string): never => {
    throw new ValidationError(at, { given, allowed, why, fix });
  };
  const { displayName, endDate, endDateRelative, owners = [] } = props;
  if (displayName === '' || (!hasToken(displayName) && displayName.length > 120)) {
    refuse(`display name ${shown(displayName)}`, '1 to 120 characters', 'Entra ID refuses other names', 'choose a name that says what the application is for');
  }
  checkReaders(at, props);
  if (props.secretName !== undefined) checkObjectName(at, 'Secret name', props.secretName);
  if (endDate !== undefined && endDateRelative !== undefined) {
    refuse('`endDate` together with `endDateRelative`.', 'one of them', 'the provider refuses both', 'leave one of them out');
  }
  if (endDate !== undefined && !hasToken(endDate) && (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(endDate) || Number.isNaN(Date.parse(endDate)))) {
    refuse(`end date ${shown(endDate)}`, 'RFC 3339, for example "2027-12-31T00:00:00Z"', 'the provider reads no other form', 'write date, "T", time and zone');
  }
  if (endDateRelative !== undefined && !hasToken(endDateRelative) && !/^(\d+(\.\d+)?(h|m|s))+$/.test(endDateRelative)) {
    refuse(`relative end date ${shown(endDateRelative)}`, 'hours, minutes and seconds, for example "4320h"', 'the provider reads no days or months', 'count in hours');
  }
  if (wholeToken(owners) === undefined) owners.forEach((owner) => checkGuid(at, 'owner', owner, 'Entra ID knows owners by their object IDs'));
}

function checkReaders(at: IConstruct, { serviceAccounts = [], secrets = [], secret }: FluxAzureApplicationProps): void {
  const refuse = (given: string, allowed: string, why: string, fix: string): never => {
    throw new ValidationError(at, { given, allowed, why, fix });
  };
  if (serviceAccounts.length === 0 && secrets.length === 0) {
    refuse('no controller and no Secret.', 'at least one of `serviceAccounts` and `secrets`', 'nobody would use the certificate',
      'pass `serviceAccounts: [FluxServiceAccount.controller(...)]` or `secrets: [FluxSecret.bucket(...)]`');
  }
  if (serviceAccounts.length > 0) checkServiceAccounts(at, serviceAccounts);
  const objectLevel = serviceAccounts.find(({ fluxController }) => fluxController === undefined);
  if (objectLevel !== undefined) {
    refuse(`object-level service account "${objectLevel}" of an application`, 'controllers, and Secrets at object level',
      'a certificate belongs to a Secret, not to a service account', 'pass FluxSecret.bucket or FluxSecret.sops in `secrets`');
  }
  const names = secrets.map(({ namespace, name }) => `${namespace}/${name}`);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) {
    refuse(`Secret "${double}" twice.`, 'each Secret once', 'the second would overwrite the first', 'give the Secrets of Buckets and of Kustomizations different names');
  }
  const provider = secrets.find(({ use }) => use === FluxSecretUse.PROVIDER);
  if (provider !== undefined) {
    refuse(`FluxSecret.provider(${shown(provider.namespace)}, ${shown(provider.name)}) of an application`, 'FluxSecret.bucket and FluxSecret.sops',
      'notification Providers of Azure take no certificate from a Secret', 'give notification-controller the certificate in `serviceAccounts`');
  }
  const sops = secrets.find(({ use }) => use === FluxSecretUse.SOPS);
  if (sops !== undefined && secret?._contents.pkcs12 !== undefined) {
    refuse('AzureCertificateSecret.pkcs12 with a FluxSecret.sops.', 'AzureCertificateSecret.pem, or Secrets that exist',
      'SOPS reads the certificate from text, which cannot hold a binary file', 'pass an unencrypted PEM, or use workload identity');
  }
}
