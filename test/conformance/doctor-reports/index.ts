import { IRSA_REPORTS, OTHER_ACCOUNT_REPORTS, POD_IDENTITY_REPORTS } from './aws';
import { AZURE_REPORTS, DEVOPS_REPORTS, GOOGLE_REPORTS, MIXED_REPORTS } from './clouds';
import { Report } from './report';

/**
 * How access breaks, as the people saw it whom it happened to: written from the documents of clouds and of Flux, by somebody who had not read
 * the doctor. Each is one change with one right answer.
 */
export const REPORTS: readonly Report[] = [
  ...IRSA_REPORTS, ...POD_IDENTITY_REPORTS, ...OTHER_ACCOUNT_REPORTS, ...GOOGLE_REPORTS, ...AZURE_REPORTS, ...DEVOPS_REPORTS, ...MIXED_REPORTS,
];
