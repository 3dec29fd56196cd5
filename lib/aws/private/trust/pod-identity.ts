import { Op } from 'cdktf';
import { IConstruct } from 'constructs';
import { ClusterKind, EksClusterIdentity, IClusterIssuer } from '../../../core/cluster-issuer';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { IdentityTrust } from '../../../core/shared/flux/identity-base';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { checkServiceAccounts, isObjectLevel } from '../../../core/shared/kubernetes/service-accounts';
import { byText, sorted } from '../../../core/shared/sort';
import { TerraformCheck } from '../../../core/shared/terraform/check';
import { hasToken } from '../../../core/shared/terraform/tokens';
import { FluxPodIdentityTrust } from '../../flux-pod-identity-trust';
import { arnPart, checkPartition, parseArn } from '../forms/arn';
import { CLUSTER } from '../policy/eks-access-entry';
import { single } from '../policy/statement';

/** What EKS must be allowed: to become the role, and to say by tags for whom. */
export const ASSUME_ACTIONS = ['sts:AssumeRole', 'sts:TagSession'];

/** The cluster with all that Pod Identity needs of it. */
export type PodIdentityCluster = EksClusterIdentity & { readonly arn: string };

/** The same service principal in every partition, China included. */
const PRINCIPAL = { Service: 'pods.eks.amazonaws.com' };

/** EKS becomes the role for exactly these accounts of this cluster. */
export function podTrust(cluster: PodIdentityCluster, issuer: IClusterIssuer, serviceAccounts: FluxServiceAccount[]): IdentityTrust[] {
  return sorted(serviceAccounts.map((account) => account.subject)).map((subject) => ({ anchor: cluster.arn, issuer, subject, audiences: [] }));
}

/** The trust policy of it, by the tags that EKS sends. */
export function podTrustPolicy(trust: readonly IdentityTrust[], account: string): object {
  const accounts = trust.map(({ anchor, subject }) => {
    const [, , namespace, name] = subject.split(':');
    return { anchor, namespace, name };
  });
  // A statement for each namespace: in one statement every name would be trusted in every namespace.
  const namespaces = [...new Set(accounts.map(({ namespace }) => namespace))].sort(byText);
  return {
    Version: '2012-10-17',
    Statement: namespaces.map((namespace) => ({
      Effect: 'Allow',
      Principal: PRINCIPAL,
      Action: ASSUME_ACTIONS,
      Condition: {
        StringEquals: {
          'aws:RequestTag/eks-cluster-arn': accounts[0].anchor,
          'aws:RequestTag/kubernetes-namespace': namespace,
          'aws:RequestTag/kubernetes-service-account':
            single(sorted(accounts.filter((each) => each.namespace === namespace).map(({ name }) => name))),
          'aws:SourceAccount': account,
        },
      },
    })),
  };
}

/** The trust policy without tags: any association of the account. */
export function accountTrustPolicy(account: string): object {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: PRINCIPAL, Action: ASSUME_ACTIONS, Condition: { StringEquals: { 'aws:SourceAccount': account } } }],
  };
}

/** Refuses clusters that have no Pod Identity. */
export function requirePodIdentity(at: IConstruct, issuer: IClusterIssuer, partition: string): PodIdentityCluster {
  const cluster = issuer?.eksCluster;
  if (issuer?.kind !== ClusterKind.EKS || cluster === undefined) {
    throw new ValidationError(at, {
      given: `cluster "${issuer?.node.path}" of kind "${issuer?.kind}" for EKS Pod Identity`,
      allowed: 'what ClusterIssuer.eks(...) made',
      why: 'only EKS runs the agent and the API that give pods their credentials',
      fix: 'use FluxIrsaRole, which works on every cluster',
    });
  }
  if (cluster.arn === undefined) {
    throw new ValidationError(at, {
      given: `cluster "${issuer.node.path}" without its ARN.`,
      allowed: 'ClusterIssuer.eks with its lookup, or with `clusterArn` beside `issuerUrl`',
      why: 'without the cluster\'s ARN in the trust policy every cluster of the account could use the role',
      fix: 'pass `clusterArn` to ClusterIssuer.eks (attribute `arn` of the cluster)',
    });
  }
  checkPartition(at, parseArn(at, cluster.arn, CLUSTER), partition);
  return { ...cluster, arn: cluster.arn };
}

/** The account of a cluster, by Terraform where it is not known at synth. */
export function accountOf(cluster: PodIdentityCluster): string {
  return arnPart(cluster.arn, 4);
}

/** Refuses accounts that no pod runs as. */
export function requireControllers(at: IConstruct, accounts: FluxServiceAccount[]): void {
  checkServiceAccounts(at, accounts);
  const object = accounts.find(isObjectLevel);
  if (object === undefined) return;
  throw new ValidationError(at, {
    given: `object-level service account "${object}" for EKS Pod Identity`,
    allowed: 'controllers: FluxServiceAccount.controller(...)',
    why: 'EKS gives credentials to pods only, and no pod runs as an account that a Flux object names',
    fix: 'use FluxIrsaRole for object-level accounts; it works on the same cluster',
  });
}

/** Refuses conditions on tags that are never sent. */
export function checkSessionTags(at: IConstruct, trust: FluxPodIdentityTrust, disabled: boolean | undefined): void {
  if (!disabled || trust === FluxPodIdentityTrust.ACCOUNT) return;
  throw new ValidationError(at, {
    given: '`disableSessionTags` with a trust policy that tells service accounts by session tags.',
    allowed: '`disableSessionTags` only with `trust: FluxPodIdentityTrust.ACCOUNT`',
    why: 'the conditions on aws:RequestTag would never hold, and no pod could use the role',
    fix: 'keep the session tags; or trust the whole account, if whoever may make associations in it may have the role',
  });
}

/** Refuses a role of another account than the cluster's; where only Terraform knows, the condition that it must check. */
export function sameAccount(at: IConstruct, cluster: PodIdentityCluster, account: string | undefined): TerraformCheck[] {
  const owner = accountOf(cluster);
  if (account === undefined || account === owner) return [];
  if (hasToken(owner)) {
    return [{
      condition: Op.eq(owner, account),
      errorMessage: `The cluster of ${at.node.path} is not in account ${account}: EKS Pod Identity takes roles of the cluster's own account only.`,
    }];
  }
  throw new ValidationError(at, {
    given: `a role of account ${account} for a cluster of account ${owner}.`,
    allowed: `a role of account ${owner}`,
    why: 'EKS Pod Identity takes roles of the cluster\'s own account only (iam:PassRole knows no other)',
    fix: `make the role in account ${owner}, and pass the role of account ${account} as \`targetRoleArn\``,
  });
}
