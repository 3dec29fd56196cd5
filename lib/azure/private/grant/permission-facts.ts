import { PermissionFacts, ServiceFacts } from '../../../core/shared/flux/service';
import { SERVICES } from '../../services';

/** What a role of the user's choice is: recognized by its GUID where a service of the library has it. */
export function factsOfRole(role: string, scope: string): PermissionFacts {
  // What is no text is refused when it is granted.
  const guid = typeof role === 'string' ? role.split('/').pop()!.toLowerCase() : '';
  return { service: Object.values<ServiceFacts>(SERVICES).find(({ rights }) => rights.includes(guid)), resource: scope };
}
