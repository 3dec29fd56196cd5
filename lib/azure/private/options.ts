import { ISSUERS, SERVICE_ACCOUNTS } from '../../core/shared/input/common-options';
import { instanceOf, OptionShapes, PROVIDER, TEXT } from '../../core/shared/input/option-shape';
import { AzureCloud } from '../azure-cloud';
import type { FluxAzureFederatedIdentityBaseProps } from '../flux-azure-federated-identity';

export const AZURE_CLOUD = instanceOf<AzureCloud>('an AzureCloud: a constant of it, or AzureCloud.custom(...)', () => AzureCloud);

/** The options of every managed identity, new or existing. */
export const FEDERATION_OPTIONS: OptionShapes<FluxAzureFederatedIdentityBaseProps> = {
  issuers: ISSUERS,
  serviceAccounts: SERVICE_ACCOUNTS,
  audience: TEXT.optional,
  azureCloud: AZURE_CLOUD.optional,
  provider: PROVIDER.optional,
};
