import { Construct, IConstruct } from 'constructs';
import { shown, ValidationError } from './validation-error';
import { refuseOtherRuntime } from '../package/runtime';
import { hasToken } from '../terraform/tokens';

/**
 * Refuses construct ids that make no Terraform name or no stable one. Call it before `super`'s work is used, with the
 * scope that the id is given in.
 */
export function checkId(scope: IConstruct, id: string, reserved: RegExp = /^(Default|Resource)$/): void {
  if (!Construct.isConstruct(scope)) {
    throw new ValidationError(undefined, {
      given: `${shown(scope)} as the scope of ${shown(id)}`,
      allowed: 'a construct, mostly the stack: `this` in its constructor',
      why: 'what is made belongs to a stack, and has its Terraform addresses from there',
      fix: 'pass scope, id and options, in this order',
    });
  }
  refuseOtherRuntime(scope);
  if (typeof id !== 'string' || hasToken(id) || !/^[A-Za-z_]/.test(id)) {
    throw new ValidationError(named(scope), {
      given: `construct id ${shown(id)}`,
      allowed: 'a plain string that begins with a letter or "_"',
      why: 'the id becomes part of the Terraform address, which begins with a letter or "_" and must be the same in every run',
      fix: 'choose a fixed id, for example "Images"',
    });
  }
  if (reserved.test(id)) {
    throw new ValidationError(named(scope), {
      given: `construct id ${shown(id)}`,
      allowed: `any id but those the library uses below this construct (${reserved.source})`,
      why: 'it would collide with a resource that the library makes there, or vanish from the Terraform address',
      fix: 'choose an id that says what is granted or configured, for example "Apps"',
    });
  }
  if (scope.node.tryFindChild(id) !== undefined) {
    throw new ValidationError(named(scope), {
      given: `construct id ${shown(id)} a second time.`,
      allowed: 'each id once in its scope',
      why: 'the id names the Terraform addresses below it',
      fix: 'give each grant or construct an id of its own',
    });
  }
}

/** The scope itself, after its id was checked: for the `super` call of a constructor. */
export function checkedScope(scope: Construct, id: string): Construct {
  checkId(scope, id);
  return scope;
}

/** The root of the tree has no path to show. */
function named(scope: IConstruct): IConstruct | undefined {
  return scope.node.path === '' ? undefined : scope;
}
