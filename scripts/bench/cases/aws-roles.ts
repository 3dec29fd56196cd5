import { besideBare } from '../beside-bare';
import { Case } from '../case';

const TITLE = 'AWS: many roles with two grants each, construct and synthesize';

/** Many roles with two grants each (pull from ECR, read a bucket). */
export const awsRoles: Case = (bench) => besideBare(bench, {
  title: TITLE, what: 'roles, plain issuer', programs: 'aws-roles', options: ['plain'], count: 1000, aim: 1.15,
});

/** The same, by an issuer that only Terraform knows. */
export const awsRolesOfLookup: Case = (bench) => besideBare(bench, {
  title: `${TITLE}: issuer of an EKS lookup`, what: 'roles, issuer of an EKS lookup', programs: 'aws-roles', options: ['lookup'], count: 1000, aim: 1.12,
});

/** The same under the hooks of ts-node, which most programs run by: its source maps make the stacks dearer that cdktf keeps. */
export const awsRolesUnderTsNode: Case = (bench) => besideBare(bench, {
  title: `${TITLE}: under ts-node`, what: 'roles, under ts-node', programs: 'aws-roles', options: ['plain'], count: 1000, aim: 1, underTsNode: true,
});
