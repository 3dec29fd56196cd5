import { TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { moveTo, PACKAGE, packageFor, TITLES } from './peers';
import { RUNTIME } from './this-package';
import { ValidationError } from '../input/validation-error';

/** Where jsii writes on each class which it is. */
const TYPE = Symbol.for('jsii.rtti');
const known = new WeakSet<object>();

/** The runtime whose classes a value is made of: `cdktf` or `cdktn`, whichever copy of it. */
export function runtimeOf(value: unknown): string | undefined {
  for (let type = Object(value).constructor; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    const runtime = /^(\w+)\.Terraform/.exec(type[TYPE]?.fqn ?? '')?.[1];
    if (runtime !== undefined && runtime in TITLES) return runtime;
  }
  return undefined;
}

/** What to do about a value of the other runtime. */
export function fixOfOtherRuntime(value: unknown): string | undefined {
  const runtime = runtimeOf(value);
  if (runtime === undefined || runtime === RUNTIME) return undefined;
  return `it is made of ${runtime} (${TITLES[runtime]}), and ${PACKAGE} of ${RUNTIME}: use ${packageFor(runtime)} with it, or the @${RUNTIME} package of the same name`;
}

/**
 * Refuses the stacks of the other runtime. Its marks are the same, so that constructs would be made, and fail later with
 * errors that name neither.
 */
export function refuseOtherRuntime(scope: IConstruct): void {
  const stack = scope.node.scopes.find((each) => TerraformStack.isStack(each));
  if (stack === undefined || stack instanceof TerraformStack || known.has(stack)) return;
  known.add(stack);
  const runtime = runtimeOf(stack);
  if (runtime === undefined || runtime === RUNTIME) return;
  known.delete(stack);
  throw new ValidationError(scope, {
    given: `${PACKAGE} is for ${TITLES[RUNTIME]} (${RUNTIME}), and this stack is of ${TITLES[runtime]} (${runtime}).`,
    allowed: `stacks of ${RUNTIME}`,
    why: 'the two do not know each other\'s tokens and resources: what is made of both would be wrong, or fail with an error that names neither',
    fix: moveTo(runtime),
  });
}
