import { conditional, Fn, Op, Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { GUID } from './guid';
import { checkMarks } from '../../../core/shared/input/options';
import { knownFix, shown, ValidationError } from '../../../core/shared/input/validation-error';
import { TerraformCheck } from '../../../core/shared/terraform/check';
import { lateText } from '../../../core/shared/terraform/text-form';
import { argumentOf, hasToken, splitAtTokens } from '../../../core/shared/terraform/tokens';

// Patterns hold no backslash and no quote: Terraform gets the same ones where a scope holds a token.
const SUBSCRIPTION = `/subscriptions/${GUID}`;
/** The name of a resource group, as azurerm takes it: Azure's own rule has more letters. */
export const RESOURCE_GROUP_NAME = '[A-Za-z0-9_().-]{0,89}[A-Za-z0-9_()-]';
const RESOURCE_GROUP = `${SUBSCRIPTION}/resourceGroups/${RESOURCE_GROUP_NAME}`;
const MANAGEMENT_GROUP = '/providers/Microsoft[.]Management/managementGroups/[A-Za-z0-9_(][A-Za-z0-9_().-]{0,89}';
const ONE_MANAGEMENT_GROUP = new RegExp(`^${MANAGEMENT_GROUP}$`, 'i');
/** One segment of an ID: no wildcard, and not "." or "..", which would lead elsewhere. */
const SEGMENT = '[A-Za-z0-9 $_(),@:~!+=|;.-]*[A-Za-z0-9 $_(),@:~!+=|;-][A-Za-z0-9 $_(),@:~!+=|;.-]*';

/** The scopes that a permission takes. */
export interface ScopeForm {
  /** What it names, for errors. */
  readonly what: string;
  /** Patterns of the resources, below a resource group. */
  readonly resources: readonly string[];
  /** Up to where the parents of the resources are scopes too. */
  readonly above: 'nothing' | 'subscription' | 'management group';
  /** How the resource is written, for errors. */
  readonly example: string;
  /** Why anything else fails. */
  readonly why: string;
  /** Ways out for mistakes that can be told apart. */
  readonly fixes?: ReadonlyArray<readonly [RegExp, string]>;
}

/** Any resource, with its parents. */
export const ANY_SCOPE: ScopeForm = {
  what: 'scope',
  resources: [`/providers/[A-Za-z0-9.]*[A-Za-z0-9][A-Za-z0-9.]*(/${SEGMENT}/${SEGMENT})+`],
  above: 'management group',
  example: '/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Storage/storageAccounts/<name>',
  why: 'Azure Resource Manager finds the resource by this ID and answers 400 or 404 to any other form',
};

/** Refuses what is not of the form. What holds tokens Terraform checks, except for a beginning that can be seen to be wrong. */
export function checkScope(at: IConstruct, scope: string, form: ScopeForm): TerraformCheck[] {
  const { what, why, fixes } = form;
  checkMarks(at, what, scope);
  if (typeof scope === 'string' && (hasToken(scope) ? mayBecomeScope(scope) : patternOf(form).test(scope))) {
    return lateText(at, scope, { what, pattern: patternOf(form), allowed: allowedScopes(form), why });
  }
  throw new ValidationError(at, {
    given: `${what} ${shown(scope)}`,
    allowed: `${allowedScopes(form)}; or a token`,
    why,
    fix: knownFix(fixes, scope) ?? 'copy the resource ID from the portal (JSON view), or use the Terraform attribute `id`',
  });
}

/** What the form allows, in words. */
function allowedScopes({ above, example }: ScopeForm): string {
  const parents = { 'nothing': '', 'subscription': ', a resource group or a subscription', 'management group': ', a resource group, a subscription or a management group' };
  return `an Azure resource ID like "${example}"${parents[above]}`;
}

/** Whether a plain scope is a management group. */
export function isManagementGroup(scope: string): boolean {
  return ONE_MANAGEMENT_GROUP.test(scope);
}

/**
 * The ID of a role definition as Azure returns it for an assignment at the scope: below the scope's subscription, or below no
 * subscription at a management group. With any other form every plan would replace the assignment.
 *
 * @see https://github.com/hashicorp/terraform-provider-azurerm/issues/19847
 */
export function roleDefinitionId(guid: string, scope: string): string {
  const unscoped = `/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
  if (!hasToken(scope)) return isManagementGroup(scope) ? unscoped : `${scope.split('/').slice(0, 3).join('/')}${unscoped}`;
  const segments = Fn.split('/', argumentOf(scope));
  const scoped = Fn.join('/', ['', 'subscriptions', Fn.element(segments, 2), unscoped.slice(1)]);
  return Token.asString(conditional(Op.eq(Fn.element(segments, 1), 'subscriptions'), scoped, unscoped));
}

/** The patterns of forms: many scopes are of few. */
const PATTERNS = new WeakMap<ScopeForm, RegExp>();

function patternOf(form: ScopeForm): RegExp {
  const pattern = PATTERNS.get(form) ?? new RegExp(written(form), 'i');
  PATTERNS.set(form, pattern);
  return pattern;
}

function written({ resources, above }: ScopeForm): string {
  const parents = { 'nothing': [], 'subscription': [RESOURCE_GROUP, SUBSCRIPTION], 'management group': [RESOURCE_GROUP, SUBSCRIPTION, MANAGEMENT_GROUP] };
  return `^(${[...resources.map((resource) => `${RESOURCE_GROUP}${resource}`), ...parents[above]].join('|')})$`;
}

/** Whether the literals of a scope with tokens can still become one. */
function mayBecomeScope(scope: string): boolean {
  const literals = splitAtTokens(scope).filter((_, index) => index % 2 === 0);
  const start = literals[0].toLowerCase();
  return literals.every((part) => /^[A-Za-z0-9 $_(),@:~!+=|;./-]*$/.test(part) && !/(^|\/)[.]{1,2}\/|\$$/.test(part))
    && ['/subscriptions/', '/providers/microsoft.management/managementgroups/'].some((form) => start.startsWith(form) || form.startsWith(start));
}
