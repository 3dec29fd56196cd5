import { instanceOf } from '../../core/shared/shape';
import { AzureCloud } from '../azure-cloud';

export const AZURE_CLOUD = instanceOf<AzureCloud>('an AzureCloud: a constant of it, or AzureCloud.custom(...)', () => AzureCloud);
