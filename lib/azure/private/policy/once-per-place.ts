import { TerraformProvider, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { claim as claimInApp } from '../../../core/shared/input/once-per-app';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { hasToken } from '../../../core/shared/terraform/tokens';

/** The provider that a resource without one gets: the stack's, without an alias, if it is there by now. */
function providerOf(at: IConstruct, type: string): TerraformProvider | undefined {
  return TerraformStack.of(at).node.children.find((child): child is TerraformProvider => (
    TerraformProvider.isTerraformProvider(child) && child.terraformResourceType === type && child.alias === undefined
  ));
}

/** The subscription that a provider works in, where its configuration says so. */
export function subscriptionOf(at: IConstruct, provider: TerraformProvider | undefined): string | undefined {
  return ((provider ?? providerOf(at, 'azurerm')) as { subscriptionId?: string } | undefined)?.subscriptionId;
}

/** Something that may be made once in a place. */
export interface Made {
  /** What it is, for errors. */
  readonly what: string;
  /** Its name, with what it is unique within. */
  readonly name: string;
  /** What it is unique in, where that is more than a subscription or a tenant. */
  readonly within?: string;
  readonly provider?: TerraformProvider;
  /** Which providers make it. */
  readonly type: 'azurerm' | 'azuread';
  readonly why: string;
  readonly fix: string;
}

/** Refuses a second one of a plain name, as far as the same provider says that it is the same place. */
export function claimName(at: IConstruct, { what, name, within, provider, type, why, fix }: Made): void {
  if (hasToken(name)) return;
  const home = within ?? `${TerraformStack.of(at).node.path} ${provider?.alias ?? ''}`;
  const other = claimInApp(at, `azure ${what} ${name} by ${type} of ${home}`.toLowerCase());
  if (other === undefined) return;
  throw new ValidationError(at, { given: `${what} ${shown(name)} a second time; "${other.node.path}" is the first.`, allowed: 'each once', why, fix });
}
