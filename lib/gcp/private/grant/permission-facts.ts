import { BoundRight, PermissionFacts, ServiceFacts } from '../../../core/shared/flux/service';
import type { GcpPermission } from '../../gcp-permission';
import { SERVICES } from '../../services';

/** What a permission is: what the library made says so itself, and what users composed is recognized by a role of Google's. */
export function factsOf(permission: GcpPermission, rights: readonly BoundRight[]): PermissionFacts {
  if (permission._facts.service !== undefined) return permission._facts;
  const prefix = /^roles\/([a-z]+)\./.exec(rights[0].role!)?.[1];
  const service = Object.values<ServiceFacts>(SERVICES).find((row) => prefix !== undefined && row.rights.includes(prefix));
  return service === undefined ? {} : { service };
}
