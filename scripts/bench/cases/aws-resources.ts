import { Case, resourcesOf, table } from '../case';

/**
 * What the module makes for one service account with ECR and S3 statements of the caller's own, read from its source
 * (terraform-aws-modules/terraform-aws-iam, modules/iam-role-for-service-accounts: main.tf and policies.tf).
 */
const MODULE = {
  '`permissions` (the default way)': {
    resources: ['aws_iam_role', 'aws_iam_policy', 'aws_iam_role_policy_attachment'],
    data: ['aws_iam_policy_document (trust)', 'aws_iam_policy_document (policy)', 'aws_partition'],
  },
  '`create_inline_policy`': {
    resources: ['aws_iam_role', 'aws_iam_role_policy'],
    data: ['aws_iam_policy_document (trust)', 'aws_iam_policy_document (policy)', 'aws_partition'],
  },
};

/** Resources and data sources for one identity. */
export const awsResources: Case = (bench) => {
  const [two, one] = bench.inTurn([['aws-roles-library', '2', 'plain'], ['aws-roles-library', '1', 'plain']], 1);
  const addresses = new Set(resourcesOf(one).keys());
  const own = [...resourcesOf(two).keys()].filter((address) => !addresses.has(address));
  const data = own.filter((address) => address.startsWith('data.')).length;
  return {
    title: 'AWS: what one more identity adds to a plan',
    lines: [
      ...table(['', 'resources', 'data sources read at each plan'], [
        ['this library', String(own.length - data), String(data)],
        ...Object.entries(MODULE).map(([way, made]) => [`terraform-aws-iam's IRSA module, ${way}`, String(made.resources.length), String(made.data.length)]),
      ]),
      '',
      'The module\'s rows are counted from its source:',
      '<https://github.com/terraform-aws-modules/terraform-aws-iam/tree/master/modules/iam-role-for-service-accounts> (`main.tf`, `policies.tf`).',
    ],
    targets: [
      { what: 'resources for an identity', actual: own.length - data, atMost: 2 },
      { what: 'data sources for an identity', actual: data, atMost: 0 },
    ],
  };
};
