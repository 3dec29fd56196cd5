import { TerraformProvider } from 'cdktf';
import { kept } from '../../core/shared/input/kept';
import { AwsPermission } from '../aws-permission';
import { EksScopedAccessPolicy } from '../eks-scoped-access-policy';
import { arnFor } from '../private/grant/grantee';
import { accessEntry, CLUSTER } from '../private/policy/eks-access-entry';
import { SERVICES } from '../services';

/** Options of `EksPermissions.access`. */
export interface EksAccessOptions {
  /**
   * What may be done in the cluster, by policies of EKS. Several different ones add up.
   *
   * @default - none: bind the user name or the groups to Roles in the cluster
   */
  readonly accessPolicies?: EksScopedAccessPolicy[];
  /**
   * The Kubernetes user that the identity is in the cluster. Not beginning with `system:`, `eks:`, `aws:`, `amazon:` or
   * `iam:`. May be a token.
   *
   * @default - the ARN of the identity (EKS's own default ends in the session name, which varies)
   */
  readonly userName?: string;
  /**
   * The Kubernetes groups that the identity is in, for RoleBindings in the cluster. Not beginning with `system:`.
   *
   * @default - none
   */
  readonly groups?: string[];
  /**
   * The authentication mode of the cluster: `API` or `API_AND_CONFIG_MAP`, or the token of a cluster made in the same app
   * (`accessConfig.authenticationMode`). Terraform checks it before it makes the entry.
   *
   * @default - looked up with the `aws_eks_cluster` data source
   */
  readonly authenticationMode?: string;
  /**
   * The AWS provider of the cluster's account.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/**
 * Amazon EKS, for Kustomization and HelmRelease that apply to a remote cluster: render its ConfigMap with
 * `FluxRemoteCluster.eks`.
 *
 * Guide: docs/aws/remote-clusters.md
 *
 * @see https://fluxcd.io/flux/integrations/aws/#for-amazon-elastic-kubernetes-service
 */
export class EksPermissions {
  /**
   * Find the API server of a cluster, and be somebody in it: `eks:DescribeCluster` and an access entry, made anew when the
   * role is (EKS keeps the unique id of a role, not its ARN). The cluster's authentication mode must allow entries. The
   * identity must live in the cluster's account: EKS has no policies on clusters, and Flux assumes one role only.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
   * @param clusterArn the cluster, `arn:aws:eks:<region>:<account>:cluster/<name>`; may be a token
   */
  public static access(clusterArn: string, options: EksAccessOptions = {}): AwsPermission {
    options = kept(options);
    return AwsPermission._make({ service: SERVICES.eks, verb: 'access', resource: clusterArn }, (to) => {
      const cluster = arnFor(to, clusterArn, CLUSTER);
      return {
        statements: [{ actions: ['eks:DescribeCluster'], resources: [clusterArn] }],
        resources: accessEntry(to, cluster, options),
      };
    });
  }

  private constructor() {}
}
