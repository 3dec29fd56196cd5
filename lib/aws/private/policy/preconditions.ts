import { TerraformCheck, terraformCheck } from '../../../core/shared/terraform/check';

/** Conditions as `lifecycle` takes them, each once; undefined where there are none. */
export function preconditionsOf(conditions: readonly TerraformCheck[]): TerraformCheck[] | undefined {
  const once = new Map(conditions.map((each) => [`${each.errorMessage} ${each.condition}`, each]));
  return once.size === 0 ? undefined : [...once.values()].map(({ condition, errorMessage }) => terraformCheck(condition, errorMessage));
}
