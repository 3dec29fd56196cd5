import { TerraformElement } from 'cdktf';
import { Construct } from 'constructs';
import { onceForEach } from './light-token';
import { resolvingTokensOnly } from './resolving';

/** The class of a resource, as bindings have it. */
type ResourceClass<C, R> = new (scope: Construct, id: string, config: C) => R;

/**
 * Makes a resource of a binding, cheaper than by itself: cdktf resolves only what holds tokens, and has no stacks of its nested blocks. It
 * writes one for each, and keeps it for errors that only a wrong binding could cause; the text costs more than the resource.
 * Only the binding's constructor runs here, none of the user's code, and errors keep their stacks. (docs/decisions/0017)
 */
export function newResource<C, R extends TerraformElement>(type: ResourceClass<C, R>, scope: Construct, id: string, config: C): R {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = onlyOfErrors;
  try {
    return new (lighter(type))(scope, id, config);
  } finally {
    Error.prepareStackTrace = before;
  }
}

/** V8 asks for the text of a stack when it is first read: for most errors that is later, and by the hook that stands then. */
function onlyOfErrors(holder: unknown, frames: readonly NodeJS.CallSite[]): string {
  return holder instanceof Error ? [String(holder), ...frames].join('\n    at ') : '';
}

/** A binding's class, of its name too, whose resources and data sources leave cdktf nothing to resolve but tokens. */
const lighter = onceForEach((binding: ResourceClass<any, any>): ResourceClass<any, any> => ({
  [binding.name]: class extends (binding as ResourceClass<any, TerraformElement>) {
    public override toTerraform() {
      return resolvingTokensOnly(super.toTerraform());
    }
  },
}[binding.name]));
