import { besideBare } from '../beside-bare';
import { Case } from '../case';

/** One pool, and many principals with two grants each (pull from Artifact Registry, decrypt with Cloud KMS). */
export const gcpPrincipals: Case = (bench) => besideBare(bench, {
  title: 'Google Cloud: one pool, many principals with two grants each, construct and synthesize',
  what: 'principals',
  programs: 'gcp-principals',
  count: 500,
  aim: 1.1,
});
