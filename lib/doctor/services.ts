export { SERVICES as AWS_SERVICES } from '../aws/services';
export { SERVICES as AZURE_SERVICES } from '../azure/services';
export { SERVICES as GCP_SERVICES } from '../gcp/services';
