import { besideBare } from '../beside-bare';
import { Case } from '../case';

/** Many roles of EKS Pod Identity with two grants each (pull from ECR, read a bucket), one for each Flux. */
export const awsPods: Case = (bench) => besideBare(bench, {
  title: 'AWS: many Pod Identity roles with two grants each, construct and synthesize',
  what: 'Pod Identity roles',
  programs: 'aws-pods',
  count: 500,
  aim: 1.08,
});
