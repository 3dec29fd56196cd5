import { shown, ValidationError } from '../core/shared/input/validation-error';
import { fluxVariable } from '../core/shared/terraform/flux-variables';
import { requirePlain } from '../core/shared/terraform/tokens';

/** Variables of the library's own begin so. */
const OURS = /^flux_/i;
/** What Flux takes for a name, as long as keys of ConfigMaps are. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,252}$/;

/**
 * A variable of your own of Flux's `postBuild` substitution, where a value is expected: an identity that exists already and is known to
 * the cluster only.
 *
 * It arrives as `${name}` in `yaml` of `FluxKustomization`, `FluxInstanceConfig` and `FluxManifests`, whatever their `values`; which
 * Kustomization puts in the value, and from where, is yours to say. Anywhere else (a policy, an argument of a resource, Helm values) it is
 * an error at synthesis. Its value is put into YAML as it is: quote it in your ConfigMap where YAML would take it for something else.
 *
 * ```ts
 * const role = FluxIrsaRole.fromRoleArn(this, 'Role', {
 *   oidcProviders: [oidc], serviceAccounts: [tenant.serviceAccount], roleArn: FluxVariable.of('TEAM_A_ROLE'),
 * });
 * ```
 *
 * Guide: docs/flux/runtime-values.md
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export class FluxVariable {
  /**
   * The variable, to be passed as a string or as a part of one.
   *
   * @param name its name: letters, digits and underscores; not one that begins with `flux_`, as the library's own do
   */
  public static of(name: string): string {
    requirePlain(undefined, 'variable', name);
    if (!NAME.test(name)) {
      throw new ValidationError(undefined, {
        given: `variable ${shown(name)}`,
        allowed: 'a letter or underscore, then letters, digits and underscores, 253 at most: "TEAM_A_ROLE", without `${` and `}`',
        why: 'Flux refuses every other name',
        fix: 'correct the name, in the ConfigMap too',
      });
    }
    if (OURS.test(name)) {
      throw new ValidationError(undefined, {
        given: `variable ${shown(name)}`,
        allowed: 'names that do not begin with "flux_"',
        why: 'the library names its own variables so (FluxValues.SUBSTITUTED): one would get the value of the other',
        fix: 'give it another name',
      });
    }
    return fluxVariable(name);
  }

  private constructor() {}
}
