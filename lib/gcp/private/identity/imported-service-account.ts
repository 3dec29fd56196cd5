import { Construct } from 'constructs';
import { existingAccount } from './google-account';
import { ImpersonatedAccountBase } from './impersonated-account-base';
import { allOrNothing } from '../../../core/shared/input/all-or-nothing';
import { TEXT } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import type { FluxGcpServiceAccountFromEmailProps } from '../../flux-gcp-service-account';
import { POOL_OPTIONS } from '../options';

/** A Google service account that somebody else made. */
@allOrNothing
export class ImportedServiceAccount extends ImpersonatedAccountBase {
  public constructor(scope: Construct, id: string, props: FluxGcpServiceAccountFromEmailProps) {
    super(scope, id, props, (at) => {
      checkOptions(at, 'FluxGcpServiceAccount.fromEmail', props, { ...POOL_OPTIONS, email: TEXT });
      return () => existingAccount(at, props.email, props.serviceAccounts);
    });
  }
}
