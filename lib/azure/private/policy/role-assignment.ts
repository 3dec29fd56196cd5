import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { TerraformProvider } from 'cdktf';
import { claim } from './once-per-principal';
import type { BoundPermission } from '../../../core/shared/flux/service';
import { lifecycleOf, TerraformCheck } from '../../../core/shared/terraform/check';
import { newResource } from '../../../core/shared/terraform/new-resource';
import { stringTemplate } from '../../../core/shared/terraform/text';
import { checkLength } from '../../../core/shared/terraform/text-form';
import { normalizedId } from '../forms/resource-id';
import { checkScope, roleDefinitionId, ScopeForm } from '../forms/scope';
import type { AzureGrantee } from '../grant/grantee';

/** A role at a scope. */
export interface AssignmentOptions {
  /** The GUID of the role definition; may be a token. */
  readonly role: string;
  readonly scope: string;
  readonly form: ScopeForm;
  readonly condition?: string;
  readonly provider?: TerraformProvider;
  /** What Terraform checks beside the scope. */
  readonly checks?: readonly TerraformCheck[];
}

/** Assigns a role to the grantee; the same role at the same scope a second time is an error. */
export function assignRole(to: AzureGrantee, id: string, options: AssignmentOptions): BoundPermission {
  const { role, form, condition, provider = to.provider, checks = [] } = options;
  const all = [...to.checks, ...checks, ...checkScope(to.at, options.scope, form), ...checkCondition(to, condition)];
  const scope = normalizedId(options.scope);
  claim(to, {
    what: `role ${role} at scope`,
    name: scope,
    why: 'Azure keeps one assignment for each principal, role and scope and answers 409 (RoleAssignmentExists) to the second',
  });
  const made = newResource(RoleAssignment, to.at, id, {
    scope,
    roleDefinitionId: roleDefinitionId(role, scope),
    principalId: to.principalId,
    // Without it Azure looks the principal up, which fails while a new one is being replicated.
    principalType: 'ServicePrincipal',
    condition: condition && stringTemplate(condition),
    conditionVersion: condition === undefined ? undefined : '2.0',
    provider,
    lifecycle: lifecycleOf(all),
  });
  return { rights: [{ role, resources: [scope], condition }], made: [made] };
}

/** What several roles come to together. */
export function together(bound: readonly BoundPermission[]): BoundPermission {
  return { rights: bound.flatMap(({ rights }) => rights), made: bound.flatMap(({ made }) => made) };
}

function checkCondition({ at }: AzureGrantee, condition: string | undefined): TerraformCheck[] {
  return condition === undefined ? [] : checkLength(at, condition, {
    what: 'condition', limit: 8192, why: 'Azure refuses other conditions', fix: 'shorten the condition, or leave it out',
  });
}
