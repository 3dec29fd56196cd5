import { PermissionFacts, ServiceFacts } from '../../../core/shared/flux/service';
import type { AwsPermission, AwsStatement } from '../../aws-permission';
import { SERVICES } from '../../services';

/** What a permission is: what the library made says so itself, and what users composed is recognized by its actions. */
export function factsOf(permission: AwsPermission, statements: readonly AwsStatement[]): readonly PermissionFacts[] {
  if (permission._facts.service !== undefined) return [permission._facts];
  const services = new Set(statements.flatMap((statement) => servicesOf(statement)));
  // A key beside something that it encrypts is used through that.
  if (services.size > 1) services.delete(SERVICES.kms);
  return services.size === 0 ? [{}] : [...services].map((service) => ({ service }));
}

/** The services of the library that a statement of a user's is for; of others nothing is known. */
function servicesOf({ actions, conditions = {} }: AwsStatement): ServiceFacts[] {
  const prefixes = actions.map((action) => action.split(':')[0].toLowerCase());
  const through = Object.values(conditions).some((keys) => Object.keys(keys).some((key) => key.toLowerCase() === 'kms:viaservice'));
  return Object.values<ServiceFacts>(SERVICES).filter((service) => (
    service.rights.some((prefix) => prefixes.includes(prefix)) && !(service === SERVICES.kms && through)
  ));
}
