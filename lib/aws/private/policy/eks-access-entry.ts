import { DataAwsEksCluster } from '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import { EksAccessEntry } from '@cdktf/provider-aws/lib/eks-access-entry';
import { EksAccessPolicyAssociation } from '@cdktf/provider-aws/lib/eks-access-policy-association';
import { Fn, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { firstDouble } from '../../../core/shared/input/doubles';
import { claim, valueKey } from '../../../core/shared/input/once-per-app';
import { PROVIDER, TEXT, TEXTS_OR_TOKEN, instanceOf, listOf } from '../../../core/shared/input/option-shape';
import { checkOptions } from '../../../core/shared/input/options';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { byText, sorted } from '../../../core/shared/sort';
import { lifecycleOf, TerraformCheck } from '../../../core/shared/terraform/check';
import { addressOf } from '../../../core/shared/terraform/graph';
import { newResource } from '../../../core/shared/terraform/new-resource';
import { literal } from '../../../core/shared/terraform/text';
import { isLate } from '../../../core/shared/terraform/text-form';
import { argumentOf } from '../../../core/shared/terraform/tokens';
import { EksScopedAccessPolicy } from '../../eks-scoped-access-policy';
import type { EksAccessOptions } from '../../permissions/eks';
import { Arn, ArnForm } from '../forms/arn';
import { AwsGrantee } from '../grant/grantee';
import { recreationOf } from '../trust/role-preconditions';

const ACCESS_POLICIES = listOf(
  instanceOf<EksScopedAccessPolicy>('an EksScopedAccessPolicy: EksAccessPolicy.X.onCluster() or .onNamespaces(...)', () => EksScopedAccessPolicy),
);

/** The ARN of a cluster. */
export const CLUSTER: ArnForm = {
  what: 'EKS cluster ARN',
  service: 'eks',
  scope: 'regional',
  resource: /^cluster\/[0-9A-Za-z][\w-]{0,99}$/,
  example: 'arn:aws:eks:eu-west-1:111122223333:cluster/staging',
  why: 'IAM compares the resource with the cluster\'s ARN, and the access entry is made in that cluster',
  fixes: [[/^[0-9A-Za-z][\w-]{0,99}$/, 'this is a name; pass the ARN (Terraform attribute `arn` of the cluster)']],
};

/** The authentication modes in which access entries count. */
const MODES = ['API', 'API_AND_CONFIG_MAP'];

/** Makes the identity somebody in a cluster. */
export function accessEntry(to: AwsGrantee, cluster: Arn, options: EksAccessOptions): TerraformResource[] {
  checkOptions(to.at, 'EksPermissions.access', options, {
    accessPolicies: ACCESS_POLICIES.optional,
    userName: TEXT.optional,
    groups: TEXTS_OR_TOKEN.optional,
    authenticationMode: TEXT.optional,
    provider: PROVIDER.optional,
  });
  checkNames(to.at, options);
  checkAccount(to, cluster);
  checkOnce(to, cluster);
  const policies = sortedPolicies(to.at, options.accessPolicies ?? []);
  const { provider } = options;
  const clusterName = cluster.resource?.slice('cluster/'.length) ?? Fn.element(Fn.split('cluster/', argumentOf(cluster.text)), 1);
  const region = cluster.region;

  const entry = newResource(EksAccessEntry, to.at, 'AccessEntry', {
    clusterName,
    principalArn: to.arn,
    userName: literal(options.userName ?? to.arn),
    // Always: left out, EKS keeps the groups that were there before.
    kubernetesGroups: literal(sorted(options.groups ?? [])),
    region,
    provider,
    lifecycle: lifecycleOf(modeConditions(to.at, clusterName, region, options), {
      // EKS remembers the unique id: an entry for a role that was made anew lets nobody in.
      replaceTriggeredBy: to.made === undefined ? undefined : [recreationOf(to.made)],
    }),
  });
  const scope = new Construct(to.at, 'AccessPolicies');
  return [entry, ...policies.map(({ policyName, namespaces }) => newResource(EksAccessPolicyAssociation, scope, policyName, {
    clusterName: entry.clusterName,
    principalArn: entry.principalArn,
    policyArn: `arn:${to.partition}:eks::aws:cluster-access-policy/${policyName}`,
    accessScope: namespaces.length === 0 ? { type: 'cluster' } : { type: 'namespace', namespaces },
    region,
    provider,
    // EKS drops the associations of an entry together with it.
    lifecycle: { replaceTriggeredBy: [`${addressOf(entry)}.access_entry_arn`] },
  }))];
}

/** Terraform checks the mode that only it knows. */
function modeConditions(
  at: Construct, clusterName: string, region: string | undefined, { authenticationMode, provider }: EksAccessOptions,
): TerraformCheck[] {
  if (authenticationMode !== undefined && !isLate(authenticationMode)) {
    if (MODES.includes(authenticationMode)) return [];
    throw new ValidationError(at, {
      given: `authentication mode ${shown(authenticationMode)}`,
      allowed: `"${MODES.join('" or "')}"`,
      why: 'in other modes the cluster ignores access entries, and EKS refuses to make them (InvalidRequestException)',
      fix: 'set `access_config.authentication_mode` of the cluster to "API_AND_CONFIG_MAP"',
    });
  }
  const mode = authenticationMode
    ?? new DataAwsEksCluster(at, 'Cluster', { name: clusterName, region, provider }).accessConfig.get(0).authenticationMode;
  return [{
    condition: Fn.contains(MODES, mode),
    errorMessage: `The cluster of ${at.node.path} ignores access entries: set access_config.authentication_mode of the cluster to API_AND_CONFIG_MAP.`,
  }];
}

function checkNames(at: Construct, { userName, groups = [] }: EksAccessOptions): void {
  const reserved = (what: string, value: string, prefixes: RegExp, list: string) => {
    if (typeof value === 'string' && value !== '' && !prefixes.test(value)) return;
    throw new ValidationError(at, {
      given: `${what} ${shown(value)}`,
      allowed: `text that does not begin with ${list}`,
      why: 'EKS keeps these prefixes to itself and refuses the access entry (InvalidParameterException)',
      fix: 'use a name of your own, and bind it to a Role in the cluster',
    });
  };
  if (userName !== undefined) {
    reserved('Kubernetes user name', userName, /^(system|eks|aws|amazon|iam):/, '"system:", "eks:", "aws:", "amazon:" or "iam:"');
  }
  groups.forEach((group) => reserved('Kubernetes group', group, /^system:/, '"system:"'));
}

function checkAccount(to: AwsGrantee, cluster: Arn): void {
  if (to.account === undefined || cluster.account === undefined || to.account === cluster.account) return;
  throw new ValidationError(to.at, {
    given: `cluster ${cluster.text} for an identity of account ${to.account}`,
    allowed: `clusters of account ${to.account}`,
    why: 'EKS has no policies on clusters that could let another account call eks:DescribeCluster, and Flux assumes one role and does not chain',
    fix: `make a FluxIrsaRole in account ${cluster.account} (\`provider\`: its alias), with a FluxOidcProvider of that account for the same issuer`,
  });
}

function checkOnce(to: AwsGrantee, cluster: Arn): void {
  const other = claim(to.at, `eks access entry of ${valueKey(to.at, to.arn)} in ${valueKey(to.at, cluster.text)}`);
  if (other === undefined) return;
  throw new ValidationError(to.at, {
    given: `cluster ${shown(cluster.text)} a second time for the same identity; "${other.node.path}" has its access entry.`,
    allowed: 'one access entry for an identity in a cluster',
    why: 'EKS refuses a second one (ResourceInUseException)',
    fix: 'put groups and access policies of both into one grant',
  });
}

function sortedPolicies(at: Construct, policies: EksScopedAccessPolicy[]): EksScopedAccessPolicy[] {
  const names = policies.map(({ policyName }) => policyName);
  const double = firstDouble(names);
  if (double !== undefined) {
    throw new ValidationError(at, {
      given: `access policy "${double}" twice.`,
      allowed: 'different access policies, each with its scope: EksAccessPolicy.X.onCluster() or .onNamespaces(...)',
      why: 'EKS keeps one scope for a policy on an entry: the second would overwrite the first',
      fix: 'name all namespaces in one onNamespaces(...)',
    });
  }
  return [...policies].sort((a, b) => byText(a.policyName, b.policyName));
}
