import { ValidationError } from '../core/shared/input/validation-error';
import { checkNamespace } from '../core/shared/kubernetes/names';
import { sorted } from '../core/shared/sort';

/**
 * An access policy and where it holds: made by `onCluster` and `onNamespaces` of `EksAccessPolicy`.
 *
 * Guide: docs/aws/remote-clusters.md
 */
export class EksScopedAccessPolicy {
  /**
   * Made by `EksAccessPolicy`.
   *
   * @internal
   */
  public static _make(policyName: string, namespaces: string[] | undefined): EksScopedAccessPolicy {
    if (namespaces === undefined) return new EksScopedAccessPolicy(policyName, []);
    if (namespaces.length === 0) {
      throw new ValidationError(undefined, {
        given: `access policy "${policyName}" on no namespace.`,
        allowed: 'at least one namespace',
        why: 'EKS refuses the scope "namespace" without any (InvalidParameterException)',
        fix: 'name the namespaces, or use onCluster() if the whole cluster is meant',
      });
    }
    namespaces.forEach((namespace) => checkNamespace(undefined, namespace));
    return new EksScopedAccessPolicy(policyName, sorted(namespaces));
  }

  private constructor(
    /** The name of the policy. */
    public readonly policyName: string,
    /** Where it holds; empty in the whole cluster. */
    public readonly namespaces: string[],
  ) {}
}
