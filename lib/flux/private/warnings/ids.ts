import { IConstruct } from 'constructs';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';

/** What an installation warns of by itself; those with a colon name the construct that they are about after it. */
export enum WarningId {
  UNDELIVERED_CONTROLLERS = 'undelivered-controllers',
  UNDELIVERED_MANIFESTS = 'undelivered-manifests',
  UNDELIVERED_OPERATOR_VALUES = 'undelivered-operator-values',
  UNDELIVERED_RUNTIME_VALUES = 'undelivered-runtime-values',
  UNLISTED_IDENTITY = 'unlisted-identity:',
  LAX_SUBSTITUTION = 'lax-substitution',
  TENANTS_WITHOUT_LOCKDOWN = 'tenants-without-lockdown',
  LOCKDOWN_HELM_REPOSITORIES = 'lockdown-helm-repositories',
  LOCKDOWN_OPERATOR = 'lockdown-operator',
  PATCH_ARGUMENTS = 'patch-arguments:',
  PATCH_LOCKDOWN = 'patch-lockdown:',
  PATCH_NAMESPACE = 'patch-namespace:',
}

/** Those that identities bring begin with their cloud. */
const OF_IDENTITIES = /^(aws|azure|gcp)-[a-z]/;

/** Refuses ids that no warning has: a misspelt one would acknowledge nothing. */
export function checkWarningIds(at: IConstruct, ids: readonly string[]): void {
  const known = Object.values(WarningId) as string[];
  const wrong = ids.find((id) => !OF_IDENTITIES.test(id) && !known.some((each) => each.endsWith(':') ? id.startsWith(each) && id !== each : id === each));
  if (wrong === undefined) return;
  throw new ValidationError(at, {
    given: `warning ${shown(wrong)} in \`acknowledgeWarnings\`.`,
    allowed: `the ids that warnings end in: ${known.map((id) => id.endsWith(':') ? `${id}<path>` : id).join(', ')}, or one that begins with "aws-", "azure-" or "gcp-"`,
    why: 'no warning has this id, so nothing would be acknowledged',
    fix: 'copy the id from the end of the warning, or from `warnings`',
  });
}
