import { besideBare } from '../beside-bare';
import { Case } from '../case';

/** Many managed identities with two grants each (pull from ACR, decrypt with Key Vault). */
export const azureIdentities: Case = (bench) => besideBare(bench, {
  title: 'Azure: many managed identities with two grants each, construct and synthesize',
  what: 'managed identities',
  programs: 'azure-identities',
  count: 200,
  aim: 1.05,
});
