import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { TerraformProvider } from 'cdktf';
import { claim } from './once-per-principal';
import { allowedScopes, checkScope, roleDefinitionId, ScopeForm, scopeCondition } from '../forms/scope';
import type { AzureGrantee } from '../grant/grantee';

/** A role at a scope. */
export interface AssignmentOptions {
  /** The GUID of the role definition; may be a token. */
  readonly role: string;
  readonly scope: string;
  readonly form: ScopeForm;
  readonly condition?: string;
  readonly provider?: TerraformProvider;
}

/** Assigns a role to the grantee; the same role at the same scope a second time is an error. */
export function assignRole(to: AzureGrantee, id: string, options: AssignmentOptions): RoleAssignment {
  const { role, scope, form, condition, provider = to.provider } = options;
  checkScope(to.at, scope, form);
  claim(to, {
    what: `role ${role} at scope`,
    name: scope,
    why: 'Azure keeps one assignment for each principal, role and scope and answers 409 (RoleAssignmentExists) to the second',
  });
  const isScope = scopeCondition(scope, form);
  return new RoleAssignment(to.at, id, {
    scope,
    roleDefinitionId: roleDefinitionId(role, scope),
    principalId: to.principalId,
    // Without it Azure looks the principal up, which fails while a new one is being replicated.
    principalType: 'ServicePrincipal',
    condition,
    conditionVersion: condition === undefined ? undefined : '2.0',
    provider,
    lifecycle: isScope === undefined ? undefined : {
      precondition: [{
        condition: isScope,
        errorMessage: `The ${form.what} of ${to.at.node.path} must be ${allowedScopes(form).replace(/"/g, '')}: ${form.why}.`,
      }],
    },
  });
}
