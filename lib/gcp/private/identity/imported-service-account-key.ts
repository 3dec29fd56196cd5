import { Construct } from 'constructs';
import { AccountKeyBase } from './account-key-base';
import { existingAccount } from './google-account';
import { allOrNothing } from '../../../core/shared/input/all-or-nothing';
import { TEXT } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import type { FluxGcpServiceAccountKeyFromEmailProps } from '../../flux-gcp-service-account-key';
import { KEY_OPTIONS } from '../options';

/** A key of a Google service account that somebody else made. */
@allOrNothing
export class ImportedServiceAccountKey extends AccountKeyBase {
  public constructor(scope: Construct, id: string, props: FluxGcpServiceAccountKeyFromEmailProps) {
    super(scope, id, props, (at) => {
      checkOptions(at, 'FluxGcpServiceAccountKey.fromEmail', props, { ...KEY_OPTIONS, email: TEXT });
      return () => existingAccount(at, props.email, props.serviceAccounts ?? []);
    });
  }
}
