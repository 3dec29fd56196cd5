import { EksScopedAccessPolicy } from './eks-scoped-access-policy';
import { shown, ValidationError } from '../core/shared/input/validation-error';

/**
 * A set of Kubernetes permissions that EKS defines, for an access entry. EKS adds to the list now and then: `of` takes any.
 *
 * Guide: docs/aws/remote-clusters.md
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
export class EksAccessPolicy {
  /** `AmazonEKSClusterAdminPolicy`: everything. Only this one may make namespaces, CRDs and cluster-wide RBAC. */
  public static readonly CLUSTER_ADMIN = EksAccessPolicy.of('AmazonEKSClusterAdminPolicy');
  /** `AmazonEKSAdminPolicy`: most of everything, for use in namespaces. */
  public static readonly ADMIN = EksAccessPolicy.of('AmazonEKSAdminPolicy');
  /** `AmazonEKSAdminViewPolicy`: read everything, Secrets included. */
  public static readonly ADMIN_VIEW = EksAccessPolicy.of('AmazonEKSAdminViewPolicy');
  /** `AmazonEKSEditPolicy`: change most objects of a namespace, but no RBAC. */
  public static readonly EDIT = EksAccessPolicy.of('AmazonEKSEditPolicy');
  /** `AmazonEKSViewPolicy`: read most objects of a namespace, but no Secrets. */
  public static readonly VIEW = EksAccessPolicy.of('AmazonEKSViewPolicy');
  /** `AmazonEKSSecretReaderPolicy`: read Secrets. */
  public static readonly SECRET_READER = EksAccessPolicy.of('AmazonEKSSecretReaderPolicy');

  /**
   * Any other access policy.
   *
   * @param policy its name, or its ARN `arn:aws:eks::aws:cluster-access-policy/<name>`; plain
   */
  public static of(policy: string): EksAccessPolicy {
    const name = typeof policy === 'string' ? /^(?:arn:aws[a-z-]*:eks::aws:cluster-access-policy\/)?([A-Z][\w-]{0,127})$/.exec(policy)?.[1] : undefined;
    if (name !== undefined) return new EksAccessPolicy(name);
    throw new ValidationError(undefined, {
      given: `access policy ${shown(policy)}`,
      allowed: 'the plain name or ARN of an access policy, for example "AmazonEKSViewPolicy" (not of an IAM policy)',
      why: 'the name becomes part of a Terraform address, and EKS knows only its own policies',
      fix: 'use a constant of EksAccessPolicy, or a name that `aws eks list-access-policies` shows',
    });
  }

  private constructor(
    /** The name of the policy. */
    public readonly name: string,
  ) {}

  /** In the whole cluster. */
  public onCluster(): EksScopedAccessPolicy {
    if (arguments.length > 0) {
      throw new ValidationError(undefined, {
        given: `access policy "${this.name}" on the cluster with namespaces.`,
        allowed: 'onCluster() without arguments',
        why: 'EKS refuses namespaces with the scope "cluster" (InvalidParameterException), and leaving them out would grant far more',
        fix: 'use onNamespaces(...) if only these namespaces are meant',
      });
    }
    return EksScopedAccessPolicy._make(this.name, undefined);
  }

  /**
   * In some namespaces only.
   *
   * @param namespaces the namespaces, at least one; they need not exist yet
   */
  public onNamespaces(...namespaces: string[]): EksScopedAccessPolicy {
    return EksScopedAccessPolicy._make(this.name, namespaces);
  }
}
