import { AZURE_REPORTS } from './azure';
import { DEVOPS_REPORTS } from './azure-devops';
import { GOOGLE_REPORTS } from './google';
import { IRSA_REPORTS } from './irsa';
import { IRSA_AWS_REPORTS } from './irsa-aws';
import { MIXED_REPORTS } from './mixed';
import { NODE_AWS_REPORTS } from './nodes-aws';
import { NODE_AZURE_REPORTS } from './nodes-azure';
import { NODE_GOOGLE_REPORTS } from './nodes-google';
import { OTHER_ACCOUNT_REPORTS } from './other-account';
import { POD_IDENTITY_REPORTS } from './pod-identity';
import { Report } from './report';

/**
 * How access breaks, as the people saw it whom it happened to: written from the documents of clouds and of Flux, by somebody who had not read
 * the doctor. Each is one change with one right answer.
 */
export const REPORTS: readonly Report[] = [
  ...IRSA_REPORTS, ...IRSA_AWS_REPORTS, ...POD_IDENTITY_REPORTS, ...OTHER_ACCOUNT_REPORTS,
  ...GOOGLE_REPORTS, ...AZURE_REPORTS, ...DEVOPS_REPORTS, ...MIXED_REPORTS,
  ...NODE_AWS_REPORTS, ...NODE_GOOGLE_REPORTS, ...NODE_AZURE_REPORTS,
];
