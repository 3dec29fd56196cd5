import { TerraformProvider, TerraformResource, TerraformResourceLifecycle, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { claim } from '../../../core/shared/input/once-per-app';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { terraformCheck } from '../../../core/shared/terraform/check';
import { lightValue } from '../../../core/shared/terraform/light-token';
import { hasToken } from '../../../core/shared/terraform/tokens';

/** A role or user that was given a name. */
interface Named {
  readonly name?: string;
  readonly account?: string;
  readonly provider?: TerraformProvider;
}

/** Refuses a second role, or user, of one name in one account: IAM does, in the middle of the apply. Paths and capitals make no difference. */
export function requireOnlyOne(at: Construct, noun: 'role' | 'user', { name, account, provider }: Named): void {
  if (name === undefined || hasToken(name)) return;
  const home = provider?.node.path ?? `the default provider of ${TerraformStack.of(at).node.path}`;
  const other = claim(at, `aws ${noun} ${name.toLowerCase()} of ${account ?? ''} by ${home}`);
  if (other === undefined) return;
  throw new ValidationError(at, {
    given: `${noun} name ${shown(name)} a second time; "${other.node.path}" has it.`,
    allowed: `each ${noun} name once in an account`,
    why: 'IAM refuses the second (EntityAlreadyExists), whatever its path and its capitals',
    fix: 'give one of them another name; or, if this is another account, a `provider` of that account',
  });
}

/** Makes Terraform refuse a role or user that an Aspect gave another name or path: its ARN is in rendered YAML already. */
export function keepName(
  at: Construct, resource: TerraformResource & { nameInput?: string; pathInput?: string }, plainArn: string | undefined,
  lifecycle?: TerraformResourceLifecycle,
): void {
  const { nameInput: name, pathInput: path } = resource;
  resource.lifecycle = plainArn === undefined ? lifecycle : {
    ...lifecycle,
    precondition: lightValue(() => {
      const checks = [...lifecycle?.precondition ?? []];
      if (resource.nameInput !== name || resource.pathInput !== path) {
        checks.push(terraformCheck('${false}', `${at.node.path} was renamed after ${plainArn} was put into Flux's configuration: pass the name as an option, not by an Aspect.`));
      }
      // As Terraform writes it: cdktf does not translate what comes this late.
      return checks.length === 0 ? undefined : checks.map(({ condition, errorMessage }) => ({ condition, error_message: errorMessage }));
    }) as any,
  };
}
